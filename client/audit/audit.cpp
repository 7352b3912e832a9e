// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/audit.h"

#include "client/audit/counterauditor.h"
#include "client/audit/eventauditor.h"
#include "client/audit/inventoryauditor.h"
#include "client/audit/leaseauditor.h"
#include "client/audit/ratelimitauditor.h"
#include "client/audit/sessionauditor.h"
#include "client/audit/tenantauditor.h"
#include "client/placement.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace norikv::client {

namespace {

constexpr std::size_t ReadsInFlight = 64;
constexpr int MostTries = 3; // for a cut in which no owner moves
constexpr auto LookEvery = std::chrono::seconds(1); // while watching

using Auditors = std::vector<std::unique_ptr<Auditor>>;

/// One audit under way.
class Audit {
public:
    Audit(Store& store, const Profile& profile, const Clock& clock, const AuditOptions& options,
        const std::stop_token& stop)
        : m_store(store)
        , m_profile(profile)
        , m_clock(clock)
        , m_options(options)
        , m_stop(stop)
    {
    }

    Result<AuditReport> run()
    {
        auto first = pass();
        if (!first)
            return tl::unexpected(first.error());
        AuditReport report;
        report.coverage = first->coverage;
        report.examined["keys"] = first->keys;
        for (const auto& auditor : first->auditors) {
            for (const auto& [what, count] : auditor->examined())
                report.examined[what] += count;
        }
        auto findings = stillTrue(judge(first->auditors));
        if (!findings)
            return tl::unexpected(findings.error());
        report.findings = std::move(*findings);

        AuditScope scope;
        scope.coverage = first->coverage;
        scope.canWatch = first->revision != 0 || !first->known.empty();
        if (m_options.watchFor.count() > 0 && scope.canWatch)
            watch(*first, scope, report.findings);
        report.watchedSeconds = scope.watched.count();
        for (const auto& auditor : first->auditors) {
            for (auto& silence : auditor->notJudged(scope))
                report.notJudged.push_back(std::move(silence));
        }
        if (!m_options.cluster)
            report.notJudged.push_back({"L6", "the views of the nodes were not followed"});
        else if (scope.watched.count() == 0)
            report.notJudged.push_back({"L6", "needs --for 20"});
        for (const char* rule : {"K1", "K2"})
            report.notJudged.push_back({rule, "needs a cache of this program: use the cache panel"});
        return report;
    }

private:
    struct Pass {
        Auditors auditors;
        Coverage coverage = Coverage::None;
        std::uint64_t keys = 0;
        std::uint64_t revision = 0; ///< of the snapshot; 0 = there is none
        std::vector<Bytes> known; ///< what was asked for where nothing could be listed
        std::map<Bytes, Entry> read; ///< the answers, to see later what changed
    };

    void tellProgress(std::uint64_t keys) const
    {
        if (m_options.progress)
            m_options.progress(keys);
    }

    Call call() const
    {
        Call call;
        call.stop = m_stop;
        call.why = "audit";
        return call;
    }

    Result<Pass> pass()
    {
        Pass pass;
        pass.auditors = makeAuditors(m_profile, m_options.known);
        Call scanning = call();
        const auto scanned = m_store.scan(scanning, {}, [&](const ScanBatch& batch) {
            const EpochMs now = m_clock.nowMs();
            for (const Entry& entry : batch.entries) {
                for (const auto& auditor : pass.auditors)
                    auditor->take(entry, now);
            }
            pass.keys += batch.entries.size();
            pass.revision = batch.revision;
            pass.coverage = batch.coverage;
            tellProgress(pass.keys);
            return !m_stop.stop_requested();
        });
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        if (!scanned && scanned.error().kind != ErrorKind::Unsupported)
            return tl::unexpected(scanned.error());
        if (!scanned) {
            if (auto read = readKnown(pass); !read)
                return tl::unexpected(read.error());
        }
        for (const auto& auditor : pass.auditors)
            auditor->setCoverage(pass.coverage);
        return pass;
    }

    /// The known keys inside the shard budget: owners, the others, owners again, so that nothing is compared
    /// with something of another time. After three tries what still moves is left unstable.
    Result<void> readKnown(Pass& pass)
    {
        std::set<Bytes> keys;
        for (const auto& auditor : pass.auditors) {
            for (Bytes& key : auditor->knownKeys())
                keys.insert(std::move(key));
        }
        for (const AuditKey& known : m_options.known)
            keys.insert(known.key);
        std::set<std::uint32_t> touched;
        for (const Bytes& key : keys) {
            const std::uint32_t shard = shardOf(key, m_profile.totalShards);
            if (!touched.contains(shard) && touched.size() == m_options.shardBudget)
                continue;
            touched.insert(shard);
            pass.known.push_back(key);
        }
        pass.coverage = keys.empty()          ? Coverage::None
            : pass.known.size() < keys.size() ? Coverage::Sampled
                                              : Coverage::KnownKeys;
        std::vector<Bytes> owners;
        std::vector<Bytes> parts;
        for (const Bytes& key : pass.known) {
            const bool owner
                = std::ranges::any_of(pass.auditors, [&](const auto& auditor) { return auditor->owns(key); });
            (owner ? owners : parts).push_back(key);
        }
        for (int attempt = 0; attempt < MostTries; ++attempt) {
            pass.auditors = makeAuditors(m_profile, m_options.known);
            pass.read.clear();
            for (const auto& auditor : pass.auditors)
                auditor->willLookAgain();
            const auto take = [&](const Entry& entry) {
                for (const auto& auditor : pass.auditors)
                    auditor->take(entry, m_clock.nowMs());
                pass.read[entry.key] = entry;
                if (pass.read.size() % ReadsInFlight == 0)
                    tellProgress(pass.read.size());
            };
            if (auto read = readInto(owners, take); !read)
                return read;
            if (auto read = readInto(parts, take); !read)
                return read;
            auto read = readInto(owners, [&](const Entry& entry) {
                for (const auto& auditor : pass.auditors)
                    auditor->again(entry);
            });
            if (!read)
                return read;
            if (std::ranges::all_of(pass.auditors, [](const auto& auditor) { return auditor->stable(); }))
                break;
        }
        pass.keys = static_cast<std::uint64_t>(
            std::ranges::count_if(pass.read, [](const auto& each) { return each.second.exists(); }));
        return {};
    }

    /// Fails when nothing at all could be read; single failures leave their key out.
    Result<void> readInto(const std::vector<Bytes>& keys, const std::function<void(const Entry&)>& sink)
    {
        std::optional<Error> failure;
        std::size_t read = 0;
        Call reading = call();
        auto done
            = m_store.getMany(reading, keys, ReadsInFlight, [&](std::size_t index, Result<Entry> entry) {
                  if (!entry) {
                      failure = entry.error();
                      return;
                  }
                  entry->key = keys[index];
                  sink(*entry);
                  ++read;
              });
        if (done && failure && read == 0)
            return tl::unexpected(*failure);
        return done;
    }

    std::vector<Finding> judge(const Auditors& auditors) const
    {
        std::vector<Finding> findings;
        for (const auto& auditor : auditors) {
            for (auto& finding : auditor->judge(m_clock.nowMs()))
                findings.push_back(std::move(finding));
        }
        return findings;
    }

    /// Keeps what a second cut agrees with; the rest was caught in mid-write (rulings 2).
    Result<std::vector<Finding>> stillTrue(std::vector<Finding> findings)
    {
        if (findings.empty())
            return findings;
        if (!m_options.sleeper(m_options.recheckAfter, m_stop))
            return fail(ErrorKind::Cancelled, "stopped here");
        const auto again = pass();
        if (!again)
            return tl::unexpected(again.error());
        using Id = std::tuple<std::string, Bytes, Bytes>;
        std::map<Id, Finding> second;
        for (Finding& f : judge(again->auditors))
            second.emplace(Id(f.rule, f.subject, f.key), std::move(f));
        std::erase_if(findings, [&](Finding& first) {
            const auto match = second.find(Id(first.rule, first.subject, first.key));
            if (match == second.end())
                return true;
            first.lastSeenMs = match->second.lastSeenMs;
            // Certain only where both cuts say so.
            first.severity = std::max(first.severity, match->second.severity);
            return false;
        });
        return findings;
    }

    void watch(Pass& pass, AuditScope& scope, std::vector<Finding>& findings)
    {
        const auto start = m_clock.elapsed();
        const auto ended
            = pass.revision != 0 ? watchEvents(pass, start, findings) : askForChanges(pass, start, findings);
        scope.watched = std::chrono::duration_cast<std::chrono::seconds>(m_clock.elapsed() - start);
        if (!ended)
            scope.watchEnded = ended.error().message;
        collect(pass, findings);
    }

    Result<void> watchEvents(Pass& pass, Clock::Elapsed start, std::vector<Finding>& findings)
    {
        WatchRequest request;
        request.afterRevision = pass.revision;
        Call watching = call();
        return m_store.watch(watching, request, [&](const WatchBatch& batch) {
            for (const ChangeEvent& event : batch.events)
                tell(pass, event);
            collect(pass, findings);
            return m_clock.elapsed() - start < m_options.watchFor;
        });
    }

    Result<void> askForChanges(Pass& pass, Clock::Elapsed start, std::vector<Finding>& findings)
    {
        while (m_clock.elapsed() - start < m_options.watchFor) {
            if (!m_options.sleeper(LookEvery, m_stop))
                return fail(ErrorKind::Cancelled, "stopped here");
            auto read = readInto(pass.known, [&](const Entry& entry) {
                Entry& before = pass.read[entry.key];
                if (!before.exists() && !entry.exists())
                    return;
                if (before.version == entry.version && before.value == entry.value)
                    return;
                ChangeEvent event;
                event.kind = entry.exists() ? ChangeEvent::Kind::Put : ChangeEvent::Kind::Delete;
                event.entry = before = entry;
                tell(pass, event);
            });
            if (!read)
                return read;
            collect(pass, findings);
        }
        return {};
    }

    void tell(Pass& pass, const ChangeEvent& event) const
    {
        for (const auto& auditor : pass.auditors)
            auditor->watched(event, m_clock.nowMs());
    }

    void collect(Pass& pass, std::vector<Finding>& findings) const
    {
        std::vector<Finding> seen;
        for (const auto& auditor : pass.auditors)
            std::ranges::move(auditor->judgeWatched(m_clock.nowMs()), std::back_inserter(seen));
        if (m_options.cluster)
            std::ranges::move(m_options.cluster(m_clock.nowMs()), std::back_inserter(seen));
        for (Finding& finding : seen) {
            const auto same = std::ranges::find_if(findings, [&](const Finding& f) {
                return f.rule == finding.rule && f.subject == finding.subject && f.key == finding.key;
            });
            if (same == findings.end())
                findings.push_back(std::move(finding));
            else
                same->lastSeenMs = std::max(same->lastSeenMs, finding.lastSeenMs);
        }
    }

    Store& m_store;
    const Profile& m_profile;
    const Clock& m_clock;
    const AuditOptions& m_options;
    const std::stop_token& m_stop;
};

} // namespace

Auditors makeAuditors(const Profile& profile, const std::vector<AuditKey>& known)
{
    Auditors auditors;
    auditors.push_back(std::make_unique<CounterAuditor>(profile));
    auditors.push_back(std::make_unique<TenantAuditor>(profile));
    auditors.push_back(std::make_unique<LeaseAuditor>(profile));
    auditors.push_back(std::make_unique<SessionAuditor>(profile, known));
    auditors.push_back(std::make_unique<InventoryAuditor>(profile, known));
    auditors.push_back(std::make_unique<RateLimitAuditor>(profile, known));
    auditors.push_back(std::make_unique<EventAuditor>());
    return auditors;
}

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
    return Audit(store, profile, clock, options, stop).run();
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
