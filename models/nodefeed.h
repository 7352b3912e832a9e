// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"

#include "client/connection.h"
#include "client/nodehealth.h"
#include "client/nodemetrics.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace norikv::models {

/// What one node answered when it was asked by itself.
struct NodeAnswer {
    bool named = false; ///< the profile names its HTTP side port
    std::optional<client::NodeHealth> health;
    std::string healthProblem;
    std::optional<client::NodeMetrics> metrics;
    std::optional<double> callsPerSecond; ///< of everybody, between the last two answers
    std::shared_ptr<const client::ClusterView> view; ///< over a stream of its own; only after ask()
    std::optional<client::Error> viewError;
    EpochMs atMs = 0; ///< 0 = not asked yet
};

/// Asks the nodes' HTTP side ports every 5 s while somebody looks, and one node at once on demand. All
/// signals on the GUI thread.
class NodeFeed final : public QObject {
    Q_OBJECT
public:
    NodeFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        QObject* parent = nullptr);

    /// Nobody is asked while nobody looks.
    void setWatched(bool watched);
    /// "Ask this node": its view over a stream of its own, its health and its metrics.
    void ask(std::size_t node);
    bool asking(std::size_t node) const { return m_jobs[node].running(); }

    const NodeAnswer& answer(std::size_t node) const { return m_answers[node]; }
    std::size_t count() const { return m_answers.size(); }
    /// Whether any HTTP side port is known at all.
    bool anyNamed() const;

Q_SIGNALS:
    void changed();

private:
    void start(std::size_t node, bool withView);
    void take(std::size_t node, NodeAnswer answer);

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    std::vector<NodeAnswer> m_answers;
    std::vector<Job> m_jobs;
    QTimer m_timer;
};

} // namespace norikv::models
