// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/ndjson.h"

#include "client/base64.h"
#include "client/bulk/jsonentry.h"

#include <array>
#include <charconv>
#include <limits>

namespace norikv::client {

namespace {

constexpr std::array Names{std::pair{TtlProvenance::Server, std::string_view("server")},
    std::pair{TtlProvenance::SetHere, std::string_view("set here")},
    std::pair{TtlProvenance::FromValue, std::string_view("from value")},
    std::pair{TtlProvenance::PatternDefault, std::string_view("pattern default")},
    std::pair{TtlProvenance::Unknown, std::string_view("unknown")}};

constexpr std::string_view Missing = "missing";
constexpr std::string_view Hash = "xxh64:";

tl::unexpected<Error> bad(const std::string& what) { return fail(ErrorKind::BadData, what); }

std::string hex(std::uint64_t number)
{
    std::array<char, 16> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
    return {text.data(), end};
}

Result<std::optional<LeftBehind>> leftFrom(const Json& object)
{
    const auto text = takeText(object, "after");
    if (!text)
        return tl::unexpected(text.error());
    if (text->empty())
        return std::optional<LeftBehind>();
    if (*text == Missing)
        return LeftBehind{true, 0};
    LeftBehind left;
    const char* const end = text->data() + text->size();
    if (!text->starts_with(Hash)
        || std::from_chars(text->data() + Hash.size(), end, left.hash, 16).ptr != end)
        return bad("\"after\" is neither missing nor a hash");
    return left;
}

Result<std::optional<Version>> versionFrom(const Json& object)
{
    const auto found = object.find("version");
    if (found == object.end() || found->is_null())
        return std::optional<Version>();
    if (!found->is_object())
        return bad("\"version\" is not an object of term and index");
    const auto term = takeNumber(*found, "term");
    const auto index = takeNumber(*found, "index");
    if (!term || !index || !*index)
        return bad("\"version\" is not an object of term and index");
    return Version{term->value_or(0), **index};
}

} // namespace

std::string_view name(TtlProvenance provenance)
{
    for (const auto& [value, text] : Names) {
        if (value == provenance)
            return text;
    }
    return "unknown";
}

std::optional<TtlProvenance> provenanceFrom(std::string_view name)
{
    for (const auto& [value, text] : Names) {
        if (text == name)
            return value;
    }
    return std::nullopt;
}

void putBytes(Json& object, const std::string& name, const Bytes& bytes)
{
    if (isUtf8(bytes))
        object[name] = bytes;
    else
        object[name + "_b64"] = base64(bytes);
}

Result<std::optional<Bytes>> takeBytes(const Json& object, const std::string& name)
{
    const auto text = object.find(name);
    const auto coded = object.find(name + "_b64");
    if (text != object.end() && coded != object.end())
        return bad("both \"" + name + "\" and \"" + name + "_b64\" are given");
    if (text != object.end()) {
        if (!text->is_string())
            return bad("\"" + name + "\" is not a string");
        return text->get<std::string>();
    }
    if (coded == object.end())
        return std::optional<Bytes>();
    auto bytes = coded->is_string() ? fromBase64(coded->get_ref<const std::string&>()) : std::nullopt;
    if (!bytes)
        return bad("\"" + name + "_b64\" is not base64");
    return bytes;
}

Result<std::optional<std::uint64_t>> takeNumber(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || found->is_null())
        return std::optional<std::uint64_t>();
    if (!found->is_number_unsigned())
        return bad("\"" + std::string(name) + "\" is not a whole number of 0 or more");
    return found->get<std::uint64_t>();
}

Result<std::string> takeText(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || found->is_null())
        return std::string();
    if (!found->is_string())
        return bad("\"" + std::string(name) + "\" is not a string");
    return found->get<std::string>();
}

Json recordToJson(const NdjsonRecord& record)
{
    Json object = Json::object();
    putBytes(object, "key", record.entry.key);
    if (record.hasValue)
        putBytes(object, "value", record.entry.value);
    if (record.entry.version)
        object["version"]
            = Json{{"term", record.entry.version->term}, {"index", record.entry.version->index}};
    if (record.entry.expiresAtMs)
        object["expires_at_ms"] = *record.entry.expiresAtMs;
    if (record.entry.exists() || record.hasValue)
        object["ttl_provenance"] = std::string(name(record.entry.provenance));
    if (record.shard)
        object["shard"] = *record.shard;
    if (record.left)
        object["after"]
            = record.left->missing ? std::string(Missing) : std::string(Hash) + hex(record.left->hash);
    return object;
}

Result<NdjsonRecord> recordFromJson(const Json& object)
{
    NdjsonRecord record;
    auto key = takeBytes(object, "key");
    if (!key)
        return tl::unexpected(key.error());
    if (!*key)
        return bad("there is no \"key\"");
    if ((*key)->empty())
        return bad("the key is empty");
    if ((*key)->size() > MaxKeyBytes)
        return bad("the key has " + std::to_string((*key)->size()) + " bytes, over the limit of "
            + std::to_string(MaxKeyBytes));
    record.entry.key = std::move(**key);
    auto value = takeBytes(object, "value");
    if (!value)
        return tl::unexpected(value.error());
    if (*value) {
        if ((*value)->size() > MaxValueBytes)
            return bad("the value has " + std::to_string((*value)->size()) + " bytes, over the limit of "
                + std::to_string(MaxValueBytes));
        record.entry.value = std::move(**value);
        record.entry.valueSize = record.entry.value.size();
        record.hasValue = true;
    }
    const auto version = versionFrom(object);
    if (!version)
        return tl::unexpected(version.error());
    record.entry.version = *version;
    const auto expiry = takeNumber(object, "expires_at_ms");
    if (!expiry)
        return tl::unexpected(expiry.error());
    // A line may say 0 for "no expiry", as the wire does.
    if (*expiry && **expiry != 0) {
        if (**expiry > static_cast<std::uint64_t>(std::numeric_limits<EpochMs>::max()))
            return bad("\"expires_at_ms\" is too large");
        record.entry.expiresAtMs = static_cast<EpochMs>(**expiry);
    }
    const auto provenance = takeText(object, "ttl_provenance");
    if (!provenance)
        return tl::unexpected(provenance.error());
    record.entry.provenance = provenanceFrom(*provenance).value_or(TtlProvenance::Unknown);
    const auto shard = takeNumber(object, "shard");
    if (!shard)
        return tl::unexpected(shard.error());
    if (*shard && **shard <= std::numeric_limits<std::uint32_t>::max())
        record.shard = static_cast<std::uint32_t>(**shard);
    const auto left = leftFrom(object);
    if (!left)
        return tl::unexpected(left.error());
    record.left = *left;
    return record;
}

Result<Json> parseObject(std::string_view line)
{
    auto object = Json::parse(line.begin(), line.end(), nullptr, false);
    if (object.is_discarded())
        return bad("it is not JSON");
    if (!object.is_object())
        return bad("it is JSON, but not an object");
    return object;
}

std::string toNdjson(const NdjsonRecord& record) { return recordToJson(record).dump(); }

std::string toNdjson(const Entry& entry, std::optional<std::uint32_t> shard)
{
    return toNdjson(NdjsonRecord{entry, entry.exists(), shard, std::nullopt});
}

Result<NdjsonRecord> parseNdjson(std::string_view line) { return parseObject(line).and_then(recordFromJson); }

} // namespace norikv::client
