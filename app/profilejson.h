// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <nlohmann/json_fwd.hpp>

namespace norikv::app {

/// Fills the fields of `into` that belong to a profile; fields it does not know stay as they are. Names of
/// counters are written in the notation of client::printable, so any bytes survive.
void writeProfile(const client::Profile& profile, nlohmann::json& into);

/// Reads what is usable and takes the default for the rest: a wrong type, a number out of range or an address
/// that is none costs that one field. A guard that cannot be read is read-only beyond this machine.
client::Profile readProfile(const nlohmann::json& from);

/// The member as text of at most `most` bytes, control characters removed; empty when it is no text.
std::string textIn(const nlohmann::json& from, const char* key, std::size_t most = 512);
/// The member clamped to the range; `otherwise` when it is no whole number.
std::int64_t numberIn(const nlohmann::json& from, const char* key, std::int64_t least, std::int64_t most,
    std::int64_t otherwise);

} // namespace norikv::app
