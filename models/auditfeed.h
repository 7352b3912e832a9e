// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entryfollower.h"
#include "models/findingsmodel.h"

#include "client/audit/audit.h"
#include "client/connection.h"

#include <QObject>

namespace norikv::models {

/// "Audit everything": every rule over all keys of the connection, on a person's demand, in the background.
/// What it finds goes to the findings. It never writes. On the GUI thread.
class AuditFeed final : public QObject {
    Q_OBJECT
public:
    /// All must outlive the feed. `known` tells the keys for servers that cannot list theirs; may be empty.
    AuditFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, FindingsModel& findings, QObject* parent = nullptr);
    ~AuditFeed() override;

    /// What a look would cost where the server cannot list its keys: ends in planned().
    void plan();
    /// `shardBudget` bounds the shards that known keys may touch; nothing where the server lists.
    void start(std::uint32_t shardBudget);
    void cancel();
    bool running() const { return m_job.running(); }
    quint64 keysRead() const { return m_keys; }
    /// Of the last one that ended well.
    const std::optional<client::AuditReport>& report() const { return m_report; }
    EpochMs endedMs() const { return m_endedMs; }

Q_SIGNALS:
    void planned(int keys, int shards);
    void changed(); ///< running, keysRead or report
    void failed(const QString& text);

private:
    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    EntryFollower::KnownKeys m_known;
    FindingsModel& m_findings;
    quint64 m_keys = 0;
    std::optional<client::AuditReport> m_report;
    EpochMs m_endedMs = 0;
    Job m_job, m_planJob;
};

/// The keys of `known` as an audit wants them.
std::vector<client::AuditKey> auditKeys(const EntryFollower::KnownKeys& known, const std::stop_token& stop);

} // namespace norikv::models
