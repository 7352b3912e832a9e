// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.v1.Vector by the rules of wire-contract 5.2 and 5.3, with the precise codes and true booleans
/// of 5.4. All nodes share one store and no shard is involved, so every node answers.
class VectorService final : public norikv::v1::Vector::CallbackService {
public:
    explicit VectorService(Node& node)
        : m_node(node)
    {
    }

    grpc::ServerUnaryReactor* CreateIndex(grpc::CallbackServerContext* context,
        const norikv::v1::CreateVectorIndexRequest* request,
        norikv::v1::CreateVectorIndexResponse* response) override;
    grpc::ServerUnaryReactor* DropIndex(grpc::CallbackServerContext* context,
        const norikv::v1::DropVectorIndexRequest* request,
        norikv::v1::DropVectorIndexResponse* response) override;
    grpc::ServerUnaryReactor* Insert(grpc::CallbackServerContext* context,
        const norikv::v1::VectorInsertRequest* request, norikv::v1::VectorInsertResponse* response) override;
    grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
        const norikv::v1::VectorDeleteRequest* request, norikv::v1::VectorDeleteResponse* response) override;
    grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
        const norikv::v1::VectorSearchRequest* request, norikv::v1::VectorSearchResponse* response) override;
    grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context,
        const norikv::v1::VectorGetRequest* request, norikv::v1::VectorGetResponse* response) override;

private:
    grpc::Status search(
        const norikv::v1::VectorSearchRequest& request, norikv::v1::VectorSearchResponse& response) const;
    grpc::Status get(
        const norikv::v1::VectorGetRequest& request, norikv::v1::VectorGetResponse& response) const;
    grpc::Status checkConsistency(const std::string& text) const;

    Node& m_node;
};

} // namespace norikv::sandbox
