// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's own interface with owners and values instead of handles and codes. Only the catalogue and the
// elections use it.
#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace norikv::models {

struct SqlError {
    enum class Kind {
        Damaged, ///< the file is no database, or not a whole one
        Full, ///< no space, or too large a file
        Busy, ///< somebody else writes
        Other,
    };
    Kind kind = Kind::Other;
    std::string text;
};

template <class T> using SqlResult = tl::expected<T, SqlError>;

/// One prepared statement. Must go before its database. One thread at a time.
class SqlStatement {
public:
    void bind(int place, std::int64_t value);
    void bind(int place, std::optional<std::int64_t> value);
    /// The bytes must stay until the next reset().
    void bindBlob(int place, std::string_view bytes);
    void bindText(int place, std::string_view text);
    /// True while there is a row; resets by itself at the end and on an error.
    SqlResult<bool> step();
    /// Runs to the end; rows are dropped.
    SqlResult<void> run();
    void reset();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    std::optional<std::int64_t> optionalInteger(int column) const;
    /// Valid until the next step or reset.
    std::string_view bytes(int column) const;

private:
    friend class SqlDatabase;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// One connection to one file. One thread at a time.
class SqlDatabase {
public:
    /// Opens an existing file; never creates one.
    static SqlResult<SqlDatabase> open(const std::string& path, bool readOnly);
    SqlResult<void> run(const char* sql);
    SqlResult<SqlStatement> prepare(std::string_view sql);
    /// The first column of the first row.
    SqlResult<std::int64_t> ask(const char* sql);

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace norikv::models
