// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/sessionrules.h"

#include <unordered_map>

namespace norikv::client {

/// S1, S4 and S5 in one look, S2 and S3 while watching; S6 needs to know what was destroyed.
class SessionAuditor final : public Auditor {
public:
    SessionAuditor(const Profile& profile, const std::vector<AuditKey>& known);

    std::map<std::string, std::uint64_t> examined() const override
    {
        return {{"sessions", m_sessions.size()}};
    }
    void take(const Entry& entry, EpochMs nowMs) override;
    std::vector<Finding> judge(EpochMs nowMs) const override;
    void watched(const ChangeEvent& event, EpochMs nowMs) override;
    std::vector<Finding> judgeWatched(EpochMs nowMs) override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    struct Session {
        SessionReading reading;
        SessionHistory history;
    };
    void put(const Entry& entry, EpochMs nowMs);

    const Profile& m_profile;
    std::unordered_map<Bytes, EpochMs> m_setHere;
    std::map<Bytes, Session> m_sessions;
};

} // namespace norikv::client
