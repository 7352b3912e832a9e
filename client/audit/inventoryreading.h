// SPDX-License-Identifier: GPL-3.0-or-later
// From stored keys to what the inventory's rules judge: one key at a time, then sums per SKU.
#pragma once

#include "client/audit/inventoryrules.h"

#include <optional>
#include <string>

namespace norikv::client {

/// One stored item, or what a missing one leaves to be said.
struct ItemReading {
    Bytes key;
    Bytes sku; ///< of the key
    bool there = false;
    std::optional<Version> version;
    std::optional<InventoryItem> item; ///< empty = not there, or no JSON object
    std::string unreadable; ///< why
};
/// `entry.key` must be an item's (skuOfItemKey()).
ItemReading readItem(const Entry& entry);

/// One stored reservation.
struct ReservationReading {
    Bytes key;
    std::optional<Version> version;
    std::optional<Reservation> reservation; ///< empty = no JSON object
    std::string unreadable; ///< why
    Expiry expiry;
    bool odd = false; ///< I9: its key could be taken for another kind

    /// It holds units of a SKU that can be named.
    bool counts() const { return reservation && !reservation->looksLikeItem && !reservation->sku.empty(); }
    std::int64_t units() const; ///< never below 0
};
/// `entry.key` must be a reservation's. `setHereMs` is the expiry that this machine gave it, `declaredTtlMs`
/// the profile's.
ReservationReading readReservation(
    const Entry& entry, std::optional<EpochMs> setHereMs, std::optional<std::uint64_t> declaredTtlMs);

/// Adds one to the sums.
void count(InventoryReading& reading, const ItemReading& item);
void count(InventoryReading& reading, const ReservationReading& reservation, EpochMs nowMs);
/// The same of a stored record at once, where nothing but the sums is wanted: several times as fast for a
/// record that is plain.
void countItem(InventoryReading& reading, const Entry& entry);
void countReservation(InventoryReading& reading, const Entry& entry, std::optional<EpochMs> setHereMs,
    std::optional<std::uint64_t> declaredTtlMs, EpochMs nowMs);
/// Every key was listed: an item that was not met is not there.
void completed(InventoryReading& reading, Coverage coverage);
/// An InventoryReading to begin with.
InventoryReading emptyReading(const Profile& profile);

} // namespace norikv::client
