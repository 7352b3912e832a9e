// SPDX-License-Identifier: GPL-3.0-or-later
// Files of resources/ that are part of every program that uses them: found wherever it runs, read by the
// kernel page by page when they are needed, and as many bytes in a package as on the disk.
#pragma once

#include <string_view>

namespace norikv::client {

std::string_view embeddedTokenVectors(); ///< resources/embedder/english.nvt
std::string_view embeddedDemoTexts(); ///< resources/demo/texts.ndjson

} // namespace norikv::client
