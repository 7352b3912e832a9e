// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/recordmodel.h"

#include "client/bulk/bulkjob.h"
#include "client/bulk/bulkplan.h"
#include "client/connection.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace norikv::models {

/// The keys of a dry run with size and shard: a view on the plan, whatever their number.
class BulkKeysModel final : public RecordModelBase {
    Q_OBJECT
public:
    enum Column { Key, Size, Shard, ColumnCount };
    using RecordModelBase::RecordModelBase;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Both may be null: an empty list.
    void setPlan(std::shared_ptr<const client::BulkRequest> request,
        std::shared_ptr<const client::BulkPlan> plan, std::uint32_t totalShards);

private:
    QVariant text(std::size_t row, int column) const;
    std::shared_ptr<const client::BulkRequest> m_request;
    std::shared_ptr<const client::BulkPlan> m_plan;
    std::uint32_t m_totalShards = 1024;
};

/// What did not work, and why; the first thousand.
class BulkFailuresModel final : public RecordModelBase {
    Q_OBJECT
public:
    enum Column { Key, Line, Outcome, Reason, ColumnCount };
    using RecordModelBase::RecordModelBase;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Failures only ever come at the end.
    void setFailures(std::vector<client::BulkFailure> failures);

private:
    std::vector<client::BulkFailure> m_failures;
};

/// Where undo files go, and which connection they speak of.
struct BulkPlace {
    QString undoFolder; ///< made when needed, for the owner only
    bool ourSandbox = false;
    client::Journal* journal = nullptr;
};

/// One bulk job from its dry run to its undo: what the dialog shows. Lives on the GUI thread.
class BulkFeed final : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Planning, Planned, Running, Ended, Failed };

    BulkFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, BulkPlace place,
        QObject* parent = nullptr);
    ~BulkFeed() override;

    /// Starts the dry run of a request; an earlier one is forgotten.
    void plan(client::BulkRequest request);
    /// Runs what was planned. `perSecond` 0 = no limit; empty = the default for this server.
    void start(std::optional<double> perSecond = {});
    void pause();
    void resume();
    void cancel();
    /// After a job: plans and runs the undo of what it did; `force` also over what others wrote since.
    void undoAll(bool force = false);

    State state() const { return m_state; }
    const client::BulkRequest& request() const { return *m_request; }
    /// Choices of an import may still change between dry run and start.
    void setChoices(client::OnExisting existing, client::OnExpired expired, bool keepTtl);
    const client::BulkPlan& plan() const { return *m_plan; }
    double planned() const { return m_planned; } ///< share of the dry run that is done
    const client::BulkProgress& progress() const { return m_progress; }
    QString problem() const { return m_problem; } ///< after Failed
    double usualRate() const; ///< writes a second; 0 = no limit
    bool writesAllowed() const;
    /// Keys or lines that the job changes: those that are gone already are looked at and left.
    std::uint64_t affected() const { return m_plan->count - m_plan->missing; }
    /// A job of more keys is confirmed by typing their number.
    static constexpr std::uint64_t TypedAbove = 100;
    bool needsTyping() const;

    BulkKeysModel& keys() { return m_keys; }
    BulkFailuresModel& failures() { return m_failures; }

Q_SIGNALS:
    void changed();

private:
    void setState(State state);
    void tick();

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    const BulkPlace m_place;
    State m_state = State::Idle;
    std::shared_ptr<client::BulkRequest> m_request;
    std::shared_ptr<const client::BulkPlan> m_plan;
    std::shared_ptr<std::atomic<double>> m_planProgress;
    std::shared_ptr<client::BulkJob> m_running;
    client::BulkProgress m_progress;
    std::optional<double> m_rate; ///< of the last job; its undo runs as fast
    double m_planned = 0;
    QString m_problem;
    BulkKeysModel m_keys;
    BulkFailuresModel m_failures;
    QTimer m_timer;
    Job m_job;
};

} // namespace norikv::models
