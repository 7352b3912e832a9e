// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/keysource.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace norikv::models {

/// The thread that runs a list's sources: the first that the server supports. A fresh list, or none, on
/// request; each is a round, and news of an older round are to be ignored.
class KeysFollower {
public:
    KeysFollower(std::vector<std::unique_ptr<KeySource>> sources, std::shared_ptr<ChunkQueue<KeyNews>> queue);
    ~KeysFollower();

    /// Ends the round under way and lists again from the first key. Gives the number of the new round.
    std::uint64_t again();
    /// Ends the round under way; nothing follows until again().
    void rest();

private:
    void run(const std::stop_token& stop);
    void runRound(std::uint64_t round, const std::stop_token& stop);

    const std::vector<std::unique_ptr<KeySource>> m_sources;
    std::shared_ptr<ChunkQueue<KeyNews>> m_queue;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::uint64_t m_wanted = 1;
    std::stop_source m_round;
    std::jthread m_thread;
};

} // namespace norikv::models
