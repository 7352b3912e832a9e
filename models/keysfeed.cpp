// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keysfeed.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;

constexpr std::size_t MostPending = 200'000; // changes kept while paused
constexpr auto StepBudget = 4ms; // of the GUI thread, per turn of its loop
constexpr int Tick = 16; // ms
constexpr int ApplyEvery = 100; // ms: ten times a second, as often as an eye wants it
constexpr std::size_t ChangesPerStep = 2000;
constexpr std::size_t ComparedAtOnce = 2000; // keys, between two looks at the clock
constexpr auto SortEvery = 1s; // while loading: a sorted list is made anew each time
constexpr auto TellEvery = 100ms;

} // namespace

KeysFeed::KeysFeed(Dispatcher& dispatcher, const Clock& clock,
    std::vector<std::unique_ptr<KeySource>> sources, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_clock(clock)
    , m_store(std::make_shared<KeyStore>())
    , m_view(m_store)
    , m_began(clock.elapsed())
    , m_queue(std::make_shared<ChunkQueue<KeyNews>>())
{
    m_stepTimer.setSingleShot(true);
    m_stepTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_stepTimer, &QTimer::timeout, this, &KeysFeed::step);
    m_applyTimer.setSingleShot(true);
    connect(&m_applyTimer, &QTimer::timeout, this, &KeysFeed::step);
    m_dispatcher.drain(this, m_queue, [this](std::vector<KeyNews> chunk) {
        for (KeyNews& news : chunk) {
            if (news.round == m_round && !m_stopped)
                m_inbox.push_back(std::move(news));
        }
        soon(0);
    });
    m_follower = std::make_unique<KeysFollower>(std::move(sources), m_queue);
}

KeysFeed::~KeysFeed() = default;

void KeysFeed::soon(int ms)
{
    if (!m_stepTimer.isActive() || m_stepTimer.remainingTime() > ms)
        m_stepTimer.start(ms);
}

double KeysFeed::rate() const
{
    const double seconds = std::chrono::duration<double>(m_clock.elapsed() - m_began).count();
    return seconds > 0 ? static_cast<double>(m_loaded) / seconds : 0;
}

double KeysFeed::indexProgress() const
{
    const std::size_t total = m_progress ? m_progress->total.load() : 0;
    return total == 0 ? 0 : static_cast<double>(m_progress->done.load()) / static_cast<double>(total);
}

void KeysFeed::tellProgress()
{
    const auto now = m_clock.elapsed();
    if (now - m_told < TellEvery)
        return;
    m_told = now;
    Q_EMIT progressed();
}

/// One turn: what came is taken and shown, unless a worker reads the store at this moment; then it waits.
void KeysFeed::step()
{
    if (m_indexJob.running())
        return; // it steps on when it is done
    {
        const std::unique_lock lock(m_store->mutex(), std::try_to_lock);
        if (!lock) {
            soon(Tick);
            return;
        }
        for (const auto& [key, on] : std::exchange(m_marks, {}))
            m_view.setFavourite(key, on);
        const auto begin = m_clock.elapsed();
        while (!m_inbox.empty() && m_clock.elapsed() - begin < StepBudget) {
            if (!compared(m_inbox.front()))
                continue;
            KeyNews news = std::move(m_inbox.front());
            m_inbox.pop_front();
            take(std::move(news));
        }
        if (m_inbox.empty() && m_view.current() && !m_pending.empty() && !m_paused
            && !m_applyTimer.isActive())
            applyPending();
    }
    tellProgress();
    if (!m_view.current()) {
        if (m_order.by == KeyOrder::By::Key && !m_order.descending) {
            index(m_view.seen());
        } else if (m_state != FeedState::Loading || m_clock.elapsed() - m_sorted >= SortEvery) {
            m_sorted = m_clock.elapsed();
            index(0);
        }
    }
    if (!m_inbox.empty())
        soon(Tick);
}

void KeysFeed::applyPending()
{
    std::vector<KeyChange> changes;
    auto next = m_pending.begin();
    for (; next != m_pending.end() && changes.size() < ChangesPerStep; ++next)
        changes.push_back(std::move(next->second));
    m_pending.erase(m_pending.begin(), next);
    const auto begin = m_clock.elapsed();
    m_view.apply(std::move(changes), m_favourites);
    const auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.elapsed() - begin);
    // However long the list is, the window keeps most of its time.
    const int usual = m_pending.empty() ? ApplyEvery : Tick;
    m_applyTimer.start(std::max(usual, 3 * static_cast<int>(cost.count())));
}

void KeysFeed::take(KeyNews news)
{
    const FeedState before = m_state;
    bool tell = false;
    if (!news.status.empty())
        m_status = QString::fromStdString(news.status);
    if (news.serverTimeMs != 0)
        m_clockOffsetMs = news.serverTimeMs - m_clock.nowMs();
    switch (news.kind) {
    case KeyNews::Kind::Begins:
        m_listing = true;
        m_listedTo.clear();
        m_slot = 0;
        m_resumedAfter.clear();
        m_loaded = 0;
        m_began = m_clock.elapsed();
        m_live = false;
        m_state = FeedState::Loading;
        tell = true;
        break;
    case KeyNews::Kind::Rows:
        takeRows(std::move(news.rows));
        m_state = FeedState::Loading;
        break;
    case KeyNews::Kind::Ends:
        m_listing = false;
        m_coverage = news.coverage;
        m_live = news.live;
        markStale(false);
        m_state = FeedState::Ready;
        tell = true;
        break;
    case KeyNews::Kind::Changes:
        for (KeyChange& change : news.changes) {
            Bytes key = change.key;
            m_pending.insert_or_assign(std::move(key), std::move(change));
        }
        if (m_paused && m_pending.size() > MostPending) {
            m_pending.clear(); // listed again when the pause ends
            m_missed = true;
        }
        if (!m_listing)
            m_state = FeedState::Ready;
        break;
    case KeyNews::Kind::Lost:
        m_error = std::move(news.error);
        m_live = false;
        markStale(true);
        m_state = FeedState::Failed;
        tell = true;
        break;
    case KeyNews::Kind::Resumed:
        if (m_listing) {
            m_resumedAfter = std::move(news.key);
            m_state = FeedState::Loading;
        } else {
            m_live = true;
            m_state = FeedState::Ready;
            markStale(false);
        }
        tell = true;
        break;
    case KeyNews::Kind::Refused:
        m_error = std::move(news.error);
        m_listing = m_live = false;
        markStale(true);
        m_state = FeedState::Failed;
        tell = true;
        break;
    }
    if (tell || m_state != before)
        Q_EMIT stateChanged();
}

void KeysFeed::markStale(bool stale)
{
    m_stale = stale && m_store->size() > 0;
    m_store->setFlagOnAll(StaleFlag, stale);
    m_view.touchAll();
}

void KeysFeed::takeRows(std::unique_ptr<KeyChunk> chunk)
{
    if (!chunk || chunk->size() == 0)
        return;
    m_loaded += chunk->size();
    const Bytes first(chunk->key(0));
    const Bytes last(chunk->key(chunk->size() - 1));
    if (!amongKnown(*chunk)) {
        m_view.append(std::move(chunk));
        for (auto mark = m_favourites.lower_bound(first); mark != m_favourites.end() && *mark <= last; ++mark)
            m_view.setFavourite(*mark, true);
    }
    m_listedTo = last;
}

bool KeysFeed::amongKnown(const KeyChunk& chunk) const
{
    return m_store->size() > 0 && chunk.key(0) <= m_store->lastKey();
}

bool KeysFeed::compared(const KeyNews& news)
{
    if (news.kind == KeyNews::Kind::Ends)
        return compare(nullptr);
    if (news.kind != KeyNews::Kind::Rows || !news.rows || news.rows->size() == 0)
        return true;
    // Behind everything known: nothing known is behind the last chunk any more.
    return compare(amongKnown(*news.rows) ? news.rows.get() : nullptr);
}

bool KeysFeed::compare(const KeyChunk* chunk)
{
    const std::string_view last = chunk ? chunk->key(chunk->size() - 1) : std::string_view();
    const auto within = [&](std::string_view key) { return !chunk || key <= last; };
    // The list is newer than changes told before it.
    auto old = m_listedTo.empty() ? m_pending.begin() : m_pending.upper_bound(m_listedTo);
    while (old != m_pending.end() && within(old->first))
        old = m_pending.erase(old);
    const auto& order = m_store->order();
    std::size_t at = m_listedTo.empty() ? 0 : m_store->lowerBound(m_listedTo);
    if (at < order.size() && !m_listedTo.empty() && m_store->key(order[at]) == m_listedTo)
        ++at;
    const auto change = [&](KeyChange::Kind kind, std::string_view key, const KeyRow& row) {
        KeyChange c{kind, Bytes(key), row};
        c.row.key = {};
        m_pending.insert_or_assign(Bytes(key), std::move(c));
    };
    const std::size_t slots = chunk ? chunk->size() : 0;
    std::string_view looked;
    for (std::size_t n = 0; m_slot < slots || (at < order.size() && within(m_store->key(order[at]))); ++n) {
        if (n == ComparedAtOnce) {
            m_listedTo = looked;
            return false;
        }
        const bool here = at < order.size();
        const int side = !here ? 1
            : m_slot == slots  ? -1
                               : m_store->key(order[at]).compare(chunk->key(m_slot));
        if (side < 0) {
            looked = m_store->key(order[at++]);
            change(KeyChange::Kind::Remove, looked, {});
            continue;
        }
        const KeyRow row = chunk->row(m_slot++);
        looked = row.key;
        if (side == 0) {
            const KeyId id = order[at++];
            m_store->setFlag(id, StaleFlag, false);
            const KeyRow known = m_store->row(id);
            if (known.version == row.version && known.size == row.size && known.kind == row.kind
                && known.expiresAtMs == row.expiresAtMs && known.provenance == row.provenance)
                continue;
        }
        change(KeyChange::Kind::Put, row.key, row);
    }
    m_slot = 0;
    return true;
}

void KeysFeed::setFilter(const KeyFilter& filter)
{
    auto made = KeyMatcher::make(filter, m_scope);
    if (!made) {
        Q_EMIT rejected(made.error().message, static_cast<int>(made.error().offset));
        return;
    }
    m_matcher = std::move(*made);
    index(0);
}

void KeysFeed::setScope(const Bytes& prefix)
{
    if (prefix == m_scope)
        return;
    m_scope = prefix;
    setFilter(KeyFilter(filter()));
}

std::size_t KeysFeed::within() const
{
    if (m_scope.empty())
        return known();
    const std::size_t first = m_store->lowerBound(m_scope);
    return std::max(first, m_store->endOfPrefix(m_scope)) - first;
}

void KeysFeed::setOrder(KeyOrder order)
{
    m_order = order;
    index(0);
}

void KeysFeed::index(std::size_t from)
{
    if (m_matcher.everything() && m_order.natural()) {
        m_indexJob.cancel();
        m_view.show(m_matcher, m_order, {});
        Q_EMIT indexed();
        soon(0);
        return;
    }
    m_progress = std::make_shared<KeyProgress>();
    m_indexJob = m_dispatcher.run(
        this,
        [store = m_store, matcher = m_matcher, order = m_order, from, progress = m_progress](
            const std::stop_token& stop) {
            const std::shared_lock lock(store->mutex());
            auto rows = matcher.select(*store, from, stop, progress.get());
            return from == 0 ? sorted(*store, std::move(rows), order, stop, progress.get()) : rows;
        },
        [this, from](std::vector<KeyId> rows) {
            if (from == 0)
                m_view.show(m_matcher, m_order, std::move(rows));
            else
                m_view.extend(rows);
            Q_EMIT indexed();
            soon(0);
        });
}

void KeysFeed::setPaused(bool paused)
{
    m_paused = paused;
    if (!paused && std::exchange(m_missed, false))
        refresh();
    soon(0);
    Q_EMIT stateChanged();
}

void KeysFeed::refresh()
{
    m_round = m_follower->again();
    m_inbox.clear();
    m_slot = 0;
    m_stopped = false;
    m_state = FeedState::Loading;
    Q_EMIT stateChanged();
}

void KeysFeed::cancel()
{
    m_follower->rest();
    m_inbox.clear();
    m_slot = 0;
    m_stopped = true;
    m_listing = m_live = false;
    m_state = FeedState::Ready;
    m_coverage = client::Coverage::Sampled;
    Q_EMIT stateChanged();
}

void KeysFeed::setFavourites(Keys favourites)
{
    for (const Bytes& key : m_favourites) {
        if (!favourites.contains(key))
            m_marks.emplace_back(key, false);
    }
    for (const Bytes& key : favourites)
        m_marks.emplace_back(key, true);
    m_favourites = std::move(favourites);
    soon(0);
}

void KeysFeed::setFavourite(const Bytes& key, bool on)
{
    if (on)
        m_favourites.insert(key);
    else
        m_favourites.erase(key);
    m_marks.emplace_back(key, on);
    soon(0);
    Q_EMIT favouriteChanged(key, on);
}

void KeysFeed::setOpenedKey(const Bytes& key)
{
    if (key == m_openedKey)
        return;
    m_openedKey = key;
    Q_EMIT openedKeyChanged();
}

} // namespace norikv::models
