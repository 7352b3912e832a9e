// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/lease.h"

#include "client/patterns/createifabsent.h"

namespace norikv::client {

namespace {

constexpr std::string_view Prefix = "leader:";
constexpr std::uint64_t SettlePart = 20; // of the lease: how long another late writer is waited for

} // namespace

Bytes leaseKey(std::string_view election) { return Bytes(Prefix).append(election); }

std::optional<Bytes> electionOf(std::string_view key)
{
    if (!key.starts_with(Prefix) || key.size() == Prefix.size())
        return std::nullopt;
    return Bytes(key.substr(Prefix.size()));
}

LeaseCandidate::LeaseCandidate(
    Store& store, Bytes election, std::string nodeId, std::uint64_t leaseMs, Sleeper sleeper)
    : m_store(store)
    , m_key(leaseKey(election))
    , m_nodeId(std::move(nodeId))
    , m_leaseMs(leaseMs)
    , m_sleep(std::move(sleeper))
{
}

Result<LeaseCandidate::Standing> LeaseCandidate::campaign(Call& call)
{
    const auto there = m_store.get(call, m_key);
    if (!there)
        return tl::unexpected(there.error());
    if (there->exists())
        return there->value == m_nodeId ? renew(call, *there)
                                        : Result<Standing>(Standing{false, there->value});
    const auto made = createIfAbsent(m_store, call, m_key, m_nodeId, m_leaseMs);
    if (!made)
        return tl::unexpected(made.error());
    if (made->value != m_nodeId)
        return Standing{false, made->value};
    // The wire has no "if absent": two who found the key missing may both have written. The later one stays.
    if (!m_sleep(std::chrono::milliseconds(m_leaseMs / SettlePart), call.stop))
        return fail(ErrorKind::Cancelled, "stopped while the election settled");
    const auto settled = m_store.get(call, m_key);
    if (!settled)
        return tl::unexpected(settled.error());
    return Standing{settled->exists() && settled->value == m_nodeId, settled->value};
}

Result<LeaseCandidate::Standing> LeaseCandidate::heartbeat(Call& call)
{
    const auto there = m_store.get(call, m_key);
    if (!there)
        return tl::unexpected(there.error());
    if (!there->exists() || there->value != m_nodeId)
        return Standing{false, there->value};
    return renew(call, *there);
}

Result<LeaseCandidate::Standing> LeaseCandidate::renew(Call& call, const Entry& entry)
{
    Put put;
    put.key = m_key;
    put.value = m_nodeId;
    put.ttlMs = m_leaseMs;
    put.ifMatch = entry.version;
    const auto written = m_store.put(call, put);
    if (written)
        return Standing{true, m_nodeId};
    const ErrorKind kind = written.error().kind;
    if (kind == ErrorKind::Conflict || kind == ErrorKind::KeyMissing)
        return Standing{false, {}};
    return tl::unexpected(written.error());
}

Result<LeaseCandidate::Standing> LeaseCandidate::resign(Call& call)
{
    const auto there = m_store.get(call, m_key);
    if (!there)
        return tl::unexpected(there.error());
    if (!there->exists() || there->value != m_nodeId)
        return Standing{false, there->value};
    Remove remove;
    remove.key = m_key;
    remove.ifMatch = there->version;
    const auto removed = m_store.remove(call, remove);
    if (!removed && removed.error().kind != ErrorKind::Conflict)
        return tl::unexpected(removed.error());
    return Standing{};
}

} // namespace norikv::client
