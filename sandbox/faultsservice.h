// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"
#include "sandbox/shiftedclock.h"

#include <norikv/sandbox/v1/faults.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.sandbox.v1.Faults: quirks and failures on demand. Registered only with --faults and on loopback. It
/// does not pass a node's gate: a frozen node can be thawed through itself.
class FaultsService final : public v1::Faults::CallbackService {
public:
    using Context = grpc::CallbackServerContext;
    using Reactor = grpc::ServerUnaryReactor;

    FaultsService(Shared& shared, const std::vector<std::unique_ptr<Node>>& nodes, ShiftedClock& clock)
        : m_shared(shared)
        , m_nodes(nodes)
        , m_clock(clock)
    {
    }

    Reactor* GetQuirks(Context* context, const v1::Empty* request, v1::Quirks* response) override;
    Reactor* SetQuirks(Context* context, const v1::Quirks* request, v1::Quirks* response) override;
    Reactor* Flush(Context* context, const v1::Prefix* request, v1::Affected* response) override;
    Reactor* MoveShard(Context* context, const v1::ShardMove* request, v1::Empty* response) override;
    Reactor* SetNode(Context* context, const v1::NodeFault* request, v1::Empty* response) override;
    Reactor* ShiftClock(Context* context, const v1::Shift* request, v1::Empty* response) override;

private:
    Node* find(const std::string& id) const;
    void topologyChanged();

    Shared& m_shared;
    const std::vector<std::unique_ptr<Node>>& m_nodes;
    ShiftedClock& m_clock;
};

} // namespace norikv::sandbox
