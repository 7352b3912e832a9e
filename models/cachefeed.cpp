// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cachefeed.h"

#include "client/audit/cacherules.h"
#include "models/pollbudget.h"
#include "models/sessionmodel.h"
#include "models/text.h"

namespace norikv::models {

namespace {

using client::Bytes;
using client::Call;
using client::Result;
using client::Store;

constexpr int TickMs = 1000;
constexpr int VisitMs = 50;
constexpr EpochMs TellAgainAfter = 5000;
constexpr std::size_t InFlight = 16;
const std::vector<std::uint64_t> Candidates{
    1000, 2000, 5000, 10'000, 20'000, 30'000, 60'000, 120'000, 300'000, 600'000};

QString namedKey(const Bytes& key) { return shown(key, 60); }

} // namespace

CacheFeed::CacheFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys /*known*/, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
    , m_cache(std::make_shared<client::WriteThroughCache>(connection.store(), clock))
{
    standAlone("cache");
    m_tick.setInterval(TickMs);
    connect(&m_tick, &QTimer::timeout, this, &CacheFeed::tick);
    m_tick.start();
    m_visits.setInterval(VisitMs);
    connect(&m_visits, &QTimer::timeout, this, &CacheFeed::visit);
}

CacheFeed::~CacheFeed() = default;

void CacheFeed::setOptions(const client::CacheOptions& options)
{
    m_cache->setOptions(options);
    Q_EMIT changed();
}

void CacheFeed::startShop()
{
    m_cache->setOptions(client::demo::Shop::options());
    m_shop = std::make_shared<client::demo::Shop>();
    m_visits.start();
}

void CacheFeed::visit()
{
    if (m_visitJob.running() || paused())
        return; // the last one still waits for its answer
    m_visitJob = m_dispatcher.run(
        this,
        [cache = m_cache, shop = m_shop](const std::stop_token& stop) {
            Call call;
            call.stop = stop;
            call.why = "demo";
            call.journal = false;
            shop->visit(*cache, call);
            return true;
        },
        [](bool) {});
}

void CacheFeed::tick()
{
    const client::CacheStats before = m_stats;
    m_stats = m_cache->stats();
    if (!paused()) {
        const std::uint64_t stale = m_stats.staleHits - before.staleHits;
        m_seconds.push_back({static_cast<std::uint32_t>(m_stats.hits - before.hits - stale),
            static_cast<std::uint32_t>(stale), static_cast<std::uint32_t>(m_stats.misses - before.misses)});
        if (m_seconds.size() > MostSeconds)
            m_seconds.pop_front();
        compare();
    }
    Q_EMIT changed();
}

void CacheFeed::compare()
{
    if (m_compareJob.running())
        return;
    struct Looked {
        std::vector<client::CacheEntry> entries;
        std::vector<client::TtlPoint> curve;
    };
    m_compareJob = m_dispatcher.run(
        this,
        [cache = m_cache, &store = m_connection.store()](const std::stop_token& stop) {
            const auto keys = cache->toCompare(PollsPerFeed);
            if (!keys.empty()) {
                Call call;
                call.stop = stop;
                call.background = true;
                call.why = "cache";
                // A key that cannot be read now is compared next time.
                (void)store.getMany(
                    call, keys, InFlight, [&](std::size_t index, Result<client::Entry> entry) {
                        if (!entry)
                            return;
                        entry->key = keys[index];
                        cache->compare(*entry);
                    });
            }
            return Looked{cache->entries(), client::whatIfTtl(cache->accesses(), Candidates)};
        },
        [this](Looked looked) {
            m_curve = std::move(looked.curve);
            judge(looked.entries);
            m_model.refresh(std::move(looked.entries), m_cache->options().ttlMs, m_clock.nowMs());
            Q_EMIT changed();
        });
}

/// A node whose link came up after the entry was read may have restarted and renumbered.
bool CacheFeed::restartedSince(EpochMs at) const
{
    const auto now = m_clock.elapsed();
    const auto cluster = m_connection.cluster().snapshot();
    return std::ranges::any_of(cluster.nodes, [&](const auto& node) {
        const EpochMs came = m_clock.nowMs()
            - std::chrono::duration_cast<std::chrono::milliseconds>(now - node.since).count();
        return came > at;
    });
}

void CacheFeed::judge(const std::vector<client::CacheEntry>& entries)
{
    std::map<std::pair<std::string, Bytes>, EpochMs> told;
    const EpochMs now = m_clock.nowMs();
    for (const auto& entry : entries) {
        if (entry.differsSinceMs == 0)
            continue;
        const bool restarted = restartedSince(entry.cachedAtMs);
        for (auto finding : {client::checkK1(entry, restarted), client::checkK2(entry, restarted)}) {
            if (!finding)
                continue;
            const std::pair id(finding->rule, finding->key);
            const auto before = m_told.find(id);
            const bool due = before == m_told.end() || now - before->second >= TellAgainAfter;
            told[id] = due ? now : before->second;
            finding->lastSeenMs = now;
            if (due)
                Q_EMIT found(*finding);
        }
    }
    m_told = std::move(told);
}

void CacheFeed::get(const Bytes& key)
{
    Action<client::CacheGot> action;
    action.name = tr("Read %1 through the cache").arg(namedKey(key));
    action.work = [cache = m_cache, key](Store&, Call& call) { return cache->get(call, key); };
    action.said = [key](const client::CacheGot& got) {
        if (!got.value)
            return tr("The server has no key %1; nothing was cached.").arg(namedKey(key));
        switch (got.from) {
        case client::CacheGot::From::Cache:
            return got.stale ? tr("Hit: %1 is %2 old, and the server has other bytes.")
                                   .arg(namedKey(key), countdownText(EpochMs(got.ageMs)))
                             : tr("Hit: %1 is %2 old.").arg(namedKey(key), countdownText(EpochMs(got.ageMs)));
        case client::CacheGot::From::OtherReader:
            return tr("Miss: another reader fetched %1 meanwhile.").arg(namedKey(key));
        case client::CacheGot::From::Server:
            break;
        }
        return tr("Miss: %1 was read from the server and is cached now.").arg(namedKey(key));
    };
    action.repeat = [this, key] { get(key); };
    action.after = [this](const Result<client::CacheGot>&) { tick(); };
    act(std::move(action));
}

void CacheFeed::put(const Bytes& key, const Bytes& value)
{
    Action<client::Version> action;
    action.name = tr("Write %1 through the cache").arg(namedKey(key));
    action.work = [cache = m_cache, key, value](Store&, Call& call) { return cache->put(call, key, value); };
    action.said = [key](const client::Version&) {
        return tr(
            "%1 is on the server and in the cache. An expiry it had is gone, as with the document's code.")
            .arg(namedKey(key));
    };
    action.repeat = [this, key, value] { put(key, value); };
    action.check
        = [this, key] { get(key); }; // nothing is cached after an unknown outcome: this asks the server
    action.after = [this](const Result<client::Version>&) { tick(); };
    act(std::move(action));
}

void CacheFeed::remove(const Bytes& key)
{
    Action<bool> action;
    action.name = tr("Delete %1").arg(namedKey(key));
    action.work = [cache = m_cache, key](Store&, Call& call) { return cache->remove(call, key); };
    action.said = [key](bool) { return tr("%1 is gone from the cache and the server.").arg(namedKey(key)); };
    action.repeat = [this, key] { remove(key); };
    action.check = [this, key] { get(key); };
    action.after = [this](const Result<bool>&) { tick(); };
    act(std::move(action));
}

void CacheFeed::invalidate(const Bytes& key)
{
    m_cache->invalidate(key);
    succeeded(tr("Invalidate %1").arg(namedKey(key)),
        tr("%1 left the cache; the next read asks the server.").arg(namedKey(key)));
    tick();
}

void CacheFeed::invalidateAll()
{
    m_cache->invalidateAll();
    succeeded(tr("Invalidate all"), tr("The cache is empty; the server keeps everything."));
    tick();
}

void CacheFeed::stampede(const Bytes& key, int readers)
{
    if (stampeding())
        return;
    m_stampede = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, key, readers](
            const std::stop_token& stop) { return client::demo::stampede(store, clock, key, readers, stop); },
        [this](const Result<client::demo::StampedeResult>& result) {
            if (result)
                Q_EMIT stampeded(*result);
            else
                failed(tr("Stampede"), result.error());
        });
}

} // namespace norikv::models
