// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterfeed.h"
#include "models/tenantfollower.h"

#include <QObject>

#include <functional>
#include <memory>

namespace norikv::models {

/// A job on all keys of one tenant, for whoever carries out bulk work.
struct TenantBulk {
    enum class Kind { Export, Clone, Delete };
    Kind kind = Kind::Export;
    client::Bytes tenant;
    client::Bytes target; ///< of Clone: an id that passed checkTenantId()
    std::vector<client::Bytes> keys; ///< metadata first, then data in byte order
    std::size_t leftOut = 0; ///< keys another tenant may claim as well: never part of the job
    client::Coverage coverage = client::Coverage::None;
};

/// On how many virtual shards the keys of two tenants meet.
struct ShardOverlap {
    client::Bytes a, b;
    std::size_t shardsA = 0;
    std::size_t shardsB = 0;
    std::size_t both = 0;
    std::size_t keysA = 0; ///< keys of a on shards that b uses too
    std::size_t keysB = 0;
};

/// What the tenants page shows: which tenants exist, what they use, and what can be done to them. Follows on
/// a thread of its own; all signals on the GUI thread.
class TenantFeed final : public QObject {
    Q_OBJECT
public:
    TenantFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        QObject* parent = nullptr);
    ~TenantFeed() override;

    FeedState state() const { return m_state; }
    const client::Error& error() const { return m_error; }
    client::Coverage coverage() const { return m_coverage; }
    bool live() const { return m_live; }
    client::Connection& connection() { return m_connection; }
    const Clock& clock() const { return m_clock; }

    const TenantSheet& tenants() const { return *m_sheet; }
    const std::vector<TenantRow>& rows() const { return *m_rows; } ///< the same as cards show them
    const TenantState* find(const client::Bytes& id) const { return findTenant(*m_sheet, id); }
    void select(const client::Bytes& id);
    const client::Bytes& selected() const { return m_selected; }
    const TenantState* selectedState() const { return find(m_selected); }

    /// Follows a tenant that nobody listed; a Java one is looked for under `<id>:`.
    void openTenant(const client::Bytes& id, bool java);
    /// A key that was met elsewhere; counted where the server cannot list its keys.
    void learn(const client::Bytes& key);

    // Actions. Each ends in acted().
    void create(const client::Bytes& id, const QString& name, client::TenantPlan plan);
    /// Writes plan and limits by compare-and-set, if both still are as `seen`.
    void changePlan(const client::Bytes& id, client::TenantPlan plan, const client::TenantMetadata& seen);
    void rename(const client::Bytes& id, const QString& name, const client::TenantMetadata& seen);
    /// Writes the same record as valid JSON: Infinity becomes null.
    void repair(const client::Bytes& id, const client::TenantMetadata& seen);
    /// Does again, with a person's word, the action that the guard last asked about.
    void repeatWithConsent();
    /// What the plan would mean for the tenant as counted now.
    std::optional<client::PlanPreview> preview(const client::Bytes& id, client::TenantPlan plan) const;

    /// Collects the tenant's keys and hands them to bulkRequested().
    void requestBulk(TenantBulk::Kind kind, const client::Bytes& id, const client::Bytes& target = {});
    /// Somebody listens to bulkRequested().
    bool offersBulk() const;
    void compareShards(const client::Bytes& a, const client::Bytes& b);

    using Outcome = CounterFeed::Outcome;

Q_SIGNALS:
    void stateChanged();
    void changed(); ///< tenants or the selection moved; at most four times a second
    void acted(const norikv::models::Outcome& outcome);
    void found(const norikv::client::Finding& finding);
    void bulkRequested(const norikv::models::TenantBulk& bulk);
    void shardsCompared(const norikv::models::ShardOverlap& overlap);

private:
    using Write = std::function<client::Result<client::TenantRecord>(client::TenantManager&, client::Call&)>;
    void write(QString action, const client::Bytes& id, Write work, QString said);
    void keep(Job job);
    void take(std::vector<TenantNews> chunk);

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    FeedState m_state = FeedState::Loading;
    client::Error m_error;
    client::Coverage m_coverage = client::Coverage::None;
    bool m_live = false;
    std::shared_ptr<const TenantSheet> m_sheet = std::make_shared<TenantSheet>();
    std::shared_ptr<const std::vector<TenantRow>> m_rows = std::make_shared<std::vector<TenantRow>>();
    client::Bytes m_selected;
    std::shared_ptr<ChunkQueue<TenantNews>> m_queue;
    bool m_consent = false; ///< the action being started was confirmed
    std::function<void()> m_repeat;
    std::set<client::Bytes> m_met; ///< keys given to learn()
    std::vector<Job> m_actions; ///< each runs to its end: a second click must not cancel the first
    Job m_bulkJob, m_shardsJob;
    std::unique_ptr<TenantFollower> m_follower; ///< last: its thread uses the queue
};

} // namespace norikv::models
