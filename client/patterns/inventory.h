// SPDX-License-Identifier: GPL-3.0-or-later
// Stock and its reservations (patterns.md 1 and 2), read in every dialect of patterns.md 4.
#pragma once

#include "client/patterns/jsonrecord.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// Of a reservation, by default.
constexpr std::uint64_t ReservationTtlMs = 600'000;

Bytes itemKey(std::string_view sku);
Bytes reservationKey(std::string_view id);
/// The SKU of `inventory:<sku>`; nothing for a reservation or another key.
std::optional<Bytes> skuOfItemKey(std::string_view key);
/// The id of `inventory:reservation:<id>`.
std::optional<Bytes> idOfReservationKey(std::string_view key);

struct InventoryItem {
    Bytes sku; ///< of the key
    std::optional<std::int64_t>
        quantity; ///< units in stock, the reserved ones with them; Java's are added up
    std::optional<std::int64_t> reserved;
    std::optional<StoredTime> lastUpdated; ///< Go and Java keep none
    Dialect dialect = Dialect::TypeScript;
    std::vector<std::string> complaints; ///< plain text
    std::vector<std::string> unknown; ///< members that the pattern does not know; kept on rewrite

    /// quantity - reserved; nothing where a part is missing or the figures leave 64 bits.
    std::optional<std::int64_t> available() const;
    /// Go and Java store no reservations: what is reserved cannot be compared with anything.
    bool hasReservations() const { return dialect == Dialect::TypeScript || dialect == Dialect::Python; }
};

struct Reservation {
    Bytes id; ///< of the key
    std::string sku;
    std::optional<std::int64_t> quantity;
    std::optional<StoredTime> createdAt;
    Dialect dialect = Dialect::TypeScript;
    std::vector<std::string> complaints;
    std::vector<std::string> unknown;
    /// The value has the shape of an item: a SKU that begins with `reservation:` (I9).
    bool looksLikeItem = false;
};

/// BadData when the value is no JSON object, InvalidRequest when the key is of another kind.
Result<InventoryItem> parseItem(std::string_view key, std::string_view value);
Result<Reservation> parseReservation(std::string_view key, std::string_view value);

/// The figures of a record that stands there exactly as the pattern's own code writes it: its members alone,
/// in order, compact. Read in one pass without memory of its own, because an audit of a whole store is mostly
/// these. Nothing = another shape, which parseItem() and parseReservation() read; they say the same of this
/// one.
struct PlainItem {
    std::int64_t quantity = 0;
    std::int64_t reserved = 0;
    EpochMs lastUpdatedMs = 0;
};
struct PlainReservation {
    std::string_view sku; ///< lives in the value
    std::int64_t quantity = 0;
    EpochMs createdAtMs = 0;
};
std::optional<PlainItem> plainItem(std::string_view value);
std::optional<PlainReservation> plainReservation(std::string_view value);

/// What is added to an item.
struct StockChange {
    std::int64_t quantity = 0;
    std::int64_t reserved = 0;
};
/// `stored` with other figures, in its own dialect; BadData where they are missing or would leave 64 bits.
Result<Bytes> changeItem(std::string_view key, std::string_view stored, StockChange change, EpochMs nowMs);

/// New records are TypeScript's.
Bytes newItemJson(std::string_view sku, std::int64_t quantity, EpochMs nowMs);
Bytes newReservationJson(std::string_view sku, std::int64_t quantity, EpochMs nowMs);

} // namespace norikv::client
