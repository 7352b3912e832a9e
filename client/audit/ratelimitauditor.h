// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/ratelimitrules.h"

#include <unordered_map>

namespace norikv::client {

/// R1-R4 in one look; requests that were let in and forgotten (R1) while watching.
class RateLimitAuditor final : public Auditor {
public:
    RateLimitAuditor(const Profile& profile, const std::vector<AuditKey>& known);

    std::map<std::string, std::uint64_t> examined() const override
    {
        return {{"rate limits", m_limits.size()}};
    }
    void take(const Entry& entry, EpochMs nowMs) override;
    std::vector<Finding> judge(EpochMs nowMs) const override;
    void watched(const ChangeEvent& event, EpochMs nowMs) override;
    std::vector<Finding> judgeWatched(EpochMs nowMs) override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    RateLimitReading read(const Entry& entry, EpochMs nowMs) const;

    const Profile& m_profile;
    std::unordered_map<Bytes, EpochMs> m_setHere;
    std::map<Bytes, RateLimitReading> m_limits;
    std::map<Bytes, RateLimitHistory> m_histories; ///< of those that changed while watching
};

} // namespace norikv::client
