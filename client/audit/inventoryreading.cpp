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

SkuReading& sumsOf(InventoryReading& reading, std::string_view sku)
{
    const auto found = reading.skus.find(sku);
    return found != reading.skus.end() ? found->second : reading.skus[Bytes(sku)];
}

/// The sums of an item that is there.
SkuReading& addItem(InventoryReading& reading, const Bytes& key, std::string_view sku)
{
    ++reading.items;
    if (sku.find(':') != std::string_view::npos)
        reading.oddKeys.push_back(key);
    SkuReading& sums = sumsOf(reading, sku);
    sums.itemRead = true;
    sums.itemThere = true;
    return sums;
}

void addReservation(InventoryReading& reading, const Bytes& key, std::string_view sku, std::int64_t units,
    const Expiry& expiry, EpochMs nowMs)
{
    const bool overdue = expiry.overdue(nowMs);
    if (overdue)
        reading.overdue.push_back(
            {key, Bytes(sku), units, *expiry.atMs, expiry.known, expiry.serverSaysNever});
    SkuReading& sums = sumsOf(reading, sku);
    if (sums.reservations++ == 0)
        sums.firstReservation = key;
    addTo(sums.held, units);
    if (!overdue)
        addTo(sums.live, units);
}

ExpiryClues reservationClues(std::optional<EpochMs> setHereMs, std::optional<std::uint64_t> declaredTtlMs)
{
    ExpiryClues clues;
    clues.setHereMs = setHereMs;
    clues.declaredTtlMs = declaredTtlMs;
    clues.patternTtlMs = ReservationTtlMs;
    return clues;
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
    const auto id = idOfReservationKey(entry.key);
    out.odd = id && std::string_view(*id).find(':') != std::string_view::npos;
    ExpiryClues clues = reservationClues(setHereMs, declaredTtlMs);
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
    if (!item.there) {
        SkuReading& sums = sumsOf(reading, item.sku);
        sums.itemRead = true;
        sums.itemThere = false;
        return;
    }
    SkuReading& sums = addItem(reading, item.key, item.sku);
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
    if (one.counts())
        addReservation(reading, one.key, one.reservation->sku, one.units(), one.expiry, nowMs);
}

void countItem(InventoryReading& reading, const Entry& entry)
{
    const auto plain = entry.exists() ? plainItem(entry.value) : std::nullopt;
    if (!plain) {
        count(reading, readItem(entry));
        return;
    }
    SkuReading& sums = addItem(reading, entry.key, std::string_view(entry.key).substr(itemKey({}).size()));
    sums.readable = true;
    sums.quantity = plain->quantity;
    sums.reserved = plain->reserved;
    sums.dialect = Dialect::TypeScript;
    sums.lastUpdatedMs = plain->lastUpdatedMs;
}

void countReservation(InventoryReading& reading, const Entry& entry, std::optional<EpochMs> setHereMs,
    std::optional<std::uint64_t> declaredTtlMs, EpochMs nowMs)
{
    const auto plain = plainReservation(entry.value);
    if (!plain) {
        count(reading, readReservation(entry, setHereMs, declaredTtlMs), nowMs);
        return;
    }
    ++reading.reservations;
    const auto id = std::string_view(entry.key).substr(reservationKey({}).size());
    if (id.find(':') != std::string_view::npos)
        reading.oddKeys.push_back(entry.key);
    if (plain->sku.empty())
        return;
    ExpiryClues clues = reservationClues(setHereMs, declaredTtlMs);
    clues.writtenMs = plain->createdAtMs;
    addReservation(reading, entry.key, plain->sku, std::max<std::int64_t>(0, plain->quantity),
        expiryOf(entry, clues), nowMs);
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
