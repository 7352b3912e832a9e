// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/values.h"

#include <QString>

#include <vector>

namespace norikv::models {

/// One thing that two nodes say differently.
struct NodeDifference {
    QString what; ///< "node2, address"
    QString left;
    QString right;
    bool bad = false; ///< contradicts, and is not only another node's own share
    bool operator==(const NodeDifference&) const = default;
};

/// What differs between two nodes' own views. Each names only its own shards (wire-contract 3.2), so of these
/// just the numbers are compared, and shards that both lead are the contradiction. Epochs are left out: they
/// are counted per process and tick.
std::vector<NodeDifference> differences(const client::ClusterView& left, const client::ClusterView& right);

/// Shards in few words: "3, 17, 20-25 and 12 more".
QString shardsText(const std::vector<std::uint32_t>& sorted, std::size_t mostRuns = 6);

} // namespace norikv::models
