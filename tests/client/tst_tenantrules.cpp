// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/tenantrules.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Entry entry(const Bytes& key, const Bytes& value)
{
    Entry out;
    out.key = key;
    out.value = value;
    out.valueSize = value.size();
    out.version = Version{0, 1};
    return out;
}

Bytes metadata(
    const std::string& plan = "free", const std::string& maxKeys = "3", const std::string& maxMb = "1")
{
    return R"({"id":"x","name":"N","plan":")" + plan + R"(","createdAt":1,"limits":{"maxKeys":)" + maxKeys
        + R"(,"maxStorageMB":)" + maxMb + "}}";
}

class TenantRules : public testing::Test {
protected:
    TenantCollector collector{{}, {}};

    TenantRules() { collector.setCoverage(Coverage::Complete); }
    void tenant(const Bytes& id, const Bytes& value) { collector.take(entry("tenant-meta:" + id, value), 5); }
    void keys(const Bytes& id, int count)
    {
        for (int i = 0; i < count; ++i)
            collector.take(entry("tenant:" + id + ":k" + std::to_string(i), "v"), 5);
    }
    std::vector<Finding> findings() const { return judgeTenants(collector.readings()); }
    /// The only finding, or one that says there is none.
    Finding only() const
    {
        const auto all = findings();
        EXPECT_THAT(all, SizeIs(1));
        return all.size() == 1 ? all.front() : Finding();
    }
    std::string silence(std::string_view rule) const
    {
        for (const auto& each : notJudgedTenants(collector.readings())) {
            if (each.rule == rule)
                return each.why;
        }
        return {};
    }
};

TEST_F(TenantRules, AreSilentAboutHealthyTenants)
{
    tenant("a", metadata());
    keys("a", 3);
    tenant("b", metadata("enterprise", "null", "null"));
    keys("b", 50);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_THAT(notJudgedTenants(collector.readings()), IsEmpty());
}

using RuleT1 = TenantRules;

TEST_F(RuleT1, FindsTooManyKeysAndBytes)
{
    tenant("a", metadata());
    keys("a", 4);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T1");
    EXPECT_EQ(finding.severity, Severity::Certain);
    EXPECT_EQ(finding.subject, "a");
    EXPECT_EQ(finding.key, "tenant-meta:a");
    EXPECT_THAT(finding.evidence, AllOf(HasSubstr("4 keys of 3 allowed"), testing::Not(HasSubstr("MB"))));
    EXPECT_EQ(finding.firstSeenMs, 5);
    collector.take(entry("tenant:a:big", Bytes(2'000'000, 'x')), 5);
    EXPECT_THAT(only().evidence, HasSubstr("5 keys of 3 allowed and 1.9 MB of 1.0 MB allowed"));
}

TEST_F(RuleT1, IsInfoWhereNotAllKeysAreKnown)
{
    collector.setCoverage(Coverage::KnownKeys);
    tenant("a", metadata());
    keys("a", 4);
    const auto finding = only();
    EXPECT_EQ(finding.severity, Severity::Info);
    EXPECT_THAT(finding.evidence, HasSubstr("at least 4 keys"));
    EXPECT_THAT(silence("T1"), HasSubstr("known keys"));
}

TEST_F(RuleT1, OnlySuspectsWithKeysAnotherTenantMayClaim)
{
    tenant("a", metadata());
    tenant("a:b", metadata("pro", "100"));
    keys("a:b", 4);
    keys("a", 1);
    const auto all = findings();
    const auto t1 = std::ranges::find(all, "T1", &Finding::rule);
    ASSERT_NE(t1, all.end());
    EXPECT_EQ(t1->severity, Severity::Suspect);
    EXPECT_THAT(t1->evidence, AllOf(HasSubstr("a:b"), HasSubstr("5 keys of 3")));
}

TEST_F(RuleT1, SuspectsWhileTheMetadataMoves)
{
    tenant("a", metadata());
    keys("a", 4);
    collector.again(entry("tenant-meta:a", metadata()));
    EXPECT_EQ(only().severity, Severity::Certain);
    collector.again(entry("tenant-meta:a", metadata("free", "9")));
    EXPECT_FALSE(collector.stable());
    EXPECT_EQ(only().severity, Severity::Suspect);
}

using RuleT2 = TenantRules;

TEST_F(RuleT2, FindsKeysOfTwoTenantsWithMetadata)
{
    tenant("a", metadata());
    tenant("a:b", metadata());
    keys("a:b", 2);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T2");
    EXPECT_EQ(finding.severity, Severity::Certain);
    EXPECT_EQ(finding.subject, "a:b");
    EXPECT_EQ(finding.key, "tenant:a:b:k1");
    EXPECT_THAT(finding.evidence, AllOf(HasSubstr("2 keys"), HasSubstr("tenant a "), HasSubstr("\"b:k1\"")));
}

TEST_F(RuleT2, SuspectsWhereTheShorterIdOnlyHasKeys)
{
    tenant("a:b", metadata());
    keys("a:b", 2);
    EXPECT_THAT(findings(), IsEmpty()) << "nothing points to a tenant a";
    keys("a", 1);
    const auto all = findings();
    const auto t2 = std::ranges::find(all, "T2", &Finding::rule);
    ASSERT_NE(t2, all.end());
    EXPECT_EQ(t2->severity, Severity::Suspect);
}

TEST_F(RuleT2, IsSilentAboutKeysWithColonsAndIdsWithoutKeys)
{
    tenant("a", metadata());
    collector.take(entry("tenant:a:b:c", "v"), 5);
    tenant("x", metadata());
    keys("x", 1);
    tenant("x:y", metadata());
    for (const Finding& finding : findings())
        EXPECT_EQ(finding.rule, "T4") << testing::PrintToString(finding);
}

using RuleT3 = TenantRules;

TEST_F(RuleT3, FindsKeysWithoutMetadata)
{
    keys("ghost", 2);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T3");
    EXPECT_EQ(finding.severity, Severity::Certain);
    EXPECT_EQ(finding.key, "tenant:ghost:k0");
    EXPECT_THAT(finding.evidence, AllOf(HasSubstr("2 keys"), HasSubstr("tenant-meta:ghost does not exist")));
}

TEST_F(RuleT3, NeedsToHaveLookedForTheMetadata)
{
    collector.setCoverage(Coverage::KnownKeys);
    keys("ghost", 2);
    EXPECT_THAT(findings(), IsEmpty()) << "nobody read its metadata";
    Entry missing;
    missing.key = "tenant-meta:ghost";
    collector.take(missing, 5);
    EXPECT_THAT(only().evidence, HasSubstr("2 keys or more"));
}

TEST_F(RuleT3, IsSilentAboutDialectsThatKeepNoMetadata)
{
    keys("go", 2);
    collector.take(entry("tenant:go:usage", "2"), 5);
    TenantCollector java({}, {"acme"});
    java.setCoverage(Coverage::Complete);
    java.take(entry("acme:k", "v"), 5);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_THAT(judgeTenants(java.readings()), IsEmpty());
    EXPECT_THAT(silence("T3"), HasSubstr("1 tenant is of the Go or Java dialect"));
}

using RuleT4 = TenantRules;

TEST_F(RuleT4, InformsAboutMetadataWithoutKeys)
{
    tenant("a", metadata());
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T4");
    EXPECT_EQ(finding.severity, Severity::Info);
    EXPECT_EQ(finding.key, "tenant-meta:a");
    collector.setCoverage(Coverage::KnownKeys);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_THAT(silence("T4"), HasSubstr("lists its keys"));
}

using RuleT5 = TenantRules;

TEST_F(RuleT5, FindsAPlanThePatternDoesNotKnow)
{
    tenant("a", metadata("gold"));
    keys("a", 1);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T5");
    EXPECT_EQ(finding.severity, Severity::Certain);
    EXPECT_THAT(finding.evidence, AllOf(HasSubstr("\"gold\""), HasSubstr("as free")));
}

TEST_F(RuleT5, DoesNotJudgeARecordWithoutAPlan)
{
    tenant("a", R"({"id":"a","limits":{}})");
    keys("a", 1);
    EXPECT_THAT(findings(), IsEmpty());
}

using RuleT6 = TenantRules;

TEST_F(RuleT6, SuspectsAUsageCounterThatDiffers)
{
    tenant("a", metadata());
    keys("a", 2);
    collector.take(entry("tenant:a:usage", "7"), 5);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T6");
    EXPECT_EQ(finding.severity, Severity::Suspect);
    EXPECT_EQ(finding.key, "tenant:a:usage");
    EXPECT_THAT(finding.evidence, AllOf(HasSubstr("says 7"), HasSubstr("2 keys are stored")));
}

TEST_F(RuleT6, IsSilentWhenTheyAgreeAndWithoutAllKeys)
{
    tenant("a", metadata());
    keys("a", 2);
    collector.take(entry("tenant:a:usage", "2"), 5);
    EXPECT_THAT(findings(), IsEmpty());
    collector.take(entry("tenant:a:usage", "7"), 5);
    collector.setCoverage(Coverage::KnownKeys);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_THAT(silence("T6"), HasSubstr("lists its keys"));
}

using RuleT7 = TenantRules;

TEST_F(RuleT7, FindsMetadataAStrictReaderRefuses)
{
    tenant("a", metadata("enterprise", "Infinity", "Infinity"));
    keys("a", 1);
    const auto finding = only();
    EXPECT_EQ(finding.rule, "T7");
    EXPECT_EQ(finding.severity, Severity::Certain);
    EXPECT_THAT(finding.evidence, HasSubstr("TypeScript, Go and Java clients cannot read it"));
}

TEST_F(RuleT7, FindsMetadataNobodyCanRead)
{
    tenant("a", "{\"plan\":");
    keys("a", 1);
    EXPECT_THAT(only().evidence, AllOf(HasSubstr("No client"), HasSubstr("not JSON")));
}

TEST_F(TenantRules, EachHasATitle)
{
    for (const char* rule : {"T1", "T2", "T3", "T4", "T5", "T6", "T7"})
        EXPECT_NE(ruleTitle(rule), "") << rule;
}

} // namespace
} // namespace norikv::client
