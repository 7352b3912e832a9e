// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sandbox/fakes.h"

#include <thread>

namespace norikv::tests {

namespace {

using Rows = std::map<std::string, std::string>;

class MapCursor final : public sandbox::Cursor {
public:
    MapCursor(const Rows& rows, std::string_view from)
        : m_rows(rows)
        , m_at(rows.lower_bound(std::string(from)))
    {
    }
    bool valid() const override { return m_at != m_rows.end(); }
    std::string_view key() const override { return m_at->first; }
    std::string_view value() const override { return m_at->second; }
    void next() override { ++m_at; }
    sandbox::Result<void> status() const override { return {}; }

private:
    const Rows& m_rows;
    Rows::const_iterator m_at;
};

sandbox::Result<bool> find(const Rows& rows, std::string_view key, std::string& value)
{
    const auto found = rows.find(std::string(key));
    if (found == rows.end()) {
        return false;
    }
    value = found->second;
    return true;
}

class MapSnapshot final : public sandbox::Snapshot {
public:
    explicit MapSnapshot(Rows rows)
        : m_rows(std::move(rows))
    {
    }
    sandbox::Result<bool> get(std::string_view key, std::string& value) const override
    {
        return find(m_rows, key, value);
    }
    std::unique_ptr<sandbox::Cursor> seek(std::string_view from) const override
    {
        return std::make_unique<MapCursor>(m_rows, from);
    }

private:
    Rows m_rows;
};

} // namespace

sandbox::Result<bool> MemoryStorage::get(std::string_view key, std::string& value) const
{
    const std::shared_lock lock(m_disk->mutex);
    return find(m_disk->rows, key, value);
}

std::unique_ptr<sandbox::Snapshot> MemoryStorage::snapshot() const
{
    const std::shared_lock lock(m_disk->mutex);
    return std::make_unique<MapSnapshot>(m_disk->rows);
}

sandbox::Result<void> MemoryStorage::commit(const sandbox::Batch& batch)
{
    if (m_disk->full) {
        return tl::unexpected(sandbox::Error("No space left on device"));
    }
    const std::unique_lock lock(m_disk->mutex);
    for (const auto& [key, value] : batch) {
        if (value) {
            m_disk->rows[key] = *value;
        } else {
            m_disk->rows.erase(key);
        }
    }
    ++m_disk->commits;
    return {};
}

std::function<void(const sandbox::WriteResult&)> Answers::expect()
{
    const std::lock_guard lock(m_mutex);
    ++m_expected;
    return [this](const sandbox::WriteResult& result) {
        const std::lock_guard inner(m_mutex);
        m_results.push_back(result);
        m_changed.notify_all();
    };
}

std::vector<sandbox::WriteResult> Answers::wait()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_results.size() == m_expected; });
    return m_results;
}

sandbox::Write putOf(const std::string& key, const std::string& value, std::uint64_t ttlMs)
{
    sandbox::Write write;
    write.key = key;
    write.value = value;
    write.ttlMs = ttlMs;
    return write;
}

sandbox::Write deleteOf(const std::string& key)
{
    sandbox::Write write;
    write.op = sandbox::Write::Op::Delete;
    write.key = key;
    return write;
}

sandbox::WriteResult submit(sandbox::Engine& engine, sandbox::Write write)
{
    Answers answers;
    write.done = answers.expect();
    engine.submit(std::move(write));
    return answers.wait().front();
}

bool eventually(const std::function<bool()>& condition)
{
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > giveUp) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

} // namespace norikv::tests
