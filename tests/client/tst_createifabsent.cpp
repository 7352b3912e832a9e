// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/createifabsent.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

class CreateIfAbsent : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Call call;
};

TEST_F(CreateIfAbsent, createsWhatIsMissingUnderTheAgreedIdempotencyKey)
{
    const auto entry = createIfAbsent(store, call, "k", "first");
    ASSERT_THAT(entry, succeeds());
    EXPECT_EQ(entry->value, "first");
    EXPECT_TRUE(entry->exists());
    for (const auto& seen : store.seen()) {
        if (seen.op == Op::Put) {
            EXPECT_EQ(seen.idempotencyKey, "create:k");
        }
    }
}

TEST_F(CreateIfAbsent, leavesWhatExistsAloneEvenWhenItIsEmpty)
{
    for (const char* value : {"there", ""}) {
        store.plant("k", value);
        const auto entry = createIfAbsent(store, call, "k", "mine");
        ASSERT_THAT(entry, succeeds());
        EXPECT_EQ(entry->value, value);
    }
    EXPECT_EQ(store.count(Op::Put), 0U);
}

TEST_F(CreateIfAbsent, sendsTheTimeToLive)
{
    const auto entry = createIfAbsent(store, call, "k", "v", 5000);
    ASSERT_THAT(entry, succeeds());
    EXPECT_EQ(entry->expiresAtMs, FakeClock::StartMs + 5000);
}

TEST_F(CreateIfAbsent, usesAFreshKeyWhenTheServerRemembersACreationThatIsGone)
{
    ASSERT_THAT(createIfAbsent(store, call, "k", "1"), succeeds());
    store.erase("k");
    const auto again = createIfAbsent(store, call, "k", "2");
    ASSERT_THAT(again, succeeds());
    EXPECT_EQ(again->value, "2");
}

// Two create a key that was created and deleted before: the second must not write over the first.
TEST_F(CreateIfAbsent, aRacerWritesNothingAlsoWhereTheServerRemembersCreationsThatAreGone)
{
    for (int past = 0; past < 4; ++past) {
        std::optional<Bytes> first;
        store.before = [&, puts = 0](const FakeStore::Seen& seen) mutable {
            // Ours has found the key missing each time and is about to write it.
            if (seen.op != Op::Put || first || puts++ != past)
                return;
            first.emplace();
            Call theirs;
            first = createIfAbsent(store, theirs, "k", "theirs")->value;
        };
        const auto mine = createIfAbsent(store, call, "k", "mine");
        store.before = nullptr;
        ASSERT_THAT(mine, succeeds());
        EXPECT_EQ(first, "theirs");
        EXPECT_EQ(mine->value, "theirs") << past << " past creations";
        EXPECT_EQ(store.value("k"), "theirs");
        store.erase("k");
    }
}

TEST_F(CreateIfAbsent, worksHoweverManyCreationsAreRemembered)
{
    for (int i = 0; i < 20; ++i) {
        const auto made = createIfAbsent(store, call, "k", std::to_string(i));
        ASSERT_THAT(made, succeeds());
        EXPECT_EQ(made->value, std::to_string(i));
        store.erase("k");
    }
}

TEST_F(CreateIfAbsent, givesUpOnAKeyThatIsDeletedAsFastAsItIsCreated)
{
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Get)
            store.erase("k");
    };
    EXPECT_THAT(createIfAbsent(store, call, "k", "v"), failsWith(ErrorKind::Contended));
    EXPECT_EQ(store.count(Op::Put), 8U);
}

TEST_F(CreateIfAbsent, passesFailuresOn)
{
    store.script(Op::Get, Fault::Unreachable);
    EXPECT_THAT(createIfAbsent(store, call, "k", "v"), failsWith(ErrorKind::Unreachable));
    store.script(Op::Put, Fault::UnknownAfterApply);
    EXPECT_THAT(createIfAbsent(store, call, "k", "v"), failsWith(ErrorKind::UnknownOutcome));
}

TEST_F(CreateIfAbsent, letsOneOfManyRacingCreatorsWin)
{
    constexpr int creators = 8;
    std::barrier together(creators);
    std::array<std::string, creators> got;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < creators; ++i)
            threads.emplace_back([&, i] {
                Call mine;
                together.arrive_and_wait();
                const auto entry = createIfAbsent(store, mine, "k", std::to_string(i));
                got[static_cast<std::size_t>(i)] = entry ? entry->value : "failed";
            });
    }
    EXPECT_THAT(got, testing::Each(*store.value("k")));
}

TEST_F(CreateIfAbsent, keepsTheIdempotencyKeyTextForAnyBytes)
{
    const Bytes key("\xff\x00k", 3);
    ASSERT_THAT(createIfAbsent(store, call, key, "v"), succeeds());
    for (const auto& seen : store.seen())
        EXPECT_TRUE(isUtf8(seen.idempotencyKey)) << "a string field of the wire must be UTF-8";
}

} // namespace
} // namespace norikv::client
