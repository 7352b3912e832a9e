// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/leaserules.h"

#include "client/patterns/lease.h"
#include "client/patterns/ttl.h"

#include <algorithm>
#include <set>

namespace norikv::client {

namespace {

constexpr std::size_t MostSpans = 64;
constexpr std::size_t MostBeats = 256;
constexpr EpochMs SecondCutMs = 5000; // a takeover must still stand then (rulings 2)
constexpr std::size_t FlappingHolders = 3; // more than these in ten lease times
constexpr std::uint64_t FlappingLeases = 10;

std::string seconds(EpochMs ms)
{
    const auto tenths = (ms + 50) / 100;
    std::string out = std::to_string(tenths / 10);
    if (tenths % 10 != 0)
        out += "." + std::to_string(tenths % 10);
    return out + " s";
}

} // namespace

LeaseTrack::LeaseTrack(Bytes key, std::optional<std::uint64_t> declaredMs)
    : m_key(std::move(key))
    , m_declaredMs(declaredMs)
{
}

std::uint64_t LeaseTrack::leaseMs() const
{
    // What the server shows is what holders really ask for.
    return m_toldMs ? *m_toldMs : m_declaredMs.value_or(DefaultLeaseMs);
}

void LeaseTrack::take(const LeaseSample& sample)
{
    m_told = m_told && sample.told;
    if (sample.kind != LeaseSample::Kind::Held) {
        if (m_held && !m_spans.empty())
            m_spans.back().endMs = sample.atMs;
        m_held = false;
        return;
    }
    const bool sameHolder = m_held && !m_spans.empty() && m_spans.back().holder == sample.holder;
    if (sameHolder && m_version && sample.version == m_version)
        return; // a look, not a heartbeat
    if (sample.expiresAtMs && sample.written && *sample.expiresAtMs > sample.atMs)
        m_toldMs = static_cast<std::uint64_t>(*sample.expiresAtMs - sample.atMs);
    if (sameHolder) {
        const EpochMs gap = sample.atMs - m_spans.back().lastBeatMs;
        m_worstGapMs = std::max(m_worstGapMs, gap);
        m_spans.back().lastBeatMs = sample.atMs;
    } else {
        if (m_held && !m_spans.empty())
            m_spans.back().endMs = sample.atMs;
        m_spans.push_back(
            {sample.holder, sample.atMs, sample.atMs, {}, !m_held, !m_held || sample.atMs >= m_leaseEndMs});
        m_worstGapMs = 0;
        if (m_spans.size() > MostSpans)
            m_spans.pop_front();
    }
    m_fencingFell = m_fencingFell || (m_version && sample.version && *sample.version < *m_version);
    m_held = true;
    m_version = sample.version;
    m_leaseEndMs = sample.atMs + static_cast<EpochMs>(leaseMs());
    m_beats.push_back(sample.atMs);
    if (m_beats.size() > MostBeats)
        m_beats.pop_front();
}

Finding LeaseTrack::make(const char* rule, Severity severity, std::string evidence, EpochMs nowMs) const
{
    return {rule, severity, electionOf(m_key).value_or(m_key), m_key, std::move(evidence), nowMs, nowMs};
}

std::optional<Finding> LeaseTrack::duel() const
{
    for (std::size_t i = m_spans.size(); i >= 3; --i) {
        const Span& a = m_spans[i - 3];
        const Span& b = m_spans[i - 2];
        const Span& again = m_spans[i - 1];
        if (a.holder != again.holder || b.freed || again.freed)
            continue;
        if (again.fromMs - a.lastBeatMs > static_cast<EpochMs>(leaseMs()))
            continue;
        return make("L1", m_told ? Severity::Certain : Severity::Suspect,
            printable(a.holder) + ", " + printable(b.holder) + " and " + printable(again.holder)
                + " again held the lease within " + seconds(again.fromMs - a.lastBeatMs)
                + (m_told ? ", and nobody gave it back in between" : "")
                + ": two nodes believe that they lead, and overwrite each other.",
            again.fromMs);
    }
    return std::nullopt;
}

std::optional<Finding> LeaseTrack::takeover(EpochMs nowMs) const
{
    for (std::size_t i = m_spans.size(); i >= 2; --i) {
        const Span& before = m_spans[i - 2];
        const Span& next = m_spans[i - 1];
        if (next.freed || next.expiredBefore)
            continue;
        // Until then the other may come back, and it is a duel.
        const EpochMs wait = std::max(SecondCutMs, static_cast<EpochMs>(leaseMs()));
        if (i == m_spans.size() && nowMs - next.fromMs < wait)
            continue;
        const EpochMs left = before.lastBeatMs + static_cast<EpochMs>(leaseMs()) - next.fromMs;
        return make("L2", Severity::Suspect,
            printable(next.holder) + " took the lease from " + printable(before.holder) + " with "
                + seconds(left) + " of it left"
                + (m_told ? "." : "; it may have been given back between two looks."),
            next.fromMs);
    }
    return std::nullopt;
}

std::optional<Finding> LeaseTrack::dead(EpochMs nowMs) const
{
    if (!m_held || m_spans.empty())
        return std::nullopt;
    const EpochMs quiet = nowMs - m_spans.back().lastBeatMs;
    if (quiet <= static_cast<EpochMs>(leaseMs()) + ClockSlack.count())
        return std::nullopt;
    return make("L3", leaseKnown() ? Severity::Certain : Severity::Suspect,
        "No heartbeat of " + printable(m_spans.back().holder) + " for " + seconds(quiet)
            + ", and the lease of " + seconds(static_cast<EpochMs>(leaseMs()))
            + " is still there: it did not expire, so nobody can take over.",
        nowMs);
}

std::optional<Finding> LeaseTrack::late(EpochMs nowMs) const
{
    if (!m_held || m_spans.empty())
        return std::nullopt;
    const EpochMs gap = std::max(m_worstGapMs, nowMs - m_spans.back().lastBeatMs);
    if (gap * 3 <= static_cast<EpochMs>(leaseMs()) * 2)
        return std::nullopt;
    return make("L4", Severity::Info,
        "A heartbeat of " + printable(m_spans.back().holder) + " came " + seconds(gap)
            + " after the one before; the lease is " + seconds(static_cast<EpochMs>(leaseMs())) + ".",
        nowMs);
}

std::optional<Finding> LeaseTrack::flapping(EpochMs nowMs) const
{
    const EpochMs since = nowMs - static_cast<EpochMs>(leaseMs() * FlappingLeases);
    const auto recent = std::ranges::count_if(m_spans, [&](const Span& s) { return s.fromMs >= since; });
    if (static_cast<std::size_t>(recent) <= FlappingHolders)
        return std::nullopt;
    return make("L5", Severity::Info,
        "The lease changed hands " + std::to_string(recent) + " times in "
            + seconds(static_cast<EpochMs>(leaseMs() * FlappingLeases)) + ".",
        nowMs);
}

HeartbeatStats heartbeatsOf(const LeaseTrack& track)
{
    HeartbeatStats stats;
    stats.dueMs = static_cast<EpochMs>(track.leaseMs() / 3);
    const auto& beats = track.beats();
    auto beat = beats.begin();
    for (const LeaseTrack::Span& span : track.spans()) {
        while (beat != beats.end() && *beat < span.fromMs)
            ++beat;
        std::optional<EpochMs> before;
        for (; beat != beats.end() && *beat <= span.lastBeatMs; before = *beat++) {
            if (!before)
                continue;
            const EpochMs gap = *beat - *before;
            stats.gapsMs.push_back(gap);
            // Half a beat late is late, not missed.
            const EpochMs beatsDue = stats.dueMs > 0 ? (gap + stats.dueMs / 2) / stats.dueMs : 1;
            stats.missed += static_cast<std::uint64_t>(std::max<EpochMs>(0, beatsDue - 1));
        }
    }
    return stats;
}

std::vector<Finding> LeaseTrack::judge(EpochMs nowMs) const
{
    std::vector<Finding> out;
    auto fought = duel();
    if (!fought)
        fought = takeover(nowMs);
    if (fought)
        out.push_back(std::move(*fought));
    auto quiet = dead(nowMs);
    if (!quiet)
        quiet = late(nowMs);
    if (quiet)
        out.push_back(std::move(*quiet));
    if (auto finding = flapping(nowMs))
        out.push_back(std::move(*finding));
    return out;
}

} // namespace norikv::client
