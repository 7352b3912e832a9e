// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/connection.h"
#include "client/trace.h"
#include "models/dispatcher.h"
#include "tests/models/waiting.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace norikv::test {

/// A store whose one node leads every shard named in `led` and stays connected; its following streams can be
/// cut.
class LedStore : public FakeStore {
public:
    using FakeStore::FakeStore;

    std::vector<std::uint32_t> led; ///< sorted; set before calls run

    /// Ends the watch under way and refuses every scan and batch of reads until mend().
    void cut()
    {
        always(Op::Scan, Fault::Unreachable);
        always(Op::GetMany, Fault::Unreachable);
        const std::scoped_lock lock(m_mutex);
        m_watch.request_stop();
    }
    void mend() { calm(); }

    client::Result<void> watch(
        client::Call& call, const client::WatchRequest& request, const WatchSink& sink) override
    {
        std::stop_source cutHere;
        {
            const std::scoped_lock lock(m_mutex);
            m_watch = cutHere;
        }
        const std::stop_callback forward(call.stop, [cutHere]() mutable { cutHere.request_stop(); });
        client::Call own = call;
        own.stop = cutHere.get_token();
        const auto end = FakeStore::watch(own, request, sink);
        call.record = own.record;
        if (cutHere.stop_requested() && !call.stop.stop_requested())
            return client::fail(client::ErrorKind::Unreachable, "the connection was lost");
        return end;
    }

    client::Result<void> watchCluster(client::Call& call, const ViewSink& sink) override
    {
        client::ClusterView view;
        view.nodes.push_back({"node0", "127.0.0.1:7447", "unknown"});
        for (const auto shard : led)
            view.claims.push_back({shard, "node0", true});
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        // Again and again: the fake clock may leap, and a silent node counts as lost.
        while (!call.stop.stop_requested()) {
            sink(view);
            never.wait_for(lock, call.stop, std::chrono::milliseconds(20), [] { return false; });
        }
        return client::fail(client::ErrorKind::Cancelled, "stopped here");
    }

private:
    std::mutex m_mutex;
    std::stop_source m_watch;
};

/// A connection over a store in memory, and what feeds need. Built by open(), so that a test can prepare the
/// store first.
struct Bench {
    FakeClock clock;
    LedStore store{clock};
    client::Profile profile;
    client::TraceLog trace;
    std::unique_ptr<client::Connection> connection;
    std::unique_ptr<models::Dispatcher> dispatcher;

    Bench()
    {
        profile.name = "bench";
        profile.seeds = {"127.0.0.1:7447"};
    }
    void open(std::size_t threads = 4)
    {
        connection = client::Connection::over(store, profile, clock, trace);
        dispatcher = std::make_unique<models::Dispatcher>(threads);
    }
};

} // namespace norikv::test
