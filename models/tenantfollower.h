// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/tenantbook.h"
#include "models/tenantmodel.h"

#include "client/connection.h"

#include <memory>
#include <mutex>
#include <thread>

namespace norikv::models {

/// One piece of news for the feed.
struct TenantNews {
    enum class Kind { Sheet, Heard, Lost };
    Kind kind = Kind::Heard;
    std::shared_ptr<const TenantSheet> sheet;
    std::shared_ptr<const std::vector<TenantRow>> rows; ///< of the sheet, as cards show them
    std::vector<client::Finding> findings;
    client::Coverage coverage = client::Coverage::None;
    bool live = false; ///< told by Watch, not asked for
    client::Error error; ///< of Lost
};

/// The thread that follows tenants: Scan (metadata with values, data by keys and sizes alone) and Watch where
/// the server offers them, polling of the known tenants and keys where not. Counts on its own thread and
/// tells the window at most four times a second. Reconnects for ever.
class TenantFollower {
public:
    /// `clock` must outlive the follower.
    TenantFollower(
        client::Connection& connection, const Clock& clock, std::shared_ptr<ChunkQueue<TenantNews>> queue);
    ~TenantFollower();

    /// Follows a tenant where the server cannot list keys; a Java one is looked for under `<id>:` as well.
    void name(const client::Bytes& id, bool java);
    /// Keys that were met elsewhere in the program: counted where the server cannot list them.
    void learn(const client::Bytes& key);
    /// Look again soon, after a write of ours.
    void nudge();

private:
    void run(const std::stop_token& stop);
    client::Result<void> followLive(const std::stop_token& stop);
    client::Result<std::uint64_t> scanAll(const std::stop_token& stop, client::Coverage& coverage);
    client::Result<void> poll(const std::stop_token& stop);
    client::Result<void> readValues(const std::vector<client::Bytes>& keys, const std::stop_token& stop);
    void takeNames(bool polling);
    bool publish(bool live, const std::stop_token& stop);
    bool javaNamed() const;

    client::Connection& m_connection;
    const Clock& m_clock;
    std::shared_ptr<ChunkQueue<TenantNews>> m_queue;
    TenantBook m_book; ///< own thread only, as are the three below
    client::Coverage m_coverage = client::Coverage::None;
    Clock::Elapsed m_published{};
    std::set<client::Bytes> m_polled; ///< known data keys

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::map<client::Bytes, bool> m_names; ///< true = Java
    std::set<client::Bytes> m_learned;
    bool m_nudged = false;
    std::jthread m_thread;
};

} // namespace norikv::models
