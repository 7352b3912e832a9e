// SPDX-License-Identifier: GPL-3.0-or-later
// One key of a bulk job: where it comes from, and what is to be done about it.
#pragma once

#include "client/bulk/bulkrequest.h"
#include "client/bulk/importreader.h"
#include "client/serverclock.h"
#include "client/store.h"

#include <memory>
#include <optional>

namespace norikv::client {

struct BulkItem {
    Bytes key; ///< the one that is written
    Bytes source; ///< Clone: the one that is read
    std::uint64_t line = 0; ///< in the file, when it comes from one
    std::optional<NdjsonRecord> record; ///< Import, Undo; Clone once the source was read
    std::string broken; ///< cannot be used, and why
};

/// Hands out items in their order. A key never comes twice in one batch, because the batch is read before it
/// is written.
class BulkSource {
public:
    virtual ~BulkSource() = default;
    /// Empty at the end.
    virtual Result<std::vector<BulkItem>> next(std::size_t most) = 0;
};

/// `request` must outlive the source.
Result<std::unique_ptr<BulkSource>> openSource(const BulkRequest& request);

struct BulkDecision {
    enum class Do { Put, Remove, Skip, Fail };
    Do what = Do::Skip;
    Put put;
    Remove remove;
    std::optional<EpochMs> expiresAtMs; ///< of a Put: its ttl is worked out when it is sent
    TtlProvenance told = TtlProvenance::Unknown; ///< by whose clock
    std::string reason; ///< of Skip and Fail
    std::optional<LeftBehind> left; ///< what the key will hold afterwards
};

/// What to do about one key, knowing what is there now.
BulkDecision decide(
    const BulkRequest& request, const BulkItem& item, const Entry& now, const ServerClock& clock);

} // namespace norikv::client
