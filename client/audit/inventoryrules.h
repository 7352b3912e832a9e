// SPDX-License-Identifier: GPL-3.0-or-later
// Rules I1-I7 and I9 (panels.md 2.3, rulings 2): pure functions from what was read to findings. I8 judges a
// closed run.
//
// One damage gives one finding that is certain or suspect. Of one SKU the first of these speaks, and the
// others stay silent because they would follow from it: I7 (no item to compare with), I1, I2, I4, I3, I5. I6
// is about a reservation and speaks beside them; a reservation that outlived its time still holds its units,
// so it makes no leak, and it is left out of I4, so that a reconciled item is not blamed for it. I9 is about
// a key's shape: a value that has the shape of an item under a reservation's key is counted as neither.
#pragma once

#include "client/audit/auditor.h"
#include "client/patterns/inventory.h"
#include "client/patterns/ttl.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace norikv::client {

/// One SKU and the sums of its reservations.
struct SkuReading {
    bool itemRead = false; ///< asked for or listed, there or not
    bool itemThere = false;
    bool readable = false; ///< the item's value is a JSON object
    bool moved = false; ///< the item changed while its reservations were read
    std::optional<std::int64_t> quantity;
    std::optional<std::int64_t> reserved;
    std::optional<EpochMs> lastUpdatedMs;
    Dialect dialect = Dialect::TypeScript;
    std::uint32_t reservations = 0; ///< readable ones
    std::int64_t held = 0; ///< units of all of them; saturates
    std::int64_t live = 0; ///< units of those that are not overdue
    Bytes firstReservation; ///< key, as evidence
    bool operator==(const SkuReading&) const = default;
};

/// A reservation that can be read past its time.
struct OverdueReservation {
    Bytes key;
    Bytes sku;
    std::int64_t units = 0;
    EpochMs atMs = 0; ///< when it should have gone
    bool known = false; ///< the time to live is known, not the pattern's default
    bool never = false; ///< the server says that it has no expiry
    bool operator==(const OverdueReservation&) const = default;
};

/// Looked up by what stands in a record, without a copy of it.
struct SkuHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view sku) const { return std::hash<std::string_view>()(sku); }
};

struct InventoryReading {
    std::unordered_map<Bytes, SkuReading, SkuHash, std::equal_to<>> skus;
    std::vector<OverdueReservation> overdue;
    std::vector<Bytes> oddKeys; ///< I9
    Coverage coverage = Coverage::None;
    std::uint64_t reservations = 0;
    std::uint64_t items = 0;
    std::uint64_t ttlMs = ReservationTtlMs; ///< that reservations are written with
    bool ttlKnown = false;
    bool operator==(const InventoryReading&) const = default;
};

/// A run in which every buyer is known, after it ended.
struct StockRun {
    Bytes sku;
    std::int64_t initial = 0;
    std::int64_t quantity = 0; ///< stored at the end
    std::int64_t reserved = 0;
    std::int64_t sold = 0; ///< units that buyers took away
    std::int64_t unknown = 0; ///< units of commits whose outcome is unknown
    EpochMs endedMs = 0;
};

/// Beyond the time to live, before an untouched item counts as leaked.
constexpr EpochMs QuietSlackMs = 60'000;

std::optional<Finding> checkI1(const Bytes& sku, const SkuReading& reading, EpochMs nowMs);
std::optional<Finding> checkI2(const Bytes& sku, const SkuReading& reading, EpochMs nowMs);
/// Certain when the time to live is known and no reservation can be read, else suspect.
std::optional<Finding> checkI3(
    const Bytes& sku, const SkuReading& reading, std::uint64_t ttlMs, bool ttlKnown, EpochMs nowMs);
std::optional<Finding> checkI4(const Bytes& sku, const SkuReading& reading, EpochMs nowMs);
/// Info, only where every key was listed.
std::optional<Finding> checkI5(const Bytes& sku, const SkuReading& reading, Coverage coverage, EpochMs nowMs);
Finding checkI6(const OverdueReservation& reservation, EpochMs nowMs);
/// Only where the item was looked for.
std::optional<Finding> checkI7(const Bytes& sku, const SkuReading& reading, EpochMs nowMs);
/// initial = available + reserved + sold, beyond what unknown outcomes explain (certain).
std::optional<Finding> checkI8(const StockRun& run);
Finding checkI9(const Bytes& key, EpochMs nowMs);
/// All of them, by the precedence above, ordered by SKU.
std::vector<Finding> judgeInventory(const InventoryReading& reading, EpochMs nowMs);

} // namespace norikv::client
