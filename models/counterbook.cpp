// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counterbook.h"

#include "client/patterns/keykind.h"

#include <QString>

#include <algorithm>
#include <cmath>
#include <limits>

namespace norikv::models {

namespace {

// One counter with a hundred thousand odd shards is one trouble, not a hundred thousand rows.
constexpr std::size_t MostFindings = 100;

constexpr std::size_t MostHistories = 256; // each costs about 60 KB
constexpr std::size_t MostCounters = 10'000;
constexpr std::size_t RawBytes = 64;
constexpr std::size_t MostRecorded = 4096; // shards of one counter, as many as are drawn

// Values come from the store: a sum that leaves 64 bits stops at the end of the range.
std::int64_t sum(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (!__builtin_add_overflow(a, b, &out))
        return out;
    return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

std::int64_t difference(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (!__builtin_sub_overflow(a, b, &out))
        return out;
    return b < 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

} // namespace

std::uint32_t CounterState::shardCount() const
{
    if (declaredShards)
        return *declaredShards;
    return cells.empty() ? 0 : cells.rbegin()->first + 1;
}

std::vector<std::int64_t> CounterState::values() const
{
    // A single stray shard with a huge index must not make a huge chart.
    constexpr std::uint32_t most = 4096;
    const std::uint32_t highest = cells.empty() ? 0 : std::min(cells.rbegin()->first + 1, most);
    std::vector<std::int64_t> out(std::max(highest, std::min(declaredShards.value_or(0), most)), 0);
    for (const auto& [index, cell] : cells) {
        if (index < out.size())
            out[index] = cell.value.value_or(0);
    }
    return out;
}

std::int64_t CounterState::hidden() const
{
    std::int64_t out = 0;
    if (!sharded || !declaredShards)
        return 0;
    for (auto it = cells.lower_bound(*declaredShards); it != cells.end(); ++it)
        out = sum(out, it->second.value.value_or(0));
    return out;
}

void CounterBook::declare(const client::Bytes& name, std::optional<std::uint32_t> shards)
{
    CounterState& state = m_counters[name];
    state.name = name;
    state.opened = true;
    state.declaredShards = shards;
    if (shards && !state.sharded)
        becomeSharded(state);
    m_dirty.insert(name);
}

CounterState* CounterBook::stateFor(
    const client::Bytes& key, const std::optional<client::Bytes>& value, std::uint32_t& index)
{
    index = 0;
    // A plain key of the name of a sharded counter is none of its shards.
    const auto named = m_counters.find(key);
    if (named != m_counters.end())
        return named->second.sharded ? nullptr : &named->second;
    const auto kind = client::keyKind(key, value.value_or(client::Bytes()));
    if (kind == client::KeyKind::CounterShard) {
        const auto shard = client::parseShardKey(key);
        index = shard->index;
        const auto known = m_counters.find(shard->counter);
        if (known != m_counters.end()) {
            if (!known->second.sharded && (known->second.opened || !value))
                return nullptr; // a person opened the plain key of this name
            if (!known->second.sharded)
                becomeSharded(known->second);
            return &known->second;
        }
        if (!value || m_counters.size() >= MostCounters)
            return nullptr;
        CounterState& state = m_counters[shard->counter];
        state.name = shard->counter;
        state.sharded = true;
        state.opened = true; // the key shape is the pattern's own
        return &state;
    }
    if (kind != client::KeyKind::PossibleCounter || !value || m_counters.size() >= MostCounters)
        return nullptr;
    CounterState& state = m_counters[key];
    state.name = key;
    return &state;
}

void CounterBook::becomeSharded(CounterState& state)
{
    state.sharded = true;
    state.opened = true; // the key shape is the pattern's own
    erase(state, 0); // of the plain key
    state.ownDecrements = 0;
}

void CounterBook::forget(const client::Bytes& name)
{
    m_lastTotals.erase(name);
    m_active.erase(name);
    m_dirty.erase(name);
}

void CounterBook::apply(const CounterUpdate& update, EpochMs nowMs)
{
    std::uint32_t index = 0;
    CounterState* state = stateFor(update.key, update.value, index);
    if (!state)
        return;
    m_dirty.insert(state->name);
    if (!update.value) {
        erase(*state, index);
        if (state->cells.empty() && !state->opened) {
            forget(update.key);
            m_counters.erase(update.key);
        }
        return;
    }
    CounterCell cell;
    cell.value = client::parseCounter(*update.value);
    cell.raw = update.value->substr(0, RawBytes);
    cell.version = update.version;
    const auto before = state->cells.find(index);
    if (before != state->cells.end() && before->second.value && cell.value && state->opened) {
        const std::int64_t fell = difference(*before->second.value, *cell.value);
        if (fell > state->ownDecrements) {
            if (auto fall = client::checkC2(update.key, *before->second.value, *cell.value, 0, nowMs)) {
                fall->subject = state->name;
                m_falls.push_back(std::move(*fall));
            }
        }
        if (fell > 0)
            state->ownDecrements = std::max<std::int64_t>(0, state->ownDecrements - fell);
    }
    if (before != state->cells.end())
        count(*state, before->second, -1);
    count(*state, cell, 1);
    state->cells[index] = std::move(cell);
}

void CounterBook::count(CounterState& state, const CounterCell& cell, int sign)
{
    if (cell.value)
        state.exact += CounterState::Wide(sign) * *cell.value;
    else
        state.odd += static_cast<std::size_t>(sign);
    using Range = std::numeric_limits<std::int64_t>;
    state.total
        = static_cast<std::int64_t>(std::clamp<CounterState::Wide>(state.exact, Range::min(), Range::max()));
    state.partial = state.odd > 0;
}

void CounterBook::erase(CounterState& state, std::uint32_t index)
{
    const auto cell = state.cells.find(index);
    if (cell == state.cells.end())
        return;
    count(state, cell->second, -1);
    state.cells.erase(cell);
}

void CounterBook::keepOnly(const std::set<client::Bytes>& seen)
{
    for (auto it = m_counters.begin(); it != m_counters.end();) {
        CounterState& state = it->second;
        std::erase_if(state.cells, [&](const auto& cell) {
            if (seen.contains(state.sharded ? client::shardKey(state.name, cell.first) : state.name))
                return false;
            count(state, cell.second, -1);
            return true;
        });
        if (!state.cells.empty() || state.opened) {
            ++it;
            continue;
        }
        forget(it->first);
        it = m_counters.erase(it);
    }
}

void CounterBook::sample(double t, double seconds, const client::Bytes& selected, double selectedConflicts)
{
    if (seconds <= 0)
        return; // no time, no rate: what grew is left to the next sample
    for (auto& [name, state] : m_counters) {
        const auto last = m_lastTotals.find(name);
        const bool known = last != m_lastTotals.end();
        const std::int64_t growth = known ? difference(state.total, last->second) : 0;
        const auto active = m_active.find(name);
        if (growth == 0 && name != selected && active == m_active.end()) {
            if (!known && !state.cells.empty())
                m_lastTotals[name] = state.total;
            continue;
        }
        if (state.cells.empty())
            continue;
        m_lastTotals[name] = state.total;
        if (active == m_active.end()) {
            if (m_active.size() >= MostHistories && name != selected)
                continue;
            m_active[name] = t;
        }
        if (growth < 0 && known)
            mark(name, t, QStringLiteral("value fell"));
        const double count = std::max<double>(0, static_cast<double>(growth));
        state.rate1.add(count, seconds);
        state.rate10.add(count, seconds);
        state.rate60.add(count, seconds);
        state.series.push({t, static_cast<double>(state.total), state.rate1.perSecond(),
            name == selected ? selectedConflicts : 0});
    }
}

void CounterBook::sampleGap(double t)
{
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    for (auto& [name, state] : m_counters) {
        if (m_active.contains(name))
            state.series.push({t, unknown, unknown, 0});
    }
}

void CounterBook::expectDecrement(const client::Bytes& name, std::int64_t by)
{
    const auto state = m_counters.find(name);
    if (state != m_counters.end())
        state->second.ownDecrements = std::max<std::int64_t>(0, sum(state->second.ownDecrements, by));
}

void CounterBook::mark(const client::Bytes& name, double t, const QString& text)
{
    constexpr std::size_t most = 32;
    const auto state = m_counters.find(name);
    if (state == m_counters.end())
        return;
    auto& markers = state->second.markers;
    markers.emplace_back(t, text);
    if (markers.size() > most)
        markers.erase(markers.begin());
}

std::size_t CounterMoment::bytes() const
{
    std::size_t sum = sizeof(*this);
    for (const Counter& counter : counters)
        sum += sizeof(counter) + counter.cells.size() * sizeof(counter.cells.front());
    return sum;
}

CounterMoment CounterBook::moment() const
{
    CounterMoment now;
    now.counters.reserve(m_counters.size());
    for (const auto& [name, state] : m_counters) {
        now.counters.push_back({name, state.sharded, state.opened, state.declaredShards, {}, state.rate1,
            state.rate10, state.rate60});
        auto& cells = now.counters.back().cells;
        cells.reserve(std::min(state.cells.size(), MostRecorded));
        for (const auto& [index, cell] : state.cells) {
            if (cells.size() == MostRecorded)
                break;
            cells.emplace_back(index, cell.value);
        }
    }
    return now;
}

CounterBook CounterBook::at(const CounterMoment& then, const client::Bytes& selected) const
{
    CounterBook book;
    for (const auto& counter : then.counters) {
        CounterState& state = book.m_counters[counter.name];
        state.name = counter.name;
        state.sharded = counter.sharded;
        state.opened = counter.opened;
        state.declaredShards = counter.declaredShards;
        state.rate1 = counter.rate1;
        state.rate10 = counter.rate10;
        state.rate60 = counter.rate60;
        for (const auto& [index, value] : counter.cells) {
            CounterCell cell;
            cell.value = value;
            cell.raw = value ? std::to_string(*value) : client::Bytes();
            count(state, cell, 1);
            state.cells.emplace(index, std::move(cell));
        }
    }
    const CounterState* now = find(selected);
    const auto shown = book.m_counters.find(selected);
    if (now && shown != book.m_counters.end()) {
        shown->second.series = now->series;
        shown->second.markers = now->markers;
    }
    return book;
}

const CounterState* CounterBook::find(const client::Bytes& name) const
{
    const auto state = m_counters.find(name);
    return state == m_counters.end() ? nullptr : &state->second;
}

std::vector<client::Finding> CounterBook::takeFindings(EpochMs nowMs)
{
    std::vector<client::Finding> out = std::exchange(m_falls, {});
    for (const client::Bytes& name : std::exchange(m_dirty, {})) {
        const CounterState* state = find(name);
        if (!state || !state->opened)
            continue;
        client::CounterReading reading;
        reading.name = name;
        reading.sharded = state->sharded;
        reading.declaredShards = state->declaredShards;
        reading.readMs = nowMs;
        for (const auto& [index, cell] : state->cells) {
            client::Entry entry;
            entry.key = state->sharded ? client::shardKey(name, index) : name;
            entry.value = cell.raw;
            entry.version = cell.version;
            reading.keys.push_back(std::move(entry));
        }
        auto broken = client::checkC1(reading);
        if (broken.size() > MostFindings) {
            broken[MostFindings - 1].evidence += " " + std::to_string(broken.size() - MostFindings)
                + " more shards of this counter hold no number either.";
            broken.resize(MostFindings);
        }
        std::ranges::move(broken, std::back_inserter(out));
        if (auto finding = client::checkC4(reading))
            out.push_back(std::move(*finding));
    }
    return out;
}

} // namespace norikv::models
