// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/inventoryreading.h"

#include <algorithm>
#include <limits>

namespace norikv::client {

namespace {

void addTo(std::int64_t& sum, std::int64_t units)
{
    if (__builtin_add_overflow(sum, units, &sum))
        sum = std::numeric_limits<std::int64_t>::max();
}

} // namespace

ItemReading readItem(const Entry& entry)
{
    ItemReading out;
    out.key = entry.key;
    out.sku = skuOfItemKey(entry.key).value_or(Bytes());
    out.there = entry.exists();
    out.version = entry.version;
    if (!out.there)
        return out;
    auto item = parseItem(entry.key, entry.value);
    if (item)
        out.item = std::move(*item);
    else
        out.unreadable = item.error().message;
    return out;
}

std::int64_t ReservationReading::units() const
{
    return reservation ? std::max<std::int64_t>(0, reservation->quantity.value_or(0)) : 0;
}

ReservationReading readReservation(
    const Entry& entry, std::optional<EpochMs> setHereMs, std::optional<std::uint64_t> declaredTtlMs)
{
    ReservationReading out;
    out.key = entry.key;
    out.version = entry.version;
    out.odd = idOfReservationKey(entry.key).value_or(Bytes()).find(':') != Bytes::npos;
    ExpiryClues clues;
    clues.setHereMs = setHereMs;
    clues.declaredTtlMs = declaredTtlMs;
    clues.patternTtlMs = ReservationTtlMs;
    auto reservation = parseReservation(entry.key, entry.value);
    if (reservation) {
        out.odd = out.odd || reservation->looksLikeItem;
        if (reservation->createdAt)
            clues.writtenMs = reservation->createdAt->ms;
        out.reservation = std::move(*reservation);
    } else {
        out.unreadable = reservation.error().message;
    }
    out.expiry = expiryOf(entry, clues);
    return out;
}

void count(InventoryReading& reading, const ItemReading& item)
{
    SkuReading& sums = reading.skus[item.sku];
    sums.itemRead = true;
    sums.itemThere = item.there;
    if (!item.there)
        return;
    ++reading.items;
    if (item.sku.find(':') != Bytes::npos)
        reading.oddKeys.push_back(item.key);
    if (!item.item)
        return;
    sums.readable = true;
    sums.quantity = item.item->quantity;
    sums.reserved = item.item->reserved;
    sums.dialect = item.item->dialect;
    if (item.item->lastUpdated)
        sums.lastUpdatedMs = item.item->lastUpdated->ms;
}

void count(InventoryReading& reading, const ReservationReading& one, EpochMs nowMs)
{
    ++reading.reservations;
    if (one.odd)
        reading.oddKeys.push_back(one.key);
    if (!one.counts())
        return;
    const bool overdue = one.expiry.overdue(nowMs);
    if (overdue)
        reading.overdue.push_back({one.key, one.reservation->sku, one.units(), *one.expiry.atMs,
            one.expiry.known, one.expiry.serverSaysNever});
    SkuReading& sums = reading.skus[one.reservation->sku];
    if (sums.reservations++ == 0)
        sums.firstReservation = one.key;
    addTo(sums.held, one.units());
    if (!overdue)
        addTo(sums.live, one.units());
}

void completed(InventoryReading& reading, Coverage coverage)
{
    reading.coverage = coverage;
    if (coverage != Coverage::Complete)
        return;
    for (auto& [sku, sums] : reading.skus)
        sums.itemRead = true; // whatever was not listed is not there
}

InventoryReading emptyReading(const Profile& profile)
{
    InventoryReading reading;
    if (const auto declared = declaredTtl(profile, reservationKey({}))) {
        reading.ttlMs = *declared;
        reading.ttlKnown = true;
    }
    return reading;
}

} // namespace norikv::client
