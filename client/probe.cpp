// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/probe.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace norikv::client {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t NoSuchShard = 4294967295U; // a real id would cut the Raft log (wire-contract T34)

struct Outcome {
    CheckState state;
    std::string detail;
};

Outcome fromError(const Error& error)
{
    if (error.kind == ErrorKind::Unsupported)
        return {CheckState::Absent, error.detail.empty() ? "not offered by this server" : error.detail};
    if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::InvalidRequest)
        return {CheckState::Ok, "answers"};
    return {CheckState::Failed, error.message + (error.detail.empty() ? "" : ": " + error.detail)};
}

/// Splits why nothing can be reached into the words a person can act on.
void explain(ProbeReport& report, const Error& error)
{
    const std::string& text = error.detail;
    const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    if (has("Ssl") || has("SSL") || has("TLS") || has("handshake") || has("certificate")) {
        report.errorKind = "tls";
        report.errorWhat = "The TLS handshake failed.";
        report.remedy = "NoriKV itself speaks plain text: leave the TLS files out, or check them against the "
                        "proxy in front.";
    } else if (error.kind == ErrorKind::Timeout || has("Deadline") || has("timed out")) {
        report.errorKind = "timeout";
        report.errorWhat = "Nothing answered in time.";
        report.remedy = "Check the host and whether a firewall drops the port.";
    } else if (has("Connection refused") || has("No route") || has("unreachable")) {
        report.errorKind = "refused";
        report.errorWhat = "Nobody listens there.";
        report.remedy = "Start the server, or check the port: NoriKV's gRPC port is 7447 unless configured.";
    } else if (has("DNS") || has("resol") || has("Domain name")) {
        report.errorKind = "bad-target";
        report.errorWhat = "The host name is not known.";
        report.remedy = "Check the spelling of the host.";
    } else {
        report.errorKind = "not-grpc";
        report.errorWhat = "Something listens there, but it does not speak gRPC.";
        report.remedy
            = "You may have given the HTTP port (8080); NoriKV's gRPC port is 7447 unless configured.";
    }
}

class Prober {
public:
    Prober(Connection& connection, const Clock& clock, const std::stop_token& stop,
        const std::function<void(const Check&)>& progress)
        : m_connection(connection)
        , m_clock(clock)
        , m_stop(stop)
        , m_progress(progress)
    {
    }

    ProbeReport run()
    {
        if (!connect())
            return std::move(m_report);
        kv();
        add("meta", m_metaMs, {CheckState::Ok, m_metaDetail});
        step("explore", [&] {
            return told(store().scan(m_call, {.prefix = {}, .startAfter = {}, .limit = 1, .keysOnly = true},
                            [](const ScanBatch&) { return false; }),
                "can list its keys");
        });
        step("explore.watch", [&] {
            if (!m_report.offers("explore"))
                return Outcome{CheckState::Absent, "not offered by this server"};
            return told(store().watch(m_call, {}, [](const WatchBatch&) { return false; }),
                "tells changes as they happen");
        });
        step("vector", [&] { return told(store().probeVector(m_call), "answers"); });
        step("admin.snapshot", [&] { return admin(store().snapshotShard(m_call, NoSuchShard)); });
        step("admin.transfer", [&] { return admin(store().transferShard(m_call, NoSuchShard)); });
        http();
        step("faults", [&] { return told(store().quirks(m_call), "a sandbox with faults on demand"); });
        return std::move(m_report);
    }

private:
    Store& store() { return m_connection.store(); }

    void add(std::string id, double ms, Outcome outcome)
    {
        m_report.checks.push_back({std::move(id), outcome.state, ms, std::move(outcome.detail)});
        if (m_progress)
            m_progress(m_report.checks.back());
    }

    template <class Ask> void step(std::string id, const Ask& ask)
    {
        m_call = Call{};
        m_call.timeout = 2500ms;
        m_call.stop = m_stop;
        m_call.why = "probe";
        m_call.background = true;
        m_call.journal = false; // it changes nothing
        m_call.consent = true; // the two admin probes name a shard that cannot exist
        const auto start = m_clock.elapsed();
        Outcome outcome = m_stop.stop_requested() ? Outcome{CheckState::Skipped, "stopped"} : ask();
        const std::chrono::duration<double, std::milli> took = m_clock.elapsed() - start;
        add(std::move(id), took.count(), std::move(outcome));
    }

    template <class T> static Outcome told(const Result<T>& result, std::string good)
    {
        return result ? Outcome{CheckState::Ok, std::move(good)} : fromError(result.error());
    }

    static Outcome admin(const Result<void>& result)
    {
        if (!result && result.error().kind == ErrorKind::ReadOnly)
            return {CheckState::Skipped, "this connection is read-only"};
        return told(result, "answers");
    }

    /// The first message of WatchCluster is both the proof of life and the check of Meta.
    bool connect()
    {
        std::stop_source patience;
        std::optional<Error> failure;
        const auto start = m_clock.elapsed();
        Call call;
        call.node = 0;
        call.background = true;
        call.stop = patience.get_token();
        std::string detail;
        const std::stop_callback outer(m_stop, [&] { patience.request_stop(); });
        std::jthread timer([&](const std::stop_token& stop) {
            std::mutex mutex;
            std::condition_variable_any wake;
            std::unique_lock lock(mutex);
            if (!wake.wait_for(lock, stop, 2500ms, [&] { return stop.stop_requested(); }))
                patience.request_stop();
        });
        bool heard = false;
        const auto end = store().watchCluster(call, [&](const ClusterView& view) {
            heard = true;
            detail = std::to_string(view.nodes.size()) + (view.nodes.size() == 1 ? " node, " : " nodes, ")
                + std::to_string(view.claims.size()) + " shards open";
            return false;
        });
        timer.request_stop();
        const std::chrono::duration<double, std::milli> took = m_clock.elapsed() - start;
        // Meta may be missing while the rest works; any answer proves a gRPC server.
        const bool answered
            = heard || (!end && end.error().kind == ErrorKind::Unsupported && end.error().detail.empty());
        if (!answered) {
            Error error = end ? Error{ErrorKind::Server, "the stream ended at once", {}} : end.error();
            if (error.kind == ErrorKind::Cancelled)
                error = {ErrorKind::Timeout, "nothing answered in time", "Deadline"};
            explain(m_report, error);
            add("connect", took.count(), {CheckState::Failed, m_report.errorWhat});
            for (const char* id : {"kv", "meta", "explore", "explore.watch", "vector", "admin.snapshot",
                     "admin.transfer", "http.health", "http.metrics", "faults"})
                add(id, 0, {CheckState::Skipped, "not reachable"});
            return false;
        }
        m_report.reachable = true;
        m_metaMs = took.count();
        m_metaDetail = heard ? detail : "not offered by this server";
        add("connect", took.count(), {CheckState::Ok, m_connection.profile().seeds.front()});
        return true;
    }

    void kv()
    {
        step("kv", [&] {
            return told(store().get(m_call, "norikv-workbench:probe"), "reads (opens at most one shard)");
        });
    }

    void http()
    {
        const auto& addresses = m_connection.profile().httpAddresses;
        const std::string address = addresses.empty() ? std::string() : addresses.front();
        for (const auto& [id, path] :
            {std::pair{"http.health", "/health"}, std::pair{"http.metrics", "/metrics"}}) {
            step(id, [&]() -> Outcome {
                if (address.empty())
                    return {CheckState::Skipped, "no HTTP address in the profile"};
                httplib::Client client("http://" + address);
                client.set_connection_timeout(1, 0);
                client.set_read_timeout(1, 0);
                const auto reply = client.Get(path);
                if (!reply)
                    return {CheckState::Failed, "no answer from " + address};
                return {reply->status == 200 ? CheckState::Ok : CheckState::Failed,
                    "HTTP " + std::to_string(reply->status)};
            });
        }
    }

    Connection& m_connection;
    const Clock& m_clock;
    const std::stop_token m_stop;
    const std::function<void(const Check&)>& m_progress;
    ProbeReport m_report;
    Call m_call;
    double m_metaMs = 0;
    std::string m_metaDetail;
};

} // namespace

std::string_view name(CheckState state)
{
    switch (state) {
    case CheckState::Ok:
        return "ok";
    case CheckState::Absent:
        return "absent";
    case CheckState::Refused:
        return "refused";
    case CheckState::Failed:
        return "failed";
    case CheckState::Skipped:
        break;
    }
    return "skipped";
}

const Check* ProbeReport::find(std::string_view id) const
{
    const auto found = std::ranges::find(checks, id, &Check::id);
    return found == checks.end() ? nullptr : &*found;
}

bool ProbeReport::offers(std::string_view id) const
{
    const Check* check = find(id);
    return check && check->state == CheckState::Ok;
}

ProbeReport probe(Connection& connection, const Clock& clock, const std::stop_token& stop,
    const std::function<void(const Check&)>& progress)
{
    return Prober(connection, clock, stop, progress).run();
}

ProbeReport badTarget(const Error& error)
{
    ProbeReport report;
    report.errorKind = "bad-target";
    report.errorWhat = error.message;
    report.remedy = "Write host:port or norikv://host:port,host2:port.";
    return report;
}

std::string toJson(const ProbeReport& report, const std::string& target)
{
    nlohmann::ordered_json out;
    out["target"] = target;
    out["reachable"] = report.reachable;
    if (!report.reachable)
        out["error"] = {{"kind", report.errorKind}, {"what", report.errorWhat}, {"remedy", report.remedy}};
    out["checks"] = nlohmann::ordered_json::array();
    for (const Check& check : report.checks)
        out["checks"].push_back(
            {{"id", check.id}, {"state", name(check.state)}, {"ms", check.ms}, {"detail", check.detail}});
    return out.dump();
}

} // namespace norikv::client
