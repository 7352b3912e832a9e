// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/faultsservice.h"

namespace norikv::sandbox {

namespace {

void toMessage(const Quirks& quirks, v1::Quirks& message)
{
    message.set_racy_cas(quirks.racyCas);
    message.set_cas_window_ms(quirks.casWindowMs);
    message.set_delete_ignores_if_match(quirks.deleteIgnoresIfMatch);
    message.set_shared_idempotency(quirks.sharedIdempotency);
    message.set_first_touch_not_leader(quirks.firstTouchNotLeader);
    message.set_ttl_lost_on_flush(quirks.ttlLostOnFlush);
    message.set_ttl_lost_on_restart(quirks.ttlLostOnRestart);
    message.set_old_value_returns(quirks.oldValueReturns);
    message.set_renumber_on_restart(quirks.renumberOnRestart);
    message.set_refuse_sdk_consistency(quirks.refuseSdkConsistency);
    message.set_ticking_epoch(quirks.tickingEpoch);
    message.set_empty_meta(quirks.emptyMeta);
    message.set_commit_delay_ms(quirks.commitDelayMs);
    message.set_lose_parallel_writes(quirks.loseParallelWrites);
}

Quirks fromMessage(const v1::Quirks& message)
{
    Quirks quirks;
    quirks.racyCas = message.racy_cas();
    quirks.casWindowMs = message.cas_window_ms();
    quirks.deleteIgnoresIfMatch = message.delete_ignores_if_match();
    quirks.sharedIdempotency = message.shared_idempotency();
    quirks.firstTouchNotLeader = message.first_touch_not_leader();
    quirks.ttlLostOnFlush = message.ttl_lost_on_flush();
    quirks.ttlLostOnRestart = message.ttl_lost_on_restart();
    quirks.oldValueReturns = message.old_value_returns();
    quirks.renumberOnRestart = message.renumber_on_restart();
    quirks.refuseSdkConsistency = message.refuse_sdk_consistency();
    quirks.tickingEpoch = message.ticking_epoch();
    quirks.emptyMeta = message.empty_meta();
    quirks.commitDelayMs = message.commit_delay_ms();
    quirks.loseParallelWrites = message.lose_parallel_writes();
    if (quirks.racyCas && quirks.casWindowMs == 0) {
        quirks.casWindowMs = Quirks().casWindowMs; // unset on the wire
    }
    return quirks;
}

FaultsService::Reactor* finish(FaultsService::Context* context, const grpc::Status& status = grpc::Status::OK)
{
    auto* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
}

grpc::Status unknownNode(const std::string& id)
{
    return {grpc::StatusCode::NOT_FOUND, "No node is called " + id};
}

} // namespace

Node* FaultsService::find(const std::string& id) const
{
    for (const auto& node : m_nodes) {
        if (node->id == id) {
            return node.get();
        }
    }
    return nullptr;
}

void FaultsService::topologyChanged()
{
    m_shared.topology.changed();
    for (const auto& node : m_nodes) {
        node->streams.kickAll(false);
    }
}

FaultsService::Reactor* FaultsService::GetQuirks(Context* context, const v1::Empty*, v1::Quirks* response)
{
    toMessage(m_shared.engine.quirks(), *response);
    return finish(context);
}

FaultsService::Reactor* FaultsService::SetQuirks(
    Context* context, const v1::Quirks* request, v1::Quirks* response)
{
    m_shared.engine.setQuirks(fromMessage(*request));
    toMessage(m_shared.engine.quirks(), *response);
    topologyChanged(); // which shards are named depends on a quirk
    return finish(context);
}

FaultsService::Reactor* FaultsService::Flush(
    Context* context, const v1::Prefix* request, v1::Affected* response)
{
    auto* reactor = context->DefaultReactor();
    m_shared.engine.flushTtl(request->prefix(), [reactor, response](const Result<std::uint64_t>& dropped) {
        if (!dropped) {
            reactor->Finish({grpc::StatusCode::INTERNAL, "Flush failed: " + dropped.error()});
            return;
        }
        response->set_keys(*dropped);
        reactor->Finish(grpc::Status::OK);
    });
    return reactor;
}

FaultsService::Reactor* FaultsService::MoveShard(Context* context, const v1::ShardMove* request, v1::Empty*)
{
    const auto* node = find(request->node_id());
    if (node == nullptr) {
        return finish(context, unknownNode(request->node_id()));
    }
    if (!m_shared.topology.move(request->shard(), node->index, request->keep_old_claim())) {
        return finish(
            context, {grpc::StatusCode::NOT_FOUND, "There is no shard " + std::to_string(request->shard())});
    }
    topologyChanged();
    return finish(context);
}

FaultsService::Reactor* FaultsService::SetNode(Context* context, const v1::NodeFault* request, v1::Empty*)
{
    auto* node = find(request->node_id());
    if (node == nullptr) {
        return finish(context, unknownNode(request->node_id()));
    }
    switch (request->state()) {
    case v1::NodeFault::DOWN:
        node->gate.set(NodeState::Down, 0);
        node->streams.endAll("the node is down");
        break;
    case v1::NodeFault::FROZEN:
        node->gate.set(NodeState::Frozen, 0);
        break;
    case v1::NodeFault::UP:
        node->gate.set(NodeState::Up, request->delay_ms());
        break;
    default:
        return finish(context, {grpc::StatusCode::INVALID_ARGUMENT, "A node is UP, DOWN or FROZEN"});
    }
    topologyChanged();
    return finish(context);
}

FaultsService::Reactor* FaultsService::ShiftClock(Context* context, const v1::Shift* request, v1::Empty*)
{
    m_clock.shift(request->ms());
    m_shared.engine.pokeClock();
    return finish(context);
}

} // namespace norikv::sandbox
