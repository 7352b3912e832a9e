// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/clusterfeed.h"

namespace norikv::models {

using namespace std::chrono_literals;

namespace {
constexpr auto MergeEvery = 50ms; // of a burst of views
constexpr float Forget = 0.9F; // of the load of a second ago
} // namespace

ClusterFeed::ClusterFeed(Dispatcher& dispatcher, client::Connection& connection, client::TraceLog& trace,
    const Clock& clock, OperationsModel& operations, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_trace(trace)
    , m_clock(clock)
    , m_operations(operations)
    , m_stale(std::make_shared<std::atomic<bool>>(false))
    , m_statsSince(clock.elapsed())
    , m_shardLoad(connection.profile().totalShards)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(MergeEvery);
    connect(&m_soon, &QTimer::timeout, this, &ClusterFeed::merge);
    QPointer<ClusterFeed> self(this);
    connection.cluster().onChange([&dispatcher, self, stale = m_stale] {
        // One wake-up however many views come before they are merged.
        if (stale->exchange(true))
            return;
        dispatcher.post([self] {
            if (self)
                self->m_soon.start();
        });
    });
    m_cluster = connection.cluster().snapshot();
    m_timer.setInterval(250ms);
    connect(&m_timer, &QTimer::timeout, this, &ClusterFeed::collect);
    m_timer.start();
}

ClusterFeed::~ClusterFeed() { m_connection.cluster().onChange({}); }

void ClusterFeed::merge()
{
    // A job that waits for a free worker sees the newest state when it runs: never cancel it for another.
    m_stale->store(false);
    if (m_merging.running()) {
        m_soon.start();
        return;
    }
    m_merging = m_dispatcher.run(
        this, [&cluster = m_connection.cluster()](const std::stop_token&) { return cluster.snapshot(); },
        [this](client::ClusterSnapshot snapshot) {
            m_cluster = std::move(snapshot);
            Q_EMIT changed();
        });
}

void ClusterFeed::collect()
{
    auto taken = m_trace.take();
    if (!taken.operations.empty() || taken.dropped)
        m_operations.append(std::move(taken.operations), taken.dropped);
    const auto since = m_clock.elapsed() - m_statsSince;
    if (since >= 1s) {
        const double seconds = std::chrono::duration<double>(since).count();
        auto stats = m_trace.takeStats();
        m_opsPerSecond = static_cast<double>(stats.calls) / seconds;
        m_failuresPerSecond = static_cast<double>(stats.failures) / seconds;
        for (float& load : m_shardLoad)
            load *= Forget;
        for (const auto& [shard, calls] : stats.perShard) {
            if (shard < m_shardLoad.size())
                m_shardLoad[shard] += (1 - Forget) * static_cast<float>(static_cast<double>(calls) / seconds);
        }
        if (stats.p95Ms > 0) // else nothing but streams
            m_stats = std::move(stats);
        m_statsSince = m_clock.elapsed();
        Q_EMIT changed();
    }
}

int ClusterFeed::nodesUp() const
{
    return static_cast<int>(std::ranges::count(m_cluster.nodes, client::Link::Up, &client::NodeStatus::link));
}

QString ClusterFeed::trouble() const
{
    for (const auto& node : m_cluster.nodes) {
        if (node.link == client::Link::Up || node.link == client::Link::Connecting)
            continue;
        const QString name = QString::fromStdString(node.id.empty() ? node.address : node.id);
        const auto since
            = std::chrono::duration_cast<std::chrono::seconds>(m_clock.elapsed() - node.since).count();
        if (node.link == client::Link::Suspect)
            return tr("%1 has been silent for %2 s").arg(name).arg(since + 5);
        return tr("%1 lost %2 s ago, reconnecting (%3)")
            .arg(name)
            .arg(since)
            .arg(QString::fromStdString(node.problem));
    }
    return {};
}

} // namespace norikv::models
