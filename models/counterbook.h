// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timeseries.h"

#include "client/audit/counterrules.h"
#include "client/patterns/counter.h"
#include "client/values.h"

#include <QString>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace norikv::models {

/// One key of a counter as last seen.
struct CounterCell {
    std::optional<std::int64_t> value; ///< empty: not an integer
    client::Bytes raw; ///< clipped to 64 bytes
    std::optional<client::Version> version;
};

/// A counter and what we know of it.
struct CounterState {
    /// Room for the sum of any number of 64-bit values.
    __extension__ using Wide = __int128;

    client::Bytes name;
    bool sharded = false;
    bool opened = false; ///< declared or opened as a counter: judged by the rules
    std::optional<std::uint32_t> declaredShards;
    std::map<std::uint32_t, CounterCell> cells; ///< by shard index; a basic counter has only 0
    bool partial = false; ///< some cell is no integer: the total leaves it out

    std::int64_t total = 0; ///< ends at the ends of its range
    Wide exact = 0; ///< the same without an end, kept with every change of a cell
    std::size_t odd = 0; ///< cells that are no integers
    EwmaRate rate1{1}, rate10{10}, rate60{60};
    TimeSeries series;
    std::vector<std::pair<double, QString>> markers; ///< resets, load started ...; t in monotonic seconds

    /// N: declared, else the highest index + 1.
    std::uint32_t shardCount() const;
    /// Values by index from 0 to the highest index; missing shards count 0.
    std::vector<std::int64_t> values() const;
    /// Sum of what lies at or beyond the declared number.
    std::int64_t hidden() const;
    /// Our own not yet seen decrements: a fall by as much is no finding.
    std::int64_t ownDecrements = 0;
};

/// A change of one stored key, as the follower saw it.
struct CounterUpdate {
    client::Bytes key;
    std::optional<client::Bytes> value; ///< empty: deleted or expired
    std::optional<client::Version> version;
};

/// What counters were at one moment, light enough to keep thousands of: without their histories.
struct CounterMoment {
    struct Counter {
        client::Bytes name;
        bool sharded = false;
        bool opened = false;
        std::optional<std::uint32_t> declaredShards;
        std::vector<std::pair<std::uint32_t, std::optional<std::int64_t>>> cells;
        EwmaRate rate1{1}, rate10{10}, rate60{60};
    };
    std::vector<Counter> counters;

    std::size_t bytes() const;
};

/// Turns stored keys into counters and notices what is wrong. No threads, no clock: the caller gives the
/// time.
class CounterBook {
public:
    /// Names and shard numbers that a person or profile declared.
    void declare(const client::Bytes& name, std::optional<std::uint32_t> shards);
    void apply(const CounterUpdate& update, EpochMs nowMs);
    /// Drops what a fresh scan did not see; `seen` are the keys of that scan.
    void keepOnly(const std::set<client::Bytes>& seen);
    /// Takes one sample of every counter that has changed lately or is `selected`.
    void sample(double t, double seconds, const client::Bytes& selected, double selectedConflicts);
    /// Marks a gap in every history: nothing was heard.
    void sampleGap(double t);
    /// Our own write takes so much off; a negative `by` takes the word back.
    void expectDecrement(const client::Bytes& name, std::int64_t by);
    void mark(const client::Bytes& name, double t, const QString& text);

    CounterMoment moment() const;
    /// The book as it was then, for showing only; the history of `selected` is this book's.
    CounterBook at(const CounterMoment& then, const client::Bytes& selected) const;

    const std::map<client::Bytes, CounterState>& counters() const { return m_counters; }
    const CounterState* find(const client::Bytes& name) const;
    /// Findings since the last call: falls (C2) at once, C1 and C4 of the present state.
    std::vector<client::Finding> takeFindings(EpochMs nowMs);

private:
    CounterState* stateFor(
        const client::Bytes& key, const std::optional<client::Bytes>& value, std::uint32_t& index);
    /// Takes a cell into the sums, or out of them (`sign` = -1).
    static void count(CounterState& state, const CounterCell& cell, int sign);
    static void erase(CounterState& state, std::uint32_t index);
    void becomeSharded(CounterState& state);
    void forget(const client::Bytes& name);

    std::map<client::Bytes, CounterState> m_counters;
    std::map<client::Bytes, std::int64_t> m_lastTotals; ///< at the last sample, for rates
    std::map<client::Bytes, double> m_active; ///< counters with a history and when they changed last
    std::vector<client::Finding> m_falls;
    std::set<client::Bytes> m_dirty; ///< changed since the last takeFindings
};

} // namespace norikv::models
