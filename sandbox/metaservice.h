// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.v1.Meta: this node's own view, at once, every second and at every change (wire-contract 3). As on
/// the shipped server it names only shards of this node, with itself as the sole replica.
class MetaService final : public norikv::v1::Meta::CallbackService {
public:
    /// `peers` (this node too) must be complete before the first call.
    MetaService(Node& node, const std::vector<std::unique_ptr<Node>>& peers)
        : m_node(node)
        , m_peers(peers)
    {
    }

    grpc::ServerWriteReactor<norikv::v1::ClusterView>* WatchCluster(
        grpc::CallbackServerContext* context, const norikv::v1::ClusterView* request) override;

private:
    Node& m_node;
    const std::vector<std::unique_ptr<Node>>& m_peers;
};

} // namespace norikv::sandbox
