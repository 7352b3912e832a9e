// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/rocksstorage.h"
#include "tests/sandbox/fakes.h"
#include "tests/sandbox/sandboxprocess.h"

#include <gtest/gtest.h>

namespace norikv::tests {

enum class Disk { Memory, Rocks };

/// An engine on either storage, with a clock moved by hand, that can be restarted on what it left.
class EngineFixture : public testing::TestWithParam<Disk> {
protected:
    sandbox::Engine& start(const sandbox::Quirks& quirks = {}, std::uint32_t shards = 16)
    {
        m_engine.reset(); // one at a time: the folder is locked
        auto opened = sandbox::Engine::open(storage(), shards, quirks, clock);
        EXPECT_TRUE(opened) << opened.error();
        m_engine = std::move(*opened);
        return *m_engine;
    }
    sandbox::Engine& engine() { return *m_engine; }
    std::string valueOf(const std::string& key)
    {
        std::string value;
        const auto found = m_engine->get(key, value);
        return found && *found ? value : "(missing)";
    }
    sandbox::RecordMeta metaOf(const std::string& key)
    {
        std::string value;
        const auto found = m_engine->get(key, value);
        return found && *found ? **found : sandbox::RecordMeta{};
    }
    void advance(std::int64_t ms)
    {
        clock.advance(ms);
        m_engine->pokeClock();
    }
    /// The events after a revision, once there are as many.
    std::vector<std::shared_ptr<const sandbox::Event>> events(std::uint64_t after, std::size_t count)
    {
        eventually([&] { return m_engine->history().after(after, "").events.size() >= count; });
        return m_engine->history().after(after, "").events;
    }

    FakeClock clock;
    std::shared_ptr<MemoryDisk> memory = std::make_shared<MemoryDisk>();

private:
    std::unique_ptr<sandbox::Storage> storage()
    {
        if (GetParam() == Disk::Memory) {
            return std::make_unique<MemoryStorage>(memory);
        }
        auto opened = sandbox::RocksStorage::open(m_folder.path() / "data");
        EXPECT_TRUE(opened) << opened.error();
        return std::move(*opened);
    }

    TempFolder m_folder;
    std::unique_ptr<sandbox::Engine> m_engine;
};

/// Debian's RocksDB is not instrumented, so ThreadSanitizer sees only half of what it does; ours is checked
/// on memory.
inline auto disks()
{
#if defined(__SANITIZE_THREAD__)
    return testing::Values(Disk::Memory);
#else
    return testing::Values(Disk::Memory, Disk::Rocks);
#endif
}

inline std::string diskName(const testing::TestParamInfo<Disk>& info)
{
    return info.param == Disk::Memory ? "Memory" : "Rocks";
}

} // namespace norikv::tests
