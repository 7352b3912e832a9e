// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakestore.h"

#include "client/placement.h"

#include <algorithm>

namespace norikv::test {

using namespace client;

namespace {

constexpr std::size_t EntriesPerBatch = 1024;

tl::unexpected<Error> unsupported()
{
    return fail(ErrorKind::Unsupported, "the server does not offer this call");
}

} // namespace

Error FakeStore::answer(Fault fault)
{
    using enum Fault;
    switch (fault) {
    case NotLeader:
    case NotLeaderAfterApply:
        return {ErrorKind::NotLeader, "the node asked does not lead the shard", "NOT_LEADER"};
    case UnknownBeforeApply:
    case UnknownAfterApply:
        return {ErrorKind::UnknownOutcome, "the connection was lost", "Socket closed"};
    case Unreachable:
        return {ErrorKind::Unreachable, "no connection to the node", "failed to connect to all addresses"};
    case Timeout:
        return {ErrorKind::Timeout, "no answer in time", {}};
    case Conflict:
        return {ErrorKind::Conflict, "the version moved", {}};
    case KeyMissing:
        return {ErrorKind::KeyMissing, "the key does not exist", {}};
    case Invalid:
        return {ErrorKind::InvalidRequest, "the server refused the request", {}};
    case Server:
        break;
    }
    return {ErrorKind::Server, "the server failed", {}};
}

bool FakeStore::applies(const std::optional<Fault>& fault)
{
    return !fault || *fault == Fault::NotLeaderAfterApply || *fault == Fault::UnknownAfterApply;
}

FakeStore::FakeStore(const Clock& clock, std::uint32_t totalShards)
    : m_clock(clock)
    , m_totalShards(totalShards)
{
}

void FakeStore::script(Op op, Fault fault, int times)
{
    const std::scoped_lock lock(m_mutex);
    for (int i = 0; i < times; ++i)
        m_script[op].push_back(fault);
}

void FakeStore::always(Op op, Fault fault)
{
    const std::scoped_lock lock(m_mutex);
    m_always[op] = fault;
}

void FakeStore::calm()
{
    const std::scoped_lock lock(m_mutex);
    m_script.clear();
    m_always.clear();
}

std::vector<FakeStore::Seen> FakeStore::seen() const
{
    const std::scoped_lock lock(m_mutex);
    return m_seen;
}

std::size_t FakeStore::count(Op op) const
{
    const std::scoped_lock lock(m_mutex);
    return static_cast<std::size_t>(std::ranges::count(m_seen, op, &Seen::op));
}

void FakeStore::forget()
{
    const std::scoped_lock lock(m_mutex);
    m_seen.clear();
}

void FakeStore::setQuirksDirectly(const Quirks& quirks)
{
    const std::scoped_lock lock(m_mutex);
    m_quirks = quirks;
}

Quirks FakeStore::quirksNow() const
{
    const std::scoped_lock lock(m_mutex);
    return m_quirks;
}

void FakeStore::plant(const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    const std::scoped_lock lock(m_mutex);
    write(key, value, ttlMs);
}

void FakeStore::erase(const Bytes& key)
{
    const std::scoped_lock lock(m_mutex);
    tombstone(key);
}

std::optional<Bytes> FakeStore::value(const Bytes& key) const
{
    const std::scoped_lock lock(m_mutex);
    const Entry* entry = find(key);
    return entry ? std::optional(entry->value) : std::nullopt;
}

std::map<Bytes, Entry> FakeStore::contents() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entries;
}

bool FakeStore::waitUntil(const std::function<bool(const std::map<Bytes, Entry>&)>& condition)
{
    Lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::seconds(30), [&] { return condition(m_entries); });
}

std::optional<FakeStore::Fault> FakeStore::enter(Call& call, Seen seen)
{
    seen.timeout = call.timeout;
    seen.avoid = call.avoid;
    seen.background = call.background;
    if (before)
        before(seen);
    if (!seen.key.empty())
        call.record.shard = shardOf(seen.key, m_totalShards);
    const std::size_t node = call.node.value_or(route ? route(call, call.record.shard.value_or(0)) : 0);
    call.record.nodeIndex = node;
    call.record.node = "node" + std::to_string(node);
    ++call.record.attempts;
    const std::scoped_lock lock(m_mutex);
    const Op op = seen.op;
    m_seen.push_back(std::move(seen));
    if (auto& queue = m_script[op]; !queue.empty()) {
        const Fault fault = queue.front();
        queue.pop_front();
        return fault;
    }
    const auto every = m_always.find(op);
    return every == m_always.end() ? std::nullopt : std::optional(every->second);
}

Result<void> FakeStore::simple(Call& call, Op op, bool offered)
{
    const auto fault = enter(call, {.op = op});
    if (!offered)
        return unsupported();
    if (fault)
        return tl::unexpected(answer(*fault));
    return {};
}

bool FakeStore::expired(const Entry& entry) const
{
    return entry.expiresAtMs && *entry.expiresAtMs <= m_clock.nowMs();
}

const Entry* FakeStore::find(const Bytes& key) const
{
    const auto found = m_entries.find(key);
    return found == m_entries.end() || expired(found->second) ? nullptr : &found->second;
}

Entry FakeStore::read(const Bytes& key) const
{
    Entry entry;
    if (const Entry* found = find(key))
        entry = *found;
    entry.key = key;
    if (m_quirks.emptyMeta || !offersExplore || !entry.expiresAtMs) {
        entry.expiresAtMs.reset();
        entry.provenance = TtlProvenance::Unknown;
    }
    return entry;
}

Version FakeStore::nextVersion(const Bytes& key) { return {0, ++m_indexes[shardOf(key, m_totalShards)]}; }

void FakeStore::note(ChangeEvent::Kind kind, Entry entry)
{
    m_events.push_back({kind, m_events.size() + 1, std::move(entry)});
    m_changed.notify_all();
}

Version FakeStore::write(const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    Entry& entry = m_entries[key];
    entry.key = key;
    entry.value = value;
    entry.valueSize = value.size();
    entry.version = nextVersion(key);
    entry.provenance = TtlProvenance::Server;
    entry.expiresAtMs.reset();
    // Beyond the end of time is no expiry (rulings, small ones).
    EpochMs expiry = 0;
    if (ttlMs != 0 && !__builtin_add_overflow(m_clock.nowMs(), ttlMs, &expiry))
        entry.expiresAtMs = expiry;
    note(ChangeEvent::Kind::Put, entry);
    return *entry.version;
}

Version FakeStore::tombstone(const Bytes& key)
{
    const Version version = nextVersion(key);
    m_entries.erase(key);
    Entry gone;
    gone.key = key;
    gone.version = version;
    note(ChangeEvent::Kind::Delete, std::move(gone));
    return version;
}

Result<void> FakeStore::check(const Bytes& key, const Version& expected) const
{
    const Entry* entry = find(key);
    if (!entry)
        return tl::unexpected(answer(Fault::KeyMissing));
    if (entry->version != expected)
        return tl::unexpected(answer(Fault::Conflict));
    return {};
}

std::string FakeStore::memory(Op op, const std::string& idempotencyKey) const
{
    const bool shared = m_quirks.sharedIdempotency;
    return (shared ? "any/" : op == Op::Put ? "put/" : "remove/") + idempotencyKey;
}

Result<Entry> FakeStore::get(Call& call, const Bytes& key, Consistency)
{
    if (call.stop.stop_requested())
        return fail(ErrorKind::Cancelled, "stopped here");
    if (const auto fault = enter(call, {.op = Op::Get, .key = key}))
        return tl::unexpected(answer(*fault));
    const std::scoped_lock lock(m_mutex);
    return read(key);
}

Result<Version> FakeStore::put(Call& call, const Put& put)
{
    if (call.stop.stop_requested())
        return fail(ErrorKind::Cancelled, "stopped here");
    const auto fault = enter(call,
        {.op = Op::Put,
            .key = put.key,
            .value = put.value,
            .cas = put.ifMatch.has_value(),
            .idempotencyKey = put.idempotencyKey});
    if (!applies(fault))
        return tl::unexpected(answer(*fault));
    Lock lock(m_mutex);
    const std::string remembered = memory(Op::Put, put.idempotencyKey);
    if (!put.idempotencyKey.empty()) {
        if (const auto known = m_idempotent.find(remembered); known != m_idempotent.end())
            return known->second;
    }
    if (put.ifMatch) {
        if (auto ok = check(put.key, *put.ifMatch); !ok)
            return tl::unexpected(ok.error());
        if (m_quirks.racyCas) {
            // Check, then write: whoever checks in between passes as well.
            const int already = ++m_inWindow[put.key];
            m_changed.notify_all();
            if (already == 1)
                m_changed.wait_for(lock, std::chrono::milliseconds(std::max(m_quirks.casWindowMs, 1U)),
                    [&] { return m_inWindow[put.key] > 1; });
            --m_inWindow[put.key];
        }
    }
    const Version version = write(put.key, put.value, put.ttlMs);
    if (!put.idempotencyKey.empty())
        m_idempotent[remembered] = version;
    if (fault)
        return tl::unexpected(answer(*fault));
    return version;
}

Result<Removed> FakeStore::remove(Call& call, const Remove& remove)
{
    if (call.stop.stop_requested())
        return fail(ErrorKind::Cancelled, "stopped here");
    const auto fault = enter(call,
        {.op = Op::Remove,
            .key = remove.key,
            .value = {},
            .cas = remove.ifMatch.has_value(),
            .idempotencyKey = remove.idempotencyKey});
    if (!applies(fault))
        return tl::unexpected(answer(*fault));
    const std::scoped_lock lock(m_mutex);
    const std::string remembered = memory(Op::Remove, remove.idempotencyKey);
    if (!remove.idempotencyKey.empty()) {
        if (const auto known = m_idempotent.find(remembered); known != m_idempotent.end())
            return Removed{true, known->second};
    }
    if (remove.ifMatch && !m_quirks.deleteIgnoresIfMatch) {
        if (auto ok = check(remove.key, *remove.ifMatch); !ok)
            return tl::unexpected(ok.error());
    }
    const Version version = tombstone(remove.key);
    if (!remove.idempotencyKey.empty())
        m_idempotent[remembered] = version;
    if (fault)
        return tl::unexpected(answer(*fault));
    return Removed{true, version};
}

Result<void> FakeStore::getMany(Call& call, std::span<const Bytes> keys, std::size_t, const GotSink& sink)
{
    if (const auto fault = enter(call, {.op = Op::GetMany}))
        return tl::unexpected(answer(*fault));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        sink(i, get(call, keys[i], Consistency::Strong));
    }
    return {};
}

Result<void> FakeStore::watchCluster(Call& call, const ViewSink& sink)
{
    if (const auto done = simple(call, Op::WatchCluster, true); !done)
        return done;
    ClusterView view;
    view.nodes.push_back({"node0", "127.0.0.1:7447", "unknown"});
    sink(std::move(view));
    return {};
}

Result<void> FakeStore::scan(Call& call, const ScanRequest& request, const ScanSink& sink)
{
    const auto fault = enter(call, {.op = Op::Scan, .key = request.prefix});
    if (!offersExplore)
        return unsupported();
    if (fault)
        return tl::unexpected(answer(*fault));
    std::vector<Entry> all;
    std::uint64_t revision = 0;
    {
        const std::scoped_lock lock(m_mutex);
        revision = m_events.size();
        for (const auto& [key, entry] : m_entries) {
            if (!key.starts_with(request.prefix) || expired(entry)
                || (!request.startAfter.empty() && key <= request.startAfter))
                continue;
            if (request.limit != 0 && all.size() >= request.limit)
                break;
            all.push_back(entry);
            if (request.keysOnly)
                all.back().value.clear();
        }
    }
    std::size_t sent = 0;
    do {
        const std::size_t n = std::min(EntriesPerBatch, all.size() - sent);
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(sent);
        ScanBatch batch;
        batch.entries.assign(from, from + static_cast<std::ptrdiff_t>(n));
        batch.revision = revision;
        batch.serverTimeMs = m_clock.nowMs();
        batch.coverage = Coverage::Complete;
        sent += n;
        batch.last = sent == all.size();
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        if (!sink(std::move(batch)))
            return {};
    } while (sent < all.size());
    return {};
}

Result<void> FakeStore::watch(Call& call, const WatchRequest& request, const WatchSink& sink)
{
    const auto fault = enter(call, {.op = Op::Watch, .key = request.prefix});
    if (!offersExplore)
        return unsupported();
    if (fault)
        return tl::unexpected(answer(*fault));
    std::size_t next = 0;
    {
        const std::scoped_lock lock(m_mutex);
        next = request.afterRevision == 0 ? m_events.size() : request.afterRevision;
    }
    while (true) {
        WatchBatch batch;
        {
            Lock lock(m_mutex);
            if (!idle && !watchEnds)
                m_changed.wait(lock, call.stop, [&] { return m_events.size() > next; });
            for (; next < m_events.size(); ++next) {
                if (m_events[next].entry.key.starts_with(request.prefix))
                    batch.events.push_back(m_events[next]);
            }
            batch.revision = next;
        }
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        if (batch.events.empty() && watchEnds)
            return tl::unexpected(*watchEnds);
        if (batch.events.empty() && idle)
            idle();
        batch.serverTimeMs = m_clock.nowMs();
        if (!sink(std::move(batch)))
            return {};
    }
}

Result<std::vector<Entry>> FakeStore::stat(Call& call, std::span<const Bytes> keys)
{
    const auto fault = enter(call, {.op = Op::Stat, .key = keys.empty() ? Bytes() : keys.front()});
    if (!offersExplore)
        return unsupported();
    if (fault)
        return tl::unexpected(answer(*fault));
    call.record.serverTimeMs = m_clock.nowMs();
    const std::scoped_lock lock(m_mutex);
    std::vector<Entry> out;
    for (const Bytes& key : keys) {
        const Entry* const found = find(key);
        out.push_back(found ? *found : Entry());
        out.back().key = key;
        out.back().value.clear();
        out.back().provenance = TtlProvenance::Server;
    }
    return out;
}

Result<void> FakeStore::snapshotShard(Call& call, std::uint32_t) { return simple(call, Op::Snapshot, true); }

Result<void> FakeStore::transferShard(Call& call, std::uint32_t) { return simple(call, Op::Transfer, true); }

Result<Quirks> FakeStore::quirks(Call& call)
{
    return simple(call, Op::GetQuirks, offersFaults).map([this] { return quirksNow(); });
}

Result<Quirks> FakeStore::setQuirks(Call& call, const Quirks& quirks)
{
    return simple(call, Op::SetQuirks, offersFaults).map([&] {
        setQuirksDirectly(quirks);
        return quirks;
    });
}

Result<std::uint64_t> FakeStore::flushTtl(Call& call, const Bytes& prefix)
{
    return simple(call, Op::Flush, offersFaults).map([&] {
        const std::scoped_lock lock(m_mutex);
        std::uint64_t lost = 0;
        for (auto& [key, entry] : m_entries) {
            if (!key.starts_with(prefix) || !entry.expiresAtMs)
                continue;
            entry.expiresAtMs.reset();
            ++lost;
        }
        return lost;
    });
}

Result<void> FakeStore::moveShard(Call& call, const ShardMove&)
{
    return simple(call, Op::MoveShard, offersFaults);
}

Result<void> FakeStore::setNode(Call& call, const NodeFault&)
{
    return simple(call, Op::SetNode, offersFaults);
}

Result<void> FakeStore::shiftClock(Call& call, std::chrono::milliseconds)
{
    return simple(call, Op::ShiftClock, offersFaults);
}

} // namespace norikv::test
