// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/metaservice.h"

#include "sandbox/streamreactor.h"

namespace norikv::sandbox {

namespace {

using Peers = std::vector<std::unique_ptr<Node>>;

class ViewStream final : public StreamReactor<norikv::v1::ClusterView> {
public:
    ViewStream(Node& node, const Peers& peers)
        : StreamReactor(node)
        , m_peers(peers)
    {
    }

private:
    Step next(norikv::v1::ClusterView& view, bool tick, grpc::Status&) override
    {
        const Quirks quirks = m_node.shared.engine.quirks();
        const auto epoch = m_node.shared.topology.epoch();
        if (tick) {
            ++m_ticks;
        } else if (epoch == m_sent) {
            return Step::Idle;
        }
        if (epoch != m_sent || quirks.tickingEpoch != m_ticking) {
            m_sent = epoch;
            m_ticking = quirks.tickingEpoch;
            fill(view, quirks.firstTouchNotLeader);
        }
        view.set_epoch(quirks.tickingEpoch ? epoch + m_ticks : epoch);
        return Step::Write;
    }

    void fill(norikv::v1::ClusterView& view, bool openedOnly)
    {
        view.Clear();
        for (const auto& peer : m_peers) {
            auto* node = view.add_nodes();
            node->set_id(peer->id);
            node->set_addr(peer->address);
            const bool down = peer->gate.state() == NodeState::Down;
            node->set_role(peer.get() == &m_node ? "unknown" : down ? "failed" : "follower");
        }
        for (const auto shard : m_node.shared.topology.claims(m_node.index, openedOnly)) {
            auto* info = view.add_shards();
            info->set_id(shard);
            auto* replica = info->add_replicas();
            replica->set_node_id(m_node.id);
            replica->set_leader(true);
        }
    }

    const Peers& m_peers;
    std::uint64_t m_sent = 0; ///< epochs begin at 1
    std::uint64_t m_ticks = 0;
    bool m_ticking = false;
};

} // namespace

grpc::ServerWriteReactor<norikv::v1::ClusterView>* MetaService::WatchCluster(
    grpc::CallbackServerContext*, const norikv::v1::ClusterView*)
{
    return ViewStream::start(std::make_shared<ViewStream>(m_node, m_peers));
}

} // namespace norikv::sandbox
