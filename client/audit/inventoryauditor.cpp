// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/inventoryauditor.h"

#include "client/audit/inventoryreading.h"
#include "client/patterns/keykind.h"

#include <functional>

namespace norikv::client {

namespace {

std::uint64_t stampOf(const Entry& entry)
{
    const std::uint64_t version = entry.version ? entry.version->index * 1024 + entry.version->term + 1 : 0;
    return std::hash<Bytes>()(entry.value) ^ version;
}

} // namespace

InventoryAuditor::InventoryAuditor(const Profile& profile, const std::vector<AuditKey>& known)
    : m_profile(profile)
    , m_reading(emptyReading(profile))
{
    for (const AuditKey& key : known) {
        if (key.setHereExpiryMs && idOfReservationKey(key.key))
            m_setHere[key.key] = *key.setHereExpiryMs;
    }
}

std::map<std::string, std::uint64_t> InventoryAuditor::examined() const
{
    return {{"items", m_reading.items}, {"reservations", m_reading.reservations}};
}

bool InventoryAuditor::owns(std::string_view key) const { return skuOfItemKey(key).has_value(); }

void InventoryAuditor::take(const Entry& entry, EpochMs nowMs)
{
    const KeyKind kind = keyKind(entry.key, {});
    if (kind == KeyKind::InventoryItem) {
        if (m_looksAgain)
            m_owners[entry.key] = stampOf(entry);
        countItem(m_reading, entry);
    } else if (kind == KeyKind::Reservation && entry.exists()) {
        const auto set = m_setHere.find(entry.key);
        countReservation(m_reading, entry, set == m_setHere.end() ? std::nullopt : std::optional(set->second),
            declaredTtl(m_profile, entry.key), nowMs);
    }
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

void InventoryAuditor::setCoverage(Coverage coverage) { completed(m_reading, coverage); }

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
