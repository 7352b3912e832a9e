// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace norikv::client {

/// A fixed number of threads that run blocking operations, first come first served. Streams never run here:
/// they own their threads.
class WorkerPool {
public:
    explicit WorkerPool(std::size_t threads);
    /// Drops what waits and joins what runs; callers cancel their operations first.
    ~WorkerPool();

    /// Work must not throw.
    void submit(std::function<void()> work);

private:
    void run(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<std::function<void()>> m_queue;
    std::vector<std::jthread> m_threads;
};

} // namespace norikv::client
