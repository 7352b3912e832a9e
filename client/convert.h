// SPDX-License-Identifier: GPL-3.0-or-later
// Between protobuf messages and our values; included by few .cpp files of client/ only.
#pragma once

#include "client/faults.h"
#include "client/values.h"

#include "norikv/explore/v1/explore.pb.h"
#include "norikv/sandbox/v1/faults.pb.h"
#include "norikv/v1/norikv.pb.h"

namespace norikv::client {

Version fromProto(const v1::Version& version);
Entry fromProto(const Bytes& key, v1::GetResponse&& reply);
Entry fromProto(explore::v1::Entry&& entry);
ClusterView fromProto(const v1::ClusterView& view);
Quirks fromProto(const sandbox::v1::Quirks& quirks);

void toProto(const Put& put, v1::PutRequest& request);
void toProto(const Remove& remove, v1::DeleteRequest& request);
void toProto(const Quirks& quirks, sandbox::v1::Quirks& out);

} // namespace norikv::client
