// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/operationsmodel.h"

#include "client/connection.h"
#include "client/probe.h"
#include "client/trace.h"

#include <QObject>
#include <QTimer>

#include <vector>

namespace norikv::models {

/// The state of the connection for the frame around the pages: links, our own load on the server, and the
/// operations list. One timer of 250 ms collects the trace; views are merged on a worker, however many come.
class ClusterFeed final : public QObject {
    Q_OBJECT
public:
    ClusterFeed(Dispatcher& dispatcher, client::Connection& connection, client::TraceLog& trace,
        const Clock& clock, OperationsModel& operations, QObject* parent = nullptr);
    ~ClusterFeed() override;

    const client::ClusterSnapshot& cluster() const { return m_cluster; }
    int nodesUp() const;
    /// What is wrong with the links, or empty: "node1 lost 12 s ago, reconnecting".
    QString trouble() const;

    // Our own calls, over the last second or since the last one that had any.
    double opsPerSecond() const { return m_opsPerSecond; }
    double failuresPerSecond() const { return m_failuresPerSecond; }
    double p50Ms() const { return m_stats.p50Ms; }
    double p95Ms() const { return m_stats.p95Ms; }
    double p99Ms() const { return m_stats.p99Ms; }
    /// Calls per second about keys of each shard, averaged over some ten seconds; bulk reads are not in it.
    const std::vector<float>& shardLoad() const { return m_shardLoad; }

Q_SIGNALS:
    void changed();

private:
    void collect();
    void merge();

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    client::TraceLog& m_trace;
    const Clock& m_clock;
    OperationsModel& m_operations;
    client::ClusterSnapshot m_cluster;
    QTimer m_timer;
    QTimer m_soon; ///< views come in bursts
    std::shared_ptr<std::atomic<bool>> m_stale; ///< the content changed since it was merged
    Job m_merging;
    Clock::Elapsed m_statsSince{};
    double m_opsPerSecond = 0;
    double m_failuresPerSecond = 0;
    client::CallStats m_stats;
    std::vector<float> m_shardLoad;
};

} // namespace norikv::models
