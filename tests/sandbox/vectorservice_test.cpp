// SPDX-License-Identifier: GPL-3.0-or-later
// The Vector service through gRPC: rules, words and codes of wire-contract 5.2 to 5.4, and Explore's lists.
#include "sandbox/limits.h"
#include "tests/sandbox/serverfixture.h"
#include "tests/sandbox/vectordata.h"

#include <limits>
#include <thread>

namespace norikv::tests {
namespace {

namespace ev1 = explore::v1;
using grpc::Status;
using grpc::StatusCode;
using IdsCall = OpenStream<ev1::Explore::Stub, ev1::ListVectorIdsRequest, ev1::ListVectorIdsBatch>;

class VectorServiceTest : public ServerFixture {
protected:
    v1::CreateVectorIndexRequest createOf(const std::string& name, std::uint32_t dimensions)
    {
        v1::CreateVectorIndexRequest request;
        request.set_namespace_(name);
        request.set_dimensions(dimensions);
        request.set_distance(v1::DISTANCE_FUNCTION_EUCLIDEAN);
        return request;
    }
    v1::VectorInsertRequest insertOf(
        const std::string& name, const std::string& id, const std::vector<float>& values)
    {
        v1::VectorInsertRequest request;
        request.set_namespace_(name);
        request.set_id(id);
        request.mutable_vector()->Add(values.begin(), values.end());
        return request;
    }
    v1::VectorSearchRequest searchOf(
        const std::string& name, const std::vector<float>& query, std::uint32_t k)
    {
        v1::VectorSearchRequest request;
        request.set_namespace_(name);
        request.mutable_query()->Add(query.begin(), query.end());
        request.set_k(k);
        return request;
    }
    Status create(const v1::CreateVectorIndexRequest& request, bool* created = nullptr, std::size_t node = 0)
    {
        v1::CreateVectorIndexResponse response;
        const auto status = call(*stub<v1::Vector>(node), &v1::Vector::Stub::CreateIndex, request, response);
        EXPECT_TRUE(response.meta().empty());
        if (created != nullptr) {
            *created = response.created();
        }
        return status;
    }
    Status insert(const v1::VectorInsertRequest& request, std::size_t node = 0)
    {
        return call(*stub<v1::Vector>(node), &v1::Vector::Stub::Insert, request, inserted);
    }
    /// Side by side, so that they share the disk's syncs.
    template <class Request> void insertMany(int count, const Request& requestOf)
    {
        constexpr int writers = 32;
        const auto vectors = stub<v1::Vector>();
        std::vector<std::jthread> threads;
        for (int first = 0; first < writers; ++first) {
            threads.emplace_back([&, first] {
                for (int i = first; i < count; i += writers) {
                    v1::VectorInsertResponse response;
                    const auto status = call(*vectors, &v1::Vector::Stub::Insert, requestOf(i), response);
                    EXPECT_TRUE(status.ok()) << status.error_message();
                }
            });
        }
    }
    Status search(const v1::VectorSearchRequest& request, std::size_t node = 0)
    {
        found.Clear();
        return call(*stub<v1::Vector>(node), &v1::Vector::Stub::Search, request, found);
    }
    Status get(const std::string& name, const std::string& id, const std::string& consistency = {})
    {
        v1::VectorGetRequest request;
        request.set_namespace_(name);
        request.set_id(id);
        request.set_consistency(consistency);
        got.Clear();
        return call(*stub<v1::Vector>(), &v1::Vector::Stub::Get, request, got);
    }
    Status remove(const std::string& name, const std::string& id, bool* deleted = nullptr)
    {
        v1::VectorDeleteRequest request;
        request.set_namespace_(name);
        request.set_id(id);
        v1::VectorDeleteResponse response;
        const auto status = call(*stub<v1::Vector>(), &v1::Vector::Stub::Delete, request, response);
        if (deleted != nullptr) {
            *deleted = response.deleted();
        }
        return status;
    }
    Status drop(const std::string& name, bool* dropped = nullptr)
    {
        v1::DropVectorIndexRequest request;
        request.set_namespace_(name);
        v1::DropVectorIndexResponse response;
        const auto status = call(*stub<v1::Vector>(), &v1::Vector::Stub::DropIndex, request, response);
        if (dropped != nullptr) {
            *dropped = response.dropped();
        }
        return status;
    }
    std::vector<std::string> foundIds() const
    {
        std::vector<std::string> ids;
        for (const auto& match : found.matches()) {
            ids.push_back(match.id());
        }
        return ids;
    }
    static void expectStatus(const Status& status, StatusCode code, const std::string& text)
    {
        EXPECT_EQ(status.error_code(), code) << text;
        EXPECT_EQ(status.error_message(), text);
    }
    static void expectInvalid(const Status& status, const std::string& text)
    {
        expectStatus(status, StatusCode::INVALID_ARGUMENT, text);
    }
    static void expectUnknown(const Status& status)
    {
        expectStatus(status, StatusCode::NOT_FOUND, "Vector namespace 'nobody' not found");
    }

    v1::VectorInsertResponse inserted;
    v1::VectorSearchResponse found;
    v1::VectorGetResponse got;
};

TEST_F(VectorServiceTest, SizesAreCheckedBeforeAnythingElse)
{
    start();
    const std::string longName(257, 'n');
    const std::string longId(513, 'i');
    const std::vector<float> tooLong(4097, 1.0F);
    // Of a namespace nobody created: were it looked for first, all would be NOT_FOUND.
    expectInvalid(create(createOf("", 0)), "Namespace cannot be empty");
    expectInvalid(create(createOf(longName, 2)), "Namespace size 257 exceeds limit 256");
    expectInvalid(create(createOf("nobody", 0)), "Dimensions must be between 1 and 4096");
    expectInvalid(create(createOf("nobody", 4097)), "Dimensions must be between 1 and 4096");
    expectInvalid(drop(""), "Namespace cannot be empty");
    expectInvalid(insert(insertOf("", "", {})), "Namespace cannot be empty");
    expectInvalid(insert(insertOf("nobody", "", {})), "Vector ID cannot be empty");
    expectInvalid(insert(insertOf("nobody", longId, {})), "Vector ID size 513 exceeds limit 512");
    expectInvalid(insert(insertOf("nobody", "i", {})), "Vector cannot be empty");
    expectInvalid(insert(insertOf("nobody", "i", tooLong)), "Vector dimensions 4097 exceeds limit 4096");
    expectInvalid(remove(longName, "i"), "Namespace size 257 exceeds limit 256");
    expectInvalid(remove("nobody", ""), "Vector ID cannot be empty");
    expectInvalid(search(searchOf("", {}, 0)), "Namespace cannot be empty");
    expectInvalid(search(searchOf("nobody", {}, 0)), "Vector cannot be empty");
    expectInvalid(search(searchOf("nobody", tooLong, 1)), "Vector dimensions 4097 exceeds limit 4096");
    expectInvalid(search(searchOf("nobody", {1}, 0)), "k must be greater than 0");
    expectInvalid(get("nobody", longId), "Vector ID size 513 exceeds limit 512");
    expectInvalid(get("nobody", "i", "none"), "Unknown consistency level: none");
    auto request = searchOf("nobody", {1}, 1);
    request.set_consistency("none");
    expectInvalid(search(request), "Unknown consistency level: none");
    auto unspecified = createOf("nobody", 2);
    unspecified.set_distance(v1::DISTANCE_FUNCTION_UNSPECIFIED);
    expectInvalid(create(unspecified), "Distance function must be specified");
    unspecified.set_distance(static_cast<v1::DistanceFunction>(9));
    expectInvalid(create(unspecified), "Distance function must be specified");
}

TEST_F(VectorServiceTest, TheLargestSizesAreTaken)
{
    start();
    const std::string name(256, 'n');
    const std::string id(512, 'i');
    const std::vector<float> values(4096, 0.5F);
    ASSERT_TRUE(create(createOf(name, 4096)).ok());
    ASSERT_TRUE(insert(insertOf(name, id, values)).ok());
    ASSERT_TRUE(get(name, id).ok());
    EXPECT_EQ(std::vector<float>(got.vector().begin(), got.vector().end()), values);
    ASSERT_TRUE(search(searchOf(name, values, 1)).ok());
    EXPECT_EQ(foundIds(), std::vector<std::string>{id});
}

TEST_F(VectorServiceTest, UnknownNamespaceAndWrongLengthHavePreciseCodes)
{
    start();
    expectUnknown(insert(insertOf("nobody", "i", {1})));
    expectUnknown(remove("nobody", "i"));
    expectUnknown(get("nobody", "i"));
    expectUnknown(search(searchOf("nobody", {1}, 1)));
    ASSERT_TRUE(create(createOf("docs", 2)).ok());
    expectInvalid(insert(insertOf("docs", "i", {1})), "Vector dimension mismatch: expected 2, got 1");
    expectInvalid(search(searchOf("docs", {1, 2, 3}, 1)), "Query dimension mismatch: expected 2, got 3");
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinite = std::numeric_limits<float>::infinity();
    expectInvalid(insert(insertOf("docs", "i", {nan, 1})), "Invalid vector: value 0 is not finite");
    expectInvalid(search(searchOf("docs", {1, infinite}, 1)), "Invalid vector: value 1 is not finite");
}

TEST_F(VectorServiceTest, BooleansAreTrue)
{
    start();
    bool answer = false;
    ASSERT_TRUE(create(createOf("docs", 2), &answer).ok());
    EXPECT_TRUE(answer);
    ASSERT_TRUE(create(createOf("docs", 2), &answer).ok());
    EXPECT_FALSE(answer);
    EXPECT_EQ(create(createOf("docs", 3)).error_code(), StatusCode::INVALID_ARGUMENT);
    ASSERT_TRUE(insert(insertOf("docs", "i", {1, 2})).ok());
    EXPECT_TRUE(inserted.inserted());
    EXPECT_EQ(inserted.version().term(), 0U);
    EXPECT_GT(inserted.version().index(), 0U);
    ASSERT_TRUE(get("docs", "i").ok());
    EXPECT_TRUE(got.found());
    ASSERT_TRUE(remove("docs", "i", &answer).ok());
    EXPECT_TRUE(answer);
    ASSERT_TRUE(remove("docs", "i", &answer).ok());
    EXPECT_FALSE(answer);
    ASSERT_TRUE(get("docs", "i").ok());
    EXPECT_FALSE(got.found());
    EXPECT_TRUE(got.vector().empty());
    ASSERT_TRUE(drop("docs", &answer).ok());
    EXPECT_TRUE(answer);
    ASSERT_TRUE(drop("docs", &answer).ok());
    EXPECT_FALSE(answer);
}

TEST_F(VectorServiceTest, MatchesComeNearestFirstWithTheContractsDistances)
{
    start();
    const std::vector<std::pair<v1::DistanceFunction, std::vector<float>>> expected{
        {v1::DISTANCE_FUNCTION_EUCLIDEAN, {0, 5, 10}},
        {v1::DISTANCE_FUNCTION_COSINE, {0, 0.04F, 2}},
        {v1::DISTANCE_FUNCTION_INNER_PRODUCT, {-40, -25, 25}},
    };
    const std::vector<float> query{3, 4};
    for (const auto type : {v1::VECTOR_INDEX_TYPE_HNSW, v1::VECTOR_INDEX_TYPE_BRUTE_FORCE}) {
        for (const auto& [distance, distances] : expected) {
            const auto name = std::to_string(type) + std::to_string(distance);
            auto request = createOf(name, 2);
            request.set_distance(distance);
            request.set_index_type(type);
            ASSERT_TRUE(create(request).ok());
            ASSERT_TRUE(insert(insertOf(name, "same", {3, 4})).ok());
            ASSERT_TRUE(insert(insertOf(name, "near", {8, 4})).ok());
            ASSERT_TRUE(insert(insertOf(name, "opposite", {-3, -4})).ok());
            ASSERT_TRUE(search(searchOf(name, query, 10)).ok());
            ASSERT_EQ(found.matches_size(), 3) << "k may be larger than the index";
            EXPECT_TRUE(std::ranges::is_sorted(found.matches(), {}, &v1::VectorMatch::distance));
            const std::string first = distance == v1::DISTANCE_FUNCTION_INNER_PRODUCT ? "near" : "same";
            EXPECT_EQ(found.matches(0).id(), first);
            EXPECT_NEAR(found.matches(0).distance(), distances[0], 1e-5);
            EXPECT_EQ(found.matches(2).id(), "opposite");
            EXPECT_NEAR(found.matches(2).distance(), distances[2], 1e-5);
            EXPECT_TRUE(found.matches(0).vector().empty()) << "not asked for";
        }
    }
}

TEST_F(VectorServiceTest, VectorsAreIncludedWhenAskedFor)
{
    start();
    ASSERT_TRUE(create(createOf("docs", 3)).ok());
    ASSERT_TRUE(insert(insertOf("docs", "a", {1, 2, 3})).ok());
    auto request = searchOf("docs", {0, 0, 0}, 1);
    request.set_include_vectors(true);
    ASSERT_TRUE(search(request).ok());
    const auto& values = found.matches(0).vector();
    EXPECT_EQ(std::vector<float>(values.begin(), values.end()), (std::vector<float>{1, 2, 3}));
}

TEST_F(VectorServiceTest, AReplyThatWouldBeTooLongNamesTheLargestK)
{
    start();
    ASSERT_TRUE(create(createOf("docs", 4096)).ok());
    constexpr int count = 2100; // of 16 KiB: some 34 MB
    insertMany(count, [&](int i) {
        return insertOf("docs", std::to_string(i), std::vector<float>(4096, static_cast<float>(i)));
    });
    auto request = searchOf("docs", std::vector<float>(4096, 0.0F), count);
    ASSERT_TRUE(search(request).ok()) << "without their vectors they are few bytes";
    EXPECT_EQ(found.matches_size(), count);
    request.set_include_vectors(true);
    grpc::ChannelArguments wide;
    wide.SetMaxReceiveMessageSize(64 << 20);
    channels[0] = grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(server->nodes()[0].rpc), grpc::InsecureChannelCredentials(), wide);
    const auto refused = search(request);
    EXPECT_EQ(refused.error_code(), StatusCode::RESOURCE_EXHAUSTED);
    const std::string words = "the largest k for this query is ";
    const auto at = refused.error_message().find(words);
    ASSERT_NE(at, std::string::npos) << refused.error_message();
    const int largest = std::stoi(refused.error_message().substr(at + words.size()));
    EXPECT_GT(largest, 2000);
    EXPECT_LT(largest, count);
    request.set_k(static_cast<std::uint32_t>(largest));
    ASSERT_TRUE(search(request).ok());
    EXPECT_EQ(found.matches_size(), largest);
    EXPECT_LE(found.ByteSizeLong(), sandbox::maxReplyBytes);
}

TEST_F(VectorServiceTest, ConsistencyIsAsForKeys)
{
    start();
    ASSERT_TRUE(create(createOf("docs", 1)).ok());
    for (const auto* text :
        {"", "strong", "eventual", "bounded_staleness", "lease", "linearizable", "stale_ok"}) {
        auto request = searchOf("docs", {1}, 1);
        request.set_consistency(text);
        EXPECT_TRUE(search(request).ok()) << text;
        EXPECT_TRUE(get("docs", "i", text).ok()) << text;
    }
    auto quirks = server->quirks();
    quirks.refuseSdkConsistency = true;
    server->setQuirks(quirks);
    expectInvalid(get("docs", "i", "lease"), "Unknown consistency level: lease");
}

TEST_F(VectorServiceTest, ARepeatIsAnsweredBeforeTheDistanceIsLookedAt)
{
    start();
    auto request = createOf("docs", 2);
    request.set_idempotency_key("once");
    bool created = false;
    ASSERT_TRUE(create(request, &created).ok());
    request.set_distance(v1::DISTANCE_FUNCTION_UNSPECIFIED);
    created = false;
    ASSERT_TRUE(create(request, &created).ok());
    EXPECT_TRUE(created);
    request.set_dimensions(0);
    expectInvalid(create(request), "Dimensions must be between 1 and 4096"); // but after the sizes
}

TEST_F(VectorServiceTest, EveryNodeAnswersUnlessItIsDown)
{
    auto wanted = config();
    wanted.nodes = 3;
    start(wanted);
    ASSERT_TRUE(create(createOf("docs", 1), nullptr, 1).ok());
    ASSERT_TRUE(insert(insertOf("docs", "a", {1}), 2).ok());
    for (const std::size_t node : {0U, 1U, 2U}) {
        EXPECT_TRUE(search(searchOf("docs", {1}, 1), node).ok());
        EXPECT_EQ(found.matches_size(), 1);
    }
    setNode("node1", sandbox::v1::NodeFault::DOWN);
    EXPECT_EQ(search(searchOf("docs", {1}, 1), 1).error_code(), StatusCode::UNAVAILABLE);
    EXPECT_EQ(insert(insertOf("docs", "b", {1}), 1).error_code(), StatusCode::UNAVAILABLE);
    EXPECT_TRUE(search(searchOf("docs", {1}, 1), 0).ok());
}

TEST_F(VectorServiceTest, WithoutTheServiceItIsUnimplementedAndNothingIsListed)
{
    auto wanted = config();
    wanted.vector = false;
    start(wanted);
    expectStatus(create(createOf("docs", 1)), StatusCode::UNIMPLEMENTED, "");
    expectStatus(search(searchOf("docs", {1}, 1)), StatusCode::UNIMPLEMENTED, "");
    ev1::ListVectorIndexesResponse listed;
    EXPECT_EQ(call(*stub<ev1::Explore>(), &ev1::Explore::Stub::ListVectorIndexes,
                  ev1::ListVectorIndexesRequest(), listed)
                  .error_code(),
        StatusCode::UNIMPLEMENTED);
    IdsCall ids(stub<ev1::Explore>(), &ev1::Explore::Stub::ListVectorIds, {});
    EXPECT_EQ(ids.finish().error_code(), StatusCode::UNIMPLEMENTED);
}

TEST_F(VectorServiceTest, ExploreListsIndexesWithTheirParameters)
{
    start();
    auto request = createOf("b", 7);
    request.set_distance(v1::DISTANCE_FUNCTION_COSINE);
    request.set_index_type(v1::VECTOR_INDEX_TYPE_BRUTE_FORCE);
    ASSERT_TRUE(create(request).ok());
    ASSERT_TRUE(create(createOf("a", 1)).ok());
    ASSERT_TRUE(insert(insertOf("a", "x", {1})).ok());
    ASSERT_TRUE(insert(insertOf("a", "x", {2})).ok());
    ASSERT_TRUE(insert(insertOf("a", "y", {2})).ok());
    ev1::ListVectorIndexesResponse listed;
    ASSERT_TRUE(call(*stub<ev1::Explore>(), &ev1::Explore::Stub::ListVectorIndexes,
        ev1::ListVectorIndexesRequest(), listed)
                    .ok());
    ASSERT_EQ(listed.indexes_size(), 2);
    EXPECT_EQ(listed.indexes(0).namespace_(), "a");
    EXPECT_EQ(listed.indexes(0).count(), 2U);
    EXPECT_EQ(listed.indexes(0).distance(), v1::DISTANCE_FUNCTION_EUCLIDEAN);
    EXPECT_EQ(listed.indexes(0).index_type(), v1::VECTOR_INDEX_TYPE_HNSW) << "unspecified is HNSW";
    EXPECT_EQ(listed.indexes(1).namespace_(), "b");
    EXPECT_EQ(listed.indexes(1).dimensions(), 7U);
    EXPECT_EQ(listed.indexes(1).distance(), v1::DISTANCE_FUNCTION_COSINE);
    EXPECT_EQ(listed.indexes(1).index_type(), v1::VECTOR_INDEX_TYPE_BRUTE_FORCE);
}

TEST_F(VectorServiceTest, ExploreListsIdsInBatches)
{
    start();
    ASSERT_TRUE(create(createOf("docs", 1)).ok());
    constexpr int count = sandbox::batchEntries + 10;
    insertMany(count, [&](int i) { return insertOf("docs", std::to_string(10000 + i), {1}); });
    ev1::ListVectorIdsRequest request;
    request.set_namespace_("docs");
    const auto list = [&](std::vector<int>& sizes) {
        IdsCall ids(stub<ev1::Explore>(), &ev1::Explore::Stub::ListVectorIds, request);
        std::vector<std::string> all;
        bool last = false;
        for (ev1::ListVectorIdsBatch batch; ids.read(batch);) {
            EXPECT_FALSE(last);
            last = batch.last();
            sizes.push_back(batch.ids_size());
            all.insert(all.end(), batch.ids().begin(), batch.ids().end());
        }
        EXPECT_TRUE(last);
        EXPECT_TRUE(ids.finish().ok());
        EXPECT_TRUE(std::ranges::is_sorted(all));
        return all;
    };
    std::vector<int> sizes;
    EXPECT_EQ(list(sizes).size(), static_cast<std::size_t>(count));
    EXPECT_EQ(sizes, (std::vector<int>{sandbox::batchEntries, 10}));
    request.set_start_after("10000");
    request.set_limit(3);
    sizes.clear();
    EXPECT_EQ(list(sizes), (std::vector<std::string>{"10001", "10002", "10003"}));
    request.set_namespace_("nobody");
    IdsCall unknown(stub<ev1::Explore>(), &ev1::Explore::Stub::ListVectorIds, request);
    expectUnknown(unknown.finish());
}

} // namespace
} // namespace norikv::tests
