// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/feedstate.h"
#include "models/keysfollower.h"
#include "models/keyview.h"

#include "client/clock.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <map>
#include <memory>
#include <set>

namespace norikv::models {

/// The list of keys: loads it from a source, keeps it current, filters and sorts it on a worker. What is
/// shown never empties while it is loaded again. (KeyFeed is one key.) All signals on the GUI thread.
class KeysFeed final : public QObject {
    Q_OBJECT
public:
    using Keys = std::set<client::Bytes, std::less<>>;

    /// The first of `sources` that the server supports is used. `clock` outlives the feed.
    KeysFeed(Dispatcher& dispatcher, const Clock& clock, std::vector<std::unique_ptr<KeySource>> sources,
        QObject* parent = nullptr);
    ~KeysFeed() override;

    FeedState state() const { return m_state; }
    /// Why the state is Failed.
    const client::Error& error() const { return m_error; }
    /// None until the list was told once to its end.
    client::Coverage coverage() const { return m_coverage; }
    bool live() const { return m_live; }
    /// What is shown is from before the server was lost.
    bool stale() const { return m_stale; }
    /// A person stopped the loading; the list is what came until then.
    bool stopped() const { return m_stopped; }
    /// Where the list went on after a loss in its middle; empty = it did not happen.
    const client::Bytes& resumedAfter() const { return m_resumedAfter; }
    /// A sentence of the source's own, or empty.
    QString status() const { return m_status; }
    /// Server time minus local time, in ms.
    std::int64_t clockOffsetMs() const { return m_clockOffsetMs; }

    std::size_t known() const { return m_store->size(); }
    /// Keys known inside scope(): what the list can show at most.
    std::size_t within() const;
    /// Keys told in the round under way, and how many a second.
    std::size_t loaded() const { return m_loaded; }
    double rate() const;

    KeyView& view() { return m_view; }
    const KeyStore& store() const { return *m_store; }

    /// Takes effect when the worker is done: indexed(). A pattern that cannot be used changes nothing:
    /// rejected(). The newest request wins.
    void setFilter(const KeyFilter& filter);
    void setOrder(KeyOrder order);
    const KeyFilter& filter() const { return m_matcher.filter(); }
    /// Whoever works as one tenant sees only keys that begin with this, under every filter; empty = all.
    void setScope(const client::Bytes& prefix);
    const client::Bytes& scope() const { return m_scope; }
    KeyOrder order() const { return m_order; }
    /// A filter or a sort is under way.
    bool indexing() const { return m_indexJob.running(); }
    /// Between 0 and 1.
    double indexProgress() const;

    /// While paused what is shown stands still and changes wait, the newest of each key.
    void setPaused(bool paused);
    bool paused() const { return m_paused; }
    std::size_t waiting() const { return m_pending.size(); }
    /// Lists again from the first key; what is shown stays until it is confirmed or corrected.
    void refresh();
    /// Stops the loading under way.
    void cancel();

    /// Replaces the favourites, e.g. with those of the catalogue.
    void setFavourites(Keys favourites);
    const Keys& favourites() const { return m_favourites; }
    /// Announced by favouriteChanged(), for whoever keeps them.
    void setFavourite(const client::Bytes& key, bool on);
    /// The key that the inspector shows, to mark its row.
    void setOpenedKey(const client::Bytes& key);
    const client::Bytes& openedKey() const { return m_openedKey; }

Q_SIGNALS:
    void stateChanged();
    void progressed(); ///< loaded(), rate(), waiting() or indexProgress() moved; at most ten times a second
    void indexed(); ///< the filter and order asked for are shown
    void rejected(const QString& message, int offset);
    void favouriteChanged(const norikv::client::Bytes& key, bool on);
    void openedKeyChanged();

private:
    void take(KeyNews news);
    void takeRows(std::unique_ptr<KeyChunk> chunk);
    bool amongKnown(const KeyChunk& chunk) const;
    /// What a list says of keys that are known already, a slice for each call: a list may drop a million.
    /// True when `news` was compared to its end.
    bool compared(const KeyNews& news);
    /// Compares a chunk with what is known between m_listedTo and its last key; null = up to the end.
    bool compare(const KeyChunk* chunk);
    void markStale(bool stale);
    void step();
    void applyPending();
    void index(std::size_t from);
    void soon(int ms);
    void tellProgress();

    Dispatcher& m_dispatcher;
    const Clock& m_clock;
    std::shared_ptr<KeyStore> m_store; ///< shared with workers that may outlive the feed
    KeyView m_view;
    FeedState m_state = FeedState::Loading;
    client::Error m_error;
    client::Coverage m_coverage = client::Coverage::None;
    bool m_live = false, m_stale = false, m_stopped = false, m_paused = false;
    client::Bytes m_resumedAfter;
    QString m_status;
    std::int64_t m_clockOffsetMs = 0;
    std::uint64_t m_round = 1;

    std::deque<KeyNews> m_inbox; ///< in order, waiting for the store
    bool m_listing = false;
    client::Bytes m_listedTo; ///< the last key of the round that was compared
    std::size_t m_slot = 0; ///< of the chunk under comparison
    std::size_t m_loaded = 0;
    Clock::Elapsed m_began{};
    Clock::Elapsed m_told{};

    bool m_missed = false; ///< more changed during a pause than is worth keeping
    std::map<client::Bytes, KeyChange> m_pending; ///< changes that are not shown yet, by key
    std::vector<std::pair<client::Bytes, bool>> m_marks; ///< favourites that wait for the store
    QTimer m_stepTimer;
    QTimer m_applyTimer;

    client::Bytes m_scope;
    KeyMatcher m_matcher; ///< asked for; the view has what is shown
    KeyOrder m_order;
    Clock::Elapsed m_sorted{}; ///< when a sorted list was last made while loading
    std::shared_ptr<KeyProgress> m_progress;
    Job m_indexJob;

    Keys m_favourites;
    client::Bytes m_openedKey;
    std::shared_ptr<ChunkQueue<KeyNews>> m_queue;
    std::unique_ptr<KeysFollower> m_follower; ///< last: its thread uses the queue
};

} // namespace norikv::models
