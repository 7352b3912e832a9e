// SPDX-License-Identifier: GPL-3.0-or-later
// Time travel over one stream: its state after any number of events, in at most 64 folds.
#pragma once

#include "client/patterns/reducer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// One place where two states differ. A text is JSON; empty = not there.
struct StateChange {
    std::string path; ///< JSON pointer: "/balance", "/lines/0/sku"
    std::string before;
    std::string after;
    bool operator==(const StateChange&) const = default;
};
/// Leaves that differ, in the order of `after`; those only in `before` last. At most `most`.
std::vector<StateChange> stateChanges(
    const FoldState& before, const FoldState& after, std::size_t most = 500);
/// The same of two JSON texts; nothing where one is no JSON.
std::vector<StateChange> textChanges(std::string_view before, std::string_view after, std::size_t most = 500);

/// "balance < 0": when to stop.
struct StateCondition {
    enum class Op { Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater };
    std::string path; ///< as written: "balance", "lines.0.sku" or a JSON pointer
    Op op = Op::Less;
    std::string text; ///< compared as a text unless `number` is set
    std::optional<double> number;

    /// InvalidRequest with the reason. `path op value`; op is one of < <= = == != >= >; a value in quotes is
    /// a text.
    static Result<StateCondition> parse(std::string_view text);
    /// A missing path and another type match only !=.
    bool holds(const FoldState& state) const;
};

/// The state after `position` events.
struct FoldMoment {
    std::size_t position = 0; ///< events applied, 0..size
    std::string state; ///< JSON text
    std::vector<StateChange> changes; ///< against position - 1; empty at 0
    std::string problem; ///< what the event at `position` breaks, or empty
};

/// The events as if the one at `index` (from 0) had not happened.
EventList withoutEvent(const EventList& events, std::size_t index);

/// One stream's events under one reducer. extend() makes the first pass and keeps the state after every 64th
/// event (fewer when states are large: SnapshotBytes in all). Not safe for two threads at once.
class Timeline {
public:
    static constexpr std::size_t SnapshotEvery = 64;
    static constexpr std::size_t SnapshotBytes = 64 * 1024 * 1024;

    Timeline(std::shared_ptr<const Reducer> reducer, Bytes aggregate);

    const Reducer& reducer() const { return *m_reducer; }
    std::size_t size() const { return m_events.size(); }
    const EventList& events() const { return m_events; }
    /// Folds between two kept states: 64, doubled as long as they would not fit.
    std::size_t stride() const { return m_stride; }

    /// Appends events and folds them. Cancelled when stopped: what was folded stays, size() tells how far.
    Result<void> extend(const EventList& more, const std::stop_token& stop = {});
    /// Forgets all after the first `count` events, e.g. because event count + 1 is another than it was.
    void truncate(std::size_t count);
    /// extend() and truncate() so that the events are exactly these; what is shared at the front stays
    /// folded.
    Result<void> become(const EventList& events, const std::stop_token& stop = {});

    /// The state after `position` events (clamped), in at most stride() folds; the next one up in a single
    /// one.
    Result<FoldMoment> at(std::size_t position, const std::stop_token& stop = {});
    /// The first position above `from` where the condition holds and did not hold just before; nothing =
    /// nowhere.
    Result<std::optional<std::size_t>> firstWhere(
        const StateCondition& condition, std::size_t from, const std::stop_token& stop = {});
    /// Events that break the reducer's rules: position (from 1) and what.
    const std::map<std::size_t, std::string>& problems() const { return m_problems; }

private:
    Result<void> foldTo(std::size_t position, const std::stop_token& stop);
    void keep(std::size_t position, const FoldState& state);
    struct Cursor;

    const std::shared_ptr<const Reducer> m_reducer;
    const Bytes m_aggregate;
    EventList m_events;
    std::size_t m_stride = SnapshotEvery;
    std::size_t m_snapshotBytes = 0;
    std::map<std::size_t, std::string> m_snapshots; ///< by position, JSON text
    std::map<std::size_t, std::string> m_problems;
    std::shared_ptr<Cursor> m_cursor; ///< where the last at() ended
};

} // namespace norikv::client
