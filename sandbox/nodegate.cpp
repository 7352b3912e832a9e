// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/nodegate.h"

#include <utility>

namespace norikv::sandbox {

void NodeGate::set(NodeState state, std::uint32_t delayMs)
{
    std::vector<Entry> released;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) {
            return;
        }
        m_state.store(state, std::memory_order_release);
        m_delayMs = delayMs;
        m_open.store(state == NodeState::Up && delayMs == 0, std::memory_order_release);
        if (state != NodeState::Frozen) {
            released = std::exchange(m_held, {});
        }
    }
    for (auto& entry : released) {
        entry(state == NodeState::Up);
    }
}

void NodeGate::close()
{
    set(NodeState::Down, 0);
    const std::lock_guard lock(m_mutex);
    m_closed = true;
}

void NodeGate::hold(Entry enter)
{
    bool up = false;
    {
        const std::lock_guard lock(m_mutex);
        switch (m_state.load(std::memory_order_relaxed)) {
        case NodeState::Frozen:
            m_held.push_back(std::move(enter));
            return;
        case NodeState::Down:
            break;
        case NodeState::Up:
            up = true;
            break;
        }
        if (up && m_delayMs != 0) {
            m_delayer.after(std::chrono::milliseconds(m_delayMs), [this, enter = std::move(enter)] {
                enter(m_state.load(std::memory_order_acquire) != NodeState::Down);
            });
            return;
        }
    }
    enter(up);
}

} // namespace norikv::sandbox
