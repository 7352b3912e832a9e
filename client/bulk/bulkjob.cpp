// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/bulkjob.h"

#include "client/journal/journalingstore.h"
#include "client/journal/undo.h"
#include "client/patterns/tenant.h"
#include "client/placement.h"

#include <algorithm>
#include <map>
#include <thread>

namespace norikv::client {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t ReadsInFlight = 64;
constexpr double RateElsewhere = 200;
constexpr std::size_t SmallestBatch = 16;
constexpr std::size_t LargestBatch = 64; // values of 1 MiB: all of a batch is held at once
constexpr std::size_t FewBytes = 2 * 1024 * 1024;
constexpr std::size_t ManyBytes = 16 * 1024 * 1024;

double rateOf(const BulkOptions& options)
{
    return options.perSecond.value_or(options.ourSandbox ? 0 : RateElsewhere);
}

bool hasEnded(BulkState state)
{
    return state == BulkState::Cancelled || state == BulkState::Finished || state == BulkState::Stopped;
}

} // namespace

struct BulkJob::Work {
    const BulkItem* item = nullptr;
    Entry before;
    BulkDecision decision;
};

BulkJob::BulkJob(
    Store& store, const ServerClock& clock, BulkRequest request, BulkOptions options, Sleeper sleeper)
    : m_store(store)
    , m_serverClock(clock)
    , m_clock(clock.local())
    , m_request(std::move(request))
    , m_options(std::move(options))
    , m_sleep(std::move(sleeper))
    , m_pace(m_clock, m_sleep, rateOf(m_options))
{
    m_progress.total = m_request.keys.empty() ? m_options.total : m_request.keys.size();
}

Call BulkJob::call() const
{
    Call call;
    call.stop = m_stop.get_token();
    call.consent = m_options.consent;
    call.why = m_options.why;
    call.journal = false; // the undo file is kept instead
    call.background = true;
    return call;
}

BulkState BulkJob::state() const
{
    const std::scoped_lock lock(m_mutex);
    return m_progress.state;
}

Result<BulkProgress> BulkJob::run(const std::stop_token& stop)
{
    const std::stop_callback chain(stop, [this] { cancel(); });
    {
        const std::scoped_lock lock(m_mutex);
        if (m_progress.state != BulkState::Idle)
            return fail(ErrorKind::InvalidRequest, "the job has run already");
        m_progress.state = BulkState::Running;
        m_since = m_clock.elapsed();
    }
    const auto ran = runBatches();
    BulkProgress end;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_progress.state == BulkState::Running)
            m_ran += m_clock.elapsed() - m_since;
        m_progress.state = BulkState::Finished;
        if (m_stop.stop_requested())
            m_progress.state = BulkState::Cancelled;
        else if (!ran)
            m_progress.state = BulkState::Stopped;
        if (m_progress.state == BulkState::Stopped)
            m_progress.problem = ran.error().message;
    }
    end = progress();
    noteInJournal(end);
    if (end.state == BulkState::Stopped)
        return tl::unexpected(ran.error());
    return end;
}

Result<void> BulkJob::runBatches()
{
    auto source = openSource(m_request);
    if (!source)
        return tl::unexpected(source.error());
    while (mayGo()) {
        auto batch = (*source)->next(m_batchSize);
        if (!batch)
            return tl::unexpected(batch.error());
        if (batch->empty())
            return {};
        if (auto done = runBatch(std::move(*batch)); !done)
            return done;
    }
    return {};
}

Result<void> BulkJob::warm(const std::vector<BulkItem>& batch)
{
    if (m_options.ourSandbox)
        return {};
    std::vector<Bytes> first;
    for (const BulkItem& item : batch) {
        for (const Bytes* key : {&item.key, &item.source}) {
            if (!key->empty() && m_warm.insert(shardOf(*key, m_options.totalShards)).second)
                first.push_back(*key);
        }
    }
    if (first.empty())
        return {};
    return read(first).map([](const auto&) {});
}

/// Reads until the server is there: a job that can wait does not fail a thousand keys for a restart.
Result<std::vector<Result<Entry>>> BulkJob::read(const std::vector<Bytes>& keys)
{
    while (true) {
        std::vector<Result<Entry>> entries(keys.size(), fail(ErrorKind::Cancelled, "stopped here"));
        Call ask = call();
        const auto got = m_store.getMany(ask, keys, ReadsInFlight,
            [&](std::size_t index, Result<Entry> entry) { entries[index] = std::move(entry); });
        const auto away = [](const Result<Entry>& entry) {
            return !entry && entry.error().kind == ErrorKind::Unreachable;
        };
        const bool allAway = got ? !entries.empty() && std::ranges::all_of(entries, away)
                                 : got.error().kind == ErrorKind::Unreachable;
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        if (allAway) {
            pauseBecause(got ? entries.front().error() : got.error());
            if (!mayGo())
                return fail(ErrorKind::Cancelled, "stopped here");
            continue;
        }
        if (!got)
            return tl::unexpected(got.error());
        return entries;
    }
}

Result<void> BulkJob::runBatch(std::vector<BulkItem> batch)
{
    if (auto warmed = warm(batch); !warmed)
        return warmed;
    if (m_request.action == BulkAction::Clone) {
        std::vector<Bytes> sources;
        for (const BulkItem& item : batch)
            sources.push_back(item.source);
        auto entries = read(sources);
        if (!entries)
            return tl::unexpected(entries.error());
        askExpiries(*entries, sources);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto& entry = (*entries)[i];
            if (entry && entry->exists())
                takeSource(batch[i], std::move(*entry));
            else if (!entry && batch[i].broken.empty())
                batch[i].broken = "it could not be read: " + entry.error().message;
        }
    }
    std::vector<Bytes> keys;
    std::vector<const BulkItem*> readable;
    for (const BulkItem& item : batch) {
        if (!item.broken.empty()) {
            count(item, WriteStatus::Failed, item.broken);
            continue;
        }
        keys.push_back(item.key);
        readable.push_back(&item);
    }
    auto now = read(keys);
    if (!now)
        return tl::unexpected(now.error());
    askExpiries(*now, keys);
    std::vector<Work> works;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < readable.size(); ++i) {
        auto& entry = (*now)[i];
        if (!entry) {
            count(*readable[i], WriteStatus::Failed, "it could not be read: " + entry.error().message);
            continue;
        }
        bytes += entry->value.size();
        entry->key = keys[i];
        Work work{readable[i], std::move(*entry), {}};
        work.decision = decide(m_request, *work.item, work.before, m_serverClock);
        if (work.decision.what == BulkDecision::Do::Skip)
            skip();
        else if (work.decision.what == BulkDecision::Do::Fail)
            count(*work.item, WriteStatus::Failed, work.decision.reason);
        else
            works.push_back(std::move(work));
    }
    // Small values make large batches, so that the disk is waited for rarely; large ones bound the memory.
    if (bytes < FewBytes)
        m_batchSize = std::min(LargestBatch, m_batchSize * 2);
    else if (bytes > ManyBytes)
        m_batchSize = std::max(SmallestBatch, m_batchSize / 2);
    if (works.empty())
        return {};
    if (auto kept = keepForUndo(works); !kept)
        return kept;
    write(works);
    return m_refused ? Result<void>(tl::unexpected(*m_refused)) : Result<void>();
}

void BulkJob::takeSource(BulkItem& item, Entry entry) const
{
    if (isClonedMetadata(m_request, item.source)) {
        TenantEdit rename;
        rename.id = m_request.toTenant;
        auto own = rewriteTenant(entry.value, rename);
        if (!own) {
            item.broken = "its metadata cannot be given another id: " + own.error().message;
            return;
        }
        entry.value = std::move(*own);
    }
    item.record = NdjsonRecord{std::move(entry), true, std::nullopt, std::nullopt};
}

// A key that never expires and one whose expiry nobody tells look alike in a plain read; an undo must know.
void BulkJob::askExpiries(std::vector<Result<Entry>>& entries, const std::vector<Bytes>& keys)
{
    std::vector<Entry*> read;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!entries[i])
            continue;
        entries[i]->key = keys[i];
        read.push_back(&*entries[i]);
    }
    if (m_stat)
        m_stat = completeExpiries(m_store, call(), m_serverClock, read);
}

Result<void> BulkJob::keepForUndo(const std::vector<Work>& works)
{
    const auto refused = [](Error error) {
        error.message = "the undo file " + error.message + "; nothing after that was touched";
        return error;
    };
    if (!m_undo) {
        auto file = AppendFile::open(m_options.undoFile, AppendFile::Mode::Fresh, m_options.writer);
        if (!file)
            return tl::unexpected(refused(file.error()));
        m_undo.emplace(std::move(*file));
    }
    std::string lines;
    for (const Work& work : works) {
        const std::uint32_t shard = shardOf(work.item->key, m_options.totalShards);
        lines += toNdjson(NdjsonRecord{work.before, work.before.exists(), shard, work.decision.left});
        lines += '\n';
    }
    if (auto kept = m_undo->append(lines).and_then([&] { return m_undo->sync(); }); !kept)
        return tl::unexpected(refused(kept.error()));
    const std::scoped_lock lock(m_mutex);
    m_progress.undoFile = m_options.undoFile;
    m_progress.undoLines += works.size();
    return {};
}

void BulkJob::write(const std::vector<Work>& works)
{
    // One lane after the other: elsewhere a lane is a shard, on our sandbox a single write.
    std::map<std::uint64_t, std::vector<const Work*>> lanes;
    for (const Work& work : works) {
        const std::uint64_t lane
            = m_options.ourSandbox ? lanes.size() : shardOf(work.item->key, m_options.totalShards);
        lanes[lane].push_back(&work);
    }
    std::vector<const std::vector<const Work*>*> queue;
    for (const auto& [lane, some] : lanes)
        queue.push_back(&some);
    std::atomic<std::size_t> next{0};
    const auto worker = [&] {
        for (std::size_t at = next++; at < queue.size(); at = next++) {
            for (const Work* work : *queue[at]) {
                if (!mayGo() || !m_pace.wait(m_stop.get_token()))
                    return;
                writeOne(*work);
            }
        }
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(m_options.workers, queue.size()); ++i)
        others.emplace_back(worker);
    worker();
}

void BulkJob::writeOne(const Work& work)
{
    Call ask = call();
    const BulkDecision& decision = work.decision;
    Put put = decision.put;
    // A batch takes seconds at a slow pace: what is left is counted now. Already over: it expires at once.
    if (decision.expiresAtMs) {
        const EpochMs nowMs = m_serverClock.nowMs(decision.told);
        put.ttlMs = std::max<std::uint64_t>(1, ttlLeft(decision.expiresAtMs, nowMs).value_or(1));
    }
    const Result<void> done = decision.what == BulkDecision::Do::Put
        ? m_store.put(ask, put).map([](const auto&) {})
        : m_store.remove(ask, decision.remove).map([](const auto&) {});
    if (done) {
        const std::scoped_lock lock(m_mutex);
        ++m_progress.done;
        return;
    }
    const Error& error = done.error();
    if (error.kind == ErrorKind::ReadOnly || error.kind == ErrorKind::NeedsConsent) {
        const std::scoped_lock lock(m_mutex);
        m_refused = error;
    }
    if (error.kind == ErrorKind::Cancelled)
        return; // never sent
    std::string reason = error.message;
    if (error.kind == ErrorKind::Conflict || error.kind == ErrorKind::KeyMissing)
        reason = "somebody wrote it between our read and our write";
    count(*work.item, statusOf(error), reason);
}

bool BulkJob::mayGo()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, m_stop.get_token(), [&] { return m_progress.state != BulkState::Paused; });
    return !m_stop.stop_requested() && !m_refused;
}

void BulkJob::pause()
{
    const std::scoped_lock lock(m_mutex);
    if (m_progress.state != BulkState::Running)
        return;
    m_progress.state = BulkState::Paused;
    m_ran += m_clock.elapsed() - m_since;
}

void BulkJob::pauseBecause(const Error& error)
{
    pause();
    const std::scoped_lock lock(m_mutex);
    m_progress.problem = error.message;
}

void BulkJob::resume()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_progress.state != BulkState::Paused)
            return;
        m_progress.state = BulkState::Running;
        m_progress.problem.clear();
        m_since = m_clock.elapsed();
    }
    m_wake.notify_all();
}

void BulkJob::cancel() { m_stop.request_stop(); }

void BulkJob::skip()
{
    const std::scoped_lock lock(m_mutex);
    ++m_progress.skipped;
}

void BulkJob::count(const BulkItem& item, WriteStatus status, const std::string& reason)
{
    const std::scoped_lock lock(m_mutex);
    ++(status == WriteStatus::Unknown ? m_progress.unknown : m_progress.failed);
    if (m_failures.size() < FailuresKept)
        m_failures.push_back({item.key, item.line, status, reason});
}

BulkProgress BulkJob::progress() const
{
    const std::scoped_lock lock(m_mutex);
    BulkProgress out = m_progress;
    Clock::Elapsed ran = m_ran;
    if (out.state == BulkState::Running)
        ran += m_clock.elapsed() - m_since;
    out.ran = duration_cast<milliseconds>(ran);
    const double seconds = std::chrono::duration<double>(ran).count();
    if (seconds > 0)
        out.perSecond = static_cast<double>(out.looked()) / seconds;
    if (out.perSecond > 0 && out.total >= out.looked() && !hasEnded(out.state))
        out.left = std::chrono::seconds(
            static_cast<std::int64_t>(static_cast<double>(out.total - out.looked()) / out.perSecond + 0.5));
    return out;
}

std::vector<BulkFailure> BulkJob::failures() const
{
    const std::scoped_lock lock(m_mutex);
    return m_failures;
}

void BulkJob::noteInJournal(const BulkProgress& progress)
{
    if (!m_options.journal || progress.undoLines == 0)
        return;
    JournalEntry entry;
    entry.kind = WriteKind::Bulk;
    entry.key = m_request.action == BulkAction::Clone ? m_request.toPrefix : Bytes();
    if (m_request.action == BulkAction::Undo) {
        entry.key = m_request.file; // which job this one took back
        entry.undoes = 1;
    }
    entry.file = progress.undoFile;
    entry.why = std::string(name(m_request.action)) + " " + std::to_string(progress.undoLines)
        + " keys: " + std::to_string(progress.done) + " done, " + std::to_string(progress.failed)
        + " failed, " + std::to_string(progress.unknown) + " unknown";
    const bool clean = progress.failed == 0 && progress.unknown == 0;
    WriteOutcome outcome;
    outcome.status = progress.unknown != 0 ? WriteStatus::Unknown
        : progress.done != 0 || clean      ? WriteStatus::Ok
                                           : WriteStatus::Failed;
    outcome.took = progress.ran;
    outcome.problem = progress.problem;
    (void)m_options.journal->note(std::move(entry), outcome);
}

} // namespace norikv::client
