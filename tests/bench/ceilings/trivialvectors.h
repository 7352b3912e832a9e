// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::bench {

/// Answers every search at once with k made-up matches: what gRPC alone costs.
class TrivialVectors final : public v1::Vector::CallbackService {
    grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
        const v1::VectorSearchRequest* request, v1::VectorSearchResponse* response) override
    {
        for (std::uint32_t i = 0; i < request->k(); ++i) {
            auto& match = *response->add_matches();
            match.set_id("12345");
            match.set_distance(static_cast<float>(i));
        }
        auto* reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
};

} // namespace norikv::bench
