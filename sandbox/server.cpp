// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/server.h"

#include "sandbox/adminservice.h"
#include "sandbox/exploreservice.h"
#include "sandbox/faultsservice.h"
#include "sandbox/httpport.h"
#include "sandbox/kvservice.h"
#include "sandbox/limits.h"
#include "sandbox/metaservice.h"
#include "sandbox/revisionmark.h"
#include "sandbox/rocksstorage.h"
#include "sandbox/vectorservice.h"

#include <grpcpp/grpcpp.h>

#include <future>
#include <thread>

namespace norikv::sandbox {

namespace {

constexpr auto tickEvery = std::chrono::seconds(1);
constexpr auto graceForCalls = std::chrono::milliseconds(250);

/// A node with what serves it.
struct Listener {
    Listener(Node& node, Shared& shared, const std::vector<std::unique_ptr<Node>>& nodes, ShiftedClock& clock)
        : kv(node)
        , meta(node, nodes)
        , admin(node)
        , vector(node)
        , explore(node)
        , faults(shared, nodes, clock)
    {
    }

    KvService kv;
    MetaService meta;
    AdminService admin;
    VectorService vector;
    ExploreService explore;
    FaultsService faults;
    std::unique_ptr<grpc::Server> rpc;
    std::unique_ptr<HttpPort> http;
};

Address shifted(Address address, std::size_t by)
{
    if (address.port != 0) { // 0 = any free one, for each
        address.port = static_cast<std::uint16_t>(address.port + by);
    }
    return address;
}

Result<int> listen(Listener& listener, const Address& address, const Config& config)
{
    if (const auto free = checkFree(address); !free) {
        return tl::unexpected(free.error());
    }
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0); // a busy port is an error, not a silent share
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 4096);
    // The SDKs ping every 10 s, some without a call; the default would send them away.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.SetMaxReceiveMessageSize(maxMessageBytes);
    builder.AddListeningPort(address.text(), grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&listener.kv);
    builder.RegisterService(&listener.meta);
    builder.RegisterService(&listener.admin);
    if (config.vector) {
        builder.RegisterService(&listener.vector);
    }
    if (config.explore) {
        builder.RegisterService(&listener.explore);
    }
    if (config.faults) {
        builder.RegisterService(&listener.faults);
    }
    listener.rpc = builder.BuildAndStart();
    if (!listener.rpc || port == 0) {
        return tl::unexpected(
            "Cannot listen on " + address.text() + "; it may be in use, choose another port");
    }
    return port;
}

} // namespace

struct Server::Impl {
    explicit Impl(const Clock& base)
        : clock(base)
    {
    }

    Result<void> open(const Config& config);
    Result<void> listenAll(const Config& config);
    Result<void> startHttp(const Config& config, std::size_t index);
    void tick();
    void close();

    ShiftedClock clock;
    std::optional<RevisionMark> mark;
    std::unique_ptr<Engine> engine;
    std::unique_ptr<Topology> topology;
    std::unique_ptr<Shared> shared;
    std::vector<std::unique_ptr<sandbox::Node>> nodes;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::vector<std::unique_ptr<PortFile>> portFiles;
    std::vector<NodePorts> ports;
    std::vector<std::string> warnings;
    std::atomic<bool> kickPending = false;
    std::atomic<bool> closing = false;
};

Result<void> Server::Impl::open(const Config& config)
{
    auto storage = RocksStorage::open(config.dataDir);
    if (!storage) {
        return tl::unexpected(storage.error());
    }
    auto opened = Engine::open(std::move(*storage), config.totalShards, config.quirks, clock);
    if (!opened) {
        return tl::unexpected("The store in " + config.dataDir + " cannot be used: " + opened.error());
    }
    mark.emplace(config.dataDir);
    if (const auto checked = mark->check((*opened)->history().last()); !checked) {
        return checked;
    }
    engine = std::move(*opened);
    mark->write(engine->history().last());
    topology = std::make_unique<Topology>(config.totalShards, static_cast<std::size_t>(config.nodes));
    shared = std::make_unique<Shared>(*engine, *topology, config.explore, config.vector);
    engine->onPublish([this] {
        // Not here: making messages is no work for the committer's thread.
        if (!kickPending.exchange(true)) {
            engine->delayer().after({}, [this] {
                kickPending = false;
                for (const auto& node : nodes) {
                    node->streams.kickAll(false);
                }
            });
        }
    });
    return {};
}

Result<void> Server::Impl::listenAll(const Config& config)
{
    const auto rpc = Address::parse(config.rpcAddr);
    for (std::size_t i = 0; i < static_cast<std::size_t>(config.nodes); ++i) {
        const std::string id = config.nodes == 1 ? config.nodeId : "node" + std::to_string(i);
        nodes.push_back(std::make_unique<sandbox::Node>(*shared, i, id));
        listeners.push_back(nullptr);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        // Complete before the next begins: a node that is not listening yet must not be named with an empty
        // address.
        nodes[i]->address = shifted(*rpc, i).dialable(shifted(*rpc, i).port);
        listeners[i] = std::make_unique<Listener>(*nodes[i], *shared, nodes, clock);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto port = listen(*listeners[i], shifted(*rpc, i), config);
        if (!port) {
            return tl::unexpected(port.error());
        }
        nodes[i]->address = rpc->dialable(*port);
        ports.push_back({nodes[i]->id, *port, 0});
        if (const auto http = startHttp(config, i); !http) {
            return http;
        }
    }
    topology->changed(); // for a client that was quicker than the last of the listeners
    tick();
    return {};
}

Result<void> Server::Impl::startHttp(const Config& config, std::size_t index)
{
    const auto address = shifted(*Address::parse(config.httpAddr), index);
    auto http = HttpPort::start(address, *nodes[index]);
    if (http) {
        ports[index].http = (*http)->port();
        listeners[index]->http = std::move(*http);
    } else if (config.httpAsked) {
        return tl::unexpected(http.error());
    } else {
        warnings.push_back("No HTTP side port for " + nodes[index]->id + ": " + http.error());
    }
    return {};
}

void Server::Impl::tick()
{
    if (closing) {
        return;
    }
    for (const auto& node : nodes) {
        node->streams.kickAll(true);
    }
    engine->delayer().after(tickEvery, [this] { tick(); });
}

void Server::Impl::close()
{
    portFiles.clear(); // first: nobody should find a server that is going
    closing = true;
    if (!engine) {
        return;
    }
    for (const auto& node : nodes) {
        node->gate.close();
        node->streams.endAll("the server is stopping");
    }
    engine->delayer().stop(); // calls that were held back go on now, or gRPC would wait for them
    std::vector<std::future<void>> httpStops;
    for (const auto& listener : listeners) {
        if (listener && listener->http) {
            httpStops.push_back(std::async(std::launch::async, [&http = *listener->http] { http.stop(); }));
        }
    }
    const auto deadline = std::chrono::system_clock::now() + graceForCalls;
    for (const auto& listener : listeners) {
        if (listener && listener->rpc) {
            listener->rpc->Shutdown(deadline);
        }
    }
    httpStops.clear(); // waits
    engine->stop();
    listeners.clear();
    nodes.clear();
    mark->write(engine->history().last()); // under the lock of the folder
    engine.reset();
}

Server::Server(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

Server::~Server() { shutdown(); }

Result<std::unique_ptr<Server>> Server::start(const Config& config, const Clock& clock)
{
    if (const auto checked = config.check(); !checked) {
        return tl::unexpected(checked.error());
    }
    std::unique_ptr<Server> server(new Server(std::make_unique<Impl>(clock)));
    auto& impl = *server->m_impl;
    auto started = impl.open(config);
    started = started ? impl.listenAll(config) : started;
    if (!started) {
        return tl::unexpected(started.error());
    }
    std::vector<std::string> paths{config.dataDir + "/sandbox.json"};
    if (!config.portFile.empty()) {
        paths.push_back(config.portFile);
    }
    for (const auto& path : paths) {
        auto file = PortFile::write(path, impl.ports);
        if (!file) {
            return tl::unexpected(file.error());
        }
        impl.portFiles.push_back(std::move(*file));
    }
    return server;
}

const std::vector<Server::Node>& Server::nodes() const { return m_impl->ports; }

const std::vector<std::string>& Server::warnings() const { return m_impl->warnings; }

Quirks Server::quirks() const { return m_impl->engine->quirks(); }

void Server::setQuirks(const Quirks& quirks) { m_impl->engine->setQuirks(quirks); }

Result<std::uint64_t> Server::flushTtl(const std::string& prefix)
{
    auto answer = std::make_shared<std::promise<Result<std::uint64_t>>>();
    auto result = answer->get_future();
    m_impl->engine->flushTtl(prefix, [answer](const auto& dropped) { answer->set_value(dropped); });
    return result.get();
}

void Server::pokeClock() { m_impl->engine->pokeClock(); }

bool Server::vectorsIndexed() const
{
    const auto [stored, indexed] = m_impl->engine->vectors().progress();
    return stored == indexed;
}

void Server::shutdown() { m_impl->close(); }

} // namespace norikv::sandbox
