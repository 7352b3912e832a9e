// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"

#include "client/nodemetrics.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace norikv::models {

/// What the nodes count of everybody's calls, asked of their HTTP side ports every few seconds. Silent where
/// a profile names no such port or nobody answers there.
class NodeMetricsFeed final : public QObject {
    Q_OBJECT
public:
    NodeMetricsFeed(Dispatcher& dispatcher, std::vector<std::string> addresses, QObject* parent = nullptr);

    /// Share of all Puts of the last few seconds, whoever sent them, that met another writer (0..1). Empty
    /// while unknown, and when nothing was written.
    std::optional<double> conflictShare() const { return m_share; }
    /// Asks now; the feed's own timer does it every 5 s.
    void refresh();

Q_SIGNALS:
    void changed();

private:
    /// All nodes together; empty when one of them gave no answer, for a sum without it would jump.
    using Reading = std::optional<client::NodeMetrics>;
    void take(const Reading& reading);

    Dispatcher& m_dispatcher;
    const std::vector<std::string> m_addresses;
    Reading m_before;
    std::optional<double> m_share;
    QTimer m_timer;
    Job m_job;
};

} // namespace norikv::models
