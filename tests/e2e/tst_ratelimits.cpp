// SPDX-License-Identifier: GPL-3.0-or-later
// Rate limits against the real server: the document's example, and each rule planted over the wire as bytes
// and found by the audit, with and without a server that lists its keys.
#include "tests/e2e/servers.h"

#include "client/audit/audit.h"
#include "client/demo/burst.h"
#include "client/patterns/ratelimiter.h"

#include <gtest/gtest.h>

namespace norikv::tests {
namespace {

using namespace std::chrono_literals;

class RateLimitServer : public testing::TestWithParam<bool> {
protected:
    LiveServer server{GetParam() ? std::vector<std::string>{} : std::vector<std::string>{"--no-explore"}};
    OtherClient client{server.seeds()};
    client::Profile profile;
    client::AuditOptions options;

    RateLimitServer()
    {
        profile.rateLimits["in:"] = {3, 4000};
        options.recheckAfter = 50ms;
    }

    EpochMs now() const { return client.clock().nowMs(); }
    std::string times(const std::vector<EpochMs>& offsets) const
    {
        std::string out = "[";
        for (const EpochMs offset : offsets)
            out += (out.size() > 1 ? "," : "") + std::to_string(now() + offset);
        return out + "]";
    }
    bool plant(const std::string& id, const std::string& value, std::uint64_t ttlMs)
    {
        options.known.push_back({client::rateLimitKey(id), {}});
        return client.put("ratelimit:" + id, value, ttlMs);
    }
    /// "R1 certain in:a" of all that is certain or suspect.
    std::vector<std::string> audit()
    {
        const auto report = client::runAudit(client.store(), profile, client.clock(), options, {});
        EXPECT_TRUE(report) << report.error().message;
        std::vector<std::string> out;
        for (std::size_t i = 0; report && i < report->findings.size(); ++i) {
            const auto& f = report->findings[i];
            if (f.severity != client::Severity::Info)
                out.push_back(f.rule + " " + std::string(client::name(f.severity)) + " " + f.subject);
        }
        return out;
    }
    using Found = std::vector<std::string>;
};

TEST_P(RateLimitServer, AHundredPassAndTheNextIsRefused)
{
    ASSERT_TRUE(server.ready());
    client::Call call;
    client::RateLimiter limiter(client.store(), client.clock());
    const client::RateLimit limit{100, 60'000};
    for (int i = 0; i < 100; ++i) {
        const auto answer = limiter.check(call, "user123", limit);
        ASSERT_TRUE(answer) << answer.error().message;
        ASSERT_TRUE(answer->allowed) << i;
    }
    const auto refused = limiter.check(call, "user123", limit);
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused->allowed);
    EXPECT_GT(refused->resetAtMs, now());
    ASSERT_TRUE(limiter.reset(call, "user123"));
    EXPECT_TRUE(limiter.check(call, "user123", limit)->allowed);
}

TEST_P(RateLimitServer, EachRuleIsFoundAndNoOther)
{
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(plant("in:healthy", times({-900, -500}), 60'000));
    EXPECT_EQ(audit(), Found());
    ASSERT_TRUE(plant("in:r1", times({-900, -700, -500, -300}), 60'000));
    EXPECT_EQ(audit(), (Found{"R1 certain in:r1"}));
    ASSERT_TRUE(plant("in:r1", times({-900}), 60'000));
    ASSERT_TRUE(plant("in:r2", times({-900, 90'000}), 60'000));
    EXPECT_EQ(audit(), (Found{"R2 certain in:r2"}));
    ASSERT_TRUE(plant("in:r2", times({-900}), 60'000));
    ASSERT_TRUE(plant("in:r3", times({-900, -12'000, -100}), 60'000));
    EXPECT_EQ(audit(), (Found{"R3 certain in:r3"}));
    ASSERT_TRUE(plant("in:r3", times({-900}), 60'000));
    ASSERT_TRUE(plant("in:r4", times({-12'000}), 0));
    EXPECT_EQ(audit(), (Found{"R4 certain in:r4"}));
}

TEST_P(RateLimitServer, ABurstOfOursLetsInWhatIsAllowed)
{
    ASSERT_TRUE(server.ready());
    client::demo::BurstPlan plan;
    plan.identifier = "burst";
    plan.limit = {20, 60'000};
    plan.clients = 8;
    plan.requestsEach = 6;
    client::Call like;
    const auto result = client::demo::runBurst(client.store(), client.clock(), plan, like);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->sent, 48);
    EXPECT_LE(result->admitted, 20);
    EXPECT_EQ(result->stored, result->admitted);
    EXPECT_TRUE(result->findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Explore, RateLimitServer, testing::Bool(),
    [](const auto& mode) { return mode.param ? "with" : "without"; });

} // namespace
} // namespace norikv::tests
