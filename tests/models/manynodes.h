// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/connection.h"
#include "client/trace.h"
#include "models/clusterfeed.h"
#include "models/dispatcher.h"
#include "models/electionhistory.h"
#include "models/operationsmodel.h"
#include "models/shardfeed.h"
#include "tests/models/waiting.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/scratchfolder.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace norikv::test {

/// A deployment of several nodes, each with a view of its own that a test changes while it is watched.
class ManyNodes : public FakeStore {
public:
    using FakeStore::FakeStore;

    /// From now on node `node` says this; told at once, and again every 20 ms as a server does every second.
    void say(std::size_t node, client::ClusterView view)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_views[node] = std::move(view);
            m_away[node] = false;
        }
        m_changed.notify_all();
    }
    /// Its stream ends, and the next ones at once.
    void away(std::size_t node)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_away[node] = true;
        }
        m_changed.notify_all();
    }
    static client::ClusterView view(const std::string& id, const std::vector<std::uint32_t>& led,
        const std::vector<std::uint32_t>& followed = {})
    {
        client::ClusterView view;
        view.nodes.push_back({id, "0.0.0.0:8447", "unknown"});
        for (const auto shard : led)
            view.claims.push_back({shard, id, true});
        for (const auto shard : followed)
            view.claims.push_back({shard, id, false});
        return view;
    }

    client::Result<void> watchCluster(client::Call& call, const ViewSink& sink) override
    {
        const std::size_t node = call.node.value_or(0);
        std::unique_lock lock(m_mutex);
        while (!call.stop.stop_requested()) {
            if (m_away[node])
                return client::fail(client::ErrorKind::Unreachable, "connection refused");
            if (m_views.contains(node)) {
                auto next = m_views[node];
                next.epoch = ++m_epoch;
                lock.unlock();
                const bool goesOn = sink(std::move(next));
                lock.lock();
                if (!goesOn)
                    return {};
            }
            m_changed.wait_for(lock, call.stop, std::chrono::milliseconds(20), [] { return false; });
        }
        return client::fail(client::ErrorKind::Cancelled, "stopped here");
    }

    /// As the shipped server (wire-contract 4).
    client::Result<void> transferShard(client::Call& call, std::uint32_t shard) override
    {
        (void)FakeStore::transferShard(call, shard);
        return client::fail(client::ErrorKind::Unsupported, "the server does not offer this call",
            "TransferShard not yet implemented");
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<std::size_t, client::ClusterView> m_views;
    std::map<std::size_t, bool> m_away;
    std::uint64_t m_epoch = 0;
};

/// A connection to several nodes, and the feeds of the overview over it.
struct ClusterBench {
    FakeClock clock;
    ManyNodes store{clock};
    client::Profile profile;
    client::TraceLog trace;
    ScratchFolder folder;
    std::unique_ptr<models::ElectionHistory> history;
    std::unique_ptr<client::Connection> connection;
    std::unique_ptr<models::Dispatcher> dispatcher;
    models::OperationsModel operations;
    std::unique_ptr<models::ClusterFeed> cluster;
    std::unique_ptr<models::ShardFeed> feed;

    explicit ClusterBench(std::size_t nodes = 3)
    {
        profile.name = "bench";
        profile.totalShards = 64;
        for (std::size_t node = 0; node < nodes; ++node)
            profile.seeds.push_back("10.0.0." + std::to_string(node + 1) + ":7447");
    }
    ~ClusterBench()
    {
        feed.reset();
        cluster.reset();
        connection.reset();
        dispatcher.reset();
    }
    void open(models::EntryFollower::KnownKeys known = nullptr)
    {
        history = std::make_unique<models::ElectionHistory>(folder.file("elections/bench.sqlite"), clock);
        connection = client::Connection::over(store, profile, clock, trace);
        dispatcher = std::make_unique<models::Dispatcher>(4);
        cluster = std::make_unique<models::ClusterFeed>(*dispatcher, *connection, trace, clock, operations);
        feed = std::make_unique<models::ShardFeed>(
            *dispatcher, *connection, clock, std::move(known), *cluster, *history);
    }
    /// node0 leads 0, 3, 6 ..., node1 1, 4 ..., node2 2, 5 ...; the last four shards are cold.
    void sayEvenly()
    {
        for (std::size_t node = 0; node < profile.seeds.size(); ++node) {
            std::vector<std::uint32_t> led;
            for (auto shard = static_cast<std::uint32_t>(node); shard < profile.totalShards - 4;
                 shard += static_cast<std::uint32_t>(profile.seeds.size()))
                led.push_back(shard);
            store.say(node, ManyNodes::view("node" + std::to_string(node), led));
        }
    }
};

} // namespace norikv::test
