// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue.h"

#include "client/placement.h"

#include <QCoreApplication>

#include <algorithm>
#include <future>
#include <utility>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;
using How = client::Sighting::How;

constexpr std::size_t QueueLimit = 65'536;
constexpr std::size_t BatchLimit = 4096;
constexpr auto Gather = 200ms; ///< how long a batch fills
constexpr auto RetryAfter = 2s;
constexpr auto CloseWithin = 800ms;
constexpr EpochMs SeenAgainMs
    = 60'000; ///< a row is not written for the time of a look alone, but once a minute
constexpr std::size_t RememberedKeys = 200'000;

QString tr(const char* text) { return QCoreApplication::translate("norikv::models::Catalogue", text); }

std::string reason(const SqlError& error)
{
    return error.kind == SqlError::Kind::Full ? "the disk is full" : error.text;
}

tl::unexpected<client::Error> failure(const SqlError& error)
{
    return client::fail(
        client::ErrorKind::Server, "the list of known keys cannot be used: " + reason(error), error.text);
}

QString droppedText(std::uint64_t dropped)
{
    return tr("Keys are met faster than they can be noted: %1 sightings were dropped. A key is noted when it "
              "is met "
              "again.")
        .arg(dropped);
}

bool usable(const Bytes& key) { return !key.empty() && key.size() <= client::MaxKeyBytes; }

} // namespace

class Catalogue::Edit {
public:
    explicit Edit(CatalogueFile& file)
        : m_file(file)
    {
    }

    struct Slot {
        std::optional<KnownKey> before, now;
    };
    SqlResult<Slot*> at(const Bytes& key)
    {
        const auto known = m_rows.find(key);
        if (known != m_rows.end())
            return &known->second;
        auto row = m_file.find(key);
        if (!row)
            return tl::unexpected(row.error());
        return &m_rows.emplace(key, Slot{*row, *row}).first->second;
    }

    SqlResult<void> write(std::vector<CatalogueChange>& changes)
    {
        for (auto& [key, slot] : m_rows) {
            if (!slot.now && !slot.before)
                continue;
            if (slot.now && slot.before && !worthWriting(*slot.before, *slot.now))
                continue;
            const auto done = slot.now ? m_file.store(*slot.now) : m_file.erase(key);
            if (!done)
                return done;
            const bool gone = !slot.now;
            changes.push_back({std::move(gone ? *slot.before : *slot.now), gone});
        }
        return {};
    }

private:
    static bool worthWriting(const KnownKey& before, const KnownKey& now)
    {
        KnownKey same = now;
        same.lastSeenMs = before.lastSeenMs;
        return same != before || before.lastSeenMs == 0 || now.lastSeenMs - before.lastSeenMs >= SeenAgainMs;
    }

    CatalogueFile& m_file;
    std::unordered_map<Bytes, Slot> m_rows;
};

std::string Catalogue::file(const Where& where)
{
    return where.folder + "/" + fileSafe(where.profileId) + ".sqlite";
}

Catalogue::Catalogue(const Where& where, const Clock& clock)
    : m_clock(clock)
    , m_totalShards(where.totalShards)
    , m_file(file(where), clock)
    , m_writer([this](const std::stop_token& stop) { run(stop); })
{
}

Catalogue::~Catalogue()
{
    m_writer.request_stop();
    m_writer.join();
}

void Catalogue::seen(std::span<const client::Sighting> sightings) { enqueue(sightings, false); }

void Catalogue::judged(std::span<const client::Sighting> sightings) { enqueue(sightings, true); }

void Catalogue::enqueue(std::span<const client::Sighting> sightings, bool judged)
{
    const Keeps keeps = m_keeps;
    const EpochMs now = m_clock.nowMs();
    std::vector<News> fresh;
    for (const auto& sighting : sightings) {
        // What a Scan or a Watch says can be asked again where there is one.
        const bool listed = sighting.how == How::Scanned || sighting.how == How::Watched;
        const bool skipped = listed || (keeps == Keeps::OnlyOurs && sighting.how == How::Read);
        if (!usable(sighting.entry.key) || (skipped && keeps != Keeps::Everything && !judged))
            continue;
        News news{learntFrom(sighting, now), {}, judged};
        if (keeps == Keeps::Everything && !news.learnt.gone())
            news.related = client::relatedKeys(sighting.entry.key, sighting.entry.value);
        fresh.push_back(std::move(news));
    }
    if (fresh.empty())
        return;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_closed)
            return;
        const std::size_t room = QueueLimit - std::min(QueueLimit, m_queue.size());
        m_dropped += fresh.size() - std::min(fresh.size(), room);
        fresh.resize(std::min(fresh.size(), room));
        m_queued += fresh.size();
        std::ranges::move(fresh, std::back_inserter(m_queue));
    }
    m_wake.notify_one();
}

void Catalogue::run(const std::stop_token& stop)
{
    // Looked at before it is needed, so that damage is told early.
    const auto opened = ensureOpen();
    {
        const std::scoped_lock lock(m_mutex);
        m_looked = true;
    }
    m_progress.notify_all();
    if (!opened)
        notice(tr("The list of known keys cannot be used: %1. Nothing is lost; it is tried again.")
                   .arg(QString::fromStdString(reason(opened.error()))));
    m_troubled = !opened;
    std::deque<News> batch; // also what could not be written yet
    while (!stop.stop_requested()) {
        std::deque<Task> tasks;
        {
            std::unique_lock lock(m_mutex);
            if (batch.empty())
                m_wake.wait(lock, stop, [this] { return !m_tasks.empty() || !m_queue.empty(); });
            m_wake.wait_for(
                lock, stop, batch.empty() ? std::chrono::milliseconds(Gather) : RetryAfter, [this, &batch] {
                    return !m_tasks.empty() || (batch.empty() && m_queue.size() >= BatchLimit);
                });
            tasks.swap(m_tasks);
            const std::size_t more
                = std::min(m_queue.size(), BatchLimit - std::min(BatchLimit, batch.size()));
            const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(more);
            std::move(m_queue.begin(), end, std::back_inserter(batch));
            m_queue.erase(m_queue.begin(), end);
        }
        if (m_dropped != 0 && !std::exchange(m_saidDropped, true))
            notice(droppedText(m_dropped));
        // First what was seen before, then what a person asked meanwhile.
        writeAll(batch, 1min);
        for (const auto& task : tasks)
            task();
    }
    std::deque<Task> tasks;
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
        std::ranges::move(m_queue, std::back_inserter(batch));
        m_queue.clear();
        tasks.swap(m_tasks);
    }
    writeAll(batch, CloseWithin);
    for (const auto& task : tasks)
        task();
}

// Leaves in `queue` what could not be written.
void Catalogue::writeAll(std::deque<News>& queue, std::chrono::milliseconds atMost)
{
    const auto until = m_clock.elapsed() + atMost;
    while (!queue.empty() && m_clock.elapsed() < until) {
        const auto count = std::min(queue.size(), BatchLimit / 2);
        const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
        const auto written = transaction([&](Edit& edit) -> SqlResult<void> {
            for (auto news = queue.begin(); news != end; ++news) {
                if (auto applied = apply(edit, *news); !applied)
                    return applied;
            }
            return {};
        });
        if (!written) {
            {
                const std::scoped_lock lock(m_mutex);
                m_trouble = written.error();
            }
            // Another window that writes is done in a moment.
            if (written.error().kind != SqlError::Kind::Busy && !std::exchange(m_troubled, true))
                notice(tr("The list of known keys cannot be written: %1. What it holds is safe; it goes on "
                          "by itself.")
                           .arg(QString::fromStdString(reason(written.error()))));
            return;
        }
        queue.erase(queue.begin(), end);
        {
            const std::scoped_lock lock(m_mutex);
            m_taken += count;
        }
    }
}

SqlResult<void> Catalogue::ensureOpen()
{
    if (m_file.isOpen())
        return {};
    const auto opened = m_file.open();
    if (!opened)
        return tl::unexpected(opened.error());
    tellRebuilt(*opened);
    return {};
}

void Catalogue::tellRebuilt(const CatalogueFile::Opened& opened)
{
    const QString aside = QString::fromStdString(opened.aside);
    if (opened.what == CatalogueFile::Opened::What::Damaged)
        notice(
            tr("The list of known keys was damaged. It was moved to %1; what could be read was taken over.")
                .arg(aside));
    else if (opened.what == CatalogueFile::Opened::What::Newer)
        notice(tr("The list of known keys is of a newer version of the program. It was moved to %1 "
                  "untouched, and a "
                  "new one begun.")
                   .arg(aside));
}

// A file found damaged on the way is rebuilt, once, and the work done again.
SqlResult<void> Catalogue::transaction(const Work& work)
{
    auto done = attempt(work);
    if (!done && done.error().kind == SqlError::Kind::Damaged) {
        const auto rebuilt = m_file.rebuild();
        if (!rebuilt)
            return tl::unexpected(rebuilt.error());
        tellRebuilt(*rebuilt);
        tellListeners({});
        done = attempt(work);
    }
    return done;
}

SqlResult<void> Catalogue::attempt(const Work& work)
{
    if (auto open = ensureOpen(); !open)
        return open;
    if (auto begun = m_file.begin(); !begun)
        return begun;
    Edit edit(m_file);
    std::vector<CatalogueChange> changes;
    auto done = work(edit);
    if (done)
        done = edit.write(changes);
    if (done)
        done = m_file.commit();
    if (!done) {
        m_file.rollback();
        // What was entered for related keys is not there after all.
        m_runs.clear();
        m_entered.clear();
        return done;
    }
    if (!changes.empty()) {
        m_troubled = false;
        tellListeners(changes);
    }
    return done;
}

void Catalogue::tellListeners(const std::vector<CatalogueChange>& changes)
{
    const std::scoped_lock lock(m_listenMutex);
    for (const auto& [id, listener] : m_listeners)
        listener(changes);
}

SqlResult<void> Catalogue::apply(Edit& edit, const News& news)
{
    const Keeps keeps = m_keeps;
    const Learnt& learnt = news.learnt;
    const auto slot = edit.at(learnt.key);
    if (!slot)
        return tl::unexpected(slot.error());
    auto& now = (*slot)->now;
    const bool expirySetHere = learnt.how == How::Wrote && learnt.expiresAtMs;
    if (!now && keeps == Keeps::OnlyOurs && !expirySetHere && !news.judged)
        return {};
    now = merged(std::move(now), learnt);
    if (now)
        now->shard = shardOf(now->key, m_totalShards);
    return addRelated(edit, news.related);
}

KnownKey Catalogue::unseen(const Bytes& key) const
{
    KnownKey row;
    row.key = key;
    row.shard = shardOf(key, m_totalShards);
    row.kind = client::keyKind(key, {});
    row.firstSeenMs = m_clock.nowMs();
    return row;
}

// Entered once in a session: one that was looked for and is not there must not come back with every sibling.
SqlResult<void> Catalogue::addRelated(Edit& edit, const client::RelatedKeys& related)
{
    std::vector<Bytes> keys;
    if (m_entered.size() > RememberedKeys)
        m_entered.clear();
    for (const auto& key : related.keys) {
        if (m_entered.insert(keyHash(key)).second)
            keys.push_back(key);
    }
    if (related.run) {
        const auto known = m_runs.find(related.run->prefix);
        auto run = client::keysOf(
            *related.run, known == m_runs.end() ? std::nullopt : std::optional(known->second));
        std::ranges::move(run, std::back_inserter(keys));
        if (m_runs.size() > RememberedKeys)
            m_runs.clear();
        auto& upTo = m_runs[related.run->prefix];
        upTo = std::max(upTo, related.run->last);
    }
    for (const auto& key : keys) {
        const auto slot = usable(key) ? edit.at(key) : nullptr;
        if (!slot)
            return tl::unexpected(slot.error());
        if (*slot && !(*slot)->now)
            (*slot)->now = unseen(key);
    }
    return {};
}

// Runs on the writer's thread; waits here.
client::Result<void> Catalogue::ask(const Work& work)
{
    std::promise<SqlResult<void>> promise;
    auto answer = promise.get_future();
    {
        const std::scoped_lock lock(m_mutex);
        if (m_closed)
            return client::fail(client::ErrorKind::Cancelled, "the list of known keys is closed");
        m_tasks.push_back([this, &work, &promise] { promise.set_value(transaction(work)); });
    }
    m_wake.notify_one();
    const auto done = answer.get();
    if (!done)
        return failure(done.error());
    return {};
}

client::Result<void> Catalogue::favourite(const Bytes& key, bool on)
{
    if (!usable(key))
        return client::fail(client::ErrorKind::InvalidRequest, "a key has 1 to 1,024 bytes");
    return ask([&](Edit& edit) -> SqlResult<void> {
        const auto slot = edit.at(key);
        if (!slot)
            return tl::unexpected(slot.error());
        auto& row = (*slot)->now;
        if (!row && on)
            row = unseen(key);
        if (row)
            row->favourite = on;
        return {};
    });
}

client::Result<void> Catalogue::note(const Bytes& key, const std::string& text)
{
    if (!usable(key))
        return client::fail(client::ErrorKind::InvalidRequest, "a key has 1 to 1,024 bytes");
    return ask([&](Edit& edit) -> SqlResult<void> {
        const auto slot = edit.at(key);
        if (!slot)
            return tl::unexpected(slot.error());
        auto& row = (*slot)->now;
        if (!row && !text.empty())
            row = unseen(key);
        if (row)
            row->note = text;
        return {};
    });
}

client::Result<void> Catalogue::forget(const std::vector<Bytes>& keys)
{
    return ask([&](Edit& edit) -> SqlResult<void> {
        for (const auto& key : keys) {
            const auto slot = edit.at(key);
            if (!slot)
                return tl::unexpected(slot.error());
            (*slot)->now.reset();
        }
        return {};
    });
}

client::Result<Catalogue::Added> Catalogue::add(const std::vector<Bytes>& keys, const std::stop_token& stop)
{
    Added added;
    const std::span<const Bytes> all(keys);
    // In pieces, so that what is seen meanwhile is written too.
    for (std::size_t from = 0; from < all.size(); from += BatchLimit) {
        if (stop.stop_requested())
            return client::fail(client::ErrorKind::Cancelled, "stopped here");
        Added piece;
        const auto done = ask([&](Edit& edit) -> SqlResult<void> {
            piece = {};
            for (const auto& key : all.subspan(from, std::min(BatchLimit, all.size() - from))) {
                if (!usable(key)) {
                    ++piece.refused;
                    continue;
                }
                const auto slot = edit.at(key);
                if (!slot)
                    return tl::unexpected(slot.error());
                ++((*slot)->now ? piece.known : piece.fresh);
                if (!(*slot)->now)
                    (*slot)->now = unseen(key);
            }
            return {};
        });
        if (!done)
            return tl::unexpected(done.error());
        added.fresh += piece.fresh;
        added.known += piece.known;
        added.refused += piece.refused;
    }
    return added;
}

// Reads on the caller's thread once the file was looked at. Damage found here is repaired by the writer.
template <class T> client::Result<T> Catalogue::readWith(const std::function<SqlResult<T>()>& read)
{
    {
        std::unique_lock lock(m_mutex);
        m_progress.wait(lock, [this] { return m_looked; });
    }
    auto result = read();
    if (!result && result.error().kind == SqlError::Kind::Damaged) {
        bool first = true;
        const auto rebuilt = ask([&](Edit&) -> SqlResult<void> {
            if (std::exchange(first, false))
                return tl::unexpected(result.error()); // what a damaged page would have said
            return {};
        });
        if (!rebuilt)
            return tl::unexpected(rebuilt.error());
        result = read();
    }
    if (!result)
        return failure(result.error());
    return std::move(*result);
}

client::Result<void> Catalogue::load(const KeyVisitor& visit, const std::stop_token& stop)
{
    // After damage the rows are read again from the rebuilt file; those already told are left out.
    std::string last;
    const auto done = readWith<bool>([&]() -> SqlResult<bool> {
        const auto read = readCatalogue(
            path(),
            [&](const KnownKey& row) {
                if (!last.empty() && row.key <= last)
                    return true;
                last = row.key;
                return visit(row);
            },
            stop);
        if (!read)
            return tl::unexpected(read.error());
        return true;
    });
    if (!done)
        return tl::unexpected(done.error());
    if (stop.stop_requested())
        return client::fail(client::ErrorKind::Cancelled, "stopped here");
    return {};
}

client::Result<std::optional<KnownKey>> Catalogue::find(const Bytes& key)
{
    return readWith<std::optional<KnownKey>>([&] { return readKnownKey(path(), key); });
}

client::Result<CatalogueCounts> Catalogue::counts()
{
    return readWith<CatalogueCounts>([this] { return countCatalogue(path()); });
}

client::Result<void> Catalogue::flush()
{
    std::uint64_t wanted = 0;
    std::uint64_t before = 0;
    {
        const std::scoped_lock lock(m_mutex);
        wanted = m_queued;
        before = m_taken;
    }
    while (true) {
        // A task wakes the writer at once, and comes after what was seen.
        if (auto done = ask([](Edit&) -> SqlResult<void> { return {}; }); !done)
            return done;
        const std::scoped_lock lock(m_mutex);
        if (m_taken >= wanted)
            return {};
        if (m_taken == before)
            return failure(m_trouble);
        before = m_taken;
    }
}

void Catalogue::notice(const QString& text)
{
    const std::scoped_lock lock(m_noticeMutex);
    if (m_onNotice)
        m_onNotice(text);
    else
        m_notices.push_back(text);
}

void Catalogue::onNotice(std::function<void(const QString&)> callback)
{
    const std::scoped_lock lock(m_noticeMutex);
    m_onNotice = std::move(callback);
    if (!m_onNotice)
        return;
    for (const auto& text : std::exchange(m_notices, {}))
        m_onNotice(text);
}

std::uint64_t Catalogue::listen(Listener listener)
{
    const std::scoped_lock lock(m_listenMutex);
    m_listeners.emplace(++m_lastListener, std::move(listener));
    return m_lastListener;
}

void Catalogue::unlisten(std::uint64_t id)
{
    const std::scoped_lock lock(m_listenMutex);
    m_listeners.erase(id);
}

} // namespace norikv::models
