// SPDX-License-Identifier: GPL-3.0-or-later
// P5: durable puts through the sandbox's engine, without gRPC, against the disk's own floor.
#include "ceilings/baresyncloop.h"
#include "figure.h"
#include "serverprocess.h"

#include "client/clock.h"
#include "sandbox/engine.h"
#include "sandbox/rocksstorage.h"

#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

namespace norikv::bench {

namespace {

class DurablePuts final : public Bench {
public:
    DurablePuts(const Effort& effort, std::size_t clients)
        : m_clients(clients)
        , m_seconds(effort.seconds(1))
    {
        auto storage = sandbox::RocksStorage::open(m_folder.path() / "store");
        if (!storage)
            throw std::runtime_error(storage.error());
        auto engine = sandbox::Engine::open(std::move(*storage), 1024, sandbox::Quirks::sound(), m_clock);
        if (!engine)
            throw std::runtime_error(engine.error());
        m_engine = std::move(*engine);
        putAll(m_seconds / 5);
        floor(m_seconds / 5);
    }
    double ours() override { return putAll(m_seconds); }
    double ceiling() override { return floor(m_seconds); }

private:
    /// As many blocking clients, each with one put under way.
    double putAll(double seconds)
    {
        std::atomic<std::size_t> done = 0;
        std::atomic<bool> failed = false;
        const auto start = std::chrono::steady_clock::now();
        const auto until = start
            + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                std::chrono::duration<double>(seconds));
        const auto client = [&](std::size_t number) {
            std::binary_semaphore answered(0);
            for (std::size_t i = number; !failed && std::chrono::steady_clock::now() < until; i += 64) {
                sandbox::Write write;
                write.key = "bench:" + std::to_string(1'000'000'000 + i % 100'000);
                write.value = std::string(100, 'v');
                write.done = [&](const sandbox::WriteResult& result) {
                    failed = failed || !result;
                    answered.release();
                };
                m_engine->submit(std::move(write));
                answered.acquire();
                ++done;
            }
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 1; i < m_clients; ++i)
                threads.emplace_back([&, i] { client(i); });
            client(0);
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (failed)
            throw std::runtime_error("the engine refused a put");
        return static_cast<double>(done) / took.count();
    }
    double floor(double seconds) const { return bareSyncLoop(m_folder.path() / "floor", 116, seconds); }

    const std::size_t m_clients;
    const double m_seconds;
    TempFolder m_folder;
    SystemClock m_clock;
    std::unique_ptr<sandbox::Engine> m_engine;
};

} // namespace

std::vector<Figure> storageFigures()
{
    return {
        {"P5", "engine, durable puts of 1 client, vs write + fdatasync", Better::Higher, 0.5, "puts/s",
            [](const Effort& effort) { return std::make_unique<DurablePuts>(effort, 1); }},
        {"P5-64", "engine, durable puts of 64 clients, vs write + fdatasync", Better::Higher, 6, "puts/s",
            [](const Effort& effort) { return std::make_unique<DurablePuts>(effort, 64); }},
    };
}

} // namespace norikv::bench
