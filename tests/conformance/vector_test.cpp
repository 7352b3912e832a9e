// SPDX-License-Identifier: GPL-3.0-or-later
// Wire contract 5.1 to 5.4: the vector service is absent, or follows the rules of its service and its
// storage.
#include "tests/conformance/target.h"

#include <chrono>
#include <cmath>

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

v1::VectorSearchResponse nearest(const std::string& name, const std::vector<float>& query, std::uint32_t k)
{
    v1::VectorSearchRequest request;
    request.set_namespace_(name);
    request.mutable_query()->Add(query.begin(), query.end());
    request.set_k(k);
    v1::VectorSearchResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const auto status = Target::get().vector().Search(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
}

grpc::Status put(const std::string& name, const std::string& id, const std::vector<float>& values)
{
    v1::VectorInsertRequest request;
    request.set_namespace_(name);
    request.set_id(id);
    request.mutable_vector()->Add(values.begin(), values.end());
    return call(&v1::Vector::Stub::Insert, request, v1::VectorInsertResponse());
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

/// An index of its own that goes with the test.
class ConformanceVectorIndex : public ConformanceVector,
                               public testing::WithParamInterface<v1::VectorIndexType> {
protected:
    std::string make(v1::DistanceFunction distance)
    {
        auto request = index(freshKey("ns"));
        request.set_distance(distance);
        request.set_index_type(GetParam());
        EXPECT_TRUE(create(request).ok());
        m_made.push_back(request.namespace_());
        return request.namespace_();
    }
    void TearDown() override
    {
        for (const auto& name : m_made) {
            v1::DropVectorIndexRequest request;
            request.set_namespace_(name);
            EXPECT_TRUE(call(&v1::Vector::Stub::DropIndex, request, v1::DropVectorIndexResponse()).ok());
        }
    }

private:
    std::vector<std::string> m_made;
};

TEST_P(ConformanceVectorIndex, S5_3_EuclideanIsTheTrueLength)
{
    const auto name = make(v1::DISTANCE_FUNCTION_EUCLIDEAN);
    ASSERT_TRUE(put(name, "five", {3, 4}).ok());
    const auto found = nearest(name, {0, 0}, 1);
    ASSERT_EQ(found.matches_size(), 1);
    EXPECT_FLOAT_EQ(found.matches(0).distance(), 5);
}

TEST_P(ConformanceVectorIndex, S5_3_CosineIsFrom0To2AndOneWithoutALength)
{
    const auto name = make(v1::DISTANCE_FUNCTION_COSINE);
    ASSERT_TRUE(put(name, "same", {2, 0}).ok());
    ASSERT_TRUE(put(name, "opposite", {-2, 0}).ok());
    ASSERT_TRUE(put(name, "nothing", {0, 0}).ok());
    const auto found = nearest(name, {1, 0}, 3);
    ASSERT_EQ(found.matches_size(), 3);
    EXPECT_EQ(found.matches(0).id(), "same");
    EXPECT_FLOAT_EQ(found.matches(0).distance() + 1, 1);
    EXPECT_EQ(found.matches(1).id(), "nothing");
    EXPECT_FLOAT_EQ(found.matches(1).distance(), 1);
    EXPECT_EQ(found.matches(2).id(), "opposite");
    EXPECT_FLOAT_EQ(found.matches(2).distance(), 2);
}

TEST_P(ConformanceVectorIndex, S5_3_InnerProductIsNegated)
{
    const auto name = make(v1::DISTANCE_FUNCTION_INNER_PRODUCT);
    ASSERT_TRUE(put(name, "long", {10, 10}).ok());
    ASSERT_TRUE(put(name, "short", {1, 1}).ok());
    const auto found = nearest(name, {1, 2}, 2);
    ASSERT_EQ(found.matches_size(), 2);
    EXPECT_EQ(found.matches(0).id(), "long") << "more negative is closer";
    EXPECT_FLOAT_EQ(found.matches(0).distance(), -30);
}

TEST_P(ConformanceVectorIndex, S5_3_InsertWithAnExistingIdReplaces)
{
    const auto name = make(v1::DISTANCE_FUNCTION_EUCLIDEAN);
    ASSERT_TRUE(put(name, "a", {1, 1}).ok());
    ASSERT_TRUE(put(name, "a", {5, 5}).ok());
    const auto found = nearest(name, {5, 5}, 10);
    ASSERT_EQ(found.matches_size(), 1);
    EXPECT_FLOAT_EQ(found.matches(0).distance() + 1, 1);
}

TEST_P(ConformanceVectorIndex, S5_4_WrongLengthAndNaNAreRefused)
{
    const auto name = make(v1::DISTANCE_FUNCTION_EUCLIDEAN);
    // A server that goes through its storage says INTERNAL.
    for (const auto& status : {put(name, "a", {1}), put(name, "a", {1, std::nanf("")})}) {
        EXPECT_TRUE(status.error_code() == StatusCode::INVALID_ARGUMENT
            || status.error_code() == StatusCode::INTERNAL)
            << status.error_code();
    }
    EXPECT_EQ(nearest(name, {1, 1}, 1).matches_size(), 0);
}

INSTANTIATE_TEST_SUITE_P(Types, ConformanceVectorIndex,
    testing::Values(v1::VECTOR_INDEX_TYPE_HNSW, v1::VECTOR_INDEX_TYPE_BRUTE_FORCE),
    [](const auto& type) { return type.param == v1::VECTOR_INDEX_TYPE_HNSW ? "Hnsw" : "BruteForce"; });

TEST_F(ConformanceVector, S5_4_AnUnknownNamespaceIsSaid)
{
    const auto status = put(freshKey("ns"), "a", {1, 2});
    EXPECT_TRUE(status.error_code() == StatusCode::NOT_FOUND || status.error_code() == StatusCode::INTERNAL)
        << status.error_code();
    EXPECT_NE(status.error_message().find("not found"), std::string::npos) << status.error_message();
}

} // namespace
} // namespace norikv::conformance
