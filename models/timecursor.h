// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <QObject>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace norikv::models {

/// What one feed showed at each moment, as the cursor sees it: something that knows its age and its size.
class Recording {
public:
    virtual ~Recording() = default;
    virtual std::size_t bytes() const = 0; ///< an estimate
    /// When the oldest of at least two states was shown; nothing while none can be spared.
    virtual std::optional<EpochMs> oldestMs() const = 0;
    virtual void dropOldest() = 0;
};

/// The moment that all panels show: LIVE, or one that has passed. While it is not LIVE what is shown stands
/// still and the recordings go on filling. One per connection; GUI thread. Times are this program's clock.
class TimeCursor final : public QObject {
    Q_OBJECT
public:
    struct Limits {
        std::chrono::minutes span{30};
        std::size_t bytes = 64U << 20U; ///< of all recordings together
        bool operator==(const Limits&) const = default;
    };
    enum class State { Live, Paused, Replay };

    /// `clock` must outlive the cursor.
    TimeCursor(const Clock& clock, Limits limits, QObject* parent = nullptr);

    const Limits& limits() const { return m_limits; }
    /// Narrower ones drop at once what they do not allow.
    void setLimits(Limits limits);

    /// What can be shown again. Must leave before it goes.
    void add(Recording& recording);
    void leave(Recording& recording);

    State state() const;
    /// The moment shown; nothing while LIVE.
    std::optional<EpochMs> moment() const { return m_moment; }
    EpochMs nowMs() const { return m_clock.nowMs(); }
    /// From here on something is recorded. Moves with the limits: visibly, not in silence.
    EpochMs oldestMs() const;
    /// The limits of memory, not of time, moved the left edge.
    bool full() const { return m_full; }

    void pause(); ///< shows what is shown now
    void live();
    /// Shows this moment, or the nearest that is recorded; now or later is LIVE.
    void show(EpochMs atMs);
    void step(std::chrono::milliseconds by);

    /// Drops what the limits do not allow; by itself every second.
    void trim();

Q_SIGNALS:
    void changed(); ///< the moment or its state
    void edgesMoved(); ///< once a second: now, and perhaps the oldest moment

private:
    const Clock& m_clock;
    Limits m_limits;
    const EpochMs m_startMs;
    std::vector<Recording*> m_recordings;
    std::optional<EpochMs> m_moment;
    bool m_replay = false; ///< the moment was chosen, not only held
    bool m_full = false;
    EpochMs m_oldestMs;
    QTimer m_tick;
};

/// The states that one feed showed, by time. `State` is cheap to copy: a pointer to something immutable.
template <class State> class Reel final : public Recording {
public:
    /// `bytes` is what keeping this state costs beyond what it shares with the one before.
    void push(EpochMs atMs, State state, std::size_t bytes)
    {
        if (!m_frames.empty())
            atMs = std::max(atMs, m_frames.back().atMs); // clocks jump; the order stays
        m_frames.push_back({atMs, std::move(state), bytes});
        m_bytes += bytes;
    }
    bool empty() const { return m_frames.empty(); }
    const State& newest() const { return m_frames.back().state; }
    /// What was shown at this moment: the newest state not after it, else the oldest. Only when not empty.
    const State& at(EpochMs atMs) const
    {
        const auto after
            = std::ranges::upper_bound(m_frames, atMs, {}, [](const Frame& frame) { return frame.atMs; });
        return after == m_frames.begin() ? after->state : std::prev(after)->state;
    }

    std::size_t bytes() const override { return m_bytes; }
    std::optional<EpochMs> oldestMs() const override
    {
        return m_frames.size() < 2 ? std::nullopt : std::optional(m_frames[1].atMs);
    }
    void dropOldest() override
    {
        m_bytes -= m_frames.front().bytes;
        m_frames.pop_front();
    }

private:
    struct Frame {
        EpochMs atMs = 0;
        State state;
        std::size_t bytes = 0;
    };
    std::deque<Frame> m_frames;
    std::size_t m_bytes = 0;
};

} // namespace norikv::models
