// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/tenant.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <random>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

constexpr std::string_view Ts
    = R"({"id":"acme","name":"Acme Corp","plan":"pro","createdAt":1714566600000,"limits":{"maxKeys":100000,"maxStorageMB":1000}})";
constexpr std::string_view Py
    = R"({"id": "acme", "name": "Caf\u00e9", "plan": "enterprise", "created_at": 1714566600000, "limits": {"max_keys": Infinity, "max_storage_mb": Infinity}})";
constexpr std::string_view Go
    = R"({"ID":"acme","Name":"Acme","Plan":"free","CreatedAt":"2024-05-01T12:30:00Z","Limits":{"MaxKeys":1000,"MaxStorageMB":10}})";

TEST(TenantPlans, areTheThreeOfTheDocument)
{
    EXPECT_EQ(limitsOf(TenantPlan::Free), (TenantLimits{1'000, 10}));
    EXPECT_EQ(limitsOf(TenantPlan::Pro), (TenantLimits{100'000, 1'000}));
    EXPECT_EQ(limitsOf(TenantPlan::Enterprise), TenantLimits());
    for (const auto plan : {TenantPlan::Free, TenantPlan::Pro, TenantPlan::Enterprise})
        EXPECT_EQ(tenantPlan(name(plan)), plan);
    for (const char* word : {"", "Free", "gold", "free "})
        EXPECT_EQ(tenantPlan(word), std::nullopt) << word;
    EXPECT_EQ(limitsOf(TenantPlan::Free).maxBytes(), 10.0 * 1'048'576);
}

TEST(TenantText, readsEveryDialect)
{
    const auto ts = parseTenant(Ts);
    ASSERT_THAT(ts, succeeds());
    EXPECT_EQ(ts->id, "acme");
    EXPECT_EQ(ts->name, "Acme Corp");
    EXPECT_EQ(ts->plan, "pro");
    EXPECT_EQ(ts->createdAtMs, 1714566600000);
    EXPECT_EQ(ts->limits, limitsOf(TenantPlan::Pro));
    EXPECT_EQ(ts->dialect, Dialect::TypeScript);
    EXPECT_EQ(strictReaders(*ts), "");

    const auto py = parseTenant(Py);
    ASSERT_THAT(py, succeeds());
    EXPECT_EQ(py->name, "Caf\xc3\xa9");
    EXPECT_EQ(py->createdAtMs, 1714566600000);
    EXPECT_EQ(py->limits, TenantLimits()) << "unlimited";
    EXPECT_EQ(py->dialect, Dialect::Python);
    EXPECT_THAT(py->notJson, ElementsAre("Infinity"));

    const auto go = parseTenant(Go);
    ASSERT_THAT(go, succeeds());
    EXPECT_EQ(go->name, "Acme");
    EXPECT_EQ(go->plan, "free");
    EXPECT_EQ(go->createdAtMs, 1714566600000);
    EXPECT_EQ(go->limits, limitsOf(TenantPlan::Free));
    EXPECT_EQ(go->dialect, Dialect::Go);
}

TEST(TenantText, nullInfinityAndNothingAreUnlimited)
{
    for (const char* limits : {R"("limits":{"maxKeys":null,"maxStorageMB":null})", R"("limits":null)",
             R"("x":1)", R"("limits":{})", R"("limits":{"maxKeys":Infinity,"maxStorageMB":NaN})",
             R"("limits":{"maxKeys":"Infinity","maxStorageMB":"unlimited"})", R"("limits":[1])"}) {
        const auto tenant = parseTenant("{\"id\":\"a\"," + std::string(limits) + "}");
        ASSERT_THAT(tenant, succeeds()) << limits;
        EXPECT_EQ(tenant->limits, TenantLimits()) << limits;
        EXPECT_EQ(tenant->plan, std::nullopt);
    }
    const auto odd
        = parseTenant(R"({"limits":{"maxKeys":2.9,"maxStorageMB":-1},"plan":7,"createdAt":1e300})");
    ASSERT_THAT(odd, succeeds());
    EXPECT_EQ(odd->limits, (TenantLimits{2, 0.0}));
    EXPECT_EQ(odd->plan, "7");
    EXPECT_EQ(odd->createdAtMs, std::nullopt);
    EXPECT_EQ(parseTenant(R"({"limits":{"maxKeys":18446744073709551615}})")->limits.maxKeys, UINT64_MAX);
}

TEST(TenantText, saysWhoCannotReadIt)
{
    EXPECT_EQ(strictReaders(*parseTenant(Py)),
        "The record holds Infinity, which is not JSON. TypeScript, Go and Java clients cannot read it; "
        "Python "
        "clients can.");
    EXPECT_THAT(parseTenant("[1]"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseTenant("{\"plan\":"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseTenant(""), failsWith(ErrorKind::BadData));
}

TEST(TenantText, aNewRecordIsWhatTheDocumentWrites)
{
    EXPECT_EQ(newTenant("tenant-acme", "Acme \"Corp\"", TenantPlan::Pro, 17),
        R"({"id":"tenant-acme","name":"Acme \"Corp\"","plan":"pro","createdAt":17,"limits":{"maxKeys":100000,"maxStorageMB":1000}})");
    EXPECT_EQ(newTenant("w", "W", TenantPlan::Enterprise, 17),
        R"({"id":"w","name":"W","plan":"enterprise","createdAt":17,"limits":{"maxKeys":null,"maxStorageMB":null}})");
    EXPECT_THAT(newTenant("a:b", "W", TenantPlan::Free, 17), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(newTenant("a", "\xff", TenantPlan::Free, 17), failsWith(ErrorKind::InvalidRequest));
}

TEST(TenantText, aRewriteStaysInItsDialect)
{
    EXPECT_EQ(rewriteTenant(Ts, planEdit(TenantPlan::Free)),
        R"({"id":"acme","name":"Acme Corp","plan":"free","createdAt":1714566600000,"limits":{"maxKeys":1000,"maxStorageMB":10}})");
    EXPECT_EQ(rewriteTenant(Go, planEdit(TenantPlan::Enterprise)),
        R"({"ID":"acme","Name":"Acme","Plan":"enterprise","CreatedAt":"2024-05-01T12:30:00Z","Limits":{"MaxKeys":null,"MaxStorageMB":null}})");
    // Python's Infinity becomes null, its escapes stay.
    EXPECT_EQ(rewriteTenant(Py, {.name = "\xc3\xa9t\xc3\xa9"}),
        R"({"id": "acme", "name": "\u00e9t\u00e9", "plan": "enterprise", "created_at": 1714566600000, "limits": {"max_keys": null, "max_storage_mb": null}})");
    EXPECT_EQ(rewriteTenant(R"({"created_at": 1})", planEdit(TenantPlan::Free)),
        R"({"created_at": 1, "plan": "free", "limits": {"max_keys": 1000, "max_storage_mb": 10}})");
}

TEST(TenantText, keepsUnknownFieldsByteForByte)
{
    const std::string stored = "{ \"x\" : [1.0, 1e2,\t{\"plan\":\"no\"}],\n \"plan\":\"pro\", \"limits\" "
                               ":{\"other\":{\"maxKeys\":5} "
                               ",\"maxKeys\":7}, \"\\u0070lan\":\"dup\" }";
    const auto rewritten = rewriteTenant(stored, {.plan = "free", .limits = TenantLimits{9, 2.5}});
    ASSERT_THAT(rewritten, succeeds());
    EXPECT_EQ(*rewritten,
        "{ \"x\" : [1.0, 1e2,\t{\"plan\":\"no\"}],\n \"plan\":\"free\", \"limits\" "
        ":{\"other\":{\"maxKeys\":5} "
        ",\"maxKeys\":9,\"maxStorageMB\":2.5}, \"\\u0070lan\":\"free\" }");
    EXPECT_EQ(rewriteTenant(stored, {}), stored);
    EXPECT_THAT(rewriteTenant("{", {}), failsWith(ErrorKind::BadData));
    EXPECT_THAT(rewriteTenant(Ts, {.name = "\xff"}), failsWith(ErrorKind::InvalidRequest));
}

TEST(TenantText, survivesAnythingAndAlwaysWritesJson)
{
    std::mt19937 random(7);
    int readable = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string text(std::array{Ts, Py, Go}[static_cast<std::size_t>(i) % 3]);
        for (int n = static_cast<int>(random() % 4); n >= 0; --n) {
            constexpr std::string_view pieces = "{}[]\",:\\x0-1eNI ";
            text[random() % text.size()] = pieces[random() % pieces.size()];
        }
        const auto rewritten = rewriteTenant(text, planEdit(TenantPlan::Pro));
        ASSERT_EQ(rewritten.has_value(), parseTenant(text).has_value()) << text;
        if (!rewritten)
            continue;
        ++readable;
        ASSERT_TRUE(nlohmann::json::accept(*rewritten)) << text << "\n" << *rewritten;
        const auto after = parseTenant(*rewritten);
        ASSERT_THAT(after, succeeds());
        ASSERT_EQ(after->plan, "pro") << text;
        ASSERT_EQ(after->limits, limitsOf(TenantPlan::Pro)) << text << "\n" << *rewritten;
    }
    EXPECT_GT(readable, 800);
}

TEST(TenantIds, thatCollideOrCannotBeStoredAreRefusedWithTheReason)
{
    for (const char* good : {"acme", "tenant-acme", "a b", "\xc3\xa9", "usage"})
        EXPECT_THAT(checkTenantId(good), succeeds()) << good;
    EXPECT_THAT(checkTenantId("").error().message, HasSubstr("needs an id"));
    const auto colon = checkTenantId("acme:eu");
    ASSERT_THAT(colon, failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(colon.error().message, HasSubstr("tenant \"acme\""));
    EXPECT_THAT(checkTenantId("\xff"), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(checkTenantId(std::string(1012, 'a')), succeeds());
    EXPECT_THAT(checkTenantId(std::string(1013, 'a')), failsWith(ErrorKind::TooLarge));
}

TEST(TenantKeys, areThoseOfTheDocument)
{
    EXPECT_EQ(tenantMetaKey("acme"), "tenant-meta:acme");
    EXPECT_EQ(tenantKey("acme", "config"), "tenant:acme:config");
    EXPECT_EQ(tenantUsageKey("acme"), "tenant:acme:usage");
    EXPECT_EQ(tenantOfMetaKey("tenant-meta:a:b"), "a:b");
    EXPECT_EQ(tenantOfMetaKey("tenant:a:b"), std::nullopt);
}

class Tenants : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Call call;
    norikv::test::FakeSleeper sleeper{clock};
    TenantManager manager{store, clock, CasPolicy::counterShard(), sleeper.sleeper()};
};

TEST_F(Tenants, createWritesTheRecordOnce)
{
    const auto made = manager.create(call, "acme", "Acme Corp", TenantPlan::Pro);
    ASSERT_THAT(made, succeeds());
    EXPECT_EQ(made->metadata.createdAtMs, FakeClock::StartMs);
    EXPECT_EQ(*store.value("tenant-meta:acme"),
        *newTenant("acme", "Acme Corp", TenantPlan::Pro, FakeClock::StartMs));
    for (const auto& seen : store.seen()) {
        if (seen.op == Op::Put) {
            EXPECT_EQ(seen.idempotencyKey, "create:tenant-meta:acme");
        }
    }
}

TEST_F(Tenants, createLeavesAnExistingTenantAloneAndSaysWhoItIs)
{
    store.plant("tenant-meta:acme", Bytes(Ts));
    const auto made = manager.create(call, "acme", "Other", TenantPlan::Free);
    ASSERT_THAT(made, failsWith(ErrorKind::Conflict));
    EXPECT_THAT(made.error().message, HasSubstr("acme exists already (Acme Corp, pro)"));
    store.plant("tenant-meta:acme", "broken");
    EXPECT_THAT(manager.create(call, "acme", "Other", TenantPlan::Free), failsWith(ErrorKind::Conflict));
    EXPECT_EQ(store.value("tenant-meta:acme"), "broken");
}

TEST_F(Tenants, createRefusesABadIdBeforeAnythingIsSent)
{
    EXPECT_THAT(manager.create(call, "a:b", "N", TenantPlan::Free), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(manager.create(call, "", "N", TenantPlan::Free), failsWith(ErrorKind::InvalidRequest));
    EXPECT_TRUE(store.seen().empty());
}

TEST_F(Tenants, getReadsOrSaysWhatIsWrong)
{
    const auto missing = manager.get(call, "acme");
    ASSERT_THAT(missing, failsWith(ErrorKind::KeyMissing));
    EXPECT_EQ(missing.error().message, "Tenant not found: acme");
    store.plant("tenant-meta:acme", Bytes(Py));
    EXPECT_EQ(manager.get(call, "acme")->metadata.name, "Caf\xc3\xa9");
    store.plant("tenant-meta:acme", "[]");
    EXPECT_THAT(manager.get(call, "acme"), failsWith(ErrorKind::BadData));
    store.script(Op::Get, Fault::Timeout);
    EXPECT_THAT(manager.get(call, "acme"), failsWith(ErrorKind::Timeout));
}

TEST_F(Tenants, dataOfOneIsNotDataOfAnother)
{
    EXPECT_THAT(manager.client(call, "acme"), failsWith(ErrorKind::KeyMissing));
    ASSERT_THAT(manager.create(call, "acme", "A", TenantPlan::Free), succeeds());
    ASSERT_THAT(manager.create(call, "widgets", "W", TenantPlan::Free), succeeds());
    auto acme = manager.client(call, "acme");
    auto widgets = manager.client(call, "widgets");
    ASSERT_TRUE(acme && widgets);
    ASSERT_THAT(acme->put(call, "config", "acme-config"), succeeds());
    ASSERT_THAT(widgets->put(call, "config", "widgets-config", 5000), succeeds());
    EXPECT_EQ(acme->get(call, "config")->value, "acme-config");
    EXPECT_EQ(widgets->get(call, "config")->value, "widgets-config");
    EXPECT_EQ(widgets->get(call, "config")->expiresAtMs, FakeClock::StartMs + 5000);
    ASSERT_THAT(acme->remove(call, "config"), succeeds());
    EXPECT_FALSE(acme->get(call, "config")->exists());
    EXPECT_EQ(store.value("tenant:widgets:config"), "widgets-config");
}

TEST_F(Tenants, editChangesByCompareAndSetAndKeepsOtherWritersFields)
{
    store.plant("tenant-meta:acme", Bytes(Ts));
    const auto seen = *parseTenant(Ts);
    store.before = [this, done = false](const FakeStore::Seen& one) mutable {
        if (one.op == Op::Put && !std::exchange(done, true))
            store.plant("tenant-meta:acme", *rewriteTenant(Ts, {.name = "Renamed"}));
    };
    const auto edited = manager.edit(call, "acme", planEdit(TenantPlan::Free), seen);
    ASSERT_THAT(edited, succeeds());
    EXPECT_EQ(edited->metadata.name, "Renamed");
    EXPECT_EQ(edited->metadata.plan, "free");
    EXPECT_EQ(parseTenant(*store.value("tenant-meta:acme"))->limits, limitsOf(TenantPlan::Free));
    EXPECT_EQ(store.count(Op::Put), 2U);
    EXPECT_EQ(sleeper.pauses().size(), 1U);
    for (const auto& put : store.seen())
        EXPECT_TRUE(put.op != Op::Put || put.cas);
}

TEST_F(Tenants, editWritesNothingWhenWhatItReplacesHasMoved)
{
    store.plant("tenant-meta:acme", Bytes(Ts));
    auto seen = *parseTenant(Ts);
    seen.plan = "free";
    const auto edited = manager.edit(call, "acme", planEdit(TenantPlan::Enterprise), seen);
    ASSERT_THAT(edited, failsWith(ErrorKind::Conflict));
    EXPECT_THAT(edited.error().message, HasSubstr("it is now \"Acme Corp\", pro"));
    EXPECT_EQ(store.value("tenant-meta:acme"), Ts);
    EXPECT_THAT(
        manager.edit(call, "nobody", planEdit(TenantPlan::Free), seen), failsWith(ErrorKind::KeyMissing));
}

TEST_F(Tenants, editStopsAtTheFirstUnknownOutcomeAndAfterTenTries)
{
    store.plant("tenant-meta:acme", Bytes(Ts));
    const auto seen = *parseTenant(Ts);
    store.script(Op::Put, Fault::UnknownAfterApply);
    EXPECT_THAT(manager.edit(call, "acme", {.name = "N"}, seen), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(store.count(Op::Put), 1U);
    store.plant("tenant-meta:acme", Bytes(Ts));
    store.always(Op::Put, Fault::Conflict);
    EXPECT_THAT(manager.edit(call, "acme", {.name = "N"}, seen), failsWith(ErrorKind::Contended));
    EXPECT_EQ(store.count(Op::Put), 11U);
}

TEST_F(Tenants, editKeepsAnExpiryRatherThanDroppingIt)
{
    store.plant("tenant-meta:acme", Bytes(Ts), 60'000);
    EXPECT_THAT(manager.edit(call, "acme", {.name = "N"}, *parseTenant(Ts)), failsWith(ErrorKind::BadData));
    EXPECT_EQ(store.value("tenant-meta:acme"), Ts);
}

} // namespace
} // namespace norikv::client
