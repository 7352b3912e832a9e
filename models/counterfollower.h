// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterbook.h"
#include "models/dispatcher.h"

#include "client/connection.h"

#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace norikv::models {

/// One chunk of news for the feed.
struct CounterNews {
    enum class Kind { Update, ScanBegins, ScanEnds, Lost, Heard };
    Kind kind = Kind::Update;
    CounterUpdate update;
    client::Coverage coverage = client::Coverage::None;
    bool live = false; ///< told by Watch, not asked for
    client::Error error; ///< of Lost
};

/// The thread that follows counters: Scan and Watch where the server offers them, polling of the known names
/// where not. Filters on its own thread, so a store of a million other keys costs the window nothing.
/// Reconnects for ever.
class CounterFollower {
public:
    using Known = std::map<client::Bytes, std::optional<std::uint32_t>>;

    /// `known` are names that a person or profile gave: they are passed on whatever they hold.
    CounterFollower(
        client::Connection& connection, std::shared_ptr<ChunkQueue<CounterNews>> queue, Known known);
    ~CounterFollower();

    /// Names to poll where the server cannot list keys; takes effect within a second.
    void setKnown(Known counters);

private:
    void run(const std::stop_token& stop);
    client::Result<void> followLive(const std::stop_token& stop);
    client::Result<void> poll(const std::stop_token& stop);
    bool concerns(const client::Bytes& key, const client::Bytes& value) const;
    bool push(std::vector<CounterNews> news, const std::stop_token& stop);

    client::Connection& m_connection;
    std::shared_ptr<ChunkQueue<CounterNews>> m_queue;
    mutable std::mutex m_mutex;
    Known m_known;
    std::set<client::Bytes>
        m_followed; ///< keys once passed on: their later non-integers are news too; own thread only
    std::jthread m_thread;
};

} // namespace norikv::models
