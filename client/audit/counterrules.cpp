// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/counterrules.h"

#include "client/patterns/counter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace norikv::client {

namespace {

Finding make(std::string rule, Severity severity, const Bytes& subject, const Bytes& key,
    std::string evidence, EpochMs at)
{
    return {std::move(rule), severity, subject, key, std::move(evidence), at, at};
}

std::string shown(std::string_view value)
{
    constexpr std::size_t most = 48;
    if (value.size() <= most)
        return printable(value);
    return printable(value.substr(0, most)) + "... (" + std::to_string(value.size()) + " bytes)";
}

bool looksLikeJavaScriptOverflow(std::string_view value)
{
    if (value == "NaN" || value == "Infinity" || value == "-Infinity")
        return true;
    const auto e = value.find("e+");
    return e != std::string_view::npos && e > 0 && value.find_first_not_of("-0123456789.") == e;
}

struct RuleTitle {
    std::string_view rule;
    std::string_view title;
};
constexpr std::array titles{
    RuleTitle{"C1", "not a counter"},
    RuleTitle{"C2", "value fell"},
    RuleTitle{"C3", "lost updates"},
    RuleTitle{"C4", "hidden shards"},
    RuleTitle{"C5", "high contention"},
    RuleTitle{"E1", "missing event"},
    RuleTitle{"E2", "event nobody reads"},
    RuleTitle{"E3", "lost append"},
    RuleTitle{"E4", "rewritten history"},
    RuleTitle{"E5", "wrong envelope"},
    RuleTitle{"E6", "clock behind"},
    RuleTitle{"E7", "version went back"},
    RuleTitle{"E8", "ambiguous key"},
    RuleTitle{"E9", "broken rule of the aggregate"},
    RuleTitle{"K1", "stale answer"},
    RuleTitle{"K2", "store went back"},
    RuleTitle{"L1", "two leaders"},
    RuleTitle{"L2", "taken over early"},
    RuleTitle{"L3", "dead leader's lease"},
    RuleTitle{"L4", "late heartbeat"},
    RuleTitle{"L5", "leader keeps changing"},
    RuleTitle{"L6", "shard led twice"},
    RuleTitle{"S1", "immortal session"},
    RuleTitle{"S2", "older value came back"},
    RuleTitle{"S3", "revoked role is back"},
    RuleTitle{"S4", "clock ahead"},
    RuleTitle{"S5", "no expiry"},
    RuleTitle{"S6", "log-out undone"},
    RuleTitle{"I1", "below zero"},
    RuleTitle{"I2", "oversold"},
    RuleTitle{"I3", "leaked stock"},
    RuleTitle{"I4", "settled twice"},
    RuleTitle{"I5", "reserved for nobody known"},
    RuleTitle{"I6", "reservation outlived its time"},
    RuleTitle{"I7", "reservation without item"},
    RuleTitle{"I8", "books do not balance"},
    RuleTitle{"I9", "key of two shapes"},
    RuleTitle{"R1", "more than allowed"},
    RuleTitle{"R2", "clock ahead"},
    RuleTitle{"R3", "out of order, too long"},
    RuleTitle{"R4", "immortal key"},
    RuleTitle{"T1", "over its limit"},
    RuleTitle{"T2", "two possible tenants"},
    RuleTitle{"T3", "no metadata"},
    RuleTitle{"T4", "no keys"},
    RuleTitle{"T5", "unknown plan"},
    RuleTitle{"T6", "usage counter differs"},
    RuleTitle{"T7", "metadata not readable by all"},
};

} // namespace

std::string_view name(Severity severity)
{
    switch (severity) {
    case Severity::Certain:
        return "certain";
    case Severity::Suspect:
        return "suspect";
    case Severity::Info:
        break;
    }
    return "info";
}

std::string_view ruleTitle(std::string_view rule)
{
    const auto found = std::ranges::find(titles, rule, &RuleTitle::rule);
    return found == titles.end() ? std::string_view() : found->title;
}

std::vector<Finding> checkC1(const CounterReading& reading)
{
    std::vector<Finding> findings;
    for (const Entry& entry : reading.keys) {
        const auto value = parseCounter(entry.value);
        if (value && std::abs(static_cast<double>(*value)) <= static_cast<double>(LargestExactInJavaScript))
            continue;
        if (value) {
            findings.push_back(make("C1", Severity::Info, reading.name, entry.key,
                "The value " + entry.value + (*value > 0 ? " is above 2^53 - 1" : " is below -(2^53 - 1)")
                    + ": a JavaScript client no longer counts it exactly.",
                reading.readMs));
            continue;
        }
        std::string evidence = entry.value.empty()
            ? "The key exists and is empty; a counter is decimal digits."
            : "The value is \"" + shown(entry.value) + "\"; a counter is decimal digits within 64 bits.";
        if (looksLikeJavaScriptOverflow(entry.value))
            evidence += " It looks as if a JavaScript client overflowed this counter.";
        findings.push_back(
            make("C1", Severity::Certain, reading.name, entry.key, std::move(evidence), reading.readMs));
    }
    return findings;
}

std::optional<Finding> checkC2(const Bytes& counter, std::int64_t before, std::int64_t after,
    std::int64_t ourOwnDecrements, EpochMs nowMs)
{
    if (after >= before - ourOwnDecrements)
        return std::nullopt;
    return make("C2", Severity::Certain, counter, counter,
        "The value fell from " + std::to_string(before) + " to " + std::to_string(after)
            + ": it was reset, or increments were overwritten.",
        nowMs);
}

std::optional<Finding> checkC3(const ClosedRun& run)
{
    const std::int64_t lost = run.acknowledged - run.storedGain;
    if (lost <= 0)
        return std::nullopt;
    std::string evidence = std::to_string(run.acknowledged)
        + " increments were acknowledged and the stored value grew by " + std::to_string(run.storedGain)
        + ": " + std::to_string(lost) + " lost.";
    if (run.unknown > 0)
        evidence += " " + std::to_string(run.unknown) + " more had an unknown outcome.";
    return make("C3", Severity::Certain, run.counter, run.counter, std::move(evidence), run.endedMs);
}

std::optional<Finding> checkC4(const CounterReading& reading)
{
    if (!reading.sharded || !reading.declaredShards)
        return std::nullopt;
    std::int64_t missing = 0;
    std::size_t hidden = 0;
    Bytes first;
    for (const Entry& entry : reading.keys) {
        const auto shard = parseShardKey(entry.key);
        const auto value = parseCounter(entry.value);
        if (!shard || shard->index < *reading.declaredShards || !value || *value == 0)
            continue;
        if (hidden++ == 0)
            first = entry.key;
        if (__builtin_add_overflow(missing, *value, &missing))
            missing = std::numeric_limits<std::int64_t>::max();
    }
    if (hidden == 0)
        return std::nullopt;
    return make("C4", Severity::Certain, reading.name, first,
        std::to_string(hidden) + (hidden == 1 ? " shard lies" : " shards lie") + " beyond the declared "
            + std::to_string(*reading.declaredShards) + " and hold " + std::to_string(missing)
            + ": readers that sum the declared shards are short by that much.",
        reading.readMs);
}

std::optional<Finding> checkC5(const ClosedRun& run)
{
    constexpr std::uint64_t enough = 50; // fewer tries say nothing about a rate
    if (run.tries < enough || run.conflicts * 5 <= run.tries)
        return std::nullopt;
    const auto percent = static_cast<int>(
        std::lround(100.0 * static_cast<double>(run.conflicts) / static_cast<double>(run.tries)));
    std::string evidence = std::to_string(run.conflicts) + " of " + std::to_string(run.tries) + " writes ("
        + std::to_string(percent) + " %) met another writer.";
    const auto advised = advisedShards(run.rate, run.windowSeconds);
    if (advised > run.shards)
        evidence += " About " + std::to_string(advised) + " shards would bring that under 5 %.";
    return make("C5", Severity::Info, run.counter, run.counter, std::move(evidence), run.endedMs);
}

} // namespace norikv::client
