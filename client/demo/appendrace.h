// SPDX-License-Identifier: GPL-3.0-or-later
// Appenders racing on one stream: the document's own code, which loses events (E3), against ours.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/event.h"
#include "client/store.h"

#include <cstdint>
#include <vector>

namespace norikv::client::demo {

struct AppendRacePlan {
    Bytes aggregate; ///< of the document's layout; must hold no event
    int appenders = 2; ///< 1..64, one thread each
    int each = 10; ///< appends per appender, 1..1000
    bool documentsCode = true; ///< as in the user's document; else EventStream
};

/// The balance sheet of a race that is over.
struct AppendRaceResult {
    std::uint64_t acknowledged = 0; ///< appends that their appender was told to be stored
    std::uint64_t refused = 0; ///< that gave up, or were told that their event is gone
    std::uint64_t stored = 0; ///< events that can be read
    std::uint64_t lost = 0; ///< acknowledged, and their event is not stored
    std::uint64_t overwrites = 0; ///< events that were written over another's
    std::vector<Finding> findings; ///< the rules that caught it
};

/// Blocks until every appender is done. InvalidRequest for a plan outside its limits; the first error of the
/// store ends it.
Result<AppendRaceResult> raceToAppend(
    Store& store, const Clock& clock, const AppendRacePlan& plan, const std::stop_token& stop);

} // namespace norikv::client::demo
