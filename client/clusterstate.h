// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/values.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace norikv::client {

enum class Link {
    Connecting,
    Up,
    Suspect, ///< silent for 5 s
    Down,
};

/// One seed and what its stream said last.
struct NodeStatus {
    std::string address; ///< the seed as the user wrote it
    std::string id; ///< its own node id, learnt from its own view
    std::string advertised; ///< what it says its address is; never dialled
    Link link = Link::Connecting;
    Clock::Elapsed since{}; ///< when `link` last changed
    std::string problem; ///< why it is not up
    std::size_t shardsOpen = 0;
    std::size_t shardsLed = 0;
};

struct ClusterSnapshot {
    std::vector<NodeStatus> nodes;
    std::map<std::uint32_t, std::vector<std::size_t>> leaders; ///< shard -> seeds that claim to lead it
    std::set<std::uint32_t> open; ///< shards opened on some node; any other is cold
};

/// The merged view of all seeds. The view received over seed S describes S (rulings, small ones): a claim to
/// lead is taken only from the node that makes it for itself. Merged by content; epochs are ignored. Safe
/// from any thread.
class ClusterState {
public:
    ClusterState(std::vector<std::string> seeds, const Clock& clock);

    /// Replaces what seed `node` said before.
    void applyView(std::size_t node, const ClusterView& view);
    /// A node that is down claims nothing.
    void setLink(std::size_t node, Link link, std::string problem = {});

    std::size_t nodeCount() const { return m_nodeCount; }
    /// The seed that claims `shard`; the one that claimed it last when two do.
    std::optional<std::size_t> leaderOf(std::uint32_t shard) const;
    /// Node id where known, else the seed's address.
    std::string nodeName(std::size_t node) const;
    ClusterSnapshot snapshot() const;

    /// Called on the thread that changed the state, only when the content changed. Returns once a call under way has
    /// ended, so what the old callback used may be destroyed then. A callback must not call onChange.
    void onChange(std::function<void()> callback);

private:
    struct Seed {
        NodeStatus status;
        std::set<std::uint32_t> open;
        std::map<std::uint32_t, std::uint64_t> led; ///< shard -> order in which the claim appeared
    };
    void changed();

    const Clock& m_clock;
    const std::size_t m_nodeCount;
    mutable std::mutex m_mutex;
    std::vector<Seed> m_seeds;
    std::uint64_t m_claimOrder = 0;
    std::mutex m_callbackMutex;
    std::function<void()> m_callback;
};

} // namespace norikv::client
