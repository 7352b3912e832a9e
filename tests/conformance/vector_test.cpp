// SPDX-License-Identifier: GPL-3.0-or-later
// Wire contract 5.1 and 5.2: the vector service is absent, or follows the rules of its service layer.
#include "tests/conformance/target.h"

#include <chrono>

namespace norikv::conformance {
namespace {

using grpc::StatusCode;

template <class Request, class Response, class Method>
grpc::Status call(Method method, const Request& request, Response)
{
    Response response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    return (Target::get().vector().*method)(&context, request, &response);
}

grpc::Status create(const v1::CreateVectorIndexRequest& request)
{
    return call(&v1::Vector::Stub::CreateIndex, request, v1::CreateVectorIndexResponse());
}

v1::CreateVectorIndexRequest index(const std::string& name)
{
    v1::CreateVectorIndexRequest request;
    request.set_namespace_(name);
    request.set_dimensions(2);
    request.set_distance(v1::DISTANCE_FUNCTION_EUCLIDEAN);
    return request;
}

grpc::Status insert(const std::string& name, const std::string& id, int dimensions)
{
    v1::VectorInsertRequest request;
    request.set_namespace_(name);
    request.set_id(id);
    for (int i = 0; i < dimensions; ++i) {
        request.add_vector(1);
    }
    return call(&v1::Vector::Stub::Insert, request, v1::VectorInsertResponse());
}

grpc::Status search(const std::string& consistency, std::uint32_t k)
{
    v1::VectorSearchRequest request;
    request.set_namespace_(freshKey("ns"));
    request.add_query(1);
    request.set_k(k);
    request.set_consistency(consistency);
    return call(&v1::Vector::Stub::Search, request, v1::VectorSearchResponse());
}

bool absent() { return create(v1::CreateVectorIndexRequest()).error_code() == StatusCode::UNIMPLEMENTED; }

void expectRefused(const grpc::Status& status, const std::string& message)
{
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(status.error_message(), message);
}

TEST(Conformance, S5_1_AnAbsentServiceIsUnimplementedWithoutWords)
{
    if (!absent()) {
        GTEST_SKIP() << "this server has vectors";
    }
    for (const auto& status : {create(index("a")), insert("a", "b", 2), search("", 1),
             call(&v1::Vector::Stub::DropIndex, v1::DropVectorIndexRequest(), v1::DropVectorIndexResponse()),
             call(&v1::Vector::Stub::Delete, v1::VectorDeleteRequest(), v1::VectorDeleteResponse()),
             call(&v1::Vector::Stub::Get, v1::VectorGetRequest(), v1::VectorGetResponse())}) {
        EXPECT_EQ(status.error_code(), StatusCode::UNIMPLEMENTED);
        EXPECT_EQ(status.error_message(), "");
    }
}

class ConformanceVector : public testing::Test {
protected:
    void SetUp() override
    {
        if (absent()) {
            GTEST_SKIP() << "this server has no vector service";
        }
    }
};

TEST_F(ConformanceVector, S5_2_NamespaceIsNotEmpty)
{
    expectRefused(create(index("")), "Namespace cannot be empty");
}

TEST_F(ConformanceVector, S5_2_NamespaceHasAtMost256Bytes)
{
    expectRefused(create(index(std::string(257, 'n'))), "Namespace size 257 exceeds limit 256");
}

TEST_F(ConformanceVector, S5_2_IdIsNotEmpty)
{
    expectRefused(insert("ns", "", 2), "Vector ID cannot be empty");
}

TEST_F(ConformanceVector, S5_2_IdHasAtMost512Bytes)
{
    expectRefused(insert("ns", std::string(513, 'i'), 2), "Vector ID size 513 exceeds limit 512");
}

TEST_F(ConformanceVector, S5_2_DimensionsAre1To4096)
{
    for (const std::uint32_t dimensions : {0U, 4097U}) {
        auto request = index(freshKey("ns"));
        request.set_dimensions(dimensions);
        expectRefused(create(request), "Dimensions must be between 1 and 4096");
    }
}

TEST_F(ConformanceVector, S5_2_VectorIsNotEmpty)
{
    expectRefused(insert("ns", "i", 0), "Vector cannot be empty");
}

TEST_F(ConformanceVector, S5_2_VectorHasAtMost4096Numbers)
{
    expectRefused(insert("ns", "i", 4097), "Vector dimensions 4097 exceeds limit 4096");
}

TEST_F(ConformanceVector, S5_2_KIsPositive) { expectRefused(search("", 0), "k must be greater than 0"); }

TEST_F(ConformanceVector, S5_2_DistanceIsSpecified)
{
    auto request = index(freshKey("ns"));
    request.set_distance(v1::DISTANCE_FUNCTION_UNSPECIFIED);
    expectRefused(create(request), "Distance function must be specified");
}

TEST_F(ConformanceVector, S5_2_UnspecifiedIndexTypeIsTaken)
{
    const auto name = freshKey("ns");
    EXPECT_TRUE(create(index(name)).ok());
    v1::DropVectorIndexRequest request;
    request.set_namespace_(name);
    EXPECT_TRUE(call(&v1::Vector::Stub::DropIndex, request, v1::DropVectorIndexResponse()).ok());
}

TEST_F(ConformanceVector, S5_2_UnknownConsistencyIsRefused)
{
    EXPECT_EQ(search("none", 1).error_code(), StatusCode::INVALID_ARGUMENT);
}

} // namespace
} // namespace norikv::conformance
