// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/delayer.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace norikv::sandbox {

enum class NodeState { Up, Down, Frozen };

/// The door every call to a node goes through: lets it pass, refuses it, delays it, or holds it until the
/// node thaws. Every method may be called from any thread.
class NodeGate {
public:
    explicit NodeGate(Delayer& delayer)
        : m_delayer(delayer)
    {
    }

    /// Calls `enter(true)` when the call may go on, `enter(false)` when the node is down; at once, or later
    /// on another thread. Always exactly once.
    template <class Enter> void pass(Enter&& enter)
    {
        if (m_open.load(std::memory_order_acquire)) {
            enter(true);
        } else {
            hold(std::forward<Enter>(enter));
        }
    }

    NodeState state() const { return m_state.load(std::memory_order_acquire); }
    void set(NodeState state, std::uint32_t delayMs);
    /// Refuses what is held and everything from now on.
    void close();

private:
    using Entry = std::function<void(bool)>;
    void hold(Entry enter);

    Delayer& m_delayer;
    std::atomic<bool> m_open = true; ///< up and without delay: the usual way, without a lock
    std::atomic<NodeState> m_state = NodeState::Up;
    std::mutex m_mutex;
    bool m_closed = false;
    std::uint32_t m_delayMs = 0;
    std::vector<Entry> m_held;
};

} // namespace norikv::sandbox
