// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/appendrace.h"

#include "client/audit/eventrules.h"
#include "client/demo/actor.h"
#include "client/patterns/eventstream.h"

#include <algorithm>
#include <barrier>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace norikv::client::demo {

namespace {

constexpr int MostAppenders = 64;
constexpr int MostEach = 1000;
constexpr int Attempts = 1000; // a race is no place to give up
constexpr std::string_view Type = "LineAdded";

/// The document's waits, capped: a race of hundreds must end.
std::chrono::milliseconds waitAfter(int attempt)
{
    return std::chrono::milliseconds(10 << std::min(attempt, 3));
}

class Race {
public:
    Race(Store& store, const Clock& clock, const AppendRacePlan& plan, const std::stop_token& stop)
        : m_store(store)
        , m_clock(clock)
        , m_plan(plan)
        , m_stop(stop)
        , m_stream{EventLayout::Document, plan.aggregate}
        , m_round(plan.appenders)
    {
    }

    Result<AppendRaceResult> run()
    {
        Call call = demoCall(m_stop, "race");
        const auto before = EventStream(m_store, m_clock, m_stream).events(call);
        if (!before)
            return tl::unexpected(before.error());
        if (!before->empty())
            return fail(ErrorKind::InvalidRequest, "the aggregate of a race must hold no event",
                "name one that does not exist");
        {
            std::vector<std::jthread> appenders;
            for (int i = 0; i < m_plan.appenders; ++i)
                appenders.emplace_back([this, i] { append(i); });
        }
        if (m_failure)
            return tl::unexpected(*m_failure);
        return books(call);
    }

private:
    void append(int appender)
    {
        for (int i = 0; i < m_plan.each && !over(); ++i) {
            const std::string data = R"({"appender":)" + std::to_string(appender + 1) + R"(,"line":)"
                + std::to_string(i + 1) + "}";
            const auto id = m_plan.documentsCode ? asDocumented(data) : properly(data);
            const std::scoped_lock lock(m_mutex);
            if (id)
                m_acknowledged.insert(*id);
            else if (id.error().kind == ErrorKind::Contended || id.error().kind == ErrorKind::Conflict)
                ++m_result.refused;
            else if (!m_failure)
                m_failure = id.error();
        }
        m_round.arrive_and_drop();
    }

    bool over()
    {
        const std::scoped_lock lock(m_mutex);
        return m_failure || m_stop.stop_requested();
    }

    Result<std::string> properly(const std::string& data)
    {
        Call call = demoCall(m_stop, "race");
        EventStream::Options options;
        options.loop.policy = CasPolicy::impatient(Attempts);
        auto event = EventStream(m_store, m_clock, m_stream, options).append(call, Type, data);
        if (!event)
            return tl::unexpected(event.error());
        const std::scoped_lock lock(m_mutex);
        ++m_written;
        return event->id;
    }

    /// The document's append: the event is written before anybody knows whose version it is.
    Result<std::string> asDocumented(const std::string& data)
    {
        // Each round begins when all are done with the last one, and with all of them having read the same
        // version.
        m_round.arrive_and_wait();
        for (int attempt = 0; attempt < Attempts; ++attempt) {
            Call call = demoCall(m_stop, "race");
            const auto meta = m_store.get(call, m_stream.metaKey());
            if (attempt == 0)
                m_round.arrive_and_wait();
            if (!meta)
                return tl::unexpected(meta.error());
            const auto version
                = meta->exists() ? parseEventMeta(m_stream, meta->value) : Result<std::uint64_t>(0);
            if (!version)
                return tl::unexpected(version.error());
            const NewEvent event{randomUuid(), std::string(Type), data, m_clock.nowMs()};
            if (auto put
                = write(call, m_stream.eventKey(*version + 1), *eventJson(m_stream, *version + 1, event), {});
                !put)
                return tl::unexpected(put.error());
            {
                const std::scoped_lock lock(m_mutex);
                ++m_written;
            }
            const auto moved
                = write(call, m_stream.metaKey(), *eventMetaJson(m_stream, {}, *version + 1), meta->version);
            if (moved)
                return event.id;
            if (moved.error().kind != ErrorKind::Conflict && moved.error().kind != ErrorKind::KeyMissing)
                return tl::unexpected(moved.error());
            if (!m_sleep(waitAfter(attempt), m_stop))
                return fail(ErrorKind::Cancelled, "stopped here");
        }
        return fail(ErrorKind::Contended, "Failed to append event after retries");
    }

    Result<Version> write(Call& call, Bytes key, Bytes value, std::optional<Version> ifMatch)
    {
        Put put;
        put.key = std::move(key);
        put.value = std::move(value);
        put.ifMatch = ifMatch;
        return m_store.put(call, put);
    }

    Result<AppendRaceResult> books(Call& call)
    {
        const auto stored = EventStream(m_store, m_clock, m_stream).events(call);
        if (!stored)
            return tl::unexpected(stored.error());
        EventStreamFacts facts(m_stream);
        std::set<std::string> ids;
        for (const EventPtr& event : *stored) {
            facts.put(event->number, EventFacts::of(*event), m_clock.nowMs());
            ids.insert(event->id);
        }
        const auto meta = m_store.get(call, m_stream.metaKey());
        if (meta && meta->exists())
            facts.putMeta(meta->value, m_clock.nowMs());
        m_result.acknowledged = m_acknowledged.size();
        m_result.stored = stored->size();
        m_result.lost = static_cast<std::uint64_t>(
            std::ranges::count_if(m_acknowledged, [&](const auto& id) { return !ids.contains(id); }));
        m_result.overwrites = m_written > m_result.stored ? m_written - m_result.stored : 0;
        m_result.findings = facts.judge(true, m_clock.nowMs());
        return std::move(m_result);
    }

    Store& m_store;
    const Clock& m_clock;
    const AppendRacePlan& m_plan;
    const std::stop_token& m_stop;
    const EventStreamId m_stream;
    const Sleeper m_sleep = realSleeper();
    std::barrier<> m_round;
    std::mutex m_mutex;
    std::set<std::string> m_acknowledged; ///< ids
    std::uint64_t m_written = 0; ///< events that reached the store
    std::optional<Error> m_failure;
    AppendRaceResult m_result;
};

} // namespace

Result<AppendRaceResult> raceToAppend(
    Store& store, const Clock& clock, const AppendRacePlan& plan, const std::stop_token& stop)
{
    if (plan.aggregate.empty() || plan.appenders < 1 || plan.appenders > MostAppenders || plan.each < 1
        || plan.each > MostEach)
        return fail(ErrorKind::InvalidRequest, "the race is outside its limits");
    return Race(store, clock, plan, stop).run();
}

} // namespace norikv::client::demo
