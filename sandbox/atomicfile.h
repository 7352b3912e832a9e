// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/storage.h"

#include <filesystem>

namespace norikv::sandbox {

/// Writes a small file of mode 0600 that appears complete or not at all, by rename; follows no link. The
/// error is the system's reason.
Result<void> writeAtomically(const std::filesystem::path& path, const std::string& text);

} // namespace norikv::sandbox
