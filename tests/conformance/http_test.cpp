// SPDX-License-Identifier: GPL-3.0-or-later
// Wire contract 6: the HTTP side port.
#include "tests/conformance/target.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <regex>
#include <thread>

namespace norikv::conformance {
namespace {

class ConformanceHttp : public testing::Test {
protected:
    void SetUp() override
    {
        if (Target::get().http().empty()) {
            GTEST_SKIP() << "NORIKV_HTTP is not set";
        }
    }

    /// Repeats while the shard is being opened.
    template <class Call> static httplib::Result led(Call&& call)
    {
        httplib::Client client("http://" + Target::get().http());
        const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (true) {
            auto result = call(client);
            if (!result || result->status != 503 || std::chrono::steady_clock::now() > giveUp) {
                return result;
            }
            EXPECT_EQ(result->body, "NOT_LEADER"); // X-Leader-Hint may be empty
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
    static httplib::Result get(const std::string& path)
    {
        return led([&](auto& client) { return client.Get(path); });
    }
    static httplib::Result put(const std::string& path, const std::string& body)
    {
        return led([&](auto& client) { return client.Put(path, body, "application/octet-stream"); });
    }
    static httplib::Result remove(const std::string& path)
    {
        return led([&](auto& client) { return client.Delete(path); });
    }
    static std::string path(const std::string& key)
    {
        return "/kv/" + httplib::detail::encode_query_param(key);
    }
};

void expectHealth(const std::string& body)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    ASSERT_TRUE(json.is_object()) << body;
    for (const auto* field : {"status", "node_id", "details"}) {
        EXPECT_TRUE(json.contains(field) && json[field].is_string()) << field;
    }
    for (const auto* field :
        {"uptime_seconds", "total_shards", "active_shards", "leader_shards", "follower_shards"}) {
        EXPECT_TRUE(json.contains(field) && json[field].is_number_unsigned()) << field;
    }
    ASSERT_TRUE(json["shard_samples"].is_array());
    EXPECT_LE(json["shard_samples"].size(), 10U);
    for (const auto& sample : json["shard_samples"]) {
        EXPECT_TRUE(sample["shard_id"].is_number_unsigned() && sample["is_leader"].is_boolean());
        EXPECT_TRUE(sample["term"].is_number_unsigned() && sample["commit_index"].is_number_unsigned());
        EXPECT_EQ(sample["status"], "healthy");
    }
    EXPECT_GE(json["total_shards"], 1);
}

TEST_F(ConformanceHttp, S6_1_Health)
{
    const auto result = get("/health");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_TRUE(result->get_header_value("Content-Type").starts_with("application/json"));
    expectHealth(result->body);
}

TEST_F(ConformanceHttp, S6_Readyz)
{
    const auto result = get("/readyz");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    expectHealth(result->body);
}

TEST_F(ConformanceHttp, S6_HealthQuickAndHealthz)
{
    for (const auto* name : {"/health/quick", "/healthz"}) {
        const auto result = get(name);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, 200);
        EXPECT_EQ(result->body, "OK");
    }
}

TEST_F(ConformanceHttp, S6_PutAnswersTheVersion)
{
    const auto key = freshKey();
    const auto result = put(path(key), "v");
    ASSERT_TRUE(result);
    ASSERT_EQ(result->status, 200) << result->body;
    const auto json = nlohmann::json::parse(result->body, nullptr, false);
    EXPECT_EQ(json["version"]["term"], 0);
    EXPECT_GE(json["version"]["index"], 1);
    EXPECT_EQ(conformance::get(key).response.value(), "v") << "and gRPC sees it";
}

TEST_F(ConformanceHttp, S6_TheContentTypeOfAPutDoesNotMatter)
{
    const auto key = freshKey();
    const std::string body(20'000, '&');
    const auto result
        = led([&](auto& client) { return client.Put(path(key), body, "application/x-www-form-urlencoded"); });
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(conformance::get(key).response.value(), body);
}

TEST_F(ConformanceHttp, S6_GetAnswersTheBytes)
{
    const auto key = freshKey();
    const std::string value("\0\xff\r\n bytes", 10);
    ASSERT_TRUE(conformance::put(key, value).ok());
    const auto result = get(path(key));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->body, value);
}

TEST_F(ConformanceHttp, S6_GetIgnoresTheConsistency)
{
    const auto key = freshKey();
    ASSERT_TRUE(conformance::put(key, "v").ok());
    const auto result = get(path(key) + "?consistency=nonsense");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
}

TEST_F(ConformanceHttp, S6_GetMissingIs404)
{
    const auto result = get(path(freshKey()));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 404);
    EXPECT_EQ(result->body, "Key not found");
}

TEST_F(ConformanceHttp, S6_DeleteIsDeletedWhetherOrNotItExisted)
{
    const auto key = freshKey();
    ASSERT_TRUE(conformance::put(key, "v").ok());
    for (int i = 0; i < 2; ++i) {
        const auto result = remove(path(key));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, 200);
        EXPECT_EQ(result->body, "Deleted");
    }
    EXPECT_FALSE(conformance::get(key).response.has_version());
}

TEST_F(ConformanceHttp, S6_ASlashInAKeyIsEncoded)
{
    const auto key = freshKey() + "/part one%";
    const auto result = put(path(key), "v");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(conformance::get(key).response.value(), "v");
}

TEST_F(ConformanceHttp, S6_BinaryKeysCannotBeAddressed)
{
    const auto result = get("/kv/%ff%fe");
    ASSERT_TRUE(result);
    EXPECT_GE(result->status, 400);
}

TEST_F(ConformanceHttp, S2_2_HttpTakesABodyOf1AndAHalfMBButNot3)
{
    const auto key = freshKey();
    const auto result = put(path(key), std::string(1'500'000, 'x'));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(conformance::get(key).response.value().size(), 1'500'000U) << "more than gRPC would have taken";
    remove(path(key));
    const auto tooLarge = put(path(key), std::string(3'000'000, 'x'));
    EXPECT_TRUE(!tooLarge || tooLarge->status == 413);
}

TEST_F(ConformanceHttp, S6_DocumentedPathsThatDoNotExist)
{
    for (const auto* name : {"/ready", "/api/cluster/view", "/api/cluster/shards", "/meta/cluster"}) {
        const auto result = get(name);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, 404) << name;
    }
}

double sample(const std::string& text, const std::string& name, const std::string& labels)
{
    const std::regex line("(^|\n)" + name + R"((_total)?\{)" + labels + R"(\} ([0-9.]+))");
    std::smatch found;
    return std::regex_search(text, found, line) ? std::stod(found[3]) : 0;
}

TEST_F(ConformanceHttp, S6_2_MetricsCountCalls)
{
    const auto before = get("/metrics");
    ASSERT_TRUE(before);
    EXPECT_TRUE(before->get_header_value("Content-Type").starts_with("text/plain; version=0.0.4"));
    const auto key = freshKey();
    ASSERT_TRUE(conformance::put(key, "v").ok());
    ASSERT_TRUE(conformance::get(key).ok());
    ASSERT_TRUE(conformance::get(freshKey()).ok());
    ASSERT_TRUE(conformance::remove(key).ok());
    const auto after = get("/metrics");
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->body.ends_with("# EOF\n"));
    for (const auto* operation : {"put", "get", "delete"}) {
        const auto labels = std::string("operation=\"") + operation + '"';
        EXPECT_GT(sample(after->body, "kv_requests_total", labels),
            sample(before->body, "kv_requests_total", labels));
    }
}

TEST_F(ConformanceHttp, S6_2_MetricsMeasureDurations)
{
    ASSERT_TRUE(conformance::get(freshKey()).ok());
    const auto result = get("/metrics");
    ASSERT_TRUE(result);
    for (const auto* part : {"kv_request_duration_ms_sum{", "kv_request_duration_ms_count{",
             "kv_request_duration_ms_bucket{le=\"1.0\",", "le=\"512.0\"", "le=\"+Inf\"",
             "result=\"not_found\""}) {
        EXPECT_NE(result->body.find(part), std::string::npos) << part;
    }
}

TEST_F(ConformanceHttp, S6_2_MetricsCountRefusedCas)
{
    const auto key = freshKey();
    ASSERT_TRUE(conformance::put(key, "v").ok());
    auto request = putRequest(key, "w");
    request.mutable_if_match()->set_index(999'999);
    static_cast<void>(conformance::put(request));
    request.set_key(freshKey());
    static_cast<void>(conformance::put(request));
    const auto result = get("/metrics");
    ASSERT_TRUE(result);
    EXPECT_GE(sample(result->body, "kv_requests_total", "operation=\"put\",status=\"cas_failed\""), 1);
    EXPECT_GE(sample(result->body, "kv_requests_total", "operation=\"put\",status=\"cas_not_found\""), 1);
}

TEST_F(ConformanceHttp, S6_2_HttpCallsAreNotCounted)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(path(key), "v"));
    const auto before = get("/metrics");
    ASSERT_TRUE(put(path(key), "w"));
    const auto after = get("/metrics");
    ASSERT_TRUE(before && after);
    EXPECT_EQ(sample(before->body, "kv_requests_total", "operation=\"put\""),
        sample(after->body, "kv_requests_total", "operation=\"put\""));
}

} // namespace
} // namespace norikv::conformance
