// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timecursor.h"

#include <algorithm>
#include <utility>

namespace norikv::models {

TimeCursor::TimeCursor(const Clock& clock, Limits limits, QObject* parent)
    : QObject(parent)
    , m_clock(clock)
    , m_limits(limits)
    , m_startMs(clock.nowMs())
    , m_oldestMs(m_startMs)
{
    connect(&m_tick, &QTimer::timeout, this, [this] {
        trim();
        Q_EMIT edgesMoved();
    });
    m_tick.start(std::chrono::seconds(1));
}

void TimeCursor::setLimits(Limits limits)
{
    m_limits = limits;
    trim();
    Q_EMIT edgesMoved();
}

void TimeCursor::add(Recording& recording) { m_recordings.push_back(&recording); }

void TimeCursor::leave(Recording& recording) { std::erase(m_recordings, &recording); }

TimeCursor::State TimeCursor::state() const
{
    if (!m_moment)
        return State::Live;
    return m_replay ? State::Replay : State::Paused;
}

EpochMs TimeCursor::oldestMs() const { return std::min(m_oldestMs, m_clock.nowMs()); }

void TimeCursor::pause()
{
    if (m_moment)
        return;
    m_moment = m_clock.nowMs();
    m_replay = false;
    Q_EMIT changed();
}

void TimeCursor::live()
{
    if (!std::exchange(m_moment, std::nullopt))
        return;
    Q_EMIT changed();
}

void TimeCursor::show(EpochMs atMs)
{
    if (atMs >= m_clock.nowMs())
        return live();
    atMs = std::max(atMs, oldestMs());
    if (m_moment == atMs)
        return;
    m_moment = atMs;
    m_replay = true;
    Q_EMIT changed();
}

void TimeCursor::step(std::chrono::milliseconds by) { show(m_moment.value_or(m_clock.nowMs()) + by.count()); }

void TimeCursor::trim()
{
    const EpochMs span = std::chrono::milliseconds(m_limits.span).count();
    const EpochMs edge = std::max(m_startMs, m_clock.nowMs() - span);
    std::size_t bytes = 0;
    for (Recording* recording : m_recordings) {
        for (auto oldest = recording->oldestMs(); oldest && *oldest <= edge; oldest = recording->oldestMs())
            recording->dropOldest();
        bytes += recording->bytes();
    }
    EpochMs oldestKept = std::max(edge, std::min(m_oldestMs, m_clock.nowMs()));
    bool dropped = false;
    while (bytes > m_limits.bytes) {
        // The oldest of all goes first, so that every panel reaches back equally far.
        Recording* victim = nullptr;
        for (Recording* recording : m_recordings) {
            if (recording->oldestMs() && (!victim || *recording->oldestMs() < *victim->oldestMs()))
                victim = recording;
        }
        if (!victim)
            break;
        dropped = true;
        oldestKept = std::max(oldestKept, *victim->oldestMs());
        bytes -= victim->bytes();
        victim->dropOldest();
        bytes += victim->bytes();
    }
    m_oldestMs = oldestKept;
    m_full = dropped || (m_full && oldestKept > edge);
    if (m_moment && *m_moment < m_oldestMs) {
        m_moment = m_oldestMs; // it fell out of the recording: what is shown moves with the edge
        Q_EMIT changed();
    }
}

} // namespace norikv::models
