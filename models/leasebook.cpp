// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leasebook.h"

#include "client/audit/leaseauditor.h"
#include "client/patterns/ttl.h"

namespace norikv::models {

namespace {
constexpr EpochMs TellAgainAfter = 5000;
}

LeaseBook::LeaseBook(client::Profile profile, std::shared_ptr<Queue> queue)
    : m_profile(std::move(profile))
    , m_queue(std::move(queue))
{
}

client::LeaseTrack& LeaseBook::track(const client::Bytes& key)
{
    return m_tracks.try_emplace(key, key, client::declaredTtl(m_profile, key)).first->second;
}

void LeaseBook::put(const client::Entry& entry, const FollowStatus& status)
{
    // Before the list has ended an entry is what is stored, afterwards it is what was just written.
    track(entry.key).take(client::leaseSample(entry, status.nowMs, m_listed && status.live));
}

void LeaseBook::gone(const client::Bytes& key, Gone how, const FollowStatus& status)
{
    const auto found = m_tracks.find(key);
    if (found == m_tracks.end())
        return;
    client::LeaseSample sample;
    sample.kind = how == Gone::Deleted ? client::LeaseSample::Kind::Released
        : how == Gone::Expired         ? client::LeaseSample::Kind::Expired
                                       : client::LeaseSample::Kind::Missing;
    sample.atMs = status.nowMs;
    sample.told = status.live;
    found->second.take(sample);
}

void LeaseBook::listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status)
{
    for (auto& [key, track] : m_tracks) {
        if (track.held() && !listed(key))
            gone(key, Gone::Missing, status);
    }
    m_listed = true;
}

void LeaseBook::interrupted()
{
    m_listed = false;
    for (auto& [key, track] : m_tracks)
        track.interrupted();
}

void LeaseBook::publish(const FollowStatus& status)
{
    auto sheet = std::make_shared<LeaseSheet>();
    for (const auto& [key, track] : m_tracks) {
        sheet->leases.push_back(track);
        // These rules wait for a lease time by themselves: no second cut is due.
        for (client::Finding& finding : track.judge(status.nowMs)) {
            auto& [first, last] = m_told[{finding.rule, finding.key}];
            // What happened once is told once, what still stands every few seconds.
            if (first != 0 && finding.lastSeenMs - last < TellAgainAfter)
                continue;
            if (first == 0)
                first = finding.firstSeenMs;
            last = finding.lastSeenMs;
            finding.firstSeenMs = first;
            sheet->findings.push_back(std::move(finding));
        }
    }
    std::vector<std::shared_ptr<const LeaseSheet>> chunk;
    chunk.push_back(std::move(sheet));
    m_queue->push(std::move(chunk));
}

} // namespace norikv::models
