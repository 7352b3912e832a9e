// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/leaseauditor.h"

#include "client/patterns/lease.h"
#include "client/patterns/ttl.h"

namespace norikv::client {

LeaseSample leaseSample(const Entry& entry, EpochMs nowMs, bool written)
{
    LeaseSample sample;
    sample.kind = entry.exists() ? LeaseSample::Kind::Held : LeaseSample::Kind::Missing;
    sample.holder = entry.value;
    sample.version = entry.version;
    sample.expiresAtMs = entry.expiresAtMs;
    sample.atMs = nowMs;
    sample.told
        = entry.provenance == TtlProvenance::Server; // Scan and Watch; a Get says so only of a live expiry
    sample.written = written && sample.told;
    return sample;
}

LeaseAuditor::LeaseAuditor(const Profile& profile)
    : m_profile(profile)
{
}

LeaseTrack& LeaseAuditor::track(const Bytes& key)
{
    return m_tracks.try_emplace(key, key, declaredTtl(m_profile, key)).first->second;
}

void LeaseAuditor::take(const Entry& entry, EpochMs nowMs)
{
    if (electionOf(entry.key) && entry.exists())
        track(entry.key).take(leaseSample(entry, nowMs, false));
}

void LeaseAuditor::watched(const ChangeEvent& event, EpochMs nowMs)
{
    if (!electionOf(event.entry.key))
        return;
    LeaseSample sample = leaseSample(event.entry, nowMs, true);
    if (event.kind == ChangeEvent::Kind::Delete)
        sample.kind = LeaseSample::Kind::Released;
    else if (event.kind == ChangeEvent::Kind::Expire)
        sample.kind = LeaseSample::Kind::Expired;
    track(event.entry.key).take(sample);
}

std::vector<Finding> LeaseAuditor::judgeWatched(EpochMs nowMs)
{
    std::vector<Finding> findings;
    for (const auto& [key, track] : m_tracks) {
        for (auto& finding : track.judge(nowMs))
            findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<NotJudged> LeaseAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    if (!scope.canWatch) {
        for (const char* rule : {"L1", "L2", "L3", "L4", "L5"})
            out.push_back({rule, "this server cannot be watched"});
    } else if (scope.watched.count() == 0) {
        for (const char* rule : {"L1", "L2", "L3", "L4", "L5"})
            out.push_back({rule, "needs --for 20"});
    }
    return out;
}

} // namespace norikv::client
