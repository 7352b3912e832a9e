// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/operationsmodel.h"

#include "client/connection.h"
#include "client/probe.h"
#include "client/trace.h"

#include <QObject>
#include <QTimer>

namespace norikv::models {

/// The state of the connection for the frame around the pages: links, our own load on the server, and the
/// operations list. One timer of 250 ms collects the trace.
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
    double opsPerSecond() const { return m_opsPerSecond; }
    double p50Ms() const { return m_p50; }
    double p95Ms() const { return m_p95; }

Q_SIGNALS:
    void changed();

private:
    void collect();

    client::Connection& m_connection;
    client::TraceLog& m_trace;
    const Clock& m_clock;
    OperationsModel& m_operations;
    client::ClusterSnapshot m_cluster;
    QTimer m_timer;
    Clock::Elapsed m_statsSince{};
    double m_opsPerSecond = 0;
    double m_p50 = 0;
    double m_p95 = 0;
};

} // namespace norikv::models
