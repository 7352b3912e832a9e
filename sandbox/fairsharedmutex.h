// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace norikv::sandbox {

/// A shared mutex that serves in the order of asking. std::shared_mutex lets readers overtake: endless
/// searches would keep every write out, and a writer that comes back at once would keep the searches out. For
/// std::shared_lock and std::unique_lock.
class FairSharedMutex {
public:
    void lock()
    {
        std::unique_lock lock(m_mutex);
        const auto ticket = m_next++;
        m_changed.wait(lock, [&] { return m_serving == ticket && m_readers == 0 && !m_writing; });
        ++m_serving;
        m_writing = true;
    }
    void unlock()
    {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        m_changed.notify_all();
    }
    void lock_shared()
    {
        std::unique_lock lock(m_mutex);
        const auto ticket = m_next++;
        m_changed.wait(lock, [&] { return m_serving == ticket && !m_writing; });
        ++m_serving;
        ++m_readers;
        m_changed.notify_all(); // the next in line may be a reader, too
    }
    void unlock_shared()
    {
        const std::lock_guard lock(m_mutex);
        if (--m_readers == 0) {
            m_changed.notify_all();
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_next = 0;
    std::uint64_t m_serving = 0;
    std::uint64_t m_readers = 0;
    bool m_writing = false;
};

} // namespace norikv::sandbox
