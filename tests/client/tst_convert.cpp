// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace norikv::client {
namespace {

namespace wire = norikv::v1;

TEST(Convert, aReplyWithoutVersionIsAMissingKey)
{
    const Entry entry = fromProto("k", wire::GetResponse());
    EXPECT_EQ(entry.key, "k");
    EXPECT_FALSE(entry.exists());
    EXPECT_EQ(entry.provenance, TtlProvenance::Unknown);
}

TEST(Convert, anEmptyValueWithAVersionExists)
{
    wire::GetResponse reply;
    reply.mutable_version()->set_index(7);
    const Entry entry = fromProto("k", std::move(reply));
    EXPECT_TRUE(entry.exists());
    EXPECT_EQ(entry.version, (Version{0, 7}));
    EXPECT_EQ(entry.valueSize, 0U);
}

TEST(Convert, valuesStayBytes)
{
    const Bytes bytes("\0\xff\n", 3);
    wire::GetResponse reply;
    reply.set_value(bytes);
    reply.mutable_version()->set_term(3);
    const Entry entry = fromProto(bytes, std::move(reply));
    EXPECT_EQ(entry.value, bytes);
    EXPECT_EQ(entry.key, bytes);
    EXPECT_EQ(entry.valueSize, 3U);
    EXPECT_EQ(entry.version, (Version{3, 0}));
}

TEST(Convert, expiryComesFromMetaWhereTheServerSaysIt)
{
    struct Row {
        const char* text;
        std::optional<EpochMs> at;
        TtlProvenance provenance;
    };
    const Row rows[] = {
        {"1700000000000", 1'700'000'000'000, TtlProvenance::Server},
        {"0", std::nullopt, TtlProvenance::Server}, // known: no expiry
        {"", std::nullopt, TtlProvenance::Unknown},
        {"soon", std::nullopt, TtlProvenance::Unknown},
        {"17e11", std::nullopt, TtlProvenance::Unknown},
        {"99999999999999999999", std::nullopt, TtlProvenance::Unknown},
    };
    for (const Row& row : rows) {
        wire::GetResponse reply;
        reply.mutable_version()->set_index(1);
        (*reply.mutable_meta())["expires_at_ms"] = row.text;
        (*reply.mutable_meta())["other"] = "kept";
        const Entry entry = fromProto("k", std::move(reply));
        EXPECT_EQ(entry.expiresAtMs, row.at) << '"' << row.text << '"';
        EXPECT_EQ(entry.provenance, row.provenance) << '"' << row.text << '"';
        EXPECT_EQ(entry.meta.at("other"), "kept");
        EXPECT_EQ(entry.meta.at("expires_at_ms"), row.text);
    }
}

TEST(Convert, aListedEntryKnowsItsSizeWithoutItsBytes)
{
    norikv::explore::v1::Entry in;
    in.set_key("k");
    in.set_value_size(5000);
    in.mutable_version()->set_index(2);
    in.set_expires_at_ms(99);
    Entry entry = fromProto(std::move(in));
    EXPECT_EQ(entry.key, "k");
    EXPECT_TRUE(entry.value.empty());
    EXPECT_EQ(entry.valueSize, 5000U);
    EXPECT_EQ(entry.expiresAtMs, 99);
    EXPECT_EQ(entry.provenance, TtlProvenance::Server);

    norikv::explore::v1::Entry missing;
    missing.set_key("m");
    entry = fromProto(std::move(missing));
    EXPECT_FALSE(entry.exists());
    EXPECT_EQ(entry.expiresAtMs, std::nullopt);

    norikv::explore::v1::Entry whole;
    whole.set_value("abc");
    EXPECT_EQ(fromProto(std::move(whole)).valueSize, 3U);
}

TEST(Convert, aViewKeepsEveryClaimSortedByShard)
{
    wire::ClusterView in;
    in.set_epoch(9);
    auto* node = in.add_nodes();
    node->set_id("node0");
    node->set_addr("0.0.0.0:7447");
    node->set_role("unknown");
    for (const std::uint32_t id : {30U, 2U, 17U}) {
        auto* shard = in.add_shards();
        shard->set_id(id);
        for (const char* who : {"node0", "node1"}) {
            auto* replica = shard->add_replicas();
            replica->set_node_id(who);
            replica->set_leader(id == 2 && who == std::string("node1"));
        }
    }
    const ClusterView view = fromProto(in);
    EXPECT_EQ(view.epoch, 9U);
    ASSERT_EQ(view.nodes.size(), 1U);
    EXPECT_EQ(view.nodes[0].id, "node0");
    EXPECT_EQ(view.nodes[0].address, "0.0.0.0:7447");
    EXPECT_EQ(view.nodes[0].role, "unknown");
    ASSERT_EQ(view.claims.size(), 6U);
    EXPECT_EQ(view.claims[0].shard, 2U);
    EXPECT_EQ(view.claims[2].shard, 17U);
    EXPECT_EQ(view.claims[5].shard, 30U);
    int leaders = 0;
    for (const auto& claim : view.claims) {
        leaders += claim.leader ? 1 : 0;
        if (claim.leader) {
            EXPECT_EQ(claim.nodeId, "node1");
        }
    }
    EXPECT_EQ(leaders, 1);
}

TEST(Convert, aPutGoesOutWhole)
{
    wire::PutRequest out;
    toProto(Put{.key = "k", .value = "v", .ttlMs = 5, .idempotencyKey = "id", .ifMatch = Version{1, 2}}, out);
    EXPECT_EQ(out.key(), "k");
    EXPECT_EQ(out.value(), "v");
    EXPECT_EQ(out.ttl_ms(), 5U);
    EXPECT_EQ(out.idempotency_key(), "id");
    EXPECT_EQ(fromProto(out.if_match()), (Version{1, 2}));
    wire::PutRequest plain;
    toProto(Put{.key = "k"}, plain);
    EXPECT_FALSE(plain.has_if_match()) << "(0, 0) would be a condition";
    wire::PutRequest zero;
    toProto(Put{.key = "k", .ifMatch = Version{0, 0}}, zero);
    EXPECT_TRUE(zero.has_if_match());
}

TEST(Convert, aDeleteGoesOutWhole)
{
    wire::DeleteRequest out;
    toProto(Remove{.key = "k", .idempotencyKey = "id", .ifMatch = Version{3, 4}}, out);
    EXPECT_EQ(out.key(), "k");
    EXPECT_EQ(out.idempotency_key(), "id");
    EXPECT_EQ(fromProto(out.if_match()), (Version{3, 4}));
    wire::DeleteRequest plain;
    toProto(Remove{.key = "k"}, plain);
    EXPECT_FALSE(plain.has_if_match());
}

// Every field of the message is set in turn by reflection, so that a new quirk cannot be forgotten.
TEST(Convert, everyQuirkComesBackAsItWentAndNoOtherMoves)
{
    using norikv::sandbox::v1::Quirks;
    const auto* fields = Quirks::descriptor();
    ASSERT_EQ(fields->field_count(), 14);
    for (int i = 0; i < fields->field_count(); ++i) {
        const auto* field = fields->field(i);
        SCOPED_TRACE(field->name());
        Quirks in;
        if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL)
            in.GetReflection()->SetBool(&in, field, true);
        else
            in.GetReflection()->SetUInt32(&in, field, 77);
        Quirks out;
        toProto(fromProto(in), out);
        EXPECT_EQ(in.SerializeAsString(), out.SerializeAsString());
    }
}

TEST(Convert, quirksHaveTheMeaningOfTheirNames)
{
    norikv::sandbox::v1::Quirks in;
    in.set_racy_cas(true);
    in.set_cas_window_ms(5);
    in.set_empty_meta(true);
    in.set_commit_delay_ms(150);
    const Quirks quirks = fromProto(in);
    EXPECT_TRUE(quirks.racyCas);
    EXPECT_EQ(quirks.casWindowMs, 5U);
    EXPECT_TRUE(quirks.emptyMeta);
    EXPECT_EQ(quirks.commitDelayMs, 150U);
    EXPECT_FALSE(quirks.deleteIgnoresIfMatch || quirks.sharedIdempotency || quirks.tickingEpoch
        || quirks.loseParallelWrites);
}

} // namespace
} // namespace norikv::client
