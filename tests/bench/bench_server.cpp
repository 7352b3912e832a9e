// SPDX-License-Identifier: GPL-3.0-or-later
// P3, P4, P6: the sandbox process against the trivial server, both under the same bare load from here.
#include "ceilings/bareclient.h"
#include "figure.h"
#include "serverprocess.h"

#include "client/clock.h"
#include "sandbox/engine.h"
#include "sandbox/rocksstorage.h"

#include <norikv/explore/v1/explore.grpc.pb.h>

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <latch>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

std::vector<std::string> someKeys(std::size_t count)
{
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back("bench:" + std::to_string(1'000'000'000 + i)); // 16 bytes
    return keys;
}

/// Calls per second of one kind at one concurrency.
class Calls final : public Bench {
public:
    Calls(const Effort& effort, bool puts, std::size_t inFlight)
        : m_sandbox(ServerProcess::sandboxCommand(m_data.path()))
        , m_trivial(ServerProcess::trivialCommand())
        , m_ourLink(m_sandbox.address())
        , m_ceilingLink(m_trivial.address())
        , m_load{
              .keys = someKeys(10'000), .value = std::string(100, 'v'), .inFlight = inFlight, .calls = 10'000}
    {
        if (inFlight > 1) {
            warmUp();
        } else {
            m_load.calls = 500;
            warmUp();
        }
        if (!puts)
            m_load.value.clear();
        m_load.calls = 10'000'000;
        m_load.seconds = effort.seconds(1.2);
    }
    double ours() override { return bareCqLoop(m_ourLink, m_load); }
    double ceiling() override { return bareCqLoop(m_ceilingLink, m_load); }

private:
    void warmUp()
    {
        bareCqLoop(m_ourLink, m_load);
        bareCqLoop(m_ceilingLink, m_load);
    }

    TempFolder m_data;
    ServerProcess m_sandbox;
    ServerProcess m_trivial;
    BareLink m_ourLink;
    BareLink m_ceilingLink;
    Load m_load;
};

/// Entries per second of one whole scan.
class ScanStream final : public Bench {
public:
    explicit ScanStream(const Effort& effort)
        : m_entries(effort.count(300'000))
    {
        fill();
        m_sandbox = std::make_unique<ServerProcess>(ServerProcess::sandboxCommand(m_data.path()));
        m_trivial = std::make_unique<ServerProcess>(ServerProcess::trivialCommand());
        m_ours = stub(*m_sandbox);
        m_ceiling = stub(*m_trivial);
        scan(*m_ours);
        scan(*m_ceiling);
    }
    double ours() override { return scan(*m_ours); }
    double ceiling() override { return scan(*m_ceiling); }

private:
    using Stub = explore::v1::Explore::Stub;

    /// Straight into the store, before a process owns it.
    void fill()
    {
        const SystemClock clock;
        auto storage = sandbox::RocksStorage::open(m_data.path());
        if (!storage)
            throw std::runtime_error(storage.error());
        auto engine = sandbox::Engine::open(std::move(*storage), 1024, sandbox::Quirks::sound(), clock);
        if (!engine)
            throw std::runtime_error(engine.error());
        std::latch done(static_cast<std::ptrdiff_t>(m_entries));
        for (auto& key : someKeys(m_entries)) {
            sandbox::Write write;
            write.key = std::move(key);
            write.value = std::string(100, 'v');
            write.done = [&](const auto&) { done.count_down(); };
            (*engine)->submit(std::move(write));
        }
        done.wait();
        (*engine)->stop();
    }

    static std::unique_ptr<Stub> stub(const ServerProcess& server)
    {
        grpc::ChannelArguments args;
        args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
        return explore::v1::Explore::NewStub(
            grpc::CreateCustomChannel(server.address(), grpc::InsecureChannelCredentials(), args));
    }

    double scan(Stub& explore) const
    {
        grpc::ClientContext context;
        explore::v1::ScanRequest request;
        request.set_prefix("bench:");
        request.set_limit(m_entries);
        const auto start = steady_clock::now();
        const auto reader = explore.Scan(&context, request);
        explore::v1::ScanBatch batch;
        std::size_t seen = 0;
        while (reader->Read(&batch))
            seen += static_cast<std::size_t>(batch.entries_size());
        const std::chrono::duration<double> took = steady_clock::now() - start;
        if (!reader->Finish().ok() || seen != m_entries)
            throw std::runtime_error("a scan gave " + std::to_string(seen) + " entries");
        return static_cast<double>(seen) / took.count();
    }

    const std::size_t m_entries;
    TempFolder m_data;
    std::unique_ptr<ServerProcess> m_sandbox;
    std::unique_ptr<ServerProcess> m_trivial;
    std::unique_ptr<Stub> m_ours;
    std::unique_ptr<Stub> m_ceiling;
};

Figure calls(const char* id, const char* name, double goal, bool puts, std::size_t inFlight)
{
    return {id, name, Better::Higher, goal, puts ? "puts/s" : "gets/s",
        [=](const Effort& effort) { return std::make_unique<Calls>(effort, puts, inFlight); }};
}

} // namespace

std::vector<Figure> serverFigures()
{
    return {
        calls("P3", "sandbox reads, 128 in flight, vs trivial server", 0.80, false, 128),
        calls("P4", "sandbox durable puts, 128 in flight, vs trivial server", 0.55, true, 128),
        calls("P4-1", "sandbox durable puts, 1 in flight, vs trivial server", 0.35, true, 1),
        calls("P4-512", "sandbox durable puts, 512 in flight, vs trivial server", 0.80, true, 512),
        {"P6", "sandbox scan stream vs generated stream, 1024 per message", Better::Higher, 0.5, "entries/s",
            [](const Effort& effort) { return std::make_unique<ScanStream>(effort); }},
    };
}

} // namespace norikv::bench
