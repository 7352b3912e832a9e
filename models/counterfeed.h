// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparisonfeed.h"
#include "models/counterbook.h"
#include "models/counterfollower.h"
#include "models/dispatcher.h"
#include "models/errortext.h"
#include "models/feedstate.h"
#include "models/nodemetricsfeed.h"
#include "models/outcome.h"
#include "models/timecursor.h"

#include "client/demo/loadgenerator.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace norikv::models {

/// What the counters page shows: which counters exist, how they move, and what can be done to them. Follows
/// on a thread of its own; samples ten times a second while shown or recording; all signals on the GUI
/// thread.
class CounterFeed final : public QObject {
    Q_OBJECT
public:
    CounterFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        QObject* parent = nullptr);
    ~CounterFeed() override;

    FeedState state() const { return m_state; }
    const client::Error& error() const { return m_error; }
    client::Coverage coverage() const { return m_coverage; }
    bool live() const { return m_live; }
    const CounterBook& book() const { return m_book; } ///< as it is now
    /// The book of the moment shown, which is now while LIVE.
    const CounterBook& shownBook() const { return m_past ? *m_past : m_book; }
    client::Connection& connection() { return m_connection; }

    void select(const client::Bytes& name);
    const client::Bytes& selected() const { return m_selected; }
    const CounterState* selectedState() const { return shownBook().find(m_selected); }
    /// Adds a name to follow; `shards` says that it is sharded and how wide.
    void openCounter(const client::Bytes& name, std::optional<std::uint32_t> shards);

    /// Dials every node anew instead of waiting for the next try by itself.
    void tryNow();

    /// Records every second for this cursor, and follows it. It must outlive the feed.
    void setCursor(TimeCursor& cursor);
    /// Shows this moment of this program's clock and stands still there while the histories keep filling;
    /// nothing = LIVE.
    void showMoment(std::optional<EpochMs> atMs);
    void setPaused(bool paused) { showMoment(paused ? std::optional(m_clock.nowMs()) : std::nullopt); }
    bool paused() const { return m_moment.has_value(); }
    /// Takes a sample of every counter; the feed's own timer does it ten times a second.
    void sampleNow();
    /// Monotonic seconds of the moment shown.
    double moment() const;

    // Actions on the selected counter. Each ends in acted().
    void add(std::int64_t delta);
    void set(std::int64_t value, bool evenIfNotInteger, const QString& reason);
    void initialize();
    void planMerge();
    void merge(const client::ShardedCounter::MergePlan& plan);
    void findHidden();
    /// Does again, with a person's word, the action that the guard last asked about.
    void repeatWithConsent();

    // The load generator, one run at a time.
    void startLoad(const client::LoadPlan& plan);
    void pauseLoad(bool paused);
    void stopLoad();
    const client::LoadStats& loadStats() const { return m_loadStats; }
    const client::LoadPlan& loadPlan() const { return m_loadPlan; }
    /// The plan's load on one key and on its shards at the same time, on two new counters.
    void compareLoad(const client::LoadPlan& plan);
    ComparisonFeed& comparison() { return m_comparison; }
    /// Everybody's writes as the nodes count them, beside our own figures.
    const NodeMetricsFeed& nodeMetrics() const { return m_nodeMetrics; }
    /// A closed race of 1,000 increments by 16 writers on a fresh counter.
    void race();
    bool racing() const { return m_raceJob.running(); }
    const std::optional<client::ClosedRun>& lastRun() const { return m_lastRun; }

    using Outcome = models::Outcome;

Q_SIGNALS:
    void stateChanged();
    void changed(); ///< counters, histories or load figures moved; at most ten times a second
    void acted(const norikv::models::Outcome& outcome);
    void liveNeeded(); ///< what a person asked for is about now
    void mergePlanned(const norikv::client::ShardedCounter::MergePlan& plan);
    void found(const norikv::client::Finding& finding);
    void runClosed(const norikv::client::ClosedRun& run);

private:
    template <class T, class Work, class Say>
    void act(const client::Bytes& counter, QString action, Work work, Say say, std::int64_t decrement = 0);
    void keep(Job job);
    void remember(std::function<void()> repeat);
    bool tooWide(const QString& action, const CounterState& state);
    bool guarded(const QString& action, const QString& question, bool consent, std::function<void()> repeat);
    void take(std::vector<CounterNews> chunk);
    void closeBooks();
    void shareKnown();
    void readOnce(const client::Bytes& name);
    double nowSeconds() const;
    void judge(const client::ClosedRun& run);
    void record(EpochMs atMs);

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    FeedState m_state = FeedState::Loading;
    client::Error m_error;
    client::Coverage m_coverage = client::Coverage::None;
    bool m_live = false;
    CounterBook m_book;
    std::map<client::Bytes, std::optional<std::uint32_t>> m_known;
    std::set<client::Bytes> m_seen; ///< keys of the scan under way
    bool m_scanning = false;
    client::Bytes m_selected;
    std::optional<EpochMs> m_moment; ///< the one shown; nothing = LIVE
    std::optional<double> m_pausedAt; ///< the same in monotonic seconds
    std::optional<CounterBook> m_past; ///< of that moment, where it was recorded
    TimeCursor* m_cursor = nullptr;
    Reel<std::shared_ptr<const CounterMoment>> m_reel;
    double m_lastRecord = 0;
    double m_lastSample = 0;
    std::uint64_t m_lastConflicts = 0;
    QTimer m_timer;
    std::shared_ptr<ChunkQueue<CounterNews>> m_queue;
    std::shared_ptr<client::LoadGenerator> m_load; ///< shared with jobs that start or close a run
    client::LoadPlan m_loadPlan;
    client::LoadStats m_loadStats;
    std::optional<client::ClosedRun> m_lastRun;
    bool m_booksOpen = false;
    bool m_consent = false; ///< the action being started was confirmed
    std::function<void()> m_repeat; ///< the last guarded action
    client::Bytes m_repeatOn; ///< the counter it was about
    std::vector<Job> m_actions; ///< each runs to its end: a second click must not cancel the first
    Job m_loadJob, m_raceJob, m_booksJob;
    ComparisonFeed m_comparison;
    NodeMetricsFeed m_nodeMetrics;
    std::unique_ptr<CounterFollower> m_follower; ///< last: its thread uses the queue
};

} // namespace norikv::models
