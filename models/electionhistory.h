// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leaderledger.h"
#include "models/sqlite.h"

#include "client/result.h"

#include <QStringList>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace norikv::models {

/// Who led which shard when, kept on disk without a limit: one file for each connection, one thread that
/// writes it in batches. took() may be called from any thread and never waits; what returns a Result blocks
/// and belongs on a worker. A damaged file, or one of a newer version, is moved aside and a new one begun.
/// Where the disk refuses, the last 100,000 lines wait in memory. Nothing throws.
class ElectionHistory {
public:
    /// `path` ends in .sqlite; opened in the background. `clock` must outlive it.
    ElectionHistory(std::string path, const Clock& clock);
    /// Writes what waits.
    ~ElectionHistory();

    const std::string& path() const { return m_path; }
    void took(std::span<const client::LeaderChange> changes);

    /// The newest `most` lines, newest first; of one shard with `shard`. What waits to be written is not in
    /// it.
    client::Result<std::vector<Election>> newest(
        std::size_t most, std::optional<std::uint32_t> shard = std::nullopt) const;
    /// How many lines there are.
    client::Result<std::uint64_t> count() const;

    /// More was written, told on the writer's thread; and a sentence for a person, when the file cannot be
    /// used, also what was to be said before. Neither may call back. silence() returns once a call under way
    /// has ended.
    void listen(std::function<void()> written, std::function<void(const QString&)> notice);
    void silence() { listen({}, {}); }

private:
    struct News {
        std::vector<client::LeaderChange> changes;
        EpochMs atMs = 0;
    };
    void run(const std::stop_token& stop);
    SqlResult<void> open();
    SqlResult<void> write();
    void tell(const QString& text);

    const std::string m_path;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<News> m_news;
    std::mutex m_listenMutex;
    std::function<void()> m_written;
    std::function<void(const QString&)> m_notice;
    QStringList m_untold;

    // The writer's own.
    std::optional<SqlDatabase> m_database;
    std::optional<LeaderLedger> m_ledger;
    std::vector<Election> m_waiting; ///< oldest first
    bool m_troubled = false;
    std::jthread m_writer; ///< last: it uses all of the above
};

} // namespace norikv::models
