// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/scriptreducer.h"

#include "models/scripthost.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace norikv::models {

using client::ErrorKind;
using client::EventPtr;
using client::EventRecord;
using client::FoldState;
using client::Result;
using Json = nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto StartsWithin = 10s; ///< loading a program on a busy machine is not the script's fault
constexpr std::size_t EventsAtOnce = 256; ///< a stop is looked at between two requests
constexpr std::size_t BytesAtOnce = 1 << 20;

std::string text(const std::string& value)
{
    return Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The event as a script sees it, on one line: line ends in JSON are blanks between its parts.
std::string lineOf(const EventRecord& event)
{
    if (!event.readable)
        return "null\n";
    std::string line = "{\"id\":" + text(event.id) + ",\"aggregateId\":" + text(event.stream.aggregate)
        + ",\"type\":" + text(event.type) + ",\"data\":" + (event.data.empty() ? "null" : event.data)
        + ",\"timestamp\":" + std::to_string(event.timeMs()) + ",\"version\":" + std::to_string(event.number)
        + "}";
    std::ranges::replace(line, '\n', ' ');
    return line += '\n';
}

struct Answer {
    std::int64_t at = 0;
    bool done = false;
    std::string error;
    std::string problem;
    FoldState state; ///< discarded where the line has none
};

/// Nothing for what is no answer to this request.
std::optional<Answer> answerOf(const std::string& line, std::int64_t id)
{
    auto json = FoldState::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("id") || !json["id"].is_number_integer() || json["id"] != id
        || !json.contains("at") || !json["at"].is_number_integer())
        return std::nullopt;
    Answer answer;
    answer.at = json["at"];
    answer.done = json.contains("done");
    for (auto [name, member] : {std::pair("error", &answer.error), std::pair("problem", &answer.problem)}) {
        if (json.contains(name) && json[name].is_string())
            *member = json[name].get<std::string>();
    }
    answer.state
        = json.contains("state") ? std::move(json["state"]) : FoldState(FoldState::value_t::discarded);
    return answer;
}

tl::unexpected<client::Error> outOfTurn()
{
    return client::fail(ErrorKind::BadData, "the script's process said what nobody asked");
}

} // namespace

ScriptReducer::ScriptReducer(Host host, std::string script)
    : m_host(std::move(host))
    , m_script(std::move(script))
{
}

ScriptReducer::~ScriptReducer() = default;

FoldState ScriptReducer::start(std::string_view) const { return nullptr; }

Result<void> ScriptReducer::ready(const std::stop_token& stop) const
{
    if (m_process)
        return {};
    auto started = ScriptHost::start(m_host.program);
    if (!started)
        return tl::unexpected(started.error());
    auto& process = **started;
    if (auto greeting = process.line(StartsWithin, stop); !greeting)
        return tl::unexpected(greeting.error());
    else if (*greeting != R"({"ready":true})")
        return outOfTurn();
    const std::int64_t id = ++m_id;
    process.send("{\"id\":" + std::to_string(id) + ",\"script\":" + text(m_script) + "}\n");
    auto line = process.line(m_host.silence, stop);
    if (!line)
        return tl::unexpected(line.error());
    const auto answer = answerOf(*line, id);
    if (!answer)
        return outOfTurn();
    if (!answer->error.empty())
        return client::fail(ErrorKind::BadData, answer->error);
    m_process = std::move(*started);
    return {};
}

Result<void> ScriptReducer::check(const std::stop_token& stop) const
{
    const std::scoped_lock lock(m_mutex);
    return ready(stop);
}

Result<void> ScriptReducer::fold(FoldState& state, std::span<const EventPtr> events,
    const client::ProblemSink& problem, const std::stop_token& stop) const
{
    const std::scoped_lock lock(m_mutex);
    if (auto can = ready(stop); !can)
        return can;
    std::string now = state.dump(-1, ' ', false, FoldState::error_handler_t::replace);
    for (std::size_t from = 0; from < events.size();) {
        if (stop.stop_requested())
            return client::fail(ErrorKind::Cancelled, "the fold was stopped");
        std::size_t to = from;
        for (std::size_t bytes = 0; to < events.size() && to - from < EventsAtOnce && bytes < BytesAtOnce;
             ++to)
            bytes += events[to]->data.size();
        auto done = foldSome(now, events.subspan(from, to - from), from, problem, stop);
        if (!done) {
            m_process.reset(); // what it is in the middle of is nobody's any more
            return done;
        }
        from = to;
    }
    state = FoldState::parse(now, nullptr, false);
    return {};
}

Result<void> ScriptReducer::foldSome(std::string& state, std::span<const EventPtr> events, std::size_t before,
    const client::ProblemSink& problem, const std::stop_token& stop) const
{
    const std::int64_t id = ++m_id;
    const auto count = static_cast<std::int64_t>(events.size());
    const std::string number = std::to_string(count);
    m_process->send("{\"id\":" + std::to_string(id) + ",\"fold\":" + number + ",\"every\":" + number + "}\n"
        + state + "\n");
    for (const auto& event : events)
        m_process->send(lineOf(*event));
    for (std::int64_t last = 0;;) {
        auto line = m_process->line(m_host.silence, stop);
        if (!line)
            return tl::unexpected(line.error());
        const auto answer = answerOf(*line, id);
        // Every word is about a later event, or the same one's problem and state: so there is an end of them.
        if (!answer || answer->at < last || answer->at > count
            || (answer->at == last && last != 0 && !answer->done && answer->error.empty()))
            return outOfTurn();
        last = answer->at;
        if (!answer->error.empty()) {
            const auto& event = last > 0 ? events[static_cast<std::size_t>(last - 1)] : events.front();
            return client::fail(ErrorKind::BadData,
                "at version " + std::to_string(event->number) + " the script failed: " + answer->error);
        }
        if (!answer->problem.empty() && last > 0 && problem)
            problem(before + static_cast<std::size_t>(last - 1), answer->problem);
        if (answer->done) {
            if (answer->state.is_discarded())
                return outOfTurn();
            state = answer->state.dump(-1, ' ', false, FoldState::error_handler_t::replace);
            return {};
        }
    }
}

} // namespace norikv::models
