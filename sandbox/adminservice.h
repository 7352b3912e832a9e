// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.v1.Admin (wire-contract 4). A snapshot is an answer only: every acknowledged write is on disk
/// anyway.
class AdminService final : public norikv::v1::Admin::CallbackService {
public:
    explicit AdminService(Node& node)
        : m_node(node)
    {
    }

    grpc::ServerUnaryReactor* TransferShard(grpc::CallbackServerContext* context,
        const norikv::v1::ShardInfo* request, norikv::v1::ShardInfo* response) override;
    grpc::ServerUnaryReactor* SnapshotShard(grpc::CallbackServerContext* context,
        const norikv::v1::ShardInfo* request, norikv::v1::ShardInfo* response) override;

private:
    grpc::Status snapshot(std::uint32_t shard, norikv::v1::ShardInfo& response);

    Node& m_node;
};

} // namespace norikv::sandbox
