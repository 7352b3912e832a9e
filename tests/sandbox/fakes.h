// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "sandbox/engine.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <shared_mutex>

namespace norikv::tests {

/// A clock that stands still until it is moved.
class FakeClock final : public Clock {
public:
    EpochMs nowMs() const override { return m_ms; }
    Elapsed elapsed() const override { return std::chrono::milliseconds(m_ms); }
    void advance(std::int64_t ms) { m_ms += ms; }

private:
    std::atomic<std::int64_t> m_ms = 1'700'000'000'000;
};

/// The rows of a MemoryStorage; outlives it, as a disk does.
struct MemoryDisk {
    mutable std::shared_mutex mutex;
    std::map<std::string, std::string> rows;
    std::atomic<int> commits = 0;
    std::atomic<bool> full = false;
};

/// A second engine behind the storage interface: sees what the first hides, and can be full.
class MemoryStorage final : public sandbox::Storage {
public:
    explicit MemoryStorage(std::shared_ptr<MemoryDisk> disk)
        : m_disk(std::move(disk))
    {
    }
    sandbox::Result<bool> get(std::string_view key, std::string& value) const override;
    std::unique_ptr<sandbox::Snapshot> snapshot() const override;
    sandbox::Result<void> commit(const sandbox::Batch& batch) override;

private:
    std::shared_ptr<MemoryDisk> m_disk;
};

/// Waits for the answers of writes.
class Answers {
public:
    std::function<void(const sandbox::WriteResult&)> expect();
    /// All that were expected, in the order they came.
    std::vector<sandbox::WriteResult> wait();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_expected = 0;
    std::vector<sandbox::WriteResult> m_results;
};

sandbox::Write putOf(const std::string& key, const std::string& value, std::uint64_t ttlMs = 0);
sandbox::Write deleteOf(const std::string& key);
sandbox::WriteResult submit(sandbox::Engine& engine, sandbox::Write write);

/// Waits until the condition holds; false after ten seconds. For what has no event to wait for.
bool eventually(const std::function<bool()>& condition);

} // namespace norikv::tests
