// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/rpc.h"

#include "norikv/explore/v1/explore.pb.h"
#include "norikv/sandbox/v1/faults.pb.h"
#include "norikv/v1/norikv.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace norikv::client {
namespace {

/// Each with whether it is a stream.
std::map<std::string, bool> methodsOnTheWire()
{
    std::map<std::string, bool> out;
    for (const google::protobuf::FileDescriptor* file :
        {norikv::v1::GetRequest::descriptor()->file(), norikv::explore::v1::ScanRequest::descriptor()->file(),
            norikv::sandbox::v1::Quirks::descriptor()->file()}) {
        for (int s = 0; s < file->service_count(); ++s) {
            const auto* service = file->service(s);
            for (int m = 0; m < service->method_count(); ++m)
                out.emplace(service->full_name() + "/" + service->method(m)->name(),
                    service->method(m)->server_streaming());
        }
    }
    return out;
}

TEST(RpcTable, hasEveryMethodOfTheWireExactlyOnce)
{
    std::multiset<std::string> known;
    for (const RpcInfo& rpc : allRpcs())
        known.emplace(rpc.method);
    const auto wire = methodsOnTheWire();
    EXPECT_EQ(wire.size(), 23U) << "services: Kv Meta Admin Vector Explore Faults";
    for (const auto& [method, stream] : wire)
        EXPECT_EQ(known.count(method), 1U) << method << " is not classified, or twice";
    for (const auto& method : known)
        EXPECT_TRUE(wire.contains(method)) << method << " is not on the wire";
}

TEST(RpcTable, knowsTheStreamsAndWhatAServerNeedNotOffer)
{
    const auto wire = methodsOnTheWire();
    for (const RpcInfo& rpc : allRpcs()) {
        EXPECT_EQ(rpc.stream, wire.at(std::string(rpc.method))) << rpc.method;
        const bool always = rpc.method.starts_with("norikv.v1.Kv/")
            || rpc.method.starts_with("norikv.v1.Meta/") || rpc.method.starts_with("norikv.v1.Admin/");
        EXPECT_EQ(isOptional(rpc.rpc), !always) << rpc.method;
    }
}

TEST(RpcTable, hasARowForEachValueAndFindsIt)
{
    std::set<Rpc> values;
    std::set<std::string_view> labels;
    for (const RpcInfo& rpc : allRpcs()) {
        EXPECT_TRUE(values.insert(rpc.rpc).second) << rpc.method;
        EXPECT_TRUE(labels.insert(rpc.label).second) << rpc.label << " names two calls";
        EXPECT_EQ(&info(rpc.rpc), &rpc);
        EXPECT_FALSE(rpc.label.empty());
    }
    EXPECT_EQ(values.size(), static_cast<std::size_t>(Rpc::FaultsShiftClock) + 1);
}

// Written down a second time on purpose: a change of class must be meant.
TEST(RpcTable, classifiesEachMethodAsAgreed)
{
    using enum Effect;
    const std::map<std::string_view, Effect> agreed = {
        {"norikv.v1.Kv/Get", Read},
        {"norikv.v1.Kv/Put", Write},
        {"norikv.v1.Kv/Delete", Write},
        {"norikv.v1.Meta/WatchCluster", Read},
        {"norikv.v1.Admin/TransferShard", Admin},
        {"norikv.v1.Admin/SnapshotShard", Admin},
        {"norikv.v1.Vector/CreateIndex", Write},
        {"norikv.v1.Vector/DropIndex", Write},
        {"norikv.v1.Vector/Insert", Write},
        {"norikv.v1.Vector/Delete", Write},
        {"norikv.v1.Vector/Search", Read},
        {"norikv.v1.Vector/Get", Read},
        {"norikv.explore.v1.Explore/Scan", Read},
        {"norikv.explore.v1.Explore/Watch", Read},
        {"norikv.explore.v1.Explore/Stat", Read},
        {"norikv.explore.v1.Explore/ListVectorIndexes", Read},
        {"norikv.explore.v1.Explore/ListVectorIds", Read},
        {"norikv.sandbox.v1.Faults/GetQuirks", Read},
        {"norikv.sandbox.v1.Faults/SetQuirks", Admin},
        {"norikv.sandbox.v1.Faults/Flush", Admin},
        {"norikv.sandbox.v1.Faults/MoveShard", Admin},
        {"norikv.sandbox.v1.Faults/SetNode", Admin},
        {"norikv.sandbox.v1.Faults/ShiftClock", Admin},
    };
    for (const RpcInfo& rpc : allRpcs()) {
        const auto row = agreed.find(rpc.method);
        ASSERT_NE(row, agreed.end()) << rpc.method << " has no agreed class";
        EXPECT_EQ(rpc.effect, row->second) << rpc.method;
    }
}

} // namespace
} // namespace norikv::client
