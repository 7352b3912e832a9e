// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/adminservice.h"

namespace norikv::sandbox {

namespace {

grpc::Status nodeDown() { return {grpc::StatusCode::UNAVAILABLE, "the node is down"}; }

} // namespace

grpc::ServerUnaryReactor* AdminService::TransferShard(
    grpc::CallbackServerContext* context, const norikv::v1::ShardInfo*, norikv::v1::ShardInfo*)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([reactor](bool up) {
        reactor->Finish(up ? grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                            "TransferShard not yet implemented - requires Raft leadership transfer API")
                           : nodeDown());
    });
    return reactor;
}

grpc::ServerUnaryReactor* AdminService::SnapshotShard(grpc::CallbackServerContext* context,
    const norikv::v1::ShardInfo* request, norikv::v1::ShardInfo* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([this, reactor, request, response](
                         bool up) { reactor->Finish(up ? snapshot(request->id(), *response) : nodeDown()); });
    return reactor;
}

grpc::Status AdminService::snapshot(std::uint32_t shard, norikv::v1::ShardInfo& response)
{
    const auto& engine = m_node.shared.engine;
    const auto& topology = m_node.shared.topology;
    const std::string name = std::to_string(shard);
    const bool openedOnly = engine.quirks().firstTouchNotLeader;
    if (shard >= engine.totalShards() || (openedOnly && !topology.opened(shard))) {
        return {grpc::StatusCode::NOT_FOUND, "Shard " + name + " not found: NotFound(" + name + ")"};
    }
    if (topology.leader(shard) != m_node.index) {
        return {grpc::StatusCode::FAILED_PRECONDITION,
            "Shard " + name + " is not leader on this node. Leader: None"};
    }
    response.set_id(shard);
    auto* replica = response.add_replicas();
    replica->set_node_id(m_node.id + "-shard" + name);
    replica->set_leader(true);
    return grpc::Status::OK;
}

} // namespace norikv::sandbox
