// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace norikv::client {

/// Ends a blocking request from outside by shutting its socket down: when somebody stops it, or when its
/// time is over. A library's own time limits are of single steps; a byte a second would pass them for ever.
class RequestCut {
public:
    RequestCut(std::stop_token stop, std::chrono::milliseconds after);
    ~RequestCut();
    RequestCut(const RequestCut&) = delete;
    RequestCut& operator=(const RequestCut&) = delete;

    /// The socket to shut down, told before it connects. It is duplicated: the library may close its own,
    /// and the number may mean another file by then.
    void watch(int socket);
    bool timedOut() const;

private:
    void run(const std::stop_token& done, std::chrono::milliseconds after);

    const std::stop_token m_stop;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    int m_socket = -1;
    bool m_timedOut = false;
    std::jthread m_thread;
};

} // namespace norikv::client
