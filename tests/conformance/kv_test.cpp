// SPDX-License-Identifier: GPL-3.0-or-later
// Wire contract 2.2 to 2.5: limits, reply shapes, versions, compare-and-set.
#include "tests/conformance/target.h"

#include <atomic>
#include <thread>
#include <vector>

namespace norikv::conformance {
namespace {

using grpc::StatusCode;

void expectStatus(const grpc::Status& status, StatusCode code, const std::string& message)
{
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(status.error_message(), message);
}

std::string keyOfSize(std::size_t size)
{
    std::string key = freshKey("long");
    key.resize(size, 'x');
    return key;
}

TEST(Conformance, S2_2_KeyOf1024BytesIsAccepted)
{
    const auto key = keyOfSize(1024);
    ASSERT_TRUE(put(key, "v").ok());
    EXPECT_EQ(get(key).response.value(), "v");
    EXPECT_TRUE(remove(key).ok());
}

TEST(Conformance, S2_2_PutRefusesKeyOf1025Bytes)
{
    expectStatus(
        put(keyOfSize(1025), "v").status, StatusCode::INVALID_ARGUMENT, "Key size 1025 exceeds limit 1024");
}

TEST(Conformance, S2_2_GetRefusesKeyOf1025Bytes)
{
    expectStatus(
        get(keyOfSize(1025)).status, StatusCode::INVALID_ARGUMENT, "Key size 1025 exceeds limit 1024");
}

TEST(Conformance, S2_2_DeleteRefusesKeyOf1025Bytes)
{
    expectStatus(
        remove(keyOfSize(1025)).status, StatusCode::INVALID_ARGUMENT, "Key size 1025 exceeds limit 1024");
}

TEST(Conformance, S2_2_ValueOf1MiBIsAccepted)
{
    const auto key = freshKey();
    const std::string value(1'048'576, '\xff');
    ASSERT_TRUE(put(key, value).ok());
    EXPECT_TRUE(get(key).response.value() == value);
    EXPECT_TRUE(remove(key).ok());
}

TEST(Conformance, S2_2_ValueOver1MiBIsRefused)
{
    expectStatus(put(freshKey(), std::string(1'048'577, 'x')).status, StatusCode::INVALID_ARGUMENT,
        "Value size 1048577 exceeds limit 1048576");
}

TEST(Conformance, S2_2_KeySizeIsCheckedBeforeValueSize)
{
    expectStatus(put(keyOfSize(2000), std::string(1'048'577, 'x')).status, StatusCode::INVALID_ARGUMENT,
        "Key size 2000 exceeds limit 1024");
}

TEST(Conformance, S2_2_EmptyKeyIsAccepted)
{
    ASSERT_TRUE(put("", "nothing").ok());
    const auto reply = get("");
    EXPECT_TRUE(reply.response.has_version());
    EXPECT_EQ(reply.response.value(), "nothing");
    EXPECT_TRUE(remove("").ok());
}

TEST(Conformance, S2_2_KeysAreBytes)
{
    const auto key = freshKey() + std::string("\0\xff\x80 A", 5);
    ASSERT_TRUE(put(key, "bytes").ok());
    EXPECT_EQ(get(key).response.value(), "bytes");
    EXPECT_FALSE(get(key.substr(0, key.size() - 1) + 'a').response.has_version()) << "case counts";
}

TEST(Conformance, S2_2_MessageOver4MiBIsRefusedAsTooLarge)
{
    const auto code = put(freshKey(), std::string(4'300'000, 'x')).status.error_code();
    EXPECT_TRUE(code == StatusCode::OUT_OF_RANGE || code == StatusCode::RESOURCE_EXHAUSTED) << code;
}

TEST(Conformance, S2_2_RequestMaxBytesOf2MiBIsNotEnforced)
{
    // 2.5 MiB reaches the handler, which refuses the value, not the message.
    expectStatus(put(freshKey(), std::string(2'621'440, 'x')).status, StatusCode::INVALID_ARGUMENT,
        "Value size 2621440 exceeds limit 1048576");
}

TEST(Conformance, S2_2_LongIdempotencyKeyIsAccepted)
{
    auto request = putRequest(freshKey(), "v");
    request.set_idempotency_key(freshKey() + std::string(100'000, 'i'));
    EXPECT_TRUE(put(request).ok());
}

TEST(Conformance, S2_3_GetPresentHasValueAndVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "v").ok());
    const auto reply = get(key);
    ASSERT_TRUE(reply.ok());
    EXPECT_EQ(reply.response.value(), "v");
    EXPECT_TRUE(reply.response.has_version());
    EXPECT_TRUE(reply.response.meta().empty());
}

TEST(Conformance, S2_3_GetMissingIsOkWithoutVersion)
{
    const auto reply = get(freshKey());
    ASSERT_TRUE(reply.ok()) << reply.status.error_message();
    EXPECT_FALSE(reply.response.has_version());
    EXPECT_TRUE(reply.response.value().empty());
}

TEST(Conformance, S2_3_GetDeletedIsOkWithoutVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "v").ok());
    ASSERT_TRUE(remove(key).ok());
    const auto reply = get(key);
    ASSERT_TRUE(reply.ok());
    EXPECT_FALSE(reply.response.has_version());
    EXPECT_TRUE(reply.response.value().empty());
}

TEST(Conformance, S2_3_EmptyValueHasVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "").ok());
    const auto reply = get(key);
    ASSERT_TRUE(reply.ok());
    EXPECT_TRUE(reply.response.has_version());
    EXPECT_TRUE(reply.response.value().empty());
}

TEST(Conformance, S2_3_PutSuccessHasVersionAndNoMeta)
{
    const auto reply = put(freshKey(), "v");
    ASSERT_TRUE(reply.ok());
    EXPECT_TRUE(reply.response.has_version());
    EXPECT_GE(reply.response.version().index(), 1U);
    EXPECT_TRUE(reply.response.meta().empty());
}

TEST(Conformance, S2_3_DeleteSuccessIsTombstonedWithVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "v").ok());
    const auto reply = remove(key);
    ASSERT_TRUE(reply.ok());
    EXPECT_TRUE(reply.response.tombstoned());
    EXPECT_GE(reply.response.version().index(), 1U);
}

TEST(Conformance, S2_3_DeleteOfWhatNeverExistedIsTombstonedToo)
{
    const auto reply = remove(freshKey());
    ASSERT_TRUE(reply.ok());
    EXPECT_TRUE(reply.response.tombstoned());
    EXPECT_TRUE(reply.response.has_version());
}

TEST(Conformance, S2_3_DeleteIdempotencyHitHasTheCachedVersion)
{
    v1::DeleteRequest request;
    request.set_key(freshKey());
    request.set_idempotency_key(freshKey("id"));
    const auto first = remove(request);
    const auto second = remove(request);
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_TRUE(second.response.tombstoned());
    EXPECT_EQ(first.response.version().index(), second.response.version().index());
}

TEST(Conformance, S2_4_TermIsZeroEverywhere)
{
    const auto key = freshKey();
    EXPECT_EQ(put(key, "v").response.version().term(), 0U);
    EXPECT_EQ(get(key).response.version().term(), 0U);
    EXPECT_EQ(remove(key).response.version().term(), 0U);
}

TEST(Conformance, S2_4_IndexRisesByOnePerWriteOfTheShard)
{
    const auto key = freshKey();
    const auto first = put(key, "1").response.version().index();
    EXPECT_EQ(put(key, "2").response.version().index(), first + 1);
    EXPECT_EQ(remove(key).response.version().index(), first + 2);
    EXPECT_EQ(put(key, "3").response.version().index(), first + 3);
}

TEST(Conformance, S2_4_PutAndGetAgreeWhileTheHistoryIsClean)
{
    const auto key = freshKey();
    const auto written = put(key, "v").response.version().index();
    const auto read = get(key).response.version().index();
    if (written != read && Target::get().faithful() && !Target::get().fresh()) {
        GTEST_SKIP() << "this shard's history is not clean: " << written << " and " << read;
    }
    EXPECT_EQ(written, read);
}

TEST(Conformance, S2_4_IndexesBeginAtOneInEveryShard)
{
    if (!Target::get().fresh()) {
        GTEST_SKIP() << "needs a store that was empty";
    }
    int ones = 0;
    for (int i = 0; i < 64; ++i) { // 1024 shards: most of these are the first write to theirs
        ones += put(freshKey("first"), "v").response.version().index() == 1 ? 1 : 0;
    }
    EXPECT_GT(ones, 32);
}

v1::PutRequest casRequest(const std::string& key, const std::string& value, const v1::Version& version)
{
    auto request = putRequest(key, value);
    *request.mutable_if_match() = version;
    return request;
}

TEST(Conformance, S2_4_AGetVersionFeedsTheNextCas)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "1").ok());
    EXPECT_TRUE(put(casRequest(key, "2", get(key).response.version())).ok());
    EXPECT_EQ(get(key).response.value(), "2");
}

TEST(Conformance, S2_5_PutWithTheRightVersionSucceeds)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "1").ok());
    auto version = get(key).response.version();
    for (int i = 0; i < 3; ++i) {
        const auto reply = put(casRequest(key, std::to_string(i), version));
        ASSERT_TRUE(reply.ok()) << reply.status.error_message();
        version = get(key).response.version();
    }
    EXPECT_EQ(get(key).response.value(), "2");
}

TEST(Conformance, S2_5_PutWithAnotherVersionIsRefusedWithBoth)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "1").ok());
    const auto current = get(key).response.version();
    v1::Version wrong;
    wrong.set_term(7);
    wrong.set_index(current.index() + 99);
    expectStatus(put(casRequest(key, "2", wrong)).status, StatusCode::FAILED_PRECONDITION,
        "Version mismatch: expected term=7 index=" + std::to_string(wrong.index())
            + ", got term=0 index=" + std::to_string(current.index()));
    EXPECT_EQ(get(key).response.value(), "1");
}

TEST(Conformance, S2_5_PutOnAMissingKeyIsRefused)
{
    v1::Version any;
    any.set_index(1);
    expectStatus(put(casRequest(freshKey(), "v", any)).status, StatusCode::FAILED_PRECONDITION,
        "CAS failed: key does not exist");
}

TEST(Conformance, S2_5_CreateIfAbsentCannotBeSaid)
{
    expectStatus(put(casRequest(freshKey(), "v", v1::Version())).status, StatusCode::FAILED_PRECONDITION,
        "CAS failed: key does not exist");
}

TEST(Conformance, S2_5_DeleteWithAnotherVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "v").ok());
    v1::DeleteRequest request;
    request.set_key(key);
    request.mutable_if_match()->set_index(get(key).response.version().index() + 99);
    const auto reply = remove(request);
    if (Target::get().faithful()) {
        EXPECT_TRUE(reply.ok()) << "the shipped server ignores if_match";
        EXPECT_FALSE(get(key).response.has_version());
    } else {
        EXPECT_EQ(reply.status.error_code(), StatusCode::FAILED_PRECONDITION);
        EXPECT_TRUE(reply.status.error_message().starts_with("Version mismatch: "))
            << reply.status.error_message();
        EXPECT_EQ(get(key).response.value(), "v");
    }
}

TEST(Conformance, S2_5_DeleteWithTheRightVersion)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "v").ok());
    v1::DeleteRequest request;
    request.set_key(key);
    *request.mutable_if_match() = get(key).response.version();
    EXPECT_TRUE(remove(request).ok());
    EXPECT_FALSE(get(key).response.has_version());
}

TEST(Conformance, S2_5_DeleteOfAMissingKeyWithAVersion)
{
    v1::DeleteRequest request;
    request.set_key(freshKey());
    request.mutable_if_match()->set_index(1);
    const auto reply = remove(request);
    if (Target::get().faithful()) {
        EXPECT_TRUE(reply.ok());
    } else {
        expectStatus(reply.status, StatusCode::FAILED_PRECONDITION, "CAS failed: key does not exist");
    }
}

TEST(Conformance, S2_5_OfManyCasWritersOneWins)
{
    const auto key = freshKey();
    ASSERT_TRUE(put(key, "0").ok());
    const auto version = get(key).response.version();
    std::atomic<int> won = 0;
    std::atomic<int> refused = 0;
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
        writers.emplace_back([&, i] {
            const auto reply = put(casRequest(key, std::to_string(i), version));
            won += reply.ok() ? 1 : 0;
            refused += reply.status.error_code() == StatusCode::FAILED_PRECONDITION ? 1 : 0;
        });
    }
    writers.clear();
    EXPECT_EQ(won + refused, 8);
    if (Target::get().faithful()) {
        EXPECT_GE(won, 1) << "check-then-write: more than one may pass";
    } else {
        EXPECT_EQ(won, 1);
    }
}

} // namespace
} // namespace norikv::conformance
