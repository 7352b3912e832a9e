// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"
#include "models/knownkey.h"

#include "client/clock.h"
#include "client/retryingstore.h"
#include "client/store.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace norikv::models {

/// What a follower tells the window beside what its book tells.
struct FollowNews {
    bool lost = false;
    client::Error error; ///< of lost
    FollowStatus status;
};

/// The thread that follows the records under some prefixes: Scan and Watch where the server offers them,
/// asking for the known keys where not, at most 200 a second (rulings 32). Reconnects for ever. One for each
/// feed.
class EntryFollower {
public:
    /// Tells every key of the catalogue that begins with one of the prefixes; blocks; may be empty.
    using KnownKeys
        = std::function<void(const std::function<bool(const KnownKey&)>& visit, const std::stop_token& stop)>;
    struct What {
        std::vector<client::Bytes> prefixes;
        std::vector<client::Bytes> keys; ///< known from the start, e.g. out of the profile
        std::string why; ///< for the operations list
    };

    /// `store` and `clock` must outlive the follower.
    EntryFollower(client::Store& store, const Clock& clock, What what, KnownKeys known,
        std::shared_ptr<EntryBook> book, std::shared_ptr<ChunkQueue<FollowNews>> queue,
        client::Sleeper sleeper = client::realSleeper());
    ~EntryFollower();

    /// Keys that were met elsewhere in the program: asked for where the server cannot list them.
    void learn(const std::vector<client::Bytes>& keys);
    /// Look again soon, after a write of ours; nothing where the server tells changes.
    void nudge();

private:
    using Pass = client::Result<void>;

    void run(const std::stop_token& stop);
    Pass followLive(const std::stop_token& stop);
    Pass watch(std::uint64_t revision, const std::stop_token& stop);
    Pass watchOne(client::WatchRequest request, const std::stop_token& stop, bool speaks);
    std::vector<client::Bytes> watched() const;
    void heard(EpochMs serverTimeMs);
    Pass ask(const std::stop_token& stop);
    bool tell(FollowNews news, const std::stop_token& stop);
    bool speak(const std::stop_token& stop, bool now = false);
    client::Call call(const std::stop_token& stop) const;
    FollowStatus status() const;
    bool concerns(std::string_view key) const;

    client::Store& m_store;
    const Clock& m_clock;
    const What m_what;
    const KnownKeys m_known;
    const std::shared_ptr<EntryBook> m_book;
    const std::shared_ptr<ChunkQueue<FollowNews>> m_queue;
    const client::Sleeper m_sleep;

    // The thread's own.
    FollowStatus m_status;
    Clock::Elapsed m_spoke{};
    std::set<client::Bytes> m_asked;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::set<client::Bytes> m_learnt;
    bool m_nudged = false;
    std::jthread m_thread;
};

} // namespace norikv::models
