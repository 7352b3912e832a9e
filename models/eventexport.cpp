// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eventexport.h"

#include "client/bulk/csv.h"
#include "client/decode/json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <span>

namespace norikv::models {

namespace {

using client::EventList;
using client::EventRecord;
using client::quoteJson;

constexpr std::size_t MostArrows = 500; // of a diagram; viewers give up beyond
constexpr std::size_t LongestNote = 80;

/// JSON as it is, or null.
std::string jsonOrNull(const std::string& json) { return json.empty() ? std::string("null") : json; }

std::string ndjson(const EventList& events)
{
    std::string out;
    for (const auto& event : events) {
        out += "{\"key\":" + quoteJson(client::printable(event->key()))
            + ",\"aggregate\":" + quoteJson(client::printable(event->stream.aggregate))
            + ",\"number\":" + std::to_string(event->number);
        if (!event->id.empty())
            out += ",\"id\":" + quoteJson(event->id);
        out += ",\"type\":" + quoteJson(event->type);
        if (event->time)
            out += ",\"timestamp\":" + std::to_string(event->time->ms);
        // One line each: white space between tokens may hold line ends.
        const auto data = client::minifyJson(jsonOrNull(event->data));
        out += ",\"data\":" + (data ? *data : std::string("null")) + "}\n";
    }
    return out;
}

std::string csv(const EventList& events)
{
    constexpr auto formulas = client::Formulas::Escaped;
    const std::array<std::string, 8> header{
        "key", "aggregate", "number", "id", "type", "timestamp", "data", std::string(client::EscapedMark)};
    std::string out = client::csvRow(header, formulas);
    for (const auto& event : events) {
        const std::array<std::string, 8> cells{client::printable(event->key()),
            client::printable(event->stream.aggregate), std::to_string(event->number), event->id, event->type,
            event->time ? std::to_string(event->time->ms) : std::string(), event->data, ""};
        out += client::csvRow(cells, formulas);
    }
    return out;
}

/// What Mermaid reads as syntax becomes an entity or a blank.
std::string plainNote(std::string_view text)
{
    std::string out;
    const std::string cut = client::printable(text.substr(0, LongestNote));
    for (const char c : cut) {
        switch (c) {
        case ';':
            out += "#59;";
            break;
        case '#':
            out += "#35;";
            break;
        case '<':
            out += "#lt;";
            break;
        case '>':
            out += "#gt;";
            break;
        case ':':
            out += "#58;";
            break;
        case '%':
            out += "#37;";
            break;
        default:
            out += c;
        }
    }
    return text.size() > LongestNote ? out + "..." : out;
}

std::string mermaid(const EventList& events)
{
    const std::size_t first = events.size() > MostArrows ? events.size() - MostArrows : 0;
    std::string out = "sequenceDiagram\n";
    if (events.empty())
        return out;
    out += "    participant writer\n    participant aggregate as "
        + plainNote(events.front()->stream.aggregate) + "\n";
    if (first > 0)
        out += "    Note over writer,aggregate: " + std::to_string(first) + " earlier events left out\n";
    for (std::size_t i = first; i < events.size(); ++i) {
        const EventRecord& event = *events[i];
        out += "    writer->>aggregate: " + std::to_string(event.number) + " "
            + plainNote(event.type.empty() ? "no type" : event.type);
        if (!event.data.empty() && event.data != "{}")
            out += " " + plainNote(event.data);
        out += "\n";
    }
    return out;
}

/// Keys, and values as events were read: a test can put them into a store or give the data to a reducer.
std::string fixture(const EventList& events)
{
    std::string out = "{\n  \"stream\": "
        + quoteJson(events.empty() ? std::string() : client::printable(events.front()->stream.prefix()))
        + ",\n  \"events\": [";
    for (std::size_t i = 0; i < events.size(); ++i) {
        const EventRecord& event = *events[i];
        out += (i == 0 ? "\n    {" : ",\n    {");
        out += "\"key\": " + quoteJson(client::printable(event.key()))
            + ", \"type\": " + quoteJson(event.type) + ", \"data\": " + jsonOrNull(event.data)
            + ", \"timestamp\": " + (event.time ? std::to_string(event.time->ms) : std::string("null"))
            + ", \"version\": " + std::to_string(event.number) + "}";
    }
    return out + "\n  ]\n}\n";
}

} // namespace

std::string exportEvents(const EventList& events, EventFormat format)
{
    switch (format) {
    case EventFormat::Csv:
        return csv(events);
    case EventFormat::Mermaid:
        return mermaid(events);
    case EventFormat::Fixture:
        return fixture(events);
    case EventFormat::Ndjson:
        break;
    }
    return ndjson(events);
}

std::string_view fileSuffix(EventFormat format)
{
    switch (format) {
    case EventFormat::Csv:
        return "csv";
    case EventFormat::Mermaid:
        return "mmd";
    case EventFormat::Fixture:
        return "json";
    case EventFormat::Ndjson:
        break;
    }
    return "ndjson";
}

} // namespace norikv::models
