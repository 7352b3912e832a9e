// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

namespace norikv::sandbox {

/// The JSON of /health, by the shipped server's field names (wire-contract 6.1), but with the real uptime.
std::string healthJson(const Node& node, Clock::Elapsed uptime);

} // namespace norikv::sandbox
