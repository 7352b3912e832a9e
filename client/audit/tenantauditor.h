// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/tenantrules.h"

namespace norikv::client {

/// T1-T7 in one look.
class TenantAuditor final : public Auditor {
public:
    explicit TenantAuditor(const Profile& profile);

    std::map<std::string, std::uint64_t> examined() const override;
    std::vector<Bytes> knownKeys() const override;
    bool owns(std::string_view key) const override;
    void take(const Entry& entry, EpochMs nowMs) override { m_collector.take(entry, nowMs); }
    void again(const Entry& entry) override { m_collector.again(entry); }
    bool stable() const override { return m_collector.stable(); }
    void setCoverage(Coverage coverage) override { m_collector.setCoverage(coverage); }
    std::vector<Finding> judge(EpochMs nowMs) const override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    const Profile& m_profile;
    TenantCollector m_collector;
};

} // namespace norikv::client
