// SPDX-License-Identifier: GPL-3.0-or-later
// Vectors: how true the answers are, the engine against hnswlib as it comes, through gRPC, durable inserts,
// memory, and exact search. The figures that need a graph come first and share it.
#include "ceilings/barenearest.h"
#include "figure.h"
#include "serverprocess.h"
#include "vectorground.h"

#include "client/clock.h"
#include "client/vectors/exactsearch.h"
#include "sandbox/engine.h"
#include "sandbox/rocksstorage.h"
#include "sandbox/server.h"

#include <norikv/v1/norikv.grpc.pb.h>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <latch>
#include <optional>
#include <thread>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double goodRecall = 0.99;
/// What the panel suggests where more than nineteen of twenty are wanted: ask for more, keep the first ten.
constexpr std::size_t overFetched = 40;

class Recall final : public Bench {
public:
    Recall(const Effort& effort, std::uint32_t dimensions, std::size_t looked)
        : m_ground(VectorGround::of(effort, dimensions))
        , m_looked(looked)
    {
    }
    double ours() override { return m_ground.recall(m_looked); }
    double ceiling() override { return 1; }
    std::string note() const override { return "effort " + std::to_string(m_looked); }

private:
    VectorGround& m_ground;
    const std::size_t m_looked;
};

/// One thread's queries at the least effort that reaches the good recall, against the same of hnswlib.
class AgainstStock final : public Bench {
public:
    AgainstStock(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
        , m_seconds(effort.seconds(1.5))
        , m_ours(m_ground.effortFor(goodRecall))
        , m_stock(m_ground.stockEffortFor(goodRecall))
    {
    }
    double ours() override
    {
        return m_ground.rate(m_seconds, [this](std::size_t i) {
            m_ground.ours().search(
                {m_ground.query(i), m_ground.dimensions}, VectorGround::neighbours, false, m_ours);
        });
    }
    double ceiling() override
    {
        return m_ground.rate(m_seconds, [this](std::size_t i) {
            m_ground.stock().search(m_ground.query(i), VectorGround::neighbours, m_stock);
        });
    }
    std::string note() const override
    {
        return "effort " + std::to_string(m_ours) + ", hnswlib's " + std::to_string(m_stock);
    }

private:
    VectorGround& m_ground;
    const double m_seconds;
    const std::size_t m_ours;
    const std::size_t m_stock;
};

/// The same queries against looking at every row.
class AgainstExact final : public Bench {
public:
    AgainstExact(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
        , m_seconds(effort.seconds(1.5))
        , m_effort(m_ground.effortFor(goodRecall))
    {
    }
    double ours() override
    {
        return m_ground.rate(m_seconds, [this](std::size_t i) {
            m_ground.ours().search(
                {m_ground.query(i), m_ground.dimensions}, VectorGround::neighbours, false, m_effort);
        });
    }
    double ceiling() override
    {
        return m_ground.rate(m_seconds, [this](std::size_t i) {
            bareNearest(m_ground.rows(), m_ground.dimensions, m_ground.query(i), VectorGround::neighbours);
        });
    }

private:
    VectorGround& m_ground;
    const double m_seconds;
    const std::size_t m_effort;
};

class Memory final : public Bench {
public:
    Memory(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
    {
    }
    double ours() override { return m_ground.bytes() / static_cast<double>(m_ground.count); }
    double ceiling() override { return m_ground.dimensions * sizeof(float); }

private:
    VectorGround& m_ground;
};

/// The client's exact search in its memory.
class ClientExact final : public Bench {
public:
    ClientExact(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
        , m_seconds(effort.seconds(1.5))
    {
        for (std::size_t i = 0; i < m_ground.count; ++i)
            m_matrix.append(std::to_string(i), {m_ground.row(i), dimensions});
    }
    double ours() override
    {
        return 1000 / m_ground.rate(m_seconds, [this](std::size_t i) {
            client::exactSearch(m_matrix, client::Distance::Euclidean,
                {m_ground.query(i), m_ground.dimensions}, VectorGround::neighbours);
        });
    }
    double ceiling() override
    {
        return 1000 / m_ground.rate(m_seconds, [this](std::size_t i) {
            bareNearest(m_ground.rows(), m_ground.dimensions, m_ground.query(i), VectorGround::neighbours);
        });
    }

private:
    VectorGround& m_ground;
    const double m_seconds;
    client::VectorMatrix m_matrix;
};

/// All vectors through the engine, each acknowledged when it is on the disk, until the graph has them. As
/// many wait as a busy importer keeps in flight.
void insertAll(sandbox::Engine& engine, const VectorGround& ground)
{
    constexpr std::ptrdiff_t inFlight = 1024;
    const auto submit = [&](sandbox::VectorWrite write, std::latch& done, std::atomic<bool>& failed) {
        write.index = "docs";
        write.done = [&](const sandbox::VectorResult& result) {
            failed = failed || !result;
            done.count_down();
        };
        engine.submit(std::move(write));
    };
    std::atomic<bool> failed = false;
    {
        std::latch made(1);
        sandbox::VectorWrite create;
        create.op = sandbox::VectorWrite::Op::Create;
        create.dimensions = ground.dimensions;
        create.distance = client::Distance::Euclidean;
        submit(std::move(create), made, failed);
        made.wait();
    }
    for (std::size_t from = 0; from < ground.count && !failed; from += inFlight) {
        const auto upTo = std::min<std::size_t>(from + inFlight, ground.count);
        std::latch done(static_cast<std::ptrdiff_t>(upTo - from));
        for (std::size_t i = from; i < upTo; ++i) {
            sandbox::VectorWrite insert;
            insert.id = std::to_string(i);
            insert.values.assign(ground.row(i), ground.row(i) + ground.dimensions);
            submit(std::move(insert), done, failed);
        }
        done.wait();
    }
    if (failed)
        throw std::runtime_error("the engine refused a vector");
}

std::unique_ptr<sandbox::Engine> openEngine(const std::filesystem::path& folder, const Clock& clock)
{
    auto storage = sandbox::RocksStorage::open(folder);
    if (!storage)
        throw std::runtime_error(storage.error());
    auto engine = sandbox::Engine::open(std::move(*storage), 1024, sandbox::Quirks::sound(), clock);
    if (!engine)
        throw std::runtime_error(engine.error());
    return std::move(*engine);
}

class DurableInserts final : public Bench {
public:
    DurableInserts(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
    {
    }
    double ours() override
    {
        const TempFolder folder;
        const SystemClock clock;
        const auto engine = openEngine(folder.path() / "store", clock);
        const auto start = steady_clock::now();
        insertAll(*engine, m_ground);
        m_acknowledged = rate(start);
        const auto index = engine->vectors().find("docs").vectors;
        const std::size_t all = m_ground.count < sandbox::VectorIndex::graphFrom ? 0 : m_ground.count;
        while (index->indexed() < all)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return rate(start);
    }
    double ceiling() override
    {
        const auto start = steady_clock::now();
        const BareHnsw built(m_ground.rows(), m_ground.dimensions, std::thread::hardware_concurrency());
        return rate(start);
    }
    std::string note() const override
    {
        return "acknowledged at " + std::to_string(static_cast<int>(m_acknowledged)) + "/s";
    }

private:
    double rate(steady_clock::time_point start) const
    {
        return static_cast<double>(m_ground.count) / Seconds(steady_clock::now() - start).count();
    }
    VectorGround& m_ground;
    double m_acknowledged = 0;
};

/// Searches per second with some in flight, through one completion queue.
double searchLoop(const std::string& address, const VectorGround& ground, std::uint32_t k, double seconds)
{
    struct Slot {
        std::optional<grpc::ClientContext> context;
        v1::VectorSearchRequest request;
        v1::VectorSearchResponse reply;
        grpc::Status status;
        std::unique_ptr<grpc::ClientAsyncResponseReader<v1::VectorSearchResponse>> reader;
    };
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    const auto stub
        = v1::Vector::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), args));
    std::vector<Slot> slots(32);
    grpc::CompletionQueue queue;
    std::size_t started = 0;
    std::size_t done = 0;
    bool failed = false;
    const auto send = [&](Slot& slot) {
        slot.context.emplace();
        slot.request.set_namespace_("docs");
        slot.request.set_k(k);
        const float* query = ground.query(started++ % ground.queries());
        slot.request.mutable_query()->Assign(query, query + ground.dimensions);
        slot.reader = stub->AsyncSearch(&*slot.context, slot.request, &queue);
        slot.reader->Finish(&slot.reply, &slot.status, &slot);
    };
    const auto start = steady_clock::now();
    for (auto& slot : slots)
        send(slot);
    void* tag = nullptr;
    bool ok = false;
    while (done < started && queue.Next(&tag, &ok)) {
        auto& slot = *static_cast<Slot*>(tag);
        ++done;
        failed = failed || !slot.status.ok();
        if (!failed && Seconds(steady_clock::now() - start).count() < seconds)
            send(slot);
    }
    const Seconds took = steady_clock::now() - start;
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) { }
    if (failed)
        throw std::runtime_error("a search of the load loop failed");
    return static_cast<double>(done) / took.count();
}

/// Searches through gRPC at the over-fetch that reaches the good recall, against the slower of the engine
/// alone and gRPC alone.
class ThroughGrpc final : public Bench {
public:
    ThroughGrpc(const Effort& effort, std::uint32_t dimensions)
        : m_ground(VectorGround::of(effort, dimensions))
        , m_seconds(effort.seconds(1.5))
        , m_k(static_cast<std::uint32_t>(m_ground.effortFor(goodRecall)))
        , m_trivial(ServerProcess::trivialCommand())
    {
        insertAll(*openEngine(m_folder.path() / "data", m_clock), m_ground);
        sandbox::Config config;
        config.rpcAddr = config.httpAddr = "127.0.0.1:0";
        config.dataDir = m_folder.path() / "data";
        auto server = sandbox::Server::start(config, m_clock);
        if (!server)
            throw std::runtime_error(server.error());
        m_server = std::move(*server);
        while (!m_server->vectorsIndexed())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        searchLoop(address(), m_ground, m_k, m_seconds / 5);
        searchLoop(m_trivial.address(), m_ground, m_k, m_seconds / 5);
    }
    double ours() override { return searchLoop(address(), m_ground, m_k, m_seconds); }
    double ceiling() override
    {
        m_wire = searchLoop(m_trivial.address(), m_ground, m_k, m_seconds / 2);
        m_engine = m_ground.rate(m_seconds / 2, [this](std::size_t i) {
            m_ground.ours().search({m_ground.query(i), m_ground.dimensions}, m_k, false);
        });
        return std::min(m_wire, m_engine);
    }
    std::string note() const override
    {
        return "k " + std::to_string(m_k) + "; gRPC alone " + std::to_string(static_cast<int>(m_wire))
            + "/s, one thread of the engine " + std::to_string(static_cast<int>(m_engine)) + "/s";
    }

private:
    std::string address() const { return "127.0.0.1:" + std::to_string(m_server->nodes().front().rpc); }

    VectorGround& m_ground;
    const double m_seconds;
    const std::uint32_t m_k;
    TempFolder m_folder;
    SystemClock m_clock;
    ServerProcess m_trivial;
    std::unique_ptr<sandbox::Server> m_server;
    double m_wire = 0;
    double m_engine = 0;
};

template <class Measured, class... More>
Figure figure(const char* id, const char* name, Better better, double goal, const char* unit,
    std::uint32_t dimensions, More... more)
{
    return {id, name, better, goal, unit,
        [=](const Effort& effort) { return std::make_unique<Measured>(effort, dimensions, more...); }};
}

} // namespace

std::vector<Figure> vectorFigures()
{
    const auto byDefault = sandbox::VectorIndex::defaultEffort;
    return {
        figure<Recall>("vector-recall", "recall@10 by default, 100k x 128, vs exact", Better::Higher, 0.95,
            "recall", 128, byDefault),
        figure<Recall>("vector-recall-over", "recall@10 with 40 asked, 100k x 128, vs exact", Better::Higher,
            goodRecall, "recall", 128, overFetched),
        figure<Memory>(
            "vector-P24", "index per vector, 128 dimensions, vs raw floats", Better::Lower, 1.7, "B", 128),
        figure<AgainstStock>("vector-P22", "engine at recall 0.99, 100k x 128, vs stock hnswlib",
            Better::Higher, 1.1, "queries/s", 128),
        figure<AgainstExact>("vector-P23", "engine at recall 0.99, 100k x 128, vs exact AVX2 scan",
            Better::Higher, 15, "queries/s", 128),
        figure<ThroughGrpc>("vector-P22-grpc", "the same through gRPC, vs the slower of engine and gRPC",
            Better::Higher, 0.8, "queries/s", 128),
        figure<DurableInserts>("vector-insert", "100k x 128 durable, until in the graph, vs bare hnswlib",
            Better::Higher, 0.7, "vectors/s", 128),
        figure<ClientExact>("vector-exact", "exact search of the client, 100k x 128, vs bare AVX2 loop",
            Better::Lower, 1.5, "ms", 128),
        figure<Recall>("vector-recall-384", "recall@10 with 40 asked, 100k x 384, vs exact", Better::Higher,
            0.95, "recall", 384, overFetched),
        figure<Memory>("vector-P24-384", "index per vector, 384 dimensions, vs raw floats", Better::Lower,
            1.3, "B", 384),
        figure<AgainstStock>("vector-P22-384", "engine at recall 0.99, 100k x 384, vs stock hnswlib",
            Better::Higher, 1.1, "queries/s", 384),
        figure<AgainstExact>("vector-P23-384", "engine at recall 0.99, 100k x 384, vs exact AVX2 scan",
            Better::Higher, 15, "queries/s", 384),
        figure<ClientExact>("vector-exact-384", "exact search of the client, 100k x 384, vs bare AVX2 loop",
            Better::Lower, 1.5, "ms", 384),
    };
}

} // namespace norikv::bench
