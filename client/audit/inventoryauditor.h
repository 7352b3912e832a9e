// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/inventoryrules.h"

namespace norikv::client {

/// I1-I7 and I9 in one look. Keeps sums per SKU, not the records: a store of 300,000 reservations costs
/// little.
class InventoryAuditor final : public Auditor {
public:
    InventoryAuditor(const Profile& profile, const std::vector<AuditKey>& known);

    std::map<std::string, std::uint64_t> examined() const override;
    bool owns(std::string_view key) const override;
    void willLookAgain() override { m_looksAgain = true; }
    void take(const Entry& entry, EpochMs nowMs) override;
    void again(const Entry& entry) override;
    bool stable() const override { return m_stable; }
    void setCoverage(Coverage coverage) override;
    std::vector<Finding> judge(EpochMs nowMs) const override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    const Profile& m_profile;
    std::unordered_map<Bytes, EpochMs> m_setHere; ///< expiry by reservation key
    std::unordered_map<Bytes, std::uint64_t> m_owners; ///< hash of value and version, to see an item move
    InventoryReading m_reading;
    bool m_looksAgain = false;
    bool m_stable = true;
};

} // namespace norikv::client
