// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/auditfeed.h"

#include "client/placement.h"
#include "models/errortext.h"

#include <QPointer>

#include <set>

namespace norikv::models {

namespace {
constexpr std::size_t MostKnown = 1'000'000;
} // namespace

std::vector<client::AuditKey> auditKeys(const EntryFollower::KnownKeys& known, const std::stop_token& stop)
{
    std::vector<client::AuditKey> keys;
    if (!known)
        return keys;
    known(
        [&](const KnownKey& row) {
            const bool setHere = row.provenance == client::TtlProvenance::SetHere;
            keys.push_back({row.key, setHere ? row.expiresAtMs : std::nullopt});
            return keys.size() < MostKnown;
        },
        stop);
    return keys;
}

AuditFeed::AuditFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, FindingsModel& findings, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_known(std::move(known))
    , m_findings(findings)
{
}

AuditFeed::~AuditFeed() = default;

void AuditFeed::plan()
{
    m_planJob = m_dispatcher.run(
        this,
        [known = m_known, total = m_connection.profile().totalShards](const std::stop_token& stop) {
            std::set<std::uint32_t> shards;
            const auto keys = auditKeys(known, stop);
            for (const auto& key : keys)
                shards.insert(shardOf(key.key, total));
            return std::pair(int(keys.size()), int(shards.size()));
        },
        [this](std::pair<int, int> cost) { Q_EMIT planned(cost.first, cost.second); });
}

void AuditFeed::start(std::uint32_t shardBudget)
{
    if (running())
        return;
    m_keys = 0;
    auto guard = std::make_shared<QPointer<AuditFeed>>(this);
    m_job = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, &dispatcher = m_dispatcher, known = m_known,
            profile = m_connection.profile(), guard, shardBudget](const std::stop_token& stop) {
            client::AuditOptions options;
            options.shardBudget = shardBudget;
            options.known = auditKeys(known, stop);
            options.progress = [&dispatcher, guard](std::uint64_t keys) {
                dispatcher.post([guard, keys] {
                    if (guard->isNull() || !(*guard)->running())
                        return;
                    (*guard)->m_keys = keys;
                    Q_EMIT(*guard)->changed();
                });
            };
            return client::runAudit(store, profile, clock, options, stop);
        },
        [this](client::Result<client::AuditReport> report) {
            if (!report) {
                Q_EMIT failed(errorText(report.error(), tr("audit everything")).line());
                Q_EMIT changed();
                return;
            }
            m_report = std::move(*report);
            m_endedMs = m_clock.nowMs();
            for (const auto& finding : m_report->findings)
                m_findings.report(finding);
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void AuditFeed::cancel()
{
    m_planJob.cancel();
    if (!running())
        return;
    m_job.cancel();
    Q_EMIT changed();
}

} // namespace norikv::models
