// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/session.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr EpochMs T = FakeClock::StartMs;

TEST(SessionRecords, areReadInEveryDialect)
{
    const auto ts = parseSession(
        R"({"userId":"u1","email":"a@x","roles":["user","admin"],"createdAt":1700000000000,"lastAccessedAt":1700000001000})");
    ASSERT_THAT(ts, succeeds());
    EXPECT_EQ(ts->userId, "u1");
    EXPECT_THAT(ts->roles, ElementsAre("user", "admin"));
    EXPECT_EQ(ts->lastAccessedAt->ms, 1700000001000);
    EXPECT_EQ(ts->dialect, Dialect::TypeScript);
    EXPECT_THAT(ts->complaints, testing::IsEmpty());

    const auto python = parseSession(
        R"({"user_id": "u2", "email": "b\u00e9@x", "roles": [], "created_at": 1, "last_accessed_at": 1700000001000})");
    ASSERT_THAT(python, succeeds());
    EXPECT_EQ(python->userId, "u2");
    EXPECT_EQ(python->email, "bé@x");
    EXPECT_EQ(python->dialect, Dialect::Python);

    const auto go = parseSession(
        R"({"ID":"s","UserID":42,"Data":{},"CreatedAt":"2023-11-14T22:13:20Z","ExpiresAt":"2023-11-14T22:43:20.5Z"})");
    ASSERT_THAT(go, succeeds());
    EXPECT_EQ(go->userId, "42");
    EXPECT_EQ(go->dialect, Dialect::Go);
    EXPECT_EQ(go->createdAt->ms, 1700000000000);
    EXPECT_EQ(go->expiresAt->ms, 1700001800500);
    EXPECT_FALSE(go->lastAccessedAt);
}

TEST(SessionRecords, oddOnesAreReadAsFarAsTheyGoAndSaidSo)
{
    const auto odd = parseSession(
        R"({"userId":"u","email":7,"roles":"admin","createdAt":1700000000,"lastAccessedAt":1e400,"x":18446744073709551615})");
    ASSERT_THAT(odd, succeeds());
    EXPECT_EQ(odd->userId, "u");
    EXPECT_EQ(odd->email, "");
    EXPECT_EQ(odd->createdAt->ms, 1700000000000) << "seconds are understood, and said";
    EXPECT_EQ(odd->createdAt->form, TimeForm::Seconds);
    EXPECT_FALSE(odd->lastAccessedAt);
    EXPECT_THAT(odd->complaints,
        testing::UnorderedElementsAre(
            HasSubstr("email is 7"), HasSubstr("roles"), HasSubstr("seconds"), HasSubstr("lastAccessedAt")));
    for (const char* bad : {"", "abc", "[]", "7", "{\"userId\":", "\"x\""})
        EXPECT_THAT(parseSession(bad), failsWith(ErrorKind::BadData)) << bad;
    EXPECT_THAT(parseSession(std::string(900'000, '[')), failsWith(ErrorKind::BadData));
}

class Managing : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Call call;
    CasLoop loop{CasPolicy::impatient(5), [](auto, const auto&) { return true; }, {}};
    SessionManager sessions{store, clock, 180'000, loop};
};

TEST_F(Managing, createsWhatTheDocumentCreates)
{
    const auto made = sessions.create(call, "user123", "alice@example.com", {"user", "admin"});
    ASSERT_THAT(made, succeeds());
    EXPECT_EQ(made->expiresAtMs, T + 180'000);
    EXPECT_EQ(store.value(sessionKey(made->id)),
        R"({"userId":"user123","email":"alice@example.com","roles":["user","admin"],"createdAt":)"
            + std::to_string(T) + R"(,"lastAccessedAt":)" + std::to_string(T) + "}");
    EXPECT_EQ(store.contents().begin()->second.expiresAtMs, T + 180'000);
    EXPECT_EQ(store.seen().back().idempotencyKey, "session-create-" + made->id);
}

TEST_F(Managing, lookingNeverWrites)
{
    store.plant("session:a", R"({"userId":"u","lastAccessedAt":5})", 1000);
    EXPECT_THAT(sessions.peek(call, "a"), succeeds());
    EXPECT_EQ(*sessions.validate(call, "a"), true);
    EXPECT_EQ(*sessions.validate(call, "b"), false);
    EXPECT_THAT(sessions.peek(call, "b"), failsWith(ErrorKind::KeyMissing));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 0U);
}

TEST_F(Managing, touchAndRolesKeepTheRestByteForByte)
{
    const Bytes stored
        = R"({ "z":18446744073709551615,"userId":"u","roles":["user"],"lastAccessedAt":5,"z":1.50, "note":"\u00e9<b>" })";
    store.plant("session:a", stored, 1000);
    ASSERT_THAT(sessions.touch(call, "a"), succeeds());
    Bytes expected = stored;
    expected.replace(expected.find(":5,") + 1, 1, std::to_string(T));
    EXPECT_EQ(store.value("session:a"), expected);
    EXPECT_EQ(store.contents().at("session:a").expiresAtMs, T + 180'000);
    ASSERT_THAT(sessions.setRoles(call, "a", {"user", "prem\"ium"}), succeeds());
    EXPECT_THAT(*store.value("session:a"), HasSubstr(R"("roles":["user","prem\"ium"])"));
    EXPECT_THAT(*store.value("session:a"), HasSubstr("18446744073709551615"));
}

TEST_F(Managing, rewritesStayInTheirDialect)
{
    store.plant("session:p", R"({"user_id": "u", "roles": ["user"], "last_accessed_at": 5})");
    store.plant("session:g",
        R"({"ID":"g","UserID":42,"CreatedAt":"2023-11-14T22:13:20Z","ExpiresAt":"2023-11-14T22:43:20Z"})");
    ASSERT_THAT(sessions.setRoles(call, "p", {"user", "ä"}), succeeds());
    EXPECT_EQ(store.value("session:p"),
        R"({"user_id": "u", "roles": ["user", "\u00e4"], "last_accessed_at": )" + std::to_string(T) + "}");
    ASSERT_THAT(sessions.touch(call, "g"), succeeds());
    EXPECT_EQ(store.value("session:g"),
        R"({"ID":"g","UserID":42,"CreatedAt":"2023-11-14T22:13:20Z","ExpiresAt":"2023-11-14T22:16:20Z"})");
}

TEST_F(Managing, aConcurrentChangeIsNeverUndone)
{
    store.plant("session:a", R"({"userId":"u","roles":["user","admin"],"lastAccessedAt":5})");
    store.before = [this, done = false](const FakeStore::Seen& seen) mutable {
        if (seen.op == FakeStore::Op::Put && !std::exchange(done, true))
            store.plant("session:a", R"({"userId":"u","roles":["user"],"lastAccessedAt":6})");
    };
    const auto touched = sessions.touch(call, "a");
    ASSERT_THAT(touched, succeeds());
    EXPECT_EQ(touched->attempts, 2);
    EXPECT_THAT(*store.value("session:a"), HasSubstr(R"("roles":["user"],)"));
}

TEST_F(Managing, whatIsNoSessionIsLeftAsItIs)
{
    store.plant("session:a", "not json");
    EXPECT_THAT(sessions.touch(call, "a"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(sessions.touch(call, "gone"), failsWith(ErrorKind::KeyMissing));
    EXPECT_EQ(store.value("session:a"), "not json");
}

TEST_F(Managing, destroyingSendsNoIdempotencyKeyAndSaysWhetherThereWasOne)
{
    store.plant("session:a", "{}");
    EXPECT_EQ(*sessions.destroy(call, "a"), true);
    EXPECT_EQ(*sessions.destroy(call, "a"), false);
    for (const auto& seen : store.seen())
        EXPECT_EQ(seen.idempotencyKey, "");
}

TEST_F(Managing, anUnknownOutcomeEndsTheLoop)
{
    store.plant("session:a", R"({"userId":"u","lastAccessedAt":5})");
    store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    EXPECT_THAT(sessions.touch(call, "a"), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 1U);
}

} // namespace
} // namespace norikv::client
