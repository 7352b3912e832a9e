// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/guardedstore.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;

using Ask = std::function<Result<void>(Store&, Call&)>;

template <class T> Result<void> nothing(Result<T> result)
{
    return std::move(result).map([](auto&&) {});
}

// How each procedure is called through Store. A procedure without a row has no member yet.
const std::map<Rpc, Ask>& members()
{
    static const std::array<Bytes, 1> keys{"k"};
    static const std::map<Rpc, Ask> all = {
        {Rpc::KvGet, [](Store& s, Call& c) { return nothing(s.get(c, "k")); }},
        {Rpc::KvPut, [](Store& s, Call& c) { return nothing(s.put(c, {.key = "k", .value = "v"})); }},
        {Rpc::KvDelete, [](Store& s, Call& c) { return nothing(s.remove(c, {.key = "k"})); }},
        {Rpc::MetaWatchCluster,
            [](Store& s, Call& c) { return s.watchCluster(c, [](const auto&) { return false; }); }},
        {Rpc::AdminTransferShard, [](Store& s, Call& c) { return s.transferShard(c, 3); }},
        {Rpc::AdminSnapshotShard, [](Store& s, Call& c) { return s.snapshotShard(c, 3); }},
        {Rpc::ExploreScan,
            [](Store& s, Call& c) { return s.scan(c, {}, [](const auto&) { return false; }); }},
        {Rpc::ExploreWatch,
            [](Store& s, Call& c) { return s.watch(c, {}, [](const auto&) { return false; }); }},
        {Rpc::ExploreStat, [](Store& s, Call& c) { return nothing(s.stat(c, keys)); }},
        {Rpc::ExploreListVectorIndexes, [](Store& s, Call& c) { return nothing(s.listVectorIndexes(c)); }},
        {Rpc::ExploreListVectorIds,
            [](Store& s, Call& c) {
                return s.listVectorIds(c, "i", {}, 0, [](const auto&) { return false; });
            }},
        {Rpc::VectorCreateIndex,
            [](Store& s, Call& c) {
                return nothing(s.createVectorIndex(c, {.name = "new", .dimensions = 2}));
            }},
        {Rpc::VectorDropIndex, [](Store& s, Call& c) { return nothing(s.dropVectorIndex(c, "none")); }},
        {Rpc::VectorInsert,
            [](Store& s, Call& c) {
                return s.insertVector(c, "i", {"a", {1, 0}});
            }},
        {Rpc::VectorDelete, [](Store& s, Call& c) { return nothing(s.deleteVector(c, "i", "a")); }},
        {Rpc::VectorSearch,
            [](Store& s, Call& c) {
                return nothing(s.searchVectors(c, {.index = "i", .query = {1, 0}}));
            }},
        {Rpc::VectorGet, [](Store& s, Call& c) { return nothing(s.getVector(c, "i", "a")); }},
        {Rpc::FaultsGetQuirks, [](Store& s, Call& c) { return nothing(s.quirks(c)); }},
        {Rpc::FaultsSetQuirks, [](Store& s, Call& c) { return nothing(s.setQuirks(c, {})); }},
        {Rpc::FaultsFlush, [](Store& s, Call& c) { return nothing(s.flushTtl(c, "")); }},
        {Rpc::FaultsMoveShard, [](Store& s, Call& c) { return s.moveShard(c, {}); }},
        {Rpc::FaultsSetNode, [](Store& s, Call& c) { return s.setNode(c, {}); }},
        {Rpc::FaultsShiftClock,
            [](Store& s, Call& c) { return s.shiftClock(c, std::chrono::milliseconds(1)); }},
    };
    return all;
}

class Guard : public testing::Test {
protected:
    FakeClock clock;
    FakeStore behind{clock};
    GuardedStore guard{behind, GuardMode::Normal};

    void SetUp() override
    {
        behind.plant("k", "v");
        Call call;
        ASSERT_THAT(behind.createVectorIndex(call, {.name = "i", .dimensions = 2}), succeeds());
        behind.idle = [] {};
    }
    std::size_t passed() const { return behind.seen().size(); }
};

TEST_F(Guard, isAskedAboutEveryProcedureThereIs)
{
    for (const RpcInfo& rpc : allRpcs())
        EXPECT_EQ(members().count(rpc.rpc), 1U) << rpc.method << " must be tried here";
}

TEST_F(Guard, refusesEveryWriteInReadOnly)
{
    guard.setMode(GuardMode::ReadOnly);
    for (const RpcInfo& rpc : allRpcs()) {
        SCOPED_TRACE(std::string(rpc.method));
        Call call;
        call.consent = true; // not even then
        const bool reads = rpc.effect == Effect::Read;
        if (reads) {
            EXPECT_THAT(guard.permit(call, rpc.rpc), succeeds());
        } else {
            EXPECT_THAT(guard.permit(call, rpc.rpc), failsWith(ErrorKind::ReadOnly));
        }
        const auto ask = members().find(rpc.rpc);
        ASSERT_NE(ask, members().end());
        behind.forget();
        const auto result = ask->second(guard, call);
        EXPECT_EQ(passed() == 1, reads);
        if (reads) {
            EXPECT_THAT(result, succeeds());
            continue;
        }
        ASSERT_THAT(result, failsWith(ErrorKind::ReadOnly));
        EXPECT_THAT(result.error().message, testing::HasSubstr(std::string(rpc.label))) << "names the call";
    }
    EXPECT_EQ(behind.value("k"), "v");
}

TEST_F(Guard, waitsForConsentInConfirm)
{
    guard.setMode(GuardMode::Confirm);
    for (const RpcInfo& rpc : allRpcs()) {
        SCOPED_TRACE(std::string(rpc.method));
        Call silent;
        Call agreed;
        agreed.consent = true;
        const bool reads = rpc.effect == Effect::Read;
        if (!reads) {
            EXPECT_THAT(guard.permit(silent, rpc.rpc), failsWith(ErrorKind::NeedsConsent));
        }
        EXPECT_THAT(guard.permit(agreed, rpc.rpc), succeeds());
        const auto ask = members().find(rpc.rpc);
        ASSERT_NE(ask, members().end());
        behind.forget();
        const auto without = ask->second(guard, silent);
        EXPECT_EQ(passed() == 1, reads);
        if (!reads) {
            EXPECT_THAT(without, failsWith(ErrorKind::NeedsConsent));
        }
        behind.forget();
        EXPECT_THAT(ask->second(guard, agreed), succeeds());
        EXPECT_EQ(passed(), 1U);
    }
}

TEST_F(Guard, letsEverythingPassInNormal)
{
    for (const auto& [rpc, ask] : members()) {
        SCOPED_TRACE(std::string(info(rpc).method));
        behind.forget();
        Call call;
        EXPECT_THAT(ask(guard, call), succeeds());
        EXPECT_EQ(passed(), 1U);
    }
}

TEST_F(Guard, readsManyKeysInEveryMode)
{
    const std::array<Bytes, 2> keys{"k", "missing"};
    for (const GuardMode mode : {GuardMode::Normal, GuardMode::Confirm, GuardMode::ReadOnly}) {
        guard.setMode(mode);
        Call call;
        int got = 0;
        EXPECT_THAT(
            guard.getMany(call, keys, 8, [&](std::size_t, const Result<Entry>&) { ++got; }), succeeds());
        EXPECT_EQ(got, 2);
    }
}

TEST_F(Guard, changesItsModeWhileItIsUsed)
{
    EXPECT_EQ(guard.mode(), GuardMode::Normal);
    Call call;
    EXPECT_THAT(guard.put(call, {.key = "k", .value = "1"}), succeeds());
    guard.setMode(GuardMode::ReadOnly);
    EXPECT_THAT(guard.put(call, {.key = "k", .value = "2"}), failsWith(ErrorKind::ReadOnly));
    guard.setMode(GuardMode::Normal);
    EXPECT_THAT(guard.put(call, {.key = "k", .value = "3"}), succeeds());
    EXPECT_EQ(behind.value("k"), "3");
}

} // namespace
} // namespace norikv::client
