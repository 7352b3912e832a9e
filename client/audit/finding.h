// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "client/clock.h"

#include <string>
#include <string_view>

namespace norikv::client {

/// *Certain* follows from versions or values that were read, under the documented pattern; *suspect* could be
/// explained by something between two samples; *info* is worth knowing.
enum class Severity { Certain, Suspect, Info };
std::string_view name(Severity severity);

/// One broken rule, with its proof.
struct Finding {
    std::string rule; ///< e.g. "C1"
    Severity severity = Severity::Info;
    Bytes subject; ///< the counter, session, SKU ... it is about; raw bytes
    Bytes key; ///< the stored key to open as evidence; may equal the subject
    std::string evidence; ///< one or two plain sentences with the figures
    EpochMs firstSeenMs = 0;
    EpochMs lastSeenMs = 0;
};

/// Title of a rule for people, e.g. "not a number"; empty for an unknown id.
std::string_view ruleTitle(std::string_view rule);

} // namespace norikv::client
