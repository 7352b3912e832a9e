// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sandbox/sandboxprocess.h"

#include "client/clock.h"
#include "client/connection.h"
#include "client/trace.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QProcess;

namespace norikv::tests {

/// Before start(): the child is killed should this program crash.
void dieWithUs(QProcess& process);

/// A TCP port nobody uses, below those that the system hands out to clients: a server can come back on it.
/// With `count` the ones that follow are free too.
int freePort(int count = 1);

/// The real norikv-sandbox on loopback, in a folder and on ports of its own, which it keeps when it is killed
/// and started again. Gone with the object.
class LiveServer {
public:
    explicit LiveServer(std::vector<std::string> flags = {}, int nodes = 1);

    void start();
    void kill(); ///< SIGKILL, and waits until it is gone
    bool ready() const { return m_process && m_process->ready(); }
    void signal(int number) const { m_process->signal(number); }

    int port() const { return m_port; }
    std::string address(int node = 0) const { return "127.0.0.1:" + std::to_string(m_port + node); }
    std::string httpAddress(int node = 0) const { return "127.0.0.1:" + std::to_string(m_httpPort + node); }
    std::string target() const; ///< all nodes, as a person writes them
    std::vector<std::string> seeds() const;

private:
    const std::vector<std::string> m_flags;
    const int m_nodes;
    const int m_port;
    const int m_httpPort;
    TempFolder m_folder;
    std::unique_ptr<SandboxProcess> m_process;
};

/// Another program that uses the same store.
class OtherClient {
public:
    explicit OtherClient(std::vector<std::string> seeds, std::uint32_t shards = 1024);

    client::Store& store() { return m_connection->store(); }
    client::Connection& connection() { return *m_connection; }
    const Clock& clock() const { return m_clock; }

    client::Entry get(
        const std::string& key); ///< an entry without version when it is missing or cannot be read
    std::optional<std::int64_t> count(const std::string& key); ///< empty when no integer is stored
    bool put(const std::string& key, const std::string& value, std::uint64_t ttlMs = 0);
    bool increment(const std::string& key, std::int64_t by = 1);

private:
    SystemClock m_clock;
    client::TraceLog m_trace;
    std::unique_ptr<client::Connection> m_connection;
};

} // namespace norikv::tests
