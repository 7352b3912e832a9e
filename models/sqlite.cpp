// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sqlite.h"

#include <sqlite3.h>

namespace norikv::models {

namespace {

constexpr int BusyTimeoutMs = 500;

SqlError::Kind kindOf(int code)
{
    // Cut-off files show as short reads.
    if (code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_CORRUPTFS)
        return SqlError::Kind::Damaged;
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
        return SqlError::Kind::Damaged;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
        return SqlError::Kind::Full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SqlError::Kind::Busy;
    default:
        return SqlError::Kind::Other;
    }
}

SqlError failure(sqlite3* database, int code)
{
    if (!database)
        return {kindOf(code), sqlite3_errstr(code)};
    return {kindOf(sqlite3_extended_errcode(database)), sqlite3_errmsg(database)};
}

} // namespace

void SqlStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void SqlStatement::bind(int place, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), place, value);
}

void SqlStatement::bind(int place, std::optional<std::int64_t> value)
{
    if (value)
        bind(place, *value);
    else
        sqlite3_bind_null(m_statement.get(), place);
}

void SqlStatement::bindBlob(int place, std::string_view bytes)
{
    // A null pointer would be NULL and not an empty blob.
    sqlite3_bind_blob64(m_statement.get(), place, bytes.empty() ? "" : bytes.data(), bytes.size(), nullptr);
}

void SqlStatement::bindText(int place, std::string_view text)
{
    sqlite3_bind_text64(
        m_statement.get(), place, text.empty() ? "" : text.data(), text.size(), nullptr, SQLITE_UTF8);
}

SqlResult<bool> SqlStatement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    const SqlError error = failure(sqlite3_db_handle(m_statement.get()), code);
    reset();
    return tl::unexpected(error);
}

SqlResult<void> SqlStatement::run()
{
    while (true) {
        const auto more = step();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return {};
    }
}

void SqlStatement::reset() { sqlite3_reset(m_statement.get()); }

bool SqlStatement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t SqlStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::optional<std::int64_t> SqlStatement::optionalInteger(int column) const
{
    if (isNull(column))
        return {};
    return integer(column);
}

std::string_view SqlStatement::bytes(int column) const
{
    const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

void SqlDatabase::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

SqlResult<SqlDatabase> SqlDatabase::open(const std::string& path, bool readOnly)
{
    sqlite3* handle = nullptr;
    // NOMUTEX: each connection belongs to one thread.
    const int flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    SqlDatabase database;
    database.m_database.reset(handle);
    if (code != SQLITE_OK)
        return tl::unexpected(failure(handle, code));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, BusyTimeoutMs);
    // What a file says about itself is data: no code of its own may run.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    if (auto checked = database.run("PRAGMA cell_size_check = ON"); !checked)
        return tl::unexpected(checked.error());
    return database;
}

SqlResult<void> SqlDatabase::run(const char* sql)
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(failure(m_database.get(), code));
    return {};
}

SqlResult<SqlStatement> SqlDatabase::prepare(std::string_view sql)
{
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(m_database.get(), sql.data(), static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    SqlStatement statement;
    statement.m_statement.reset(handle);
    if (code != SQLITE_OK)
        return tl::unexpected(failure(m_database.get(), code));
    return statement;
}

SqlResult<std::int64_t> SqlDatabase::ask(const char* sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

} // namespace norikv::models
