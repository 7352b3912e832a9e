// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/clusterfeed.h"

namespace norikv::models {

using namespace std::chrono_literals;

ClusterFeed::ClusterFeed(Dispatcher& dispatcher, client::Connection& connection, client::TraceLog& trace,
    const Clock& clock, OperationsModel& operations, QObject* parent)
    : QObject(parent)
    , m_connection(connection)
    , m_trace(trace)
    , m_clock(clock)
    , m_operations(operations)
    , m_statsSince(clock.elapsed())
{
    QPointer<ClusterFeed> self(this);
    connection.cluster().onChange([&dispatcher, self] {
        dispatcher.post([self] {
            if (!self)
                return;
            self->m_cluster = self->m_connection.cluster().snapshot();
            Q_EMIT self->changed();
        });
    });
    m_cluster = connection.cluster().snapshot();
    m_timer.setInterval(250ms);
    connect(&m_timer, &QTimer::timeout, this, &ClusterFeed::collect);
    m_timer.start();
}

ClusterFeed::~ClusterFeed() { m_connection.cluster().onChange({}); }

void ClusterFeed::collect()
{
    auto taken = m_trace.take();
    if (!taken.operations.empty() || taken.dropped)
        m_operations.append(std::move(taken.operations), taken.dropped);
    const auto since = m_clock.elapsed() - m_statsSince;
    if (since >= 1s) {
        const auto stats = m_trace.takeStats();
        m_opsPerSecond = static_cast<double>(stats.calls) / std::chrono::duration<double>(since).count();
        if (stats.p95Ms > 0) { // else nothing but streams
            m_p50 = stats.p50Ms;
            m_p95 = stats.p95Ms;
        }
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
