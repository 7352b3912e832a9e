// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/audit.h"

#include "client/audit/counterrules.h"
#include "client/audit/tenantrules.h"
#include "client/patterns/counter.h"
#include "client/patterns/keykind.h"
#include "client/placement.h"
#include "client/retryingstore.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace norikv::client {

namespace {

constexpr std::size_t ReadsInFlight = 64;

/// Collects what each rule needs out of the stream of keys.
class CounterCollector {
public:
    explicit CounterCollector(const Profile& profile)
        : m_profile(profile)
    {
    }

    void take(const Entry& entry, EpochMs nowMs)
    {
        const auto shard = parseShardKey(entry.key);
        const bool named = std::ranges::find(m_profile.counters, entry.key) != m_profile.counters.end();
        const KeyKind kind = keyKind(entry.key, entry.value);
        if (!named && kind != KeyKind::CounterShard)
            return; // a possible counter is listed but never judged until it is opened as one
        CounterReading& reading = m_counters[named ? entry.key : shard->counter];
        reading.name = named ? entry.key : shard->counter;
        reading.sharded = !named;
        reading.readMs = nowMs;
        const auto declared = m_profile.counterShards.find(reading.name);
        if (declared != m_profile.counterShards.end())
            reading.declaredShards = declared->second;
        reading.keys.push_back(entry);
    }

    const std::map<Bytes, CounterReading>& counters() const { return m_counters; }

private:
    const Profile& m_profile;
    std::map<Bytes, CounterReading> m_counters;
};

/// All that one look at a store gives.
struct Look {
    explicit Look(const Profile& profile)
        : counters(profile)
        , tenants(profile.tenants, profile.javaTenants)
    {
    }

    void take(const Entry& entry, EpochMs nowMs)
    {
        counters.take(entry, nowMs);
        tenants.take(entry, nowMs);
    }

    CounterCollector counters;
    TenantCollector tenants;
};

std::vector<Finding> judge(const Look& look)
{
    std::vector<Finding> findings = judgeTenants(look.tenants.readings());
    for (const auto& [name, reading] : look.counters.counters()) {
        for (auto& finding : checkC1(reading))
            findings.push_back(std::move(finding));
        if (auto finding = checkC4(reading))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

std::vector<Bytes> knownKeys(const Profile& profile)
{
    std::vector<Bytes> keys;
    for (const auto& name : profile.counters) {
        const auto shards = profile.counterShards.find(name);
        if (shards == profile.counterShards.end()) {
            keys.push_back(name);
            continue;
        }
        for (std::uint32_t i = 0; i < shards->second + 8; ++i)
            keys.push_back(shardKey(name, i));
    }
    for (const auto& id : profile.tenants)
        keys.insert(keys.end(), {tenantMetaKey(id), tenantUsageKey(id)});
    return keys;
}

/// Reads the known keys of tenants: metadata, keys, metadata again, so that a limit is never compared with
/// keys of another time (rulings 2). What still moves at the third try is left unstable.
Result<void> readKnownTenants(Store& store, Call& call, std::span<const Bytes> keys, const Profile& profile,
    const Clock& clock, TenantCollector& tenants)
{
    std::vector<Bytes> owners;
    std::vector<Bytes> parts;
    for (const Bytes& key : keys) {
        if (tenantOfMetaKey(key))
            owners.push_back(key);
        else if (!tenants.tally().owners(key).empty())
            parts.push_back(key);
    }
    const auto readInto = [&](const std::vector<Bytes>& some, auto sink) {
        return store.getMany(call, some, ReadsInFlight, [&](std::size_t, const Result<Entry>& entry) {
            if (entry)
                sink(*entry);
        });
    };
    for (int attempt = 0; attempt < 3 && !(owners.empty() && parts.empty()); ++attempt) {
        TenantCollector look(profile.tenants, profile.javaTenants);
        const auto take = [&](const Entry& entry) { look.take(entry, clock.nowMs()); };
        if (auto read = readInto(owners, take); !read)
            return read;
        if (auto read = readInto(parts, take); !read)
            return read;
        if (auto read = readInto(owners, [&](const Entry& entry) { look.again(entry); }); !read)
            return read;
        tenants = std::move(look);
        if (tenants.stable())
            break;
    }
    return {};
}

struct Pass {
    Coverage coverage = Coverage::None;
    std::uint64_t keys = 0;
    std::uint64_t revision = 0;
};

Result<Pass> readAll(Store& store, const Profile& profile, const Clock& clock, const AuditOptions& options,
    const std::stop_token& stop, Look& look)
{
    Pass pass;
    Call call;
    call.stop = stop;
    call.why = "audit";
    const auto scanned = store.scan(call, {}, [&](ScanBatch batch) {
        for (const Entry& entry : batch.entries)
            look.take(entry, clock.nowMs());
        pass.keys += batch.entries.size();
        pass.revision = batch.revision;
        pass.coverage = batch.coverage;
        look.tenants.setCoverage(batch.coverage);
        return true;
    });
    if (scanned)
        return pass;
    if (scanned.error().kind != ErrorKind::Unsupported)
        return tl::unexpected(scanned.error());
    const auto keys = knownKeys(profile);
    std::set<std::uint32_t> touched;
    std::vector<Bytes> within;
    for (const Bytes& key : keys) {
        touched.insert(shardOf(key, profile.totalShards));
        if (touched.size() > options.shardBudget)
            break;
        within.push_back(key);
    }
    pass.coverage = keys.empty()      ? Coverage::None
        : within.size() < keys.size() ? Coverage::Sampled
                                      : Coverage::KnownKeys;
    Call bulk;
    bulk.stop = stop;
    bulk.why = "audit";
    std::optional<Error> failure;
    const auto read = store.getMany(bulk, within, ReadsInFlight, [&](std::size_t, Result<Entry> entry) {
        if (!entry)
            failure = entry.error();
        else if (entry->exists()) {
            look.counters.take(*entry, clock.nowMs());
            ++pass.keys;
        }
    });
    if (!read)
        return tl::unexpected(read.error());
    if (failure && pass.keys == 0)
        return tl::unexpected(*failure);
    if (auto tenants = readKnownTenants(store, bulk, within, profile, clock, look.tenants); !tenants)
        return tl::unexpected(tenants.error());
    look.tenants.setCoverage(pass.coverage);
    return pass;
}

/// Keeps what still stands when its key is read again; the rest was caught in mid-write.
Result<std::vector<Finding>> stillTrue(Store& store, const Profile& profile, const Clock& clock,
    const AuditOptions& options, const std::stop_token& stop, std::vector<Finding> findings)
{
    if (findings.empty())
        return findings;
    if (!realSleeper()(options.recheckAfter, stop))
        return fail(ErrorKind::Cancelled, "stopped here");
    Look again(profile);
    if (auto pass = readAll(store, profile, clock, options, stop, again); !pass)
        return tl::unexpected(pass.error());
    const auto second = judge(again);
    std::erase_if(findings, [&](Finding& first) {
        const auto match = std::ranges::find_if(second, [&](const Finding& f) {
            return f.rule == first.rule && f.subject == first.subject && f.key == first.key;
        });
        if (match == second.end())
            return true;
        first.lastSeenMs = match->lastSeenMs;
        return false;
    });
    return findings;
}

/// C2 over a stretch of time: every fall of a counter's total. Only with Watch, which sees each change.
Result<void> watchForFalls(Store& store, const Clock& clock, const AuditOptions& options,
    const std::stop_token& stop, const CounterCollector& collector, std::uint64_t revision,
    std::vector<Finding>& findings)
{
    std::map<Bytes, std::int64_t> values;
    for (const auto& [name, reading] : collector.counters()) {
        for (const Entry& entry : reading.keys) {
            if (const auto value = parseCounter(entry.value))
                values[entry.key] = *value;
        }
    }
    const auto end = clock.elapsed() + options.watchFor;
    Call call;
    call.stop = stop;
    call.why = "audit";
    WatchRequest request;
    request.afterRevision = revision;
    return store.watch(call, request, [&](const WatchBatch& batch) {
        for (const ChangeEvent& event : batch.events) {
            const auto known = values.find(event.entry.key);
            if (known == values.end() || event.kind != ChangeEvent::Kind::Put)
                continue;
            const auto value = parseCounter(event.entry.value);
            if (!value)
                continue;
            if (auto finding = checkC2(event.entry.key, known->second, *value, 0, clock.nowMs())) {
                const auto same = std::ranges::find_if(findings,
                    [&](const Finding& f) { return f.rule == "C2" && f.subject == finding->subject; });
                if (same == findings.end())
                    findings.push_back(std::move(*finding));
                else
                    same->lastSeenMs = finding->lastSeenMs;
            }
            known->second = *value;
        }
        return clock.elapsed() < end;
    });
}

} // namespace

int AuditReport::exitCode() const
{
    const bool serious
        = std::ranges::any_of(findings, [](const Finding& f) { return f.severity != Severity::Info; });
    if (serious)
        return 1;
    const auto keys = examined.find("keys");
    if (coverage != Coverage::Complete && (keys == examined.end() || keys->second == 0))
        return 2;
    return 0;
}

Result<AuditReport> runAudit(Store& store, const Profile& profile, const Clock& clock,
    const AuditOptions& options, const std::stop_token& stop)
{
    AuditReport report;
    Look look(profile);
    const CounterCollector& collector = look.counters;
    const auto pass = readAll(store, profile, clock, options, stop, look);
    if (!pass)
        return tl::unexpected(pass.error());
    report.coverage = pass->coverage;
    report.examined["keys"] = pass->keys;
    report.examined["counters"] = collector.counters().size();
    const auto tenants = look.tenants.readings();
    report.examined["tenants"] = tenants.size();
    auto findings = stillTrue(store, profile, clock, options, stop, judge(look));
    if (!findings)
        return tl::unexpected(findings.error());
    report.findings = std::move(*findings);

    const bool canWatch = pass->revision != 0;
    if (options.watchFor.count() > 0 && canWatch) {
        const auto start = clock.elapsed();
        const auto watched
            = watchForFalls(store, clock, options, stop, collector, pass->revision, report.findings);
        report.watchedSeconds
            = std::chrono::duration_cast<std::chrono::seconds>(clock.elapsed() - start).count();
        if (!watched)
            report.notJudged.push_back({"C2", "the watch ended early: " + watched.error().message});
    } else {
        report.notJudged.push_back(
            {"C2", canWatch ? "needs --for SECONDS" : "this server cannot be watched"});
    }
    report.notJudged.push_back({"C3", "needs a closed run: start a load in the counters panel"});
    report.notJudged.push_back({"C5", "needs a closed run: start a load in the counters panel"});
    const bool anyDeclared = std::ranges::any_of(
        collector.counters(), [](const auto& counter) { return counter.second.declaredShards.has_value(); });
    if (!anyDeclared)
        report.notJudged.push_back({"C4", "no counter has a declared number of shards"});
    for (auto& [rule, why] : notJudgedTenants(tenants))
        report.notJudged.push_back({std::move(rule), std::move(why)});
    return report;
}

std::string_view name(Coverage coverage)
{
    switch (coverage) {
    case Coverage::Complete:
        return "complete";
    case Coverage::KnownKeys:
        return "known keys only";
    case Coverage::Sampled:
        return "sampled";
    case Coverage::None:
        break;
    }
    return "none";
}

std::string toJson(const AuditReport& report, const std::string& target)
{
    nlohmann::ordered_json out;
    out["target"] = target;
    out["coverage"] = name(report.coverage);
    out["examined"] = report.examined;
    out["watched_s"] = report.watchedSeconds;
    out["findings"] = nlohmann::ordered_json::array();
    for (const Finding& f : report.findings) {
        out["findings"].push_back(
            {{"rule", f.rule}, {"severity", name(f.severity)}, {"subject", printable(f.subject)},
                {"evidence", f.evidence}, {"first_seen_ms", f.firstSeenMs}, {"last_seen_ms", f.lastSeenMs}});
    }
    out["not_judged"] = nlohmann::ordered_json::array();
    for (const NotJudged& n : report.notJudged)
        out["not_judged"].push_back({{"rule", n.rule}, {"why", n.why}});
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace norikv::client
