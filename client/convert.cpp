// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/convert.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace norikv::client {

Version fromProto(const v1::Version& version) { return {version.term(), version.index()}; }

Entry fromProto(const Bytes& key, v1::GetResponse&& reply)
{
    Entry entry;
    entry.key = key;
    entry.value = std::move(*reply.mutable_value());
    entry.valueSize = entry.value.size();
    if (reply.has_version())
        entry.version = fromProto(reply.version());
    for (const auto& [name, text] : reply.meta())
        entry.meta.emplace(name, text);
    const auto expiry = entry.meta.find("expires_at_ms");
    if (expiry != entry.meta.end()) {
        EpochMs at = 0;
        const auto& text = expiry->second;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, at);
        if (error == std::errc() && stop == end) {
            entry.provenance = TtlProvenance::Server;
            if (at > 0)
                entry.expiresAtMs = at;
        }
    }
    return entry;
}

Entry fromProto(explore::v1::Entry&& in)
{
    Entry entry;
    entry.key = std::move(*in.mutable_key());
    entry.value = std::move(*in.mutable_value());
    entry.valueSize = std::max<std::uint64_t>(in.value_size(), entry.value.size());
    if (in.has_version())
        entry.version = fromProto(in.version());
    entry.provenance = TtlProvenance::Server;
    if (in.expires_at_ms() != 0)
        entry.expiresAtMs = static_cast<EpochMs>(in.expires_at_ms());
    return entry;
}

ClusterView fromProto(const v1::ClusterView& in)
{
    ClusterView view;
    view.epoch = in.epoch();
    for (const auto& node : in.nodes())
        view.nodes.push_back({node.id(), node.addr(), node.role()});
    for (const auto& shard : in.shards()) {
        for (const auto& replica : shard.replicas())
            view.claims.push_back({shard.id(), replica.node_id(), replica.leader()});
    }
    std::ranges::sort(view.claims, {}, &ClusterView::Claim::shard);
    return view;
}

// One list of the fields both ways: a quirk that is forgotten here is forgotten in both directions and a test
// sees it.
Quirks fromProto(const sandbox::v1::Quirks& in)
{
    return {in.racy_cas(), in.cas_window_ms(), in.delete_ignores_if_match(), in.shared_idempotency(),
        in.first_touch_not_leader(), in.ttl_lost_on_flush(), in.ttl_lost_on_restart(), in.old_value_returns(),
        in.renumber_on_restart(), in.refuse_sdk_consistency(), in.ticking_epoch(), in.empty_meta(),
        in.commit_delay_ms(), in.lose_parallel_writes()};
}

void toProto(const Quirks& quirks, sandbox::v1::Quirks& out)
{
    out.set_racy_cas(quirks.racyCas);
    out.set_cas_window_ms(quirks.casWindowMs);
    out.set_delete_ignores_if_match(quirks.deleteIgnoresIfMatch);
    out.set_shared_idempotency(quirks.sharedIdempotency);
    out.set_first_touch_not_leader(quirks.firstTouchNotLeader);
    out.set_ttl_lost_on_flush(quirks.ttlLostOnFlush);
    out.set_ttl_lost_on_restart(quirks.ttlLostOnRestart);
    out.set_old_value_returns(quirks.oldValueReturns);
    out.set_renumber_on_restart(quirks.renumberOnRestart);
    out.set_refuse_sdk_consistency(quirks.refuseSdkConsistency);
    out.set_ticking_epoch(quirks.tickingEpoch);
    out.set_empty_meta(quirks.emptyMeta);
    out.set_commit_delay_ms(quirks.commitDelayMs);
    out.set_lose_parallel_writes(quirks.loseParallelWrites);
}

void toProto(const Put& put, v1::PutRequest& request)
{
    request.set_key(put.key);
    request.set_value(put.value);
    request.set_ttl_ms(put.ttlMs);
    request.set_idempotency_key(put.idempotencyKey);
    if (put.ifMatch) {
        request.mutable_if_match()->set_term(put.ifMatch->term);
        request.mutable_if_match()->set_index(put.ifMatch->index);
    }
}

void toProto(const Remove& remove, v1::DeleteRequest& request)
{
    request.set_key(remove.key);
    request.set_idempotency_key(remove.idempotencyKey);
    if (remove.ifMatch) {
        request.mutable_if_match()->set_term(remove.ifMatch->term);
        request.mutable_if_match()->set_index(remove.ifMatch->index);
    }
}

} // namespace norikv::client
