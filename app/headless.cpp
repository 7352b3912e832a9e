// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/headless.h"

#include "app/application.h"
#include "app/sandboxhost.h"
#include "app/settings.h"

#include "client/audit/audit.h"
#include "client/audit/clusterrules.h"
#include "client/demo/scenario.h"
#include "client/probe.h"
#include "client/retryingstore.h"
#include "client/trace.h"
#include "models/auditfeed.h"
#include "models/catalogue.h"

#include <QDir>
#include <QFileInfo>

#include <cstdio>

namespace norikv::app {

namespace {

constexpr int Impossible = 2;

/// Where to look: the sandbox started here, or the target given.
struct Target {
    client::Profile profile;
    std::string name;
};

client::Result<Target> findTarget(const Options& options, SandboxHost& host)
{
    Settings settings(configFolder(options));
    settings.load();
    if (options.demo || options.sandbox) {
        const QString folder = options.demo ? QString() : options.sandboxDir;
        auto running = host.startNow(folder, options.demo.has_value());
        if (!running)
            return tl::unexpected(running.error());
        client::Profile profile = running->profile;
        if (options.demo) {
            client::Scenario::declare(profile);
            client::TraceLog trace;
            const SystemClock clock;
            auto connection = client::Connection::open(profile, clock, trace);
            if (!connection)
                return tl::unexpected(connection.error());
            if (auto seeded = client::Scenario::seed((*connection)->store(), clock, {}); !seeded)
                return tl::unexpected(seeded.error());
        }
        return Target{profile, profile.seeds.front()};
    }
    const QString target
        = options.target.isEmpty() ? QString::fromStdString(settings.lastProfile()) : options.target;
    if (target.isEmpty())
        return client::fail(client::ErrorKind::InvalidRequest, "no target was given; write host:port");
    auto profile = profileFor(target, settings, options);
    if (!profile)
        return tl::unexpected(profile.error());
    return Target{std::move(*profile), target.toStdString()};
}

void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

const char* mark(client::CheckState state)
{
    switch (state) {
    case client::CheckState::Ok:
        return "yes    ";
    case client::CheckState::Absent:
        return "no     ";
    case client::CheckState::Refused:
        return "refused";
    case client::CheckState::Failed:
        return "FAILED ";
    case client::CheckState::Skipped:
        break;
    }
    return "-      ";
}

/// What the window has learnt of this connection, for servers that cannot list their keys. A catalogue that
/// is not there is not made, and one that cannot be read adds nothing.
std::vector<client::AuditKey> knownKeys(const Options& options, const client::Profile& profile)
{
    const QString folder = QDir(dataFolder(options)).filePath(QStringLiteral("catalogue"));
    const models::Catalogue::Where where{folder.toStdString(), profile.id, profile.totalShards};
    if (options.demo || !QFileInfo::exists(QString::fromStdString(models::Catalogue::file(where))))
        return {};
    const SystemClock clock;
    models::Catalogue catalogue(where, clock);
    return models::auditKeys(
        [&](const auto& visit, const std::stop_token& stop) { (void)catalogue.load(visit, stop); }, {});
}

} // namespace

int runProbe(const Options& options)
{
    const SystemClock clock;
    models::Dispatcher dispatcher(1);
    SandboxHost host(dispatcher, clock);
    auto target = findTarget(options, host);
    client::ProbeReport report;
    const std::string name = target ? target->name : options.target.toStdString();
    if (!target) {
        report = client::badTarget(target.error());
    } else {
        target->profile.guard
            = client::GuardMode::Normal; // the two admin probes name a shard that cannot exist
        client::TraceLog trace;
        auto connection = client::Connection::open(target->profile, clock, trace);
        report = connection ? client::probe(**connection, clock, {}) : client::badTarget(connection.error());
    }
    if (options.json) {
        print(client::toJson(report, name));
    } else {
        print(name);
        for (const auto& check : report.checks)
            std::printf("  %s  %-15s %7.1f ms  %s\n", mark(check.state), check.id.c_str(), check.ms,
                check.detail.c_str());
        if (!report.reachable)
            print(report.errorWhat + " " + report.remedy);
    }
    return report.reachable ? 0 : Impossible;
}

int runAudit(const Options& options)
{
    const SystemClock clock;
    models::Dispatcher dispatcher(1);
    SandboxHost host(dispatcher, clock);
    const auto target = findTarget(options, host);
    if (!target) {
        std::fprintf(stderr, "%s\n", target.error().message.c_str());
        return Impossible;
    }
    client::TraceLog trace;
    client::Profile profile = target->profile;
    profile.guard = client::GuardMode::ReadOnly; // an audit never writes
    auto connection = client::Connection::open(profile, clock, trace);
    if (!connection) {
        std::fprintf(stderr, "%s\n", connection.error().message.c_str());
        return Impossible;
    }
    client::AuditOptions audit;
    audit.watchFor = std::chrono::seconds(options.watchSeconds);
    audit.shardBudget = static_cast<std::uint32_t>(options.shardBudget);
    audit.known = knownKeys(options, profile);
    audit.cluster = [&](EpochMs now) {
        return client::judgeCluster((*connection)->cluster(), profile, now, client::httpHealthReader());
    };
    const auto report = client::runAudit((*connection)->store(), profile, clock, audit, {});
    if (!report) {
        std::fprintf(stderr, "%s: %s\n", target->name.c_str(), report.error().message.c_str());
        return Impossible;
    }
    if (options.json) {
        print(client::toJson(*report, target->name));
        return report->exitCode();
    }
    for (const auto& finding : report->findings) {
        std::printf("%-8s %s %s  %s\n         %s\n", std::string(client::name(finding.severity)).c_str(),
            finding.rule.c_str(), std::string(client::ruleTitle(finding.rule)).c_str(),
            client::printable(finding.subject).c_str(), finding.evidence.c_str());
    }
    std::printf("%zu findings; coverage %s", report->findings.size(),
        std::string(client::name(report->coverage)).c_str());
    for (const auto& [what, count] : report->examined)
        std::printf("; %llu %s", static_cast<unsigned long long>(count), what.c_str());
    std::printf("\n");
    for (const auto& skipped : report->notJudged)
        std::printf("not judged: %s, %s\n", skipped.rule.c_str(), skipped.why.c_str());
    return report->exitCode();
}

} // namespace norikv::app
