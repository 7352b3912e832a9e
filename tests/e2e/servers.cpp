// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/servers.h"

#include "client/patterns/counter.h"

#include <QProcess>
#include <QTcpServer>

#include <sys/prctl.h>

#include <csignal>
#include <random>

namespace norikv::tests {

int freePort(int count)
{
    static std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> any(12'000, 30'000);
    while (true) {
        const int first = any(random);
        bool free = true;
        for (int port = first; free && port < first + count; ++port) {
            QTcpServer probe;
            free = probe.listen(QHostAddress::LocalHost, static_cast<quint16>(port));
        }
        if (free)
            return first;
    }
}

void dieWithUs(QProcess& process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

LiveServer::LiveServer(std::vector<std::string> flags, int nodes)
    : m_flags(std::move(flags))
    , m_nodes(nodes)
    , m_port(freePort(2 * nodes)) // both at once: asked for one after the other they may be the same
    , m_httpPort(m_port + nodes)
{
    start();
}

void LiveServer::start()
{
    // setpriv keeps the process id and has the server die with this program, should it crash.
    std::vector<std::string> arguments{"--pdeathsig=KILL", "--", NORIKV_SANDBOX_BINARY,
        "--data-dir=" + m_folder.path().string() + "/data", "--listen=" + address(),
        "--http=" + httpAddress(), "--nodes=" + std::to_string(m_nodes)};
    arguments.insert(arguments.end(), m_flags.begin(), m_flags.end());
    m_process.reset();
    m_process = std::make_unique<SandboxProcess>("/usr/bin/setpriv", std::move(arguments));
}

void LiveServer::kill()
{
    m_process->signal(SIGKILL);
    m_process->wait();
}

std::vector<std::string> LiveServer::seeds() const
{
    std::vector<std::string> all;
    for (int node = 0; node < m_nodes; ++node)
        all.push_back(address(node));
    return all;
}

std::string LiveServer::target() const
{
    std::string text = "norikv://" + address();
    for (int node = 1; node < m_nodes; ++node)
        text += ',' + address(node);
    return text;
}

OtherClient::OtherClient(std::vector<std::string> seeds, std::uint32_t shards)
{
    client::Profile profile;
    profile.seeds = std::move(seeds);
    profile.totalShards = shards;
    m_connection = std::move(*client::Connection::open(profile, m_clock, m_trace));
}

client::Entry OtherClient::get(const std::string& key)
{
    client::Call call;
    auto entry = store().get(call, key);
    return entry ? std::move(*entry) : client::Entry{};
}

std::optional<std::int64_t> OtherClient::count(const std::string& key)
{
    const auto entry = get(key);
    return entry.exists() ? client::parseCounter(entry.value) : std::nullopt;
}

bool OtherClient::put(const std::string& key, const std::string& value, std::uint64_t ttlMs)
{
    // Faithful servers refuse the first touch of a shard, after which nobody knows what became of a write.
    get(key);
    client::Call call;
    client::Put put;
    put.key = key;
    put.value = value;
    put.ttlMs = ttlMs;
    return store().put(call, put).has_value();
}

bool OtherClient::increment(const std::string& key, std::int64_t by)
{
    client::Call call;
    return client::Counter(store(), key).add(call, by).has_value();
}

} // namespace norikv::tests
