// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/leaserules.h"

namespace norikv::client {

/// What one stored or changed lease tells a LeaseTrack.
LeaseSample leaseSample(const Entry& entry, EpochMs nowMs, bool written);

/// L1-L5 while watching; L6 is about the cluster and not about keys.
class LeaseAuditor final : public Auditor {
public:
    explicit LeaseAuditor(const Profile& profile);

    std::map<std::string, std::uint64_t> examined() const override { return {{"leases", m_tracks.size()}}; }
    void take(const Entry& entry, EpochMs nowMs) override;
    std::vector<Finding> judge(EpochMs) const override { return {}; }
    void watched(const ChangeEvent& event, EpochMs nowMs) override;
    std::vector<Finding> judgeWatched(EpochMs nowMs) override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    LeaseTrack& track(const Bytes& key);

    const Profile& m_profile;
    std::map<Bytes, LeaseTrack> m_tracks;
};

} // namespace norikv::client
