// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/tenantauditor.h"

namespace norikv::client {

TenantAuditor::TenantAuditor(const Profile& profile)
    : m_profile(profile)
    , m_collector(profile.tenants, profile.javaTenants)
{
}

std::map<std::string, std::uint64_t> TenantAuditor::examined() const
{
    return {{"tenants", m_collector.readings().size()}};
}

std::vector<Bytes> TenantAuditor::knownKeys() const
{
    std::vector<Bytes> keys;
    for (const auto& id : m_profile.tenants)
        keys.insert(keys.end(), {tenantMetaKey(id), tenantUsageKey(id)});
    return keys;
}

bool TenantAuditor::owns(std::string_view key) const { return tenantOfMetaKey(key).has_value(); }

std::vector<Finding> TenantAuditor::judge(EpochMs) const { return judgeTenants(m_collector.readings()); }

std::vector<NotJudged> TenantAuditor::notJudged(const AuditScope&) const
{
    std::vector<NotJudged> out;
    for (auto& [rule, why] : notJudgedTenants(m_collector.readings()))
        out.push_back({std::move(rule), std::move(why)});
    return out;
}

} // namespace norikv::client
