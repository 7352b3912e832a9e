// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.v1.Kv as wire-contract 2 describes it, without its surprises unless a quirk asks for them.
class KvService final : public norikv::v1::Kv::CallbackService {
public:
    explicit KvService(Node& node)
        : m_node(node)
    {
    }

    grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext* context, const norikv::v1::PutRequest* request,
        norikv::v1::PutResponse* response) override;
    grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const norikv::v1::GetRequest* request,
        norikv::v1::GetResponse* response) override;
    grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
        const norikv::v1::DeleteRequest* request, norikv::v1::DeleteResponse* response) override;

private:
    grpc::Status get(const norikv::v1::GetRequest& request, norikv::v1::GetResponse& response);

    Node& m_node;
};

} // namespace norikv::sandbox
