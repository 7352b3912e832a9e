// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/engine.h"

#include "sandbox/keyspace.h"

namespace norikv::sandbox {

Scan::Scan(
    std::unique_ptr<Snapshot> snapshot, std::string_view prefix, std::string_view startAfter, EpochMs now)
    : m_snapshot(std::move(snapshot))
    , m_prefix(rowKey(row::data, prefix))
    , m_now(now)
{
    // The revision is a row of the same snapshot, so the two cannot disagree.
    std::string revision;
    const auto found = m_snapshot->get(revisionRowKey(), revision);
    if (!found) {
        m_status = tl::unexpected(found.error());
        return;
    }
    if (*found && revision.size() == 8) {
        m_revision = readNumber(revision);
    }
    std::string from = m_prefix;
    if (!startAfter.empty()) {
        from = std::max(from, rowKey(row::data, startAfter) + '\0');
    }
    m_cursor = m_snapshot->seek(from);
    settle();
}

void Scan::next()
{
    m_cursor->next();
    settle();
}

/// Moves on to a row that is readable.
void Scan::settle()
{
    for (m_valid = false; m_cursor->valid() && m_cursor->key().starts_with(m_prefix); m_cursor->next()) {
        const auto meta = peekRecord(m_cursor->value(), m_row.value);
        if (!meta) {
            m_status = tl::unexpected(Error("a record of the store is cut short"));
            return;
        }
        if (!meta->expiredAt(m_now)) {
            m_row.key = m_cursor->key().substr(1);
            m_row.meta = *meta;
            m_valid = true;
            return;
        }
    }
    m_status = m_cursor->status();
}

Result<std::unique_ptr<Engine>> Engine::open(
    std::unique_ptr<Storage> storage, std::uint32_t totalShards, const Quirks& quirks, const Clock& clock)
{
    auto state = loadState(*storage, totalShards, quirks);
    if (!state) {
        return tl::unexpected(state.error());
    }
    auto vectors = VectorStore::load(*storage, clock, VectorGraph::usefulThreads());
    if (!vectors) {
        return tl::unexpected(vectors.error());
    }
    return std::unique_ptr<Engine>(
        new Engine(std::move(storage), std::move(*state), std::move(*vectors), quirks, clock));
}

Engine::Engine(std::unique_ptr<Storage> storage, State state, std::unique_ptr<VectorStore> vectors,
    const Quirks& quirks, const Clock& clock)
    : m_storage(std::move(storage))
    , m_totalShards(state.totalShards())
    , m_clock(clock)
    , m_quirks(quirks)
    , m_history(state.revision)
    , m_vectors(std::move(vectors))
    , m_committer(
          std::make_unique<Committer>(*m_storage, std::move(state), m_clock, m_quirks, m_history, m_delayer))
{
    m_vectors->start(*m_committer);
}

Engine::~Engine() { stop(); }

void Engine::stop()
{
    m_delayer.stop(); // first: what it holds back goes to the committer
    m_committer->stop();
    m_vectors->stop();
}

Result<std::optional<RecordMeta>> Engine::get(std::string_view key, std::string& value) const
{
    const auto found = m_storage->get(rowKey(row::data, key), value);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        value.clear();
        return std::nullopt;
    }
    const auto meta = decodeRecord(value);
    if (!meta) {
        return tl::unexpected(Error("the record of this key is cut short"));
    }
    if (meta->expiredAt(m_clock.nowMs())) {
        value.clear();
        return std::nullopt;
    }
    return meta;
}

template <class Go> void Engine::afterDelay(Go go)
{
    if (const auto delay = m_quirks.load().commitDelayMs; delay == 0) {
        go();
    } else {
        m_delayer.after(std::chrono::milliseconds(delay), std::move(go));
    }
}

void Engine::submit(Write write)
{
    afterDelay([this, write = std::move(write)]() mutable { m_committer->submit(std::move(write)); });
}

void Engine::submit(VectorWrite write)
{
    afterDelay([this, write = std::move(write)]() mutable { m_vectors->submit(std::move(write)); });
}

std::unique_ptr<Scan> Engine::scan(std::string_view prefix, std::string_view startAfter) const
{
    return std::unique_ptr<Scan>(new Scan(m_storage->snapshot(), prefix, startAfter, m_clock.nowMs()));
}

} // namespace norikv::sandbox
