// SPDX-License-Identifier: GPL-3.0-or-later
// The members of an entry in JSON; for the .cpp files that read and write lines.
#pragma once

#include "client/bulk/ndjson.h"

#include <nlohmann/json.hpp>

namespace norikv::client {

using Json = nlohmann::ordered_json;

/// `name` when the bytes are text, `name`_b64 otherwise.
void putBytes(Json& object, const std::string& name, const Bytes& bytes);
/// Empty when neither member is there; an error when both are, or one is of another type.
Result<std::optional<Bytes>> takeBytes(const Json& object, const std::string& name);
Result<std::optional<std::uint64_t>> takeNumber(const Json& object, const char* name);
/// An empty string when the member is not there.
Result<std::string> takeText(const Json& object, const char* name);

Json recordToJson(const NdjsonRecord& record);
Result<NdjsonRecord> recordFromJson(const Json& object);
/// One object of one line.
Result<Json> parseObject(std::string_view line);

} // namespace norikv::client
