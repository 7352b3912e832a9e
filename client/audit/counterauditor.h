// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/counterrules.h"

namespace norikv::client {

/// C1 and C4 in one look, C2 while watching; C3 and C5 need a closed run.
class CounterAuditor final : public Auditor {
public:
    explicit CounterAuditor(const Profile& profile);

    std::map<std::string, std::uint64_t> examined() const override;
    std::vector<Bytes> knownKeys() const override;
    void take(const Entry& entry, EpochMs nowMs) override;
    std::vector<Finding> judge(EpochMs nowMs) const override;
    void watched(const ChangeEvent& event, EpochMs nowMs) override;
    std::vector<Finding> judgeWatched(EpochMs nowMs) override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    const Profile& m_profile;
    std::map<Bytes, CounterReading> m_counters;
    std::map<Bytes, std::int64_t> m_values; ///< by key, as last seen
    std::vector<Finding> m_falls;
};

} // namespace norikv::client
