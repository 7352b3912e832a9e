// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/cachemodel.h"
#include "models/patternfeed.h"

#include "client/demo/products.h"
#include "client/demo/stampede.h"

#include <QTimer>

#include <deque>

namespace norikv::models {

/// The cache that the panel hosts: reads and writes go through it to the server, and once a second some of
/// its entries are compared with what the server has. It is a PatternFeed for its actions and their words; it
/// follows no keys of the store, only its own entries.
class CacheFeed final : public PatternFeed {
    Q_OBJECT
public:
    CacheFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~CacheFeed() override;
    bool judges(const std::string& rule) const override { return rule.starts_with('K'); }

    CacheModel& model() { return m_model; }
    const client::CacheStats& stats() const { return m_stats; }
    client::CacheOptions options() const { return m_cache->options(); }
    void setOptions(const client::CacheOptions& options);

    /// What one second of reads was.
    struct Second {
        std::uint32_t hits = 0; ///< without the stale ones
        std::uint32_t stale = 0;
        std::uint32_t misses = 0;
    };
    static constexpr std::size_t MostSeconds = 120;
    const std::deque<Second>& seconds() const { return m_seconds; } ///< oldest first
    const std::vector<client::TtlPoint>& curve() const { return m_curve; }

    void get(const client::Bytes& key);
    void put(const client::Bytes& key, const client::Bytes& value);
    void remove(const client::Bytes& key);
    void invalidate(const client::Bytes& key);
    void invalidateAll();

    /// Readers at one expiry, with and without single flight; ends in stampeded().
    void stampede(const client::Bytes& key, int readers);
    bool stampeding() const { return m_stampede.running(); }

    /// A shop of the demo reads through the cache until the feed goes.
    void startShop();

Q_SIGNALS:
    void stampeded(const norikv::client::demo::StampedeResult& result);

private:
    void tick();
    void compare();
    void visit();
    bool restartedSince(EpochMs at) const;
    void judge(const std::vector<client::CacheEntry>& entries);

    std::shared_ptr<client::WriteThroughCache> m_cache;
    std::shared_ptr<client::demo::Shop> m_shop;
    CacheModel m_model;
    client::CacheStats m_stats;
    std::deque<Second> m_seconds;
    std::vector<client::TtlPoint> m_curve;
    std::map<std::pair<std::string, client::Bytes>, EpochMs> m_told; ///< finding and when it was last told
    QTimer m_tick, m_visits;
    Job m_compareJob, m_visitJob, m_stampede;
};

} // namespace norikv::models
