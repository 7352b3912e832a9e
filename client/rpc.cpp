// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/rpc.h"

#include <algorithm>
#include <array>

namespace norikv::client {

namespace {

using enum Effect;

constexpr std::array table{
    RpcInfo{Rpc::KvGet, Read, "norikv.v1.Kv/Get", "Get"},
    RpcInfo{Rpc::KvPut, Write, "norikv.v1.Kv/Put", "Put"},
    RpcInfo{Rpc::KvDelete, Write, "norikv.v1.Kv/Delete", "Delete"},
    RpcInfo{Rpc::MetaWatchCluster, Read, "norikv.v1.Meta/WatchCluster", "WatchCluster", true},
    RpcInfo{Rpc::AdminTransferShard, Admin, "norikv.v1.Admin/TransferShard", "TransferShard"},
    RpcInfo{Rpc::AdminSnapshotShard, Admin, "norikv.v1.Admin/SnapshotShard", "SnapshotShard"},
    RpcInfo{Rpc::ExploreScan, Read, "norikv.explore.v1.Explore/Scan", "Scan", true},
    RpcInfo{Rpc::ExploreWatch, Read, "norikv.explore.v1.Explore/Watch", "Watch", true},
    RpcInfo{Rpc::ExploreStat, Read, "norikv.explore.v1.Explore/Stat", "Stat"},
    RpcInfo{Rpc::ExploreListVectorIndexes, Read, "norikv.explore.v1.Explore/ListVectorIndexes",
        "ListVectorIndexes"},
    RpcInfo{
        Rpc::ExploreListVectorIds, Read, "norikv.explore.v1.Explore/ListVectorIds", "ListVectorIds", true},
    RpcInfo{Rpc::VectorCreateIndex, Write, "norikv.v1.Vector/CreateIndex", "CreateIndex"},
    RpcInfo{Rpc::VectorDropIndex, Write, "norikv.v1.Vector/DropIndex", "DropIndex"},
    RpcInfo{Rpc::VectorInsert, Write, "norikv.v1.Vector/Insert", "Vector insert"},
    RpcInfo{Rpc::VectorDelete, Write, "norikv.v1.Vector/Delete", "Vector delete"},
    RpcInfo{Rpc::VectorSearch, Read, "norikv.v1.Vector/Search", "Search"},
    RpcInfo{Rpc::VectorGet, Read, "norikv.v1.Vector/Get", "Vector get"},
    RpcInfo{Rpc::FaultsGetQuirks, Read, "norikv.sandbox.v1.Faults/GetQuirks", "GetQuirks"},
    RpcInfo{Rpc::FaultsSetQuirks, Admin, "norikv.sandbox.v1.Faults/SetQuirks", "SetQuirks"},
    RpcInfo{Rpc::FaultsFlush, Admin, "norikv.sandbox.v1.Faults/Flush", "Flush"},
    RpcInfo{Rpc::FaultsMoveShard, Admin, "norikv.sandbox.v1.Faults/MoveShard", "MoveShard"},
    RpcInfo{Rpc::FaultsSetNode, Admin, "norikv.sandbox.v1.Faults/SetNode", "SetNode"},
    RpcInfo{Rpc::FaultsShiftClock, Admin, "norikv.sandbox.v1.Faults/ShiftClock", "ShiftClock"},
};

} // namespace

std::span<const RpcInfo> allRpcs() { return table; }

const RpcInfo& info(Rpc rpc) { return *std::ranges::find(table, rpc, &RpcInfo::rpc); }

bool isOptional(Rpc rpc)
{
    const std::string_view method = info(rpc).method;
    return std::ranges::any_of(
        std::array{std::string_view("norikv.explore."), std::string_view("norikv.sandbox."),
            std::string_view("norikv.v1.Vector/")},
        [&](std::string_view service) { return method.starts_with(service); });
}

} // namespace norikv::client
