// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/inventoryauditor.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace norikv::client {

namespace {

std::uint64_t stampOf(const Entry& entry)
{
    const std::uint64_t version = entry.version ? entry.version->index * 1024 + entry.version->term + 1 : 0;
    return std::hash<Bytes>()(entry.value) ^ version;
}

void addTo(std::int64_t& sum, std::int64_t units)
{
    if (__builtin_add_overflow(sum, units, &sum))
        sum = std::numeric_limits<std::int64_t>::max();
}

} // namespace

InventoryAuditor::InventoryAuditor(const Profile& profile, const std::vector<AuditKey>& known)
    : m_profile(profile)
{
    for (const AuditKey& key : known) {
        if (key.setHereExpiryMs && idOfReservationKey(key.key))
            m_setHere[key.key] = *key.setHereExpiryMs;
    }
    if (const auto declared = declaredTtl(profile, reservationKey({}))) {
        m_reading.ttlMs = *declared;
        m_reading.ttlKnown = true;
    }
}

std::map<std::string, std::uint64_t> InventoryAuditor::examined() const
{
    return {{"items", m_reading.items}, {"reservations", m_reading.reservations}};
}

bool InventoryAuditor::owns(std::string_view key) const { return skuOfItemKey(key).has_value(); }

void InventoryAuditor::take(const Entry& entry, EpochMs nowMs)
{
    if (!entry.key.starts_with("inventory:"))
        return;
    if (const auto sku = skuOfItemKey(entry.key))
        takeItem(*sku, entry);
    else if (entry.exists() && idOfReservationKey(entry.key))
        takeReservation(entry, nowMs);
}

void InventoryAuditor::takeItem(const Bytes& sku, const Entry& entry)
{
    if (m_reading.coverage != Coverage::Complete)
        m_owners[entry.key] = stampOf(entry);
    SkuReading& reading = m_reading.skus[sku];
    reading.itemRead = true;
    reading.itemThere = entry.exists();
    if (!entry.exists())
        return;
    ++m_reading.items;
    if (sku.find(':') != Bytes::npos)
        m_reading.oddKeys.push_back(entry.key);
    const auto item = parseItem(entry.key, entry.value);
    if (!item)
        return;
    reading.readable = true;
    reading.quantity = item->quantity;
    reading.reserved = item->reserved;
    reading.dialect = item->dialect;
    if (item->lastUpdated)
        reading.lastUpdatedMs = item->lastUpdated->ms;
}

void InventoryAuditor::takeReservation(const Entry& entry, EpochMs nowMs)
{
    ++m_reading.reservations;
    const auto reservation = parseReservation(entry.key, entry.value);
    if (!reservation) {
        if (idOfReservationKey(entry.key)->find(':') != Bytes::npos)
            m_reading.oddKeys.push_back(entry.key);
        return;
    }
    if (reservation->looksLikeItem || reservation->id.find(':') != Bytes::npos)
        m_reading.oddKeys.push_back(entry.key);
    if (reservation->looksLikeItem || reservation->sku.empty())
        return;
    const std::int64_t units = std::max<std::int64_t>(0, reservation->quantity.value_or(0));
    ExpiryClues clues;
    if (const auto set = m_setHere.find(entry.key); set != m_setHere.end())
        clues.setHereMs = set->second;
    if (reservation->createdAt)
        clues.writtenMs = reservation->createdAt->ms;
    clues.declaredTtlMs = declaredTtl(m_profile, entry.key);
    clues.patternTtlMs = ReservationTtlMs;
    const Expiry expiry = expiryOf(entry, clues);
    const bool overdue = expiry.overdue(nowMs);
    if (overdue)
        m_reading.overdue.push_back(
            {entry.key, reservation->sku, units, *expiry.atMs, expiry.known, expiry.serverSaysNever});
    SkuReading& reading = m_reading.skus[reservation->sku];
    if (reading.reservations++ == 0)
        reading.firstReservation = entry.key;
    addTo(reading.held, units);
    if (!overdue)
        addTo(reading.live, units);
}

void InventoryAuditor::again(const Entry& entry)
{
    const auto sku = skuOfItemKey(entry.key);
    const auto before = m_owners.find(entry.key);
    if (!sku || before == m_owners.end() || before->second == stampOf(entry))
        return;
    m_reading.skus[*sku].moved = true;
    m_stable = false;
}

void InventoryAuditor::setCoverage(Coverage coverage)
{
    m_reading.coverage = coverage;
    if (coverage != Coverage::Complete)
        return;
    for (auto& [sku, reading] : m_reading.skus)
        reading.itemRead = true; // whatever was not listed is not there
}

std::vector<Finding> InventoryAuditor::judge(EpochMs nowMs) const { return judgeInventory(m_reading, nowMs); }

std::vector<NotJudged> InventoryAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    if (scope.coverage != Coverage::Complete)
        out.push_back({"I5", "not every reservation is known"});
    out.push_back({"I8", "needs a closed run"});
    return out;
}

} // namespace norikv::client
