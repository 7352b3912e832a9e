// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/doubleclaims.h"
#include "client/values.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
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

/// What one node said last, as it came.
struct NodeView {
    std::shared_ptr<const ClusterView> view; ///< null until it said something
    std::uint64_t views = 0; ///< how many came so far
    Clock::Elapsed heard{}; ///< when the last one came
};

/// In the merged view another node leads a shard. Names are node ids where known; empty = nobody.
struct LeaderChange {
    std::uint32_t shard = 0;
    std::string before;
    std::string after;
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
    NodeView viewOf(std::size_t node) const;
    /// Shards that several nodes claim, and for how long; judged by audit/clusterrules.
    std::vector<DoubleClaim> doubleClaims() const;

    /// Called on the thread that changed the state, only when the content changed. Returns once a call under way has
    /// ended, so what the old callback used may be destroyed then. A callback must not call onChange.
    void onChange(std::function<void()> callback);
    /// Told at once who leads now, then of every change of a leader, none left out and in order, on the
    /// thread that found it, which waits: be quick. Otherwise as onChange.
    void onElection(std::function<void(std::span<const LeaderChange>)> callback);

private:
    using Shards = std::vector<std::uint32_t>;
    struct Seed {
        NodeStatus status;
        NodeView said;
        std::set<std::uint32_t> open;
        std::map<std::uint32_t, std::uint64_t> led; ///< shard -> order in which the claim appeared
    };
    void changed();
    std::string nameOf(std::optional<std::size_t> node) const;
    std::optional<std::size_t> newestClaim(std::uint32_t shard) const;
    /// Seed `node` claims other shards than before.
    std::vector<LeaderChange> elect(std::size_t node, const Shards& gained, const Shards& lost);

    const Clock& m_clock;
    const std::size_t m_nodeCount;
    mutable std::mutex m_mutex;
    std::vector<Seed> m_seeds;
    std::uint64_t m_claimOrder = 0;
    DoubleClaims m_doubles;
    std::map<std::uint32_t, std::size_t> m_leaders; ///< shard -> seed, as told last
    std::mutex m_electionMutex; ///< before m_mutex; keeps elections in order
    std::function<void(std::span<const LeaderChange>)> m_onElection;
    std::mutex m_callbackMutex;
    std::function<void()> m_callback;
};

} // namespace norikv::client
