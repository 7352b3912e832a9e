// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <norikv/explore/v1/explore.grpc.pb.h>

namespace norikv::sandbox {

/// norikv.explore.v1.Explore, our extension: all nodes share one store, so any of them answers for all keys.
/// The calls that list vectors are UNIMPLEMENTED where Vector is not served.
class ExploreService final : public explore::v1::Explore::CallbackService {
public:
    explicit ExploreService(Node& node)
        : m_node(node)
    {
    }

    grpc::ServerWriteReactor<explore::v1::ScanBatch>* Scan(
        grpc::CallbackServerContext* context, const explore::v1::ScanRequest* request) override;
    grpc::ServerWriteReactor<explore::v1::WatchBatch>* Watch(
        grpc::CallbackServerContext* context, const explore::v1::WatchRequest* request) override;
    grpc::ServerUnaryReactor* Stat(grpc::CallbackServerContext* context,
        const explore::v1::StatRequest* request, explore::v1::StatResponse* response) override;
    grpc::ServerUnaryReactor* ListVectorIndexes(grpc::CallbackServerContext* context,
        const explore::v1::ListVectorIndexesRequest* request,
        explore::v1::ListVectorIndexesResponse* response) override;
    grpc::ServerWriteReactor<explore::v1::ListVectorIdsBatch>* ListVectorIds(
        grpc::CallbackServerContext* context, const explore::v1::ListVectorIdsRequest* request) override;

private:
    grpc::Status stat(const explore::v1::StatRequest& request, explore::v1::StatResponse& response);

    Node& m_node;
};

} // namespace norikv::sandbox
