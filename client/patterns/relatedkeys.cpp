// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/relatedkeys.h"

#include "client/patterns/counter.h"
#include "client/patterns/keykind.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace norikv::client {

namespace {

using nlohmann::json;

// A meta or reservation is a few fields; anything larger is not one.
constexpr std::size_t LargestRecord = 64 * 1024;

json parsed(std::string_view value)
{
    if (value.size() > LargestRecord)
        return {};
    json record = json::parse(value, nullptr, false);
    return record.is_object() ? record : json();
}

std::optional<std::uint64_t> number(std::string_view digits)
{
    std::uint64_t n = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (digits.empty() || error != std::errc() || stop != digits.data() + digits.size())
        return {};
    // The key is written without leading zeros: another spelling belongs to no run.
    if (digits.size() > 1 && digits.front() == '0')
        return {};
    return n;
}

std::optional<KeyRun> fromOne(Bytes prefix, std::uint64_t last)
{
    if (last == 0)
        return {};
    return KeyRun{std::move(prefix), 1, last};
}

std::string_view upToColon(std::string_view key) { return key.substr(0, key.rfind(':') + 1); }
std::string_view afterColon(std::string_view key) { return key.substr(key.rfind(':') + 1); }
std::string_view without(std::string_view key, std::string_view prefix) { return key.substr(prefix.size()); }

// An event tells of its meta and of all before it.
RelatedKeys ofEvent(std::string_view key, Bytes meta)
{
    RelatedKeys related;
    related.keys.push_back(std::move(meta));
    if (const auto version = number(afterColon(key)); version && *version > 1)
        related.run = fromOne(Bytes(upToColon(key)), *version - 1);
    return related;
}

RelatedKeys ofTenant(std::string_view rest)
{
    const auto tenant = rest.substr(0, rest.find(':'));
    if (tenant.empty() || tenant.size() == rest.size())
        return {};
    return {{"tenant-meta:" + Bytes(tenant)}, {}};
}

RelatedKeys ofReservation(std::string_view value)
{
    const json record = parsed(value);
    const auto sku = record.find("sku");
    if (sku == record.end() || !sku->is_string() || sku->get_ref<const std::string&>().empty())
        return {};
    return {{"inventory:" + sku->get<std::string>()}, {}};
}

RelatedKeys ofEventMeta(std::string_view key, std::string_view value)
{
    const json record = parsed(value);
    const auto version = record.find("version");
    if (version == record.end() || !version->is_number_unsigned())
        return {};
    const Bytes prefix = "events:" + Bytes(without(key, "events:meta:")) + ":";
    return {{}, fromOne(prefix, version->get<std::uint64_t>())};
}

} // namespace

RelatedKeys relatedKeys(std::string_view key, std::string_view value)
{
    switch (keyKind(key, value)) {
    case KeyKind::Reservation:
        return ofReservation(value);
    case KeyKind::EventMeta:
        return ofEventMeta(key, value);
    case KeyKind::Event: {
        const auto aggregate = without(upToColon(key), "events:");
        return ofEvent(key, "events:meta:" + Bytes(aggregate.substr(0, aggregate.size() - 1)));
    }
    case KeyKind::StreamMeta:
        if (const auto version = number(value))
            return {{}, fromOne(Bytes(upToColon(key)) + "event:", *version)};
        return {};
    case KeyKind::StreamEvent: {
        const auto stream = upToColon(key);
        return ofEvent(
            key, Bytes(stream.substr(0, stream.size() - std::string_view("event:").size())) + "meta");
    }
    case KeyKind::JavaEvent:
        return {{"event:sequence"}, {}};
    case KeyKind::TenantUsage:
    case KeyKind::TenantData:
        return ofTenant(without(key, "tenant:"));
    case KeyKind::CounterShard: {
        const auto shard = parseShardKey(key);
        if (!shard || shard->index == 0 || shardKey(shard->counter, shard->index) != key)
            return {};
        return {{}, KeyRun{shard->counter + ":shard:", 0, shard->index - 1U}};
    }
    case KeyKind::InventoryItem:
    case KeyKind::Session:
    case KeyKind::RateLimitBucket:
    case KeyKind::RateLimit:
    case KeyKind::Lease:
    case KeyKind::JavaEventSequence:
    case KeyKind::TenantMeta:
    case KeyKind::DocumentMeta:
    case KeyKind::PossibleCounter:
    case KeyKind::Other:
        break;
    }
    return {};
}

std::vector<Bytes> keysOf(const KeyRun& run, std::optional<std::uint64_t> after)
{
    if (run.first > run.last || (after && *after >= run.last))
        return {};
    std::uint64_t first = after ? std::max(run.first, *after + 1) : run.first;
    first = std::max(first, run.last - std::min(run.last, LongestRun - 1));
    std::vector<Bytes> keys;
    keys.reserve(static_cast<std::size_t>(run.last - first + 1));
    for (std::uint64_t n = first;; ++n) {
        Bytes key = run.prefix + std::to_string(n);
        if (key.size() > MaxKeyBytes)
            break;
        keys.push_back(std::move(key));
        if (n == run.last) // the last may be the largest number there is
            break;
    }
    return keys;
}

std::vector<Bytes> counterKeys(
    const std::vector<std::string>& counters, const std::map<std::string, std::uint32_t>& shards)
{
    std::vector<Bytes> keys;
    for (const auto& name : counters) {
        if (!shards.contains(name) && !name.empty())
            keys.push_back(name);
    }
    for (const auto& [name, count] : shards) {
        if (count == 0 || name.empty())
            continue;
        auto run = keysOf({name + ":shard:", 0, count - 1U});
        keys.insert(keys.end(), std::make_move_iterator(run.begin()), std::make_move_iterator(run.end()));
    }
    return keys;
}

} // namespace norikv::client
