// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/relatedkeys.h"

#include <gmock/gmock.h>

#include <limits>

namespace norikv::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Everything related to a key, written out.
std::vector<Bytes> all(std::string_view key, std::string_view value = "x")
{
    auto related = relatedKeys(key, value);
    if (related.run) {
        for (auto& k : keysOf(*related.run))
            related.keys.push_back(std::move(k));
    }
    return related.keys;
}

TEST(RelatedKeys, aShardTellsOfTheShardsBelowIt)
{
    EXPECT_THAT(all("page:views:shard:3", "1"),
        ElementsAre("page:views:shard:0", "page:views:shard:1", "page:views:shard:2"));
    EXPECT_THAT(all("page:views:shard:0", "1"), IsEmpty());
    // Another spelling of an index is another key, and no shard that the pattern would read.
    EXPECT_THAT(all("page:views:shard:007", "1"), IsEmpty());
}

TEST(RelatedKeys, anEventMetaTellsOfItsEvents)
{
    EXPECT_THAT(all("events:meta:acc-1", R"({"version":3})"),
        ElementsAre("events:acc-1:1", "events:acc-1:2", "events:acc-1:3"));
    EXPECT_THAT(all("events:meta:acc-1", R"({"version":0})"), IsEmpty());
}

TEST(RelatedKeys, anEventTellsOfItsMetaAndTheEventsBefore)
{
    EXPECT_THAT(
        all("events:acc-1:3", "{}"), ElementsAre("events:meta:acc-1", "events:acc-1:1", "events:acc-1:2"));
    EXPECT_THAT(all("events:acc-1:1", "{}"), ElementsAre("events:meta:acc-1"));
    // The aggregate's own name may hold colons.
    EXPECT_THAT(all("events:a:b:2", "{}"), ElementsAre("events:meta:a:b", "events:a:b:1"));
}

TEST(RelatedKeys, goStreamsAndJavaSequences)
{
    EXPECT_THAT(all("stream:s1:meta", "2"), ElementsAre("stream:s1:event:1", "stream:s1:event:2"));
    EXPECT_THAT(all("stream:s1:event:2", "{}"), ElementsAre("stream:s1:meta", "stream:s1:event:1"));
    EXPECT_THAT(all("event:acc:0000000007", "{}"), ElementsAre("event:sequence"));
}

TEST(RelatedKeys, aReservationTellsOfItsItem)
{
    EXPECT_THAT(all("inventory:reservation:u-1", R"({"sku":"A-7","quantity":2,"createdAt":1})"),
        ElementsAre("inventory:A-7"));
}

TEST(RelatedKeys, tenantDataTellsOfItsTenant)
{
    EXPECT_THAT(all("tenant:acme:users:1"), ElementsAre("tenant-meta:acme"));
    EXPECT_THAT(all("tenant:acme:usage", "7"), ElementsAre("tenant-meta:acme"));
    EXPECT_THAT(all("tenant:acme"), IsEmpty());
}

TEST(RelatedKeys, otherKeysTellNothing)
{
    for (const char* key : {"session:1", "inventory:A-7", "ratelimit:u", "leader:jobs", "tenant-meta:acme",
             "doc:meta:1", "api:requests", "event:sequence", ""})
        EXPECT_THAT(all(key, "1"), IsEmpty()) << key;
}

TEST(RelatedKeys, aValueThatIsNotThePatternsTellsNothing)
{
    for (const char* value : {"", "null", "[]", "{", R"({"version":"3"})", R"({"version":-1})",
             R"({"version":1.5})", R"({"version":1e99})", "NaN", "\xff\xfe"})
        EXPECT_THAT(all("events:meta:a", value), IsEmpty()) << value;
    for (const char* value : {"", R"({"sku":7})", R"({"sku":""})", "[1]"})
        EXPECT_THAT(all("inventory:reservation:u", value), IsEmpty()) << value;
    for (const char* value : {"", "-1", "01", "99999999999999999999", "1x"})
        EXPECT_THAT(all("stream:s:meta", value), IsEmpty()) << value;
    EXPECT_THAT(all("events:meta:a", Bytes(1 << 20, '[')), IsEmpty());
}

TEST(RelatedKeys, ofALongRunTheNewestAreNamed)
{
    const auto keys = all("events:meta:a", R"({"version":1000000})");
    ASSERT_THAT(keys, SizeIs(LongestRun));
    EXPECT_EQ(keys.back(), "events:a:1000000");
    EXPECT_EQ(keys.front(), "events:a:995905");
    // The largest number there is must end the loop too.
    const KeyRun endless{"k:", 0, std::numeric_limits<std::uint64_t>::max()};
    EXPECT_EQ(keysOf(endless).back(), "k:18446744073709551615");
    EXPECT_THAT(keysOf(endless), SizeIs(LongestRun));
}

TEST(RelatedKeys, aRunThatGrewNamesOnlyWhatIsNew)
{
    const KeyRun run{"events:a:", 1, 5};
    EXPECT_THAT(keysOf(run, 3), ElementsAre("events:a:4", "events:a:5"));
    EXPECT_THAT(keysOf(run, 5), IsEmpty());
    EXPECT_THAT(keysOf(run, 9), IsEmpty());
    EXPECT_THAT(keysOf(run, std::numeric_limits<std::uint64_t>::max()), IsEmpty());
    EXPECT_THAT(keysOf(run, 0), SizeIs(5));
}

TEST(RelatedKeys, noKeyIsLongerThanAKeyMayBe)
{
    EXPECT_THAT(keysOf({Bytes(MaxKeyBytes, 'k'), 1, 3}), IsEmpty());
    EXPECT_THAT(keysOf({Bytes(MaxKeyBytes - 1, 'k'), 8, 12}), SizeIs(2));
}

TEST(RelatedKeys, aProfileNamesItsCounters)
{
    EXPECT_THAT(counterKeys({"plain", "wide"}, {{"wide", 2}, {"none", 0}}),
        ElementsAre("plain", "wide:shard:0", "wide:shard:1"));
    EXPECT_THAT(counterKeys({""}, {}), IsEmpty());
}

} // namespace
} // namespace norikv::client
