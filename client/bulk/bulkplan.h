// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/bulkrequest.h"
#include "client/bulk/ndjson.h"
#include "client/clusterstate.h"
#include "client/serverclock.h"
#include "client/store.h"

#include <functional>

namespace norikv::client {

/// What a bulk job would do, found out without writing: the dry run.
struct BulkPlan {
    static constexpr std::uint64_t SizeUnknown = ~std::uint64_t(0);
    static constexpr std::uint64_t SizeMissing = SizeUnknown - 1;

    std::uint64_t count = 0; ///< keys or lines it would look at
    std::uint64_t bytes = 0; ///< of the values whose size is known
    std::uint64_t sized = 0; ///< keys whose size is known
    std::uint64_t missing = 0; ///< keys that are not there
    std::size_t shards = 0; ///< touched
    std::size_t coldShards = 0; ///< of these, not open on any node: touching starts them
    std::vector<std::uint64_t> sizes; ///< beside the request's keys; empty for files

    // Of a file.
    struct BrokenLine {
        std::uint64_t line = 0;
        std::string reason;
        std::string text; ///< its beginning
    };
    std::vector<BrokenLine> brokenLines; ///< the first thousand
    std::uint64_t broken = 0;
    std::uint64_t outside = 0; ///< lines left out for BulkRequest::onlyPrefix; not in `count`
    std::uint64_t expired = 0; ///< lines whose expiry is over
    std::uint64_t withTtl = 0;
    std::uint64_t withoutValue = 0; ///< lines that only say that a key did not exist
    std::vector<NdjsonRecord> preview; ///< the first hundred, values clipped
};

/// Called now and then with the share that is done, 0 to 1. On the calling thread.
using PlanProgress = std::function<void(double)>;

/// The dry run. Keys are looked up with Stat; where the server has none, only keys on open shards are read,
/// so that a dry run starts no shard. A file is read to its end, in bounded memory. Cancelled by call.stop.
Result<BulkPlan> planBulk(Store& store, Call& call, const BulkRequest& request,
    const ClusterSnapshot& cluster, std::uint32_t totalShards, const ServerClock& clock,
    const PlanProgress& progress = {});

} // namespace norikv::client
