// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cataloguefile.h"

#include "client/placement.h"
#include "models/databasefile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace norikv::models {

namespace {

using client::Bytes;

constexpr std::int64_t SchemaVersion = 1;

// Compared as text with what a file says: any other schema is not ours.
constexpr auto CreateTable
    = "CREATE TABLE key (key BLOB PRIMARY KEY, shard INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT '',\n"
      "  size INTEGER, version_term INTEGER, version_index INTEGER, value_hash INTEGER,\n"
      "  first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,\n"
      "  expires_at_ms INTEGER, ttl_provenance TEXT NOT NULL DEFAULT 'unknown',\n"
      "  favourite INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '') WITHOUT ROWID";

constexpr auto Columns
    = "SELECT key, shard, kind, size, version_term, version_index, value_hash, first_seen_ms, "
      "last_seen_ms, expires_at_ms, ttl_provenance, favourite, note FROM key ";

constexpr auto StoreRow
    = "INSERT INTO key VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
      "ON CONFLICT(key) DO UPDATE SET shard = ?2, kind = ?3, size = ?4, version_term = ?5, version_index = "
      "?6, "
      "value_hash = ?7, first_seen_ms = ?8, last_seen_ms = ?9, expires_at_ms = ?10, ttl_provenance = ?11, "
      "favourite = ?12, note = ?13";

constexpr std::size_t LongestNote = 64 * 1024;

// The names repeat from row to row: the last answer is nearly always the next one.
template <class T> class Remembered {
public:
    explicit Remembered(T (*read)(std::string_view))
        : m_read(read)
        , m_value(read({}))
    {
    }
    T operator()(std::string_view name)
    {
        if (name != m_name) {
            m_name = name;
            m_value = m_read(name);
        }
        return m_value;
    }

private:
    T (*m_read)(std::string_view);
    std::string m_name;
    T m_value;
};

// Turns rows of `Columns` into values. Whatever a damaged file says, the fields stay in range.
class RowReader {
public:
    void read(const SqlStatement& row, KnownKey& out)
    {
        out.key = row.bytes(0);
        out.shard = static_cast<std::uint32_t>(row.integer(1));
        out.kind = m_kind(row.bytes(2));
        out.size = unsignedOf(row, 3);
        out.version.reset();
        if (const auto index = row.optionalInteger(5))
            out.version = client::Version{
                static_cast<std::uint64_t>(row.integer(4)), static_cast<std::uint64_t>(*index)};
        out.valueHash.reset();
        if (const auto hash = row.optionalInteger(6))
            out.valueHash = static_cast<std::uint64_t>(*hash);
        out.firstSeenMs = row.integer(7);
        out.lastSeenMs = row.integer(8);
        out.expiresAtMs = row.optionalInteger(9);
        out.provenance = m_provenance(row.bytes(10));
        out.favourite = row.integer(11) != 0;
        out.note = row.bytes(12).substr(0, LongestNote);
    }

private:
    static std::optional<std::uint64_t> unsignedOf(const SqlStatement& row, int column)
    {
        const auto value = row.optionalInteger(column);
        if (!value || *value < 0)
            return {};
        return static_cast<std::uint64_t>(*value);
    }

    Remembered<client::KeyKind> m_kind{[](std::string_view name) { return storedKind(name); }};
    Remembered<client::TtlProvenance> m_provenance{
        [](std::string_view name) { return storedProvenance(name); }};
};

enum class Order { Ascending, Descending };

SqlResult<void> readAll(
    SqlDatabase& database, Order order, const KeyVisitor& visit, const std::stop_token& stop)
{
    const bool up = order == Order::Ascending;
    auto rows = database.prepare(std::string(Columns) + (up ? "ORDER BY key" : "ORDER BY key DESC"));
    if (!rows)
        return tl::unexpected(rows.error());
    RowReader reader;
    KnownKey row;
    Bytes before;
    while (!stop.stop_requested()) {
        const auto more = rows->step();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            break;
        reader.read(*rows, row);
        const bool inOrder = before.empty() || (up ? before < row.key : row.key < before);
        if (row.key.empty() || row.key.size() > client::MaxKeyBytes || !inOrder)
            return tl::unexpected(SqlError{SqlError::Kind::Damaged, "the keys are not in order"});
        if (!visit(row))
            break;
        before.swap(row.key); // which is read anew
    }
    return {};
}

} // namespace

std::string fileSafe(std::string_view id)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::size_t longest = 120;
    std::string name;
    for (const char c : id) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || c == '-' || c == '_' || (c == '.' && !name.empty());
        if (plain) {
            name += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        name += {'%', hex[byte >> 4U], hex[byte & 0xFU]};
    }
    if (name.empty())
        return "%";
    if (name.size() > longest)
        name = name.substr(0, longest - 17) + "-" + std::to_string(keyHash(id));
    return name;
}

CatalogueFile::CatalogueFile(std::string path, const Clock& clock)
    : m_path(std::move(path))
    , m_clock(clock)
{
}

SqlResult<std::string> CatalogueFile::moveAside(const char* suffix)
{
    m_database.reset();
    return moveDatabaseAside(m_path, suffix, m_clock.nowMs());
}

SqlResult<void> CatalogueFile::connect(const std::string& path, bool fresh)
{
    auto database = SqlDatabase::open(path, false);
    if (!database)
        return tl::unexpected(database.error());
    const auto run = [&](const char* sql) { return database->run(sql); };
    if (fresh) {
        // Another window may be first; what is stored is CreateTable either way.
        std::string create = CreateTable;
        create.insert(std::string_view("CREATE TABLE ").size(), "IF NOT EXISTS ");
        create = "BEGIN IMMEDIATE; " + create + "; PRAGMA user_version = 1; COMMIT";
        if (auto made = run(create.c_str()); !made)
            return made;
    }
    if (auto wal = run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"); !wal)
        return wal;
    Connection connection{std::move(*database), {}, {}, {}};
    for (auto [statement, sql] : {std::pair(&connection.find, std::string(Columns) + "WHERE key = ?1"),
             std::pair(&connection.store, std::string(StoreRow)),
             std::pair(&connection.erase, std::string("DELETE FROM key WHERE key = ?1"))}) {
        auto prepared = connection.database.prepare(sql);
        if (!prepared)
            return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    m_database = std::move(connection);
    return {};
}

namespace {

// Whether an open file is a catalogue of this version.
SqlResult<std::int64_t> versionOf(const std::string& path)
{
    auto database = SqlDatabase::open(path, false);
    if (!database)
        return tl::unexpected(database.error());
    const auto version = database->ask("PRAGMA user_version");
    if (!version || *version > SchemaVersion)
        return version;
    auto objects = database->prepare("SELECT sql FROM sqlite_schema");
    if (!objects)
        return tl::unexpected(objects.error());
    const auto first = objects->step();
    if (!first)
        return tl::unexpected(first.error());
    if (!*first && *version == 0)
        return 0; // made, and not filled
    const SqlError foreign{SqlError::Kind::Damaged, "it is no catalogue"};
    if (!*first || *version != SchemaVersion || objects->bytes(0) != CreateTable)
        return tl::unexpected(foreign);
    const auto second = objects->step();
    if (!second)
        return tl::unexpected(second.error());
    if (*second)
        return tl::unexpected(foreign);
    return version;
}

} // namespace

SqlResult<CatalogueFile::Opened> CatalogueFile::open()
{
    m_database.reset();
    if (auto made = makeDatabaseFolder(m_path.substr(0, m_path.rfind('/'))); !made)
        return tl::unexpected(made.error());
    auto state = lookAtDatabase(m_path, SchemaVersion);
    if (!state)
        return tl::unexpected(state.error());
    bool fresh = false;
    if (*state == DatabaseState::InOrder) {
        const auto version = versionOf(m_path);
        if (version)
            fresh = *version == 0;
        else if (version.error().kind != SqlError::Kind::Damaged)
            return tl::unexpected(version.error());
        if (version && *version > SchemaVersion)
            state = DatabaseState::Newer;
        else if (!version)
            state = DatabaseState::Damaged;
    }
    Opened opened;
    if (*state == DatabaseState::Damaged)
        return rebuild();
    if (*state == DatabaseState::Newer) {
        auto aside = moveAside(".newer-");
        if (!aside)
            return tl::unexpected(aside.error());
        opened = {Opened::What::Newer, std::move(*aside)};
    }
    if (*state != DatabaseState::InOrder) {
        fresh = true;
        if (auto made = makeDatabaseFile(m_path, true); !made)
            return tl::unexpected(made.error());
    }
    const auto connected = connect(m_path, fresh);
    if (!connected && connected.error().kind == SqlError::Kind::Damaged)
        return rebuild();
    if (!connected)
        return tl::unexpected(connected.error());
    return opened;
}

SqlResult<CatalogueFile::Opened> CatalogueFile::rebuild()
{
    m_database.reset();
    const std::string rebuilt = m_path + ".rebuilt";
    for (const char* part : DatabaseParts)
        ::unlink((rebuilt + part).c_str());
    if (auto made = makeDatabaseFile(rebuilt, false); !made)
        return tl::unexpected(made.error());
    // First whole, then in place: a full disk in between costs nothing of the old file.
    auto filled = connect(rebuilt, true).and_then([this] { return begin(); });
    if (filled) {
        SqlResult<void> stored;
        const auto take = [&](const KnownKey& row) {
            stored = store(row);
            return stored.has_value();
        };
        // From both ends up to the damage. What comes back damaged ends the taking over, not the rebuilding.
        auto old = onlyPlainFiles(m_path) ? SqlDatabase::open(m_path, true) : tl::unexpected(SqlError());
        if (old && !readAll(*old, Order::Ascending, take, {}) && stored)
            (void)readAll(*old, Order::Descending, take, {});
        filled = stored.and_then([this] { return commit(); });
    }
    // A file without side files can be renamed.
    if (filled)
        filled = m_database->database.run("PRAGMA journal_mode = DELETE");
    m_database.reset();
    Opened opened{Opened::What::Damaged, {}};
    if (filled) {
        auto aside = moveAside(".corrupt-");
        if (aside)
            opened.aside = std::move(*aside);
        else
            filled = tl::unexpected(aside.error());
    }
    if (filled && ::rename(rebuilt.c_str(), m_path.c_str()) != 0)
        filled = tl::unexpected(fileError(errno));
    if (filled)
        filled = connect(m_path, false);
    if (!filled) {
        for (const char* part : DatabaseParts)
            ::unlink((rebuilt + part).c_str());
        return tl::unexpected(filled.error());
    }
    return opened;
}

SqlResult<void> CatalogueFile::begin() { return m_database->database.run("BEGIN IMMEDIATE"); }

SqlResult<void> CatalogueFile::commit() { return m_database->database.run("COMMIT"); }

void CatalogueFile::rollback()
{
    // Fails where the error has already rolled back.
    if (m_database)
        (void)m_database->database.run("ROLLBACK");
}

SqlResult<std::optional<KnownKey>> CatalogueFile::find(std::string_view key)
{
    auto& statement = m_database->find;
    statement.bindBlob(1, key);
    const auto there = statement.step();
    if (!there)
        return tl::unexpected(there.error());
    std::optional<KnownKey> row;
    if (*there) {
        RowReader().read(statement, row.emplace());
        statement.reset();
    }
    return row;
}

SqlResult<void> CatalogueFile::store(const KnownKey& row)
{
    const auto integer = [](std::optional<std::uint64_t> value) {
        return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
    };
    const auto& version = row.version;
    auto& statement = m_database->store;
    statement.bindBlob(1, row.key);
    statement.bind(2, std::int64_t(row.shard));
    statement.bindText(3, storedName(row.kind));
    statement.bind(4, integer(row.size));
    statement.bind(5, integer(version ? std::optional(version->term) : std::nullopt));
    statement.bind(6, integer(version ? std::optional(version->index) : std::nullopt));
    statement.bind(7, integer(row.valueHash));
    statement.bind(8, row.firstSeenMs);
    statement.bind(9, row.lastSeenMs);
    statement.bind(10, row.expiresAtMs);
    statement.bindText(11, storedName(row.provenance));
    statement.bind(12, std::int64_t(row.favourite));
    statement.bindText(13, row.note);
    return statement.run();
}

SqlResult<void> CatalogueFile::erase(std::string_view key)
{
    m_database->erase.bindBlob(1, key);
    return m_database->erase.run();
}

SqlResult<void> readCatalogue(const std::string& path, const KeyVisitor& visit, const std::stop_token& stop)
{
    auto database = SqlDatabase::open(path, true);
    if (!database)
        return tl::unexpected(database.error());
    return readAll(*database, Order::Ascending, visit, stop);
}

SqlResult<std::optional<KnownKey>> readKnownKey(const std::string& path, std::string_view key)
{
    auto database = SqlDatabase::open(path, true);
    if (!database)
        return tl::unexpected(database.error());
    auto statement = database->prepare(std::string(Columns) + "WHERE key = ?1");
    if (!statement)
        return tl::unexpected(statement.error());
    statement->bindBlob(1, key);
    const auto there = statement->step();
    if (!there)
        return tl::unexpected(there.error());
    std::optional<KnownKey> row;
    if (*there)
        RowReader().read(*statement, row.emplace());
    return row;
}

SqlResult<CatalogueCounts> countCatalogue(const std::string& path)
{
    auto database = SqlDatabase::open(path, true);
    if (!database)
        return tl::unexpected(database.error());
    auto statement = database->prepare(
        "SELECT count(*), coalesce(sum(last_seen_ms = 0), 0), coalesce(sum(favourite), 0) FROM key");
    if (!statement)
        return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row)
        return tl::unexpected(row.error());
    const auto figure = [&](int column) { return static_cast<std::uint64_t>(statement->integer(column)); };
    return CatalogueCounts{figure(0), figure(1), figure(2)};
}

} // namespace norikv::models
