// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/requestcut.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace norikv::client {

namespace {

using namespace std::chrono_literals;

constexpr auto Again = 10ms;

} // namespace

RequestCut::RequestCut(std::stop_token stop, std::chrono::milliseconds after)
    : m_stop(std::move(stop))
    , m_thread([this, after](const std::stop_token& done) { run(done, after); })
{
}

RequestCut::~RequestCut()
{
    m_thread.request_stop();
    m_thread.join();
    if (m_socket >= 0)
        ::close(m_socket);
}

void RequestCut::watch(int socket)
{
    const std::scoped_lock lock(m_mutex);
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

bool RequestCut::timedOut() const
{
    const std::scoped_lock lock(m_mutex);
    return m_timedOut;
}

void RequestCut::run(const std::stop_token& done, std::chrono::milliseconds after)
{
    // Made before the lock and gone after it, because the callback takes the lock.
    const std::stop_callback wake(m_stop, [this] {
        {
            const std::scoped_lock lock(m_mutex);
        }
        m_changed.notify_all();
    });
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, done, after, [this] { return m_stop.stop_requested(); });
    m_timedOut = !done.stop_requested() && !m_stop.stop_requested();
    // Again and again, because a socket that has not begun to connect cannot be shut down yet.
    while (!done.stop_requested()) {
        if (m_socket >= 0)
            ::shutdown(m_socket, SHUT_RDWR);
        m_changed.wait_for(lock, done, Again, [] { return false; });
    }
}

} // namespace norikv::client
