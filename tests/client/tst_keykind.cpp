// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/keykind.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace norikv::client {

static void PrintTo(KeyKind kind, std::ostream* out) { *out << name(kind) << " #" << static_cast<int>(kind); }

namespace {

using enum KeyKind;

struct Row {
    std::string key;
    std::string value;
    KeyKind kind;
};

TEST(KeyKind, followsTheTableAndTheFirstMatchWins)
{
    const Row rows[] = {
        {"inventory:reservation:8f14", "{}", Reservation},
        {"inventory:SKU-1", "{}", InventoryItem},
        {"inventory:reservation", "{}", InventoryItem},
        {"session:8f14", "{}", Session},
        {"session:a:shard:1", "5", Session},
        {"ratelimit:user1:28333333", "17", RateLimitBucket},
        {"ratelimit:user1:28333333", "[1,2]", RateLimit},
        {"ratelimit:user1:28333333", "{\"windowStart\":1}", RateLimit},
        {"ratelimit:user1", "[]", RateLimit},
        {"ratelimit:28333333", "17", RateLimit}, // digits, but no identifier before them
        {"leader:jobs", "node-1", Lease},
        {"events:meta:acct-1", "{\"version\":3}", EventMeta},
        {"events:meta:5", "{}", EventMeta},
        {"events:acct-1:3", "{}", Event},
        {"events:a:b:c:12", "{}", Event},
        {"events:acct-1:x", "{}", Other},
        {"events:acct-1:", "{}", Other},
        {"stream:acct:meta", "3", StreamMeta},
        {"stream:acct:event:3", "{}", StreamEvent},
        {"stream:acct:event:x", "{}", Other},
        {"stream:acct:event:b:3", "{}", Other}, // the digits do not follow :event:
        {"stream:event:7", "{}", Other}, // no aggregate
        {"event:sequence", "41", JavaEventSequence},
        {"event:acct:0000000007", "{}", JavaEvent},
        {"event:acct:7", "{}", Other},
        {"event:acct:7", "7", PossibleCounter},
        {"tenant-meta:acme", "{}", TenantMeta},
        {"tenant:acme:usage", "12", TenantUsage},
        {"tenant:acme:usage:today", "12", TenantData},
        {"tenant:a:b:usage", "12", TenantData},
        {"tenant:acme:invoice-7", "{}", TenantData},
        {"tenant:a:b:c", "1", TenantData},
        {"tenant:acme:views:shard:3", "1", TenantData},
        {"doc:meta:d1", "{}", DocumentMeta},
        {"page:views:shard:0", "10", CounterShard},
        {"page:views:shard:19", "abc", CounterShard}, // judged: C1
        {"page:views:shard:01", "10", PossibleCounter},
        {"page:views:shard:x", "10", PossibleCounter},
        {":shard:1", "10", PossibleCounter},
        {"api:requests", "10", PossibleCounter},
        {"api:requests", "-10", PossibleCounter},
        {"api:requests", "1e+21", Other},
        {"api:requests", "9223372036854775808", Other},
        {"note", "hello", Other},
        {"note", "", Other},
        {"", "", Other},
        {"", "1", PossibleCounter},
        {"inventory:", "{}", Other},
        {"session:", "x", Other},
        {"sessions:1", "x", Other},
        {"Session:1", "x", Other},
    };
    for (const Row& row : rows)
        EXPECT_EQ(keyKind(row.key, row.value), row.kind) << '"' << row.key << "\" = \"" << row.value << '"';
}

// rulings 27 and its example: a meta key of an aggregate is never an event of the aggregate "meta".
TEST(KeyKind, takesEventsMetaBeforeEvents)
{
    EXPECT_EQ(keyKind("events:meta:x", "{}"), EventMeta);
    EXPECT_EQ(keyKind("events:meta:x:7", "{}"), EventMeta);
    EXPECT_EQ(keyKind("events:metadata:7", "{}"), Event);
}

TEST(KeyKind, hasWordsForEveryKind)
{
    for (int i = 0; i <= static_cast<int>(Other); ++i)
        EXPECT_FALSE(name(static_cast<KeyKind>(i)).empty());
    EXPECT_EQ(name(PossibleCounter), "possible counter");
    EXPECT_EQ(name(Other), "value");
}

} // namespace
} // namespace norikv::client
