// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace norikv::sandbox {

/// Runs small tasks later, on one thread of its own, in order of time. Real time, not the injected clock: it
/// paces streams and injected delays, nothing that is stored.
class Delayer {
public:
    using Task = std::function<void()>;

    Delayer();
    ~Delayer();
    Delayer(const Delayer&) = delete;
    Delayer& operator=(const Delayer&) = delete;

    /// From any thread. After stop() the task runs at once, on the caller's thread.
    void after(std::chrono::milliseconds delay, Task task);
    /// Runs everything that waits, without its delay, and ends the thread. Idempotent.
    void stop();

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::multimap<std::chrono::steady_clock::time_point, Task> m_tasks;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace norikv::sandbox
