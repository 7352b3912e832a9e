// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/fold.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace norikv::client {

namespace {

std::string textOf(const FoldState& state)
{
    return state.dump(-1, ' ', false, FoldState::error_handler_t::replace);
}

std::string escaped(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

/// Walks two states side by side.
class Differ {
public:
    explicit Differ(std::size_t most)
        : m_most(most)
    {
    }

    std::vector<StateChange> run(const FoldState& before, const FoldState& after)
    {
        differ({}, &before, &after);
        return std::move(m_changes);
    }

private:
    void differ(const std::string& path, const FoldState* before, const FoldState* after)
    {
        if (m_changes.size() >= m_most || (before && after && *before == *after))
            return;
        if (before && after && before->is_object() && after->is_object()) {
            for (const auto& [name, value] : after->items())
                differ(path + "/" + escaped(name), child(*before, name), &value);
            for (const auto& [name, value] : before->items()) {
                if (!after->contains(name))
                    differ(path + "/" + escaped(name), &value, nullptr);
            }
            return;
        }
        if (before && after && before->is_array() && after->is_array()) {
            for (std::size_t i = 0; i < std::max(before->size(), after->size()); ++i)
                differ(path + "/" + std::to_string(i), i < before->size() ? &(*before)[i] : nullptr,
                    i < after->size() ? &(*after)[i] : nullptr);
            return;
        }
        m_changes.push_back(
            {path, before ? textOf(*before) : std::string(), after ? textOf(*after) : std::string()});
    }
    static const FoldState* child(const FoldState& object, const std::string& name)
    {
        const auto found = object.find(name);
        return found == object.end() ? nullptr : &*found;
    }

    const std::size_t m_most;
    std::vector<StateChange> m_changes;
};

} // namespace

std::vector<StateChange> stateChanges(const FoldState& before, const FoldState& after, std::size_t most)
{
    return Differ(most).run(before, after);
}

std::vector<StateChange> textChanges(std::string_view before, std::string_view after, std::size_t most)
{
    const auto a = FoldState::parse(before, nullptr, false);
    const auto b = FoldState::parse(after, nullptr, false);
    if (a.is_discarded() || b.is_discarded())
        return {};
    return stateChanges(a, b, most);
}

EventList withoutEvent(const EventList& events, std::size_t index)
{
    EventList out = events;
    if (index < out.size())
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(index));
    return out;
}

struct Timeline::Cursor {
    std::size_t position = 0;
    FoldState state;
};

Timeline::Timeline(std::shared_ptr<const Reducer> reducer, Bytes aggregate)
    : m_reducer(std::move(reducer))
    , m_aggregate(std::move(aggregate))
    , m_cursor(std::make_shared<Cursor>())
{
    m_cursor->state = m_reducer->start(m_aggregate);
    keep(0, m_cursor->state);
}

void Timeline::keep(std::size_t position, const FoldState& state)
{
    auto [at, added] = m_snapshots.try_emplace(position, textOf(state));
    if (!added)
        return;
    m_snapshotBytes += at->second.size();
    while (m_snapshotBytes > SnapshotBytes && m_snapshots.size() > 1) {
        m_stride *= 2;
        std::erase_if(m_snapshots, [this](const auto& each) {
            const bool goes = each.first % m_stride != 0;
            m_snapshotBytes -= goes ? each.second.size() : 0;
            return goes;
        });
    }
}

/// Brings the cursor there from the nearest state that is kept, or from where it is when that is nearer.
Result<void> Timeline::foldTo(std::size_t position, const std::stop_token& stop)
{
    auto nearest = std::prev(m_snapshots.upper_bound(position));
    if (m_cursor->position > position || m_cursor->position + 1 < nearest->first) {
        m_cursor->state = FoldState::parse(nearest->second, nullptr, false);
        m_cursor->position = nearest->first;
    }
    const auto some = std::span(m_events).subspan(m_cursor->position, position - m_cursor->position);
    const auto folded = m_reducer->fold(
        m_cursor->state, some, [](std::size_t, const std::string&) {}, stop);
    if (!folded) {
        *m_cursor = {0, m_reducer->start(m_aggregate)};
        return folded;
    }
    m_cursor->position = position;
    return {};
}

Result<void> Timeline::extend(const EventList& more, const std::stop_token& stop)
{
    if (auto there = foldTo(m_events.size(), stop); !there)
        return there;
    // Up to the next multiple of 64, however the events come.
    for (std::size_t from = 0; from < more.size();) {
        const std::size_t room = SnapshotEvery - m_events.size() % SnapshotEvery;
        const auto some = std::span(more).subspan(from, std::min(room, more.size() - from));
        const std::size_t before = m_events.size();
        auto folded = m_reducer->fold(
            m_cursor->state, some,
            [&](std::size_t at, std::string text) {
                m_problems.insert_or_assign(before + at + 1, std::move(text));
            },
            stop);
        if (!folded) {
            m_problems.erase(m_problems.upper_bound(before), m_problems.end());
            *m_cursor = {0, m_reducer->start(m_aggregate)};
            return folded;
        }
        m_events.insert(m_events.end(), some.begin(), some.end());
        m_cursor->position = m_events.size();
        if (m_events.size() % m_stride == 0)
            keep(m_events.size(), m_cursor->state);
        from += some.size();
    }
    return {};
}

void Timeline::truncate(std::size_t count)
{
    if (count >= m_events.size())
        return;
    m_events.resize(count);
    m_problems.erase(m_problems.upper_bound(count), m_problems.end());
    for (auto it = m_snapshots.upper_bound(count); it != m_snapshots.end(); it = m_snapshots.erase(it))
        m_snapshotBytes -= it->second.size();
}

Result<void> Timeline::become(const EventList& events, const std::stop_token& stop)
{
    const auto differ = std::ranges::mismatch(m_events, events);
    truncate(static_cast<std::size_t>(differ.in1 - m_events.begin()));
    return extend(EventList(differ.in2, events.end()), stop);
}

Result<FoldMoment> Timeline::at(std::size_t position, const std::stop_token& stop)
{
    FoldMoment moment;
    moment.position = std::min(position, m_events.size());
    if (moment.position == 0) {
        moment.state = m_snapshots.at(0);
        return moment;
    }
    if (auto before = foldTo(moment.position - 1, stop); !before)
        return tl::unexpected(before.error());
    const FoldState before = m_cursor->state;
    if (auto after = foldTo(moment.position, stop); !after)
        return tl::unexpected(after.error());
    moment.state = textOf(m_cursor->state);
    moment.changes = stateChanges(before, m_cursor->state);
    if (const auto problem = m_problems.find(moment.position); problem != m_problems.end())
        moment.problem = problem->second;
    return moment;
}

Result<std::optional<std::size_t>> Timeline::firstWhere(
    const StateCondition& condition, std::size_t from, const std::stop_token& stop)
{
    if (from >= m_events.size())
        return std::optional<std::size_t>();
    if (auto there = foldTo(from, stop); !there)
        return tl::unexpected(there.error());
    bool held = condition.holds(m_cursor->state);
    for (std::size_t position = from + 1; position <= m_events.size(); ++position) {
        if (auto there = foldTo(position, stop); !there)
            return tl::unexpected(there.error());
        const bool holds = condition.holds(m_cursor->state);
        if (holds && !held)
            return std::optional(position);
        held = holds;
    }
    return std::optional<std::size_t>();
}

} // namespace norikv::client
