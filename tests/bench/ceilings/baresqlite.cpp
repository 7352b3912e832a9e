// SPDX-License-Identifier: GPL-3.0-or-later
// The ceiling of P27: nothing but sqlite3_step and every column looked at.
#include "baresqlite.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace norikv::bench {

double bareSqliteRead(const std::string& path)
{
    const auto start = std::chrono::steady_clock::now();
    sqlite3* database = nullptr;
    sqlite3_stmt* rows = nullptr;
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr)
            != SQLITE_OK
        || sqlite3_prepare_v2(database,
               "SELECT key, shard, kind, size, version_term, version_index, value_hash, first_seen_ms, "
               "last_seen_ms, expires_at_ms, ttl_provenance, favourite, note FROM key ORDER BY key",
               -1, &rows, nullptr)
            != SQLITE_OK)
        throw std::runtime_error("SQLite cannot read the catalogue");
    volatile std::uint64_t sum = 0;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        for (const int column : {0, 2, 10, 12}) {
            const void* bytes = sqlite3_column_blob(rows, column);
            sum = sum + (bytes ? static_cast<unsigned>(sqlite3_column_bytes(rows, column)) : 0U);
        }
        for (const int column : {1, 3, 4, 5, 6, 7, 8, 9, 11})
            sum = sum + static_cast<std::uint64_t>(sqlite3_column_int64(rows, column));
    }
    sqlite3_finalize(rows);
    sqlite3_close(database);
    if (code != SQLITE_DONE)
        throw std::runtime_error("SQLite stopped before the end");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace norikv::bench
