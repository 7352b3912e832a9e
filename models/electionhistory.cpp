// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/electionhistory.h"

#include "models/databasefile.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <utility>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t SchemaVersion = 1;
constexpr std::size_t MostWaiting = 100'000;
constexpr auto LookEvery = 100ms; // while something settles
constexpr std::size_t MostNews = 1000; // of changes that nobody could look at yet
constexpr auto RetryAfter = 1s;

// Compared as text with what a file says: any other schema is not ours.
constexpr std::array<const char*, 2> Schema{
    "CREATE TABLE election (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, shard INTEGER,\n"
    "  before TEXT NOT NULL, after TEXT NOT NULL)",
    "CREATE INDEX election_of_shard ON election (shard)"};

QString tr(const char* text) { return QCoreApplication::translate("norikv::models::ElectionHistory", text); }

tl::unexpected<client::Error> failure(const SqlError& error)
{
    return client::fail(client::ErrorKind::LocalFile, "the election history cannot be read", error.text);
}

/// Whether an open file is a history of this version, or still empty (false).
SqlResult<bool> filled(SqlDatabase& database)
{
    auto objects = database.prepare("SELECT sql FROM sqlite_schema ORDER BY rootpage");
    if (!objects)
        return tl::unexpected(objects.error());
    std::size_t met = 0;
    while (true) {
        const auto row = objects->step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            break;
        if (met == Schema.size() || objects->bytes(0) != Schema[met])
            return tl::unexpected(SqlError{SqlError::Kind::Damaged, "it is no election history"});
        ++met;
    }
    if (met != 0 && met != Schema.size())
        return tl::unexpected(SqlError{SqlError::Kind::Damaged, "it is no whole election history"});
    return met != 0;
}

SqlResult<SqlDatabase> connect(const std::string& path)
{
    auto database = SqlDatabase::open(path, false);
    if (!database)
        return database;
    const auto there = filled(*database);
    if (!there)
        return tl::unexpected(there.error());
    if (!*there) {
        const std::string create = std::string("BEGIN IMMEDIATE; ") + Schema[0] + "; " + Schema[1]
            + "; PRAGMA user_version = 1; COMMIT";
        if (auto made = database->run(create.c_str()); !made)
            return tl::unexpected(made.error());
    }
    if (auto wal = database->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"); !wal)
        return tl::unexpected(wal.error());
    return database;
}

/// Who led each shard last; an indexed look for each, because grouping would read the whole history.
SqlResult<std::map<std::uint32_t, std::string>> lastLeaders(SqlDatabase& database)
{
    std::map<std::uint32_t, std::string> leaders;
    auto next = database.prepare("SELECT min(shard) FROM election WHERE shard > ?1");
    auto last = database.prepare("SELECT after FROM election WHERE shard = ?1 ORDER BY id DESC LIMIT 1");
    if (!next || !last)
        return tl::unexpected((next ? last : next).error());
    std::int64_t shard = -1;
    while (true) {
        next->bind(1, shard);
        const auto found = next->step();
        if (!found)
            return tl::unexpected(found.error());
        if (!*found || next->isNull(0))
            return leaders;
        shard = next->integer(0);
        next->reset();
        last->bind(1, shard);
        const auto row = last->step();
        if (!row)
            return tl::unexpected(row.error());
        if (*row)
            leaders[static_cast<std::uint32_t>(shard)] = std::string(last->bytes(0));
        last->reset();
    }
}

} // namespace

ElectionHistory::ElectionHistory(std::string path, const Clock& clock)
    : m_path(std::move(path))
    , m_clock(clock)
    , m_writer([this](const std::stop_token& stop) { run(stop); })
{
}

ElectionHistory::~ElectionHistory()
{
    m_writer.request_stop();
    m_writer.join();
}

void ElectionHistory::took(std::span<const client::LeaderChange> changes)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_news.push_back({{changes.begin(), changes.end()}, m_clock.nowMs()});
    }
    m_wake.notify_one();
}

void ElectionHistory::listen(std::function<void()> written, std::function<void(const QString&)> notice)
{
    const std::scoped_lock lock(m_listenMutex);
    m_written = std::move(written);
    m_notice = std::move(notice);
    for (const QString& text : m_notice ? std::exchange(m_untold, {}) : QStringList())
        m_notice(text);
}

void ElectionHistory::tell(const QString& text)
{
    const std::scoped_lock lock(m_listenMutex);
    if (m_notice)
        m_notice(text);
    else
        m_untold.append(text);
}

SqlResult<void> ElectionHistory::open()
{
    if (auto made = makeDatabaseFolder(m_path.substr(0, m_path.rfind('/'))); !made)
        return made;
    auto state = lookAtDatabase(m_path, SchemaVersion);
    if (!state)
        return tl::unexpected(state.error());
    // Twice at most: as it is, and after what cannot be used was moved aside.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (*state == DatabaseState::Damaged || *state == DatabaseState::Newer) {
            const bool newer = *state == DatabaseState::Newer;
            const auto aside = moveDatabaseAside(m_path, newer ? ".newer-" : ".corrupt-", m_clock.nowMs());
            if (!aside)
                return tl::unexpected(aside.error());
            tell((newer ? tr(
                      "The election history is of a newer version; it was moved to %1 and a new one begun.")
                        : tr("The election history was damaged; it was moved to %1 and a new one begun."))
                     .arg(QString::fromStdString(*aside)));
            state = DatabaseState::Absent;
        }
        if (*state == DatabaseState::Absent) {
            if (auto made = makeDatabaseFile(m_path, true); !made)
                return made;
        }
        auto database = connect(m_path);
        auto leaders = database ? lastLeaders(*database) : tl::unexpected(database.error());
        if (leaders) {
            m_database = std::move(*database);
            if (!m_ledger)
                m_ledger.emplace(std::move(*leaders));
            return {};
        }
        if (leaders.error().kind != SqlError::Kind::Damaged)
            return tl::unexpected(leaders.error());
        state = DatabaseState::Damaged;
    }
    return tl::unexpected(SqlError{SqlError::Kind::Other, "it cannot be used"});
}

SqlResult<void> ElectionHistory::write()
{
    if (m_waiting.empty())
        return {};
    if (auto begun = m_database->run("BEGIN IMMEDIATE"); !begun)
        return begun;
    const auto all = [&]() -> SqlResult<void> {
        auto insert = m_database->prepare(
            "INSERT INTO election (at_ms, shard, before, after) VALUES (?1, ?2, ?3, ?4)");
        if (!insert)
            return tl::unexpected(insert.error());
        for (const Election& each : m_waiting) {
            insert->bind(1, each.atMs);
            insert->bind(2, each.shard ? std::optional<std::int64_t>(*each.shard) : std::nullopt);
            insert->bindText(3, each.before);
            insert->bindText(4, each.after);
            if (auto done = insert->run(); !done)
                return done;
        }
        return {};
    }();
    auto done = all.and_then([this] { return m_database->run("COMMIT"); });
    if (!done)
        (void)m_database->run("ROLLBACK"); // fails where the error has already rolled back
    return done;
}

void ElectionHistory::run(const std::stop_token& stop)
{
    m_waiting.push_back({m_clock.nowMs(), {}, {}, {}});
    std::deque<News> news;
    while (true) {
        const bool last = stop.stop_requested(); // before the news: none that came before the end is left
        {
            const std::scoped_lock lock(m_mutex);
            std::ranges::move(m_news, std::back_inserter(news));
            m_news.clear();
        }
        SqlResult<void> done;
        if (!m_database)
            done = open();
        if (done) {
            for (const News& each : std::exchange(news, {}))
                m_ledger->take(each.changes, each.atMs, m_waiting);
            m_ledger->settle(m_clock.nowMs(), m_waiting);
            const bool some = !m_waiting.empty();
            done = write();
            if (done) {
                m_waiting.clear();
                m_troubled = false;
                const std::scoped_lock lock(m_listenMutex);
                if (some && m_written)
                    m_written();
            }
        }
        if (!done) {
            m_database.reset(); // looked at anew before the next try
            if (news.size() > MostNews)
                news.erase(news.begin(), news.end() - MostNews);
            if (m_waiting.size() > MostWaiting)
                m_waiting.erase(m_waiting.begin(), m_waiting.end() - MostWaiting);
            if (!std::exchange(m_troubled, true))
                tell(tr("Elections cannot be written to %1: %2. The history goes on in memory.")
                         .arg(QString::fromStdString(m_path), QString::fromStdString(done.error().text)));
        }
        if (last)
            return;
        std::unique_lock lock(m_mutex);
        if (!done)
            m_wake.wait_for(lock, stop, RetryAfter, [] { return false; });
        else if (m_ledger->waiting())
            m_wake.wait_for(lock, stop, LookEvery, [this] { return !m_news.empty(); });
        else
            m_wake.wait(lock, stop, [this] { return !m_news.empty(); });
    }
}

client::Result<std::vector<Election>> ElectionHistory::newest(
    std::size_t most, std::optional<std::uint32_t> shard) const
{
    auto database = SqlDatabase::open(m_path, true);
    if (!database)
        return failure(database.error());
    auto rows = database->prepare(std::string("SELECT at_ms, shard, before, after, id FROM election ")
        + (shard ? "WHERE shard = ?2 " : "") + "ORDER BY id DESC LIMIT ?1");
    if (!rows)
        return failure(rows.error());
    rows->bind(1, static_cast<std::int64_t>(most));
    if (shard)
        rows->bind(2, std::int64_t(*shard));
    std::vector<Election> out;
    while (true) {
        const auto row = rows->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return out;
        Election each;
        each.atMs = rows->integer(0);
        if (const auto number = rows->optionalInteger(1))
            each.shard = static_cast<std::uint32_t>(*number);
        each.before = rows->bytes(2);
        each.after = rows->bytes(3);
        each.id = rows->integer(4);
        out.push_back(std::move(each));
    }
}

client::Result<std::uint64_t> ElectionHistory::count() const
{
    auto database = SqlDatabase::open(m_path, true);
    if (!database)
        return failure(database.error());
    const auto lines = database->ask("SELECT count(shard) FROM election");
    if (!lines)
        return failure(lines.error());
    return static_cast<std::uint64_t>(*lines);
}

} // namespace norikv::models
