// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/scripthost.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

namespace norikv::models {

using client::Error;
using client::ErrorKind;

namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto Look = 20ms; ///< how often a stop is looked at
constexpr auto Grace = 50ms; ///< what is nearly done is not worth another start
constexpr int Patience = 8; ///< times the silence, for a process that does not get the processor

/// Processor time of a process so far; 0 where it cannot be told.
std::chrono::milliseconds workOf(pid_t pid)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(in, text);
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string skipped;
    for (int i = 0; i < 11; ++i) // up to those of user and system time, 14th and 15th of all
        fields >> skipped;
    long user = 0;
    long system = 0;
    fields >> user >> system;
    return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

} // namespace

client::Result<std::unique_ptr<ScriptHost>> ScriptHost::start(const std::string& program)
{
    // One socket for both ways: unlike a pipe it can be written to without a signal when the other end is
    // gone.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return client::fail(ErrorKind::LocalFile, "no channel to the script's process", std::strerror(errno));
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    std::string name = program;
    std::array<char*, 2> arguments{name.data(), nullptr};
    pid_t pid = -1;
    const int wrong = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), ::environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (wrong != 0) {
        ::close(ends[0]);
        return client::fail(
            ErrorKind::LocalFile, "the program that runs scripts could not be started", std::strerror(wrong));
    }
    return std::unique_ptr<ScriptHost>(new ScriptHost(pid, ends[0]));
}

ScriptHost::~ScriptHost()
{
    ::close(m_socket);
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
}

bool ScriptHost::write()
{
    const auto sent = ::send(m_socket, m_out.data(), m_out.size(), MSG_NOSIGNAL);
    if (sent > 0)
        m_out.erase(0, static_cast<std::size_t>(sent));
    return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

Error ScriptHost::died()
{
    int status = 0;
    ::kill(m_pid, SIGKILL); // it may have closed its output and live on
    const bool ended = ::waitpid(m_pid, &status, 0) == m_pid;
    m_pid = -1;
    if (ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return {ErrorKind::BadData, "the script used more than ten seconds of processor time", {}};
    std::string how = "unknown";
    if (ended && WIFSIGNALED(status))
        how = std::string("signal ") + ::strsignal(WTERMSIG(status));
    else if (ended)
        how = "exit code " + std::to_string(WEXITSTATUS(status));
    return {ErrorKind::BadData, "the script broke its process; most likely it needs more than 512 MB", how};
}

client::Result<std::string> ScriptHost::line(std::chrono::milliseconds silence, const std::stop_token& stop)
{
    const auto begin = Steady::now();
    auto last = begin;
    auto before = workOf(m_pid);
    for (;;) {
        if (const auto end = m_in.find('\n', m_searched); end != std::string::npos) {
            std::string line = m_in.substr(0, end);
            m_in.erase(0, end + 1);
            m_searched = 0;
            return line;
        }
        m_searched = m_in.size();
        if (m_in.size() > MostLineBytes)
            return client::fail(ErrorKind::BadData, "the script says more than 8 MB at once");
        const auto now = Steady::now();
        if (stop.stop_requested() && now - begin >= Grace)
            return client::fail(ErrorKind::Cancelled, "the script was stopped");
        // While it takes what it is sent it is not silent; a line without its end is no word, though. On a
        // busy machine a process may be silent because it does not run at all.
        if (now - last >= silence * Patience
            || (now - last >= silence && workOf(m_pid) - before >= silence / 2))
            return client::fail(ErrorKind::BadData,
                "the script said nothing for " + std::to_string(silence.count())
                    + " ms and was ended; does it loop?");
        pollfd ready{m_socket, static_cast<short>(m_out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
        ::poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(Look).count()));
        if ((ready.revents & POLLOUT) != 0) {
            if (!write())
                return tl::unexpected(died());
            last = Steady::now();
            before = workOf(m_pid);
        }
        if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            std::array<char, 65536> piece;
            const auto got = ::recv(m_socket, piece.data(), piece.size(), 0);
            if (got > 0)
                m_in.append(piece.data(), static_cast<std::size_t>(got));
            else if (got == 0 || (errno != EAGAIN && errno != EINTR))
                return tl::unexpected(died());
        }
    }
}

} // namespace norikv::models
