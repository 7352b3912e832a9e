// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"

#include "client/connection.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace norikv::models {

/// What Watch tells about one key. The value is not carried: whoever hears of a change reads it.
struct WatchNews {
    enum class Kind {
        Heard, ///< the stream lives
        Changed,
        Lost, ///< the stream ended; it is dialled again
        Unsupported, ///< this server offers no Watch: ask instead
    };
    Kind kind = Kind::Heard;
    client::Bytes key;
};

/// The thread that watches the key in the inspector. Reconnects for ever; changing keys never waits.
class KeyWatcher {
public:
    KeyWatcher(client::Connection& connection, std::shared_ptr<ChunkQueue<WatchNews>> queue);
    ~KeyWatcher();

    /// Empty = watch nothing.
    void follow(std::optional<client::Bytes> key);

private:
    void run(const std::stop_token& stop);
    client::Result<void> watch(const client::Bytes& key, const std::stop_token& stop);
    void tell(WatchNews::Kind kind, const client::Bytes& key, const std::stop_token& stop);

    client::Connection& m_connection;
    std::shared_ptr<ChunkQueue<WatchNews>> m_queue;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<client::Bytes> m_key;
    std::uint64_t m_round = 0; ///< grows with every follow()
    std::stop_source m_current; ///< ends the stream under way
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace norikv::models
