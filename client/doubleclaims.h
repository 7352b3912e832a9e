// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace norikv::client {

/// A shard that two nodes or more claim to lead.
struct DoubleClaim {
    std::uint32_t shard = 0;
    std::map<std::size_t, int> refreshes; ///< seed -> how often it said so since both of them do
    int fewest() const;
};

/// Counts for how many refreshes in a row several nodes claim one shard: two at the most are a hand-over that
/// the nodes tell one after the other (L6, panels.md 2.4). NoriKV refreshes about once a second
/// (wire-contract 3.1); views that come between two refreshes, because a member came or a leader moved, count
/// once in half a second, or a burst of them would look like many refreshes. Not safe from several threads.
class DoubleClaims {
public:
    explicit DoubleClaims(std::size_t nodes);

    /// A view of `node` came that claims `gained` for the first time and no longer claims `lost`.
    void take(std::size_t node, std::span<const std::uint32_t> gained, std::span<const std::uint32_t> lost,
        Clock::Elapsed at);
    /// Nothing `node` said holds any more.
    void forget(std::size_t node, std::span<const std::uint32_t> lost);

    /// By shard.
    std::vector<DoubleClaim> standing() const;

private:
    struct Node {
        Clock::Elapsed counted{};
        bool heard = false;
    };
    void drop(std::size_t node, std::span<const std::uint32_t> shards);

    std::vector<Node> m_nodes;
    std::map<std::uint32_t, std::vector<std::size_t>> m_claimants;
    std::map<std::uint32_t, std::map<std::size_t, int>> m_doubles;
};

} // namespace norikv::client
