// SPDX-License-Identifier: GPL-3.0-or-later
// Buyers racing for one item, with a crash where one likes: our write protocol against the document's own
// code.
#pragma once

#include "client/audit/inventoryrules.h"
#include "client/store.h"

#include <cstdint>
#include <vector>

namespace norikv::client::demo {

struct InventoryRacePlan {
    enum class Crash {
        None,
        BetweenWrites, ///< every third buyer's program dies after the item, before the reservation
        CommitTwice, ///< two operators commit each reservation, both having read it before
    };
    Bytes sku; ///< is created; must not exist
    int buyers = 8; ///< 1..64, one thread each
    std::int64_t units = 20; ///< in stock at first, 1 or more
    Crash crash = Crash::CommitTwice;
    bool documentsCode = false; ///< as in the user's document; else InventoryManager
};

/// The balance sheet of a race that is over.
struct InventoryRaceResult {
    StockRun books;
    std::int64_t refused = 0; ///< buyers who were told that too little is left
    std::int64_t lostCommits = 0; ///< second operators who were told that the reservation is gone
    std::int64_t crashed = 0;
    std::int64_t doubtful = 0; ///< writes of which nobody knows whether they were done; not tried again
    std::vector<Finding> findings; ///< the rules that caught it
};

/// Blocks until every buyer has bought two units or gone. InvalidRequest for a plan outside its limits; the
/// first error of the store ends it.
Result<InventoryRaceResult> raceForStock(
    Store& store, const Clock& clock, const InventoryRacePlan& plan, const std::stop_token& stop);

} // namespace norikv::client::demo
