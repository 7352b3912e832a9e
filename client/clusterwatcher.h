// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clusterstate.h"
#include "client/store.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace norikv::client {

/// Keeps one WatchCluster stream open to every seed and feeds ClusterState. The stream is also the liveness
/// signal: silence for 5 s makes a node suspect; after 10 s its connection is closed and dialled anew
/// (rulings 17). A lost stream is opened again after 100..200 ms; gRPC's own reconnect backoff bounds the
/// attempts.
class ClusterWatcher {
public:
    /// What the watcher asks of the connections below the store.
    struct Dialler {
        std::function<void(std::size_t node)> redial; ///< close and dial again
        /// Get on with connecting for at most this long.
        std::function<void(std::size_t node, std::chrono::milliseconds)> await;
    };

    /// Starts at once. `store`, `state` and `clock` must outlive the watcher.
    ClusterWatcher(Store& store, ClusterState& state, const Clock& clock, Dialler dialler);
    /// Ends the streams; takes well under a second.
    ~ClusterWatcher();

private:
    struct Seed {
        std::mutex mutex;
        Clock::Elapsed heard{};
        std::stop_source stream; ///< ends the stream under way
    };
    void follow(std::size_t node, const std::stop_token& stop);
    void watchSilence(const std::stop_token& stop);

    Store& m_store;
    ClusterState& m_state;
    const Clock& m_clock;
    const Dialler m_dialler;
    std::vector<std::unique_ptr<Seed>> m_seeds;
    std::vector<std::jthread> m_threads; ///< last: they use all of the above
};

} // namespace norikv::client
