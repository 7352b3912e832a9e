// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectorstore.h"

#include "sandbox/committer.h"
#include "sandbox/keyspace.h"

#include <algorithm>
#include <future>

namespace norikv::sandbox {

namespace {

constexpr std::size_t maxWrites = 1024; // per commit, as for keys
constexpr std::size_t maxFloats = 4U << 20U; // and at most 16 MiB of vectors
constexpr std::size_t sweepAtOnce = 4096;

} // namespace

VectorIds::VectorIds(std::unique_ptr<Snapshot> snapshot, std::uint64_t number, std::string_view startAfter)
    : m_snapshot(std::move(snapshot))
    , m_prefix(vectorRowKey(number, {}))
{
    std::string from = m_prefix;
    if (!startAfter.empty()) {
        from.append(startAfter).push_back('\0'); // the first name after it
    }
    m_cursor = m_snapshot->seek(from);
}

bool VectorIds::valid() const { return m_cursor->valid() && m_cursor->key().starts_with(m_prefix); }

Result<std::unique_ptr<VectorStore>> VectorStore::load(
    const Storage& storage, const Clock& clock, unsigned threads)
{
    std::unique_ptr<VectorStore> store(new VectorStore(storage, clock, threads));
    if (const auto loaded = store->m_catalogue.load(storage); !loaded) {
        return tl::unexpected(loaded.error());
    }
    return store;
}

VectorStore::VectorStore(const Storage& storage, const Clock& clock, unsigned threads)
    : m_storage(storage)
    , m_clock(clock)
    , m_threads(threads)
{
}

VectorStore::~VectorStore() { stop(); }

void VectorStore::start(Committer& committer)
{
    m_committer = &committer;
    m_worker = std::thread([this] { work(); });
}

void VectorStore::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_wake.notify_all();
    }
    if (m_worker.joinable()) {
        m_worker.join();
    }
}

void VectorStore::submit(VectorWrite write)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(write));
        if (std::exchange(m_scheduled, true)) {
            return;
        }
    }
    schedule();
}

void VectorStore::schedule()
{
    m_committer->submit(RowJob{[this](Batch& batch) { decide(batch); },
        [this](const Result<void>& committed) { answer(committed); }});
}

void VectorStore::decide(Batch& batch)
{
    m_draft.emplace(m_catalogue, m_clock.nowMs());
    {
        const std::lock_guard lock(m_mutex);
        std::size_t floats = 0;
        while (!m_waiting.empty() && m_group.size() < maxWrites && floats < maxFloats) {
            auto& next = m_waiting.front();
            const bool structural = next.op == VectorWrite::Op::Create || next.op == VectorWrite::Op::Drop;
            if (structural && !m_group.empty()) {
                break;
            }
            floats += next.values.size();
            m_group.push_back(std::move(next));
            m_waiting.pop_front();
            if (structural) {
                break;
            }
        }
    }
    for (const auto& write : m_group) {
        m_results.push_back(m_draft->add(write));
    }
    m_draft->finish(batch);
}

void VectorStore::answer(const Result<void>& committed)
{
    if (!m_draft) { // the committer had stopped, and this is the thread that asked: all that waits is refused
        std::deque<VectorWrite> refused;
        {
            const std::lock_guard lock(m_mutex);
            refused = std::exchange(m_waiting, {});
            m_scheduled = false;
        }
        for (const auto& write : refused) {
            write.done(tl::unexpected(VectorError{VectorError::Kind::Stopped, committed.error()}));
        }
        return;
    }
    if (committed) {
        m_draft->applyTo(m_catalogue);
    }
    m_draft.reset();
    bool dropped = false;
    for (std::size_t i = 0; i < m_group.size(); ++i) {
        dropped = dropped || m_group[i].op == VectorWrite::Op::Drop;
        m_group[i].done(committed
                ? m_results[i]
                : VectorResult(tl::unexpected(VectorError{VectorError::Kind::Storage, committed.error()})));
    }
    m_group.clear();
    m_results.clear();
    bool more = false;
    {
        const std::lock_guard lock(m_mutex);
        more = m_scheduled = !m_waiting.empty();
        m_changed = true;
        m_dropped = m_dropped || dropped;
        m_wake.notify_all();
    }
    if (more) {
        schedule();
    }
}

void VectorStore::work()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_wake.wait(lock, [this] { return m_stopping || m_changed; });
        m_changed = false;
        const bool dropped = std::exchange(m_dropped, false);
        lock.unlock();
        const bool swept = !dropped || sweep();
        const bool done = indexAll();
        lock.lock();
        m_dropped = m_dropped || !swept;
        m_changed = m_changed || !done;
    }
}

/// One turn for every index, so that a large one does not keep the others waiting. True when all are
/// complete.
bool VectorStore::indexAll()
{
    bool complete = true;
    for (const auto& [name, index] : m_catalogue.all()) {
        complete = !index.vectors->indexSome(m_threads) && complete;
    }
    return complete;
}

/// Removes some rows that a drop left. False when there are more. A failure is left to the next drop or
/// start: nobody sees these rows.
bool VectorStore::sweep()
{
    auto stray = strayVectorRows(m_storage, m_catalogue, sweepAtOnce);
    if (!stray || stray->empty()) {
        return true;
    }
    std::promise<bool> committed;
    m_committer->submit(RowJob{[&stray](Batch& batch) {
                                   for (auto& key : *stray) {
                                       batch.push_back({std::move(key), std::nullopt});
                                   }
                               },
        [&committed](const Result<void>& result) { committed.set_value(result.has_value()); }});
    return !committed.get_future().get();
}

Result<std::optional<std::vector<float>>> VectorStore::get(
    const NumberedIndex& index, const std::string& id) const
{
    std::string row;
    const auto found = m_storage.get(vectorRowKey(index.number, id), row);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        return std::nullopt;
    }
    auto values = vectorOfRow(row);
    if (!values) {
        return tl::unexpected(Error("the row of this vector is damaged"));
    }
    return values;
}

std::unique_ptr<VectorIds> VectorStore::ids(const NumberedIndex& index, std::string_view startAfter) const
{
    return std::unique_ptr<VectorIds>(new VectorIds(m_storage.snapshot(), index.number, startAfter));
}

VectorStore::Progress VectorStore::progress() const
{
    Progress sum;
    for (const auto& [name, index] : m_catalogue.all()) {
        const auto& vectors = *index.vectors;
        if (vectors.parameters().type == client::IndexType::Hnsw
            && vectors.size() >= VectorIndex::graphFrom) {
            sum.stored += vectors.size();
            sum.indexed += vectors.indexed();
        }
    }
    return sum;
}

} // namespace norikv::sandbox
