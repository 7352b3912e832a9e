// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/tenantusage.h"
#include "client/sizetext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using State = Exhaustion::State;

TEST(TenantTally, sumsKeysAndBytesPerTenant)
{
    TenantTally tally;
    EXPECT_TRUE(tally.add("tenant:acme:a", 10));
    EXPECT_TRUE(tally.add("tenant:acme:b:c:d", 20));
    EXPECT_TRUE(tally.add("tenant:globex:", 5));
    for (const char* other : {"tenant-meta:acme", "tenant:acme", "acme:x", "tenants:acme:x", ""})
        EXPECT_FALSE(tally.add(other, 9)) << other;
    ASSERT_EQ(tally.tenants().size(), 2U);
    const auto& acme = tally.tenants().at("acme");
    EXPECT_EQ(acme.keys, 2U);
    EXPECT_EQ(acme.bytes, 13 + 10 + 17 + 20U);
    EXPECT_EQ(tally.tenants().at("globex").keys, 1U) << "an empty key inside the tenant";
}

TEST(TenantTally, givesBackWhatItCounted)
{
    TenantTally tally;
    tally.add("tenant:acme:a", 10);
    const auto before = tally.tenants().at("acme");
    tally.add("tenant:acme:b", 20);
    tally.remove("tenant:acme:b", 20);
    EXPECT_EQ(tally.tenants().at("acme"), before);
    tally.remove("tenant:acme:a", 10);
    tally.remove("tenant:acme:a", 10);
    EXPECT_EQ(tally.tenants().at("acme"), TenantUsage()) << "never below nothing";
}

TEST(TenantTally, theGoQuotaCounterIsNoData)
{
    TenantTally tally;
    EXPECT_TRUE(tally.add("tenant:acme:usage", 2, "17"));
    EXPECT_TRUE(tally.add("tenant:globex:usage", 2));
    EXPECT_TRUE(tally.add("tenant:initech:usage", 2, "{}"));
    EXPECT_TRUE(tally.add("tenant:hooli:x:usage", 2, "17"));
    EXPECT_EQ(tally.tenants().at("acme").keys, 0U);
    EXPECT_EQ(tally.tenants().at("acme").counter, 17);
    EXPECT_TRUE(tally.tenants().at("globex").hasCounter) << "by its name where the value was not read";
    EXPECT_EQ(tally.tenants().at("globex").counter, std::nullopt);
    EXPECT_EQ(tally.tenants().at("initech").keys, 1U) << "an ordinary key that is called usage";
    EXPECT_FALSE(tally.tenants().at("initech").hasCounter);
    EXPECT_EQ(tally.tenants().at("hooli").keys, 1U);
    tally.remove("tenant:acme:usage", 2, "17");
    EXPECT_FALSE(tally.tenants().at("acme").hasCounter);
}

TEST(TenantTally, anIdWithAColonOwnsItsKeysOnlyWhereItIsKnown)
{
    TenantTally tally;
    tally.know("org:eu");
    tally.add("tenant:org:eu:k", 1);
    tally.add("tenant:org:us:k", 1);
    EXPECT_EQ(tally.tenants().at("org:eu").keys, 1U);
    EXPECT_EQ(tally.tenants().at("org").keys, 1U);
    EXPECT_THAT(tally.owners("tenant:org:eu:k"), ElementsAre("org:eu"));
}

TEST(TenantTally, whatTwoTenantsMayClaimIsSharedAndCountsForNeither)
{
    TenantTally tally;
    for (const char* id : {"a", "a:b", "a:b:c"})
        tally.know(id);
    tally.add("tenant:a:x", 4);
    tally.add("tenant:a:b:x", 4);
    tally.add("tenant:a:b:c:x", 4);
    EXPECT_THAT(tally.owners("tenant:a:b:c:x"), ElementsAre("a", "a:b", "a:b:c"));
    const auto& a = tally.tenants().at("a");
    EXPECT_EQ(a.keys, 1U);
    EXPECT_EQ(a.sharedKeys, 2U);
    EXPECT_EQ(a.sharedWith, "a:b");
    const auto& ab = tally.tenants().at("a:b");
    EXPECT_EQ(ab.keys, 0U);
    EXPECT_EQ(ab.sharedKeys, 2U);
    EXPECT_EQ(ab.sharedWith, "a");
    EXPECT_EQ(tally.tenants().at("a:b:c").sharedKeys, 1U);
    tally.remove("tenant:a:b:c:x", 4);
    EXPECT_EQ(tally.tenants().at("a").sharedKeys, 1U);
}

TEST(TenantTally, javaTenantsOnlyWhereAPersonNamesThem)
{
    TenantTally tally;
    EXPECT_FALSE(tally.add("acme:user:1", 3));
    tally.knowJava("acme");
    EXPECT_TRUE(tally.add("acme:user:1", 3));
    EXPECT_FALSE(tally.add("acmes:user:1", 3));
    EXPECT_FALSE(tally.add("acme", 3));
    EXPECT_TRUE(tally.add("tenant:acme:x", 3));
    EXPECT_EQ(tally.tenants().at("acme").keys, 2U);
}

TEST(CollidingIds, areThosePairsThatShareKeys)
{
    EXPECT_THAT(collidingIds({"a", "a:b", "a:b:c", "ab", "b:c"}),
        ElementsAre(std::pair<Bytes, Bytes>("a", "a:b"), std::pair<Bytes, Bytes>("a", "a:b:c"),
            std::pair<Bytes, Bytes>("a:b", "a:b:c")));
    EXPECT_THAT(collidingIds({}), IsEmpty());
}

TenantMetadata onPlan(TenantPlan plan)
{
    TenantMetadata metadata;
    metadata.plan = name(plan);
    metadata.limits = limitsOf(plan);
    return metadata;
}

TEST(PlanPreview, saysByHowMuchADowngradeIsOver)
{
    TenantUsage usage;
    usage.keys = 1640;
    usage.bytes = 5'000'000;
    auto preview = previewPlan(onPlan(TenantPlan::Pro), usage, TenantPlan::Free, true);
    EXPECT_EQ(previewText(preview), "downgrade to free: over by 640 keys");
    EXPECT_FALSE(preview.fits());
    EXPECT_EQ(preview.before, limitsOf(TenantPlan::Pro));
    usage.bytes = 10 * 1'048'576 + 1'572'864;
    preview = previewPlan(onPlan(TenantPlan::Enterprise), usage, TenantPlan::Free, false);
    EXPECT_EQ(previewText(preview), "downgrade to free: over by at least 640 keys and 1.5 MB");
    usage.keys = 1001;
    usage.bytes = 1;
    EXPECT_EQ(previewText(previewPlan(onPlan(TenantPlan::Pro), usage, TenantPlan::Free, true)),
        "downgrade to free: over by 1 key");
    EXPECT_EQ(previewText(previewPlan(onPlan(TenantPlan::Free), usage, TenantPlan::Enterprise, true)),
        "upgrade to enterprise: everything fits");
    EXPECT_EQ(previewText(previewPlan(onPlan(TenantPlan::Free), usage, TenantPlan::Pro, false)),
        "upgrade to pro: the known keys fit");
    usage.keys = 1000;
    EXPECT_EQ(previewText(previewPlan({}, usage, TenantPlan::Free, true)), "change to free: everything fits")
        << "the limit itself is allowed";
}

TEST(SizeText, isShortAndNeverRoundsUpIntoANewUnit)
{
    EXPECT_EQ(sizeText(0), "0 B");
    EXPECT_EQ(sizeText(1023), "1023 B");
    EXPECT_EQ(sizeText(1024), "1.0 KB");
    EXPECT_EQ(sizeText(1'048'576), "1.0 MB");
    EXPECT_EQ(sizeText(1'048'575), "1.0 MB");
    EXPECT_EQ(sizeText(104'857'600), "100 MB");
    EXPECT_EQ(sizeText(UINT64_MAX), "16777216 TB");
}

std::vector<UsageSample> line(double start, double perSample, int count, double noise = 0)
{
    std::mt19937 random(3);
    std::normal_distribution<double> wobble(0, 1);
    std::vector<UsageSample> out;
    for (int i = 0; i < count; ++i)
        out.push_back({1'000'000 + i * 3'600'000LL, start + perSample * i + noise * wobble(random)});
    return out;
}

TEST(Exhaustion, ofASteadyGrowthIsExact)
{
    // 10 an hour from 100: 190 at the tenth sample, 1,000 after 81 more hours.
    const auto samples = line(100, 10, 10);
    const auto estimate = estimateExhaustion(samples, 1000);
    ASSERT_EQ(estimate.state, State::Growing);
    EXPECT_NEAR(estimate.perDay, 240, 1e-6);
    const EpochMs expected = samples.back().atMs + 81 * 3'600'000LL;
    EXPECT_NEAR(static_cast<double>(estimate.expectedMs), static_cast<double>(expected), 2);
    EXPECT_NEAR(static_cast<double>(estimate.earliestMs), static_cast<double>(expected), 1000);
    EXPECT_NEAR(static_cast<double>(estimate.latestMs), static_cast<double>(expected), 1000);
}

TEST(Exhaustion, ofANoisyGrowthHasARangeThatHoldsTheTruth)
{
    const auto samples = line(100, 10, 30, 15);
    const auto estimate = estimateExhaustion(samples, 2000);
    ASSERT_EQ(estimate.state, State::Growing);
    EXPECT_LT(estimate.earliestMs, estimate.expectedMs);
    EXPECT_GT(estimate.latestMs, estimate.expectedMs);
    const double truth
        = static_cast<double>(samples.back().atMs) + (2000 - samples.back().used) / 10 * 3'600'000;
    EXPECT_LT(static_cast<double>(estimate.earliestMs), truth);
    EXPECT_GT(static_cast<double>(estimate.latestMs), truth);
}

TEST(Exhaustion, theRangeHoldsTheTrueRateNineteenTimesInTwenty)
{
    std::mt19937 random(11);
    std::normal_distribution<double> wobble(0, 20);
    int inside = 0;
    constexpr int runs = 2000;
    for (int run = 0; run < runs; ++run) {
        std::vector<UsageSample> samples;
        for (int i = 0; i < 12; ++i)
            samples.push_back({i * 3'600'000LL, 100 + 50.0 * i + wobble(random)});
        const auto estimate = estimateExhaustion(samples, 100'000);
        const double truth
            = static_cast<double>(samples.back().atMs) + (100'000 - samples.back().used) / 50 * 3'600'000;
        inside += static_cast<double>(estimate.earliestMs) <= truth + 1
            && truth <= static_cast<double>(estimate.latestMs) + 1;
    }
    EXPECT_GT(inside, runs * 93 / 100);
}

TEST(Exhaustion, isNotSureOfGrowthThatComesByChance)
{
    std::mt19937 random(12);
    std::poisson_distribution<int> arrivals(2);
    int inside = 0;
    int growing = 0;
    constexpr int runs = 2000;
    for (int run = 0; run < runs; ++run) {
        std::vector<UsageSample> samples;
        double used = 0;
        for (int i = 0; i < 40; ++i)
            samples.push_back({i * 1000LL, used += arrivals(random)});
        const auto estimate = estimateExhaustion(samples, 100'000);
        if (estimate.state != State::Growing)
            continue;
        ++growing;
        const double truth
            = static_cast<double>(samples.back().atMs) + (100'000 - samples.back().used) / 2 * 1000;
        inside += static_cast<double>(estimate.earliestMs) <= truth
            && truth <= static_cast<double>(estimate.latestMs);
    }
    EXPECT_GT(growing, runs * 9 / 10);
    EXPECT_GT(inside, growing * 85 / 100) << "a straight line's own range holds it in half of the runs only";
}

TEST(Exhaustion, saysWhenThereIsNothingToForesee)
{
    EXPECT_EQ(estimateExhaustion(line(100, 10, 10), std::nullopt).state, State::Unlimited);
    EXPECT_EQ(estimateExhaustion(line(100, 10, 10), 190).state, State::Over);
    EXPECT_EQ(estimateExhaustion(line(100, 10, 2), 1000).state, State::TooFew);
    EXPECT_EQ(estimateExhaustion({}, 1000).state, State::TooFew);
    const std::vector<UsageSample> atOnce(5, UsageSample{7, 3});
    EXPECT_EQ(estimateExhaustion(atOnce, 1000).state, State::TooFew);
    EXPECT_EQ(estimateExhaustion(line(100, 0, 10), 1000).state, State::NotGrowing);
    EXPECT_EQ(estimateExhaustion(line(100, -3, 10), 1000).state, State::NotGrowing);
    EXPECT_EQ(estimateExhaustion(line(100, 0.5, 5, 40), 1000).state, State::Unclear);
    const auto slow = estimateExhaustion(line(100, 1e-9, 10), 1e12);
    ASSERT_EQ(slow.state, State::Growing);
    EXPECT_LT(slow.latestMs, EpochMs(4e12)) << "a century ahead at most";
}

} // namespace
} // namespace norikv::client
