// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/keykind.h"

#include "client/patterns/counter.h"

#include <algorithm>

namespace norikv::client {

namespace {

bool digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view lastPart(std::string_view key)
{
    const auto colon = key.rfind(':');
    return colon == std::string_view::npos ? std::string_view() : key.substr(colon + 1);
}

bool shaped(std::string_view key, std::string_view prefix)
{
    return key.size() > prefix.size() && key.starts_with(prefix);
}

// `<prefix><something>:<last>`, where something is not empty.
bool hasMiddle(std::string_view key, std::string_view prefix, std::string_view last)
{
    return key.size() > prefix.size() + last.size() + 1;
}

} // namespace

KeyKind keyKind(std::string_view key, std::string_view value)
{
    const std::string_view last = lastPart(key);
    if (shaped(key, "inventory:reservation:"))
        return KeyKind::Reservation;
    if (shaped(key, "inventory:"))
        return KeyKind::InventoryItem;
    if (shaped(key, "session:"))
        return KeyKind::Session;
    if (shaped(key, "ratelimit:")) {
        const bool bucket = hasMiddle(key, "ratelimit:", last) && digits(last) && parseCounter(value);
        return bucket ? KeyKind::RateLimitBucket : KeyKind::RateLimit;
    }
    if (shaped(key, "leader:"))
        return KeyKind::Lease;
    if (shaped(key, "events:meta:"))
        return KeyKind::EventMeta;
    if (shaped(key, "events:") && hasMiddle(key, "events:", last) && digits(last))
        return KeyKind::Event;
    if (shaped(key, "stream:") && hasMiddle(key, "stream:", last)) {
        if (last == "meta")
            return KeyKind::StreamMeta;
        const std::string_view before = key.substr(0, key.size() - last.size());
        if (digits(last) && before.ends_with(":event:")
            && before.size() > std::string_view("stream::event:").size())
            return KeyKind::StreamEvent;
    }
    if (key == "event:sequence")
        return KeyKind::JavaEventSequence;
    if (shaped(key, "event:") && hasMiddle(key, "event:", last) && last.size() == 10 && digits(last))
        return KeyKind::JavaEvent;
    if (shaped(key, "tenant-meta:"))
        return KeyKind::TenantMeta;
    if (shaped(key, "tenant:")) {
        const bool usage = last == "usage" && std::ranges::count(key, ':') == 2;
        return usage ? KeyKind::TenantUsage : KeyKind::TenantData;
    }
    if (shaped(key, "doc:meta:"))
        return KeyKind::DocumentMeta;
    // Looked at first what is cheap: a list asks this a million times.
    if (digits(last) && key.substr(0, key.size() - last.size()).ends_with(":shard:") && parseShardKey(key))
        return KeyKind::CounterShard;
    return parseCounter(value) ? KeyKind::PossibleCounter : KeyKind::Other;
}

std::string_view name(KeyKind kind)
{
    switch (kind) {
    case KeyKind::Reservation:
        return "reservation";
    case KeyKind::InventoryItem:
        return "inventory item";
    case KeyKind::Session:
        return "session";
    case KeyKind::RateLimitBucket:
    case KeyKind::RateLimit:
        return "rate limit";
    case KeyKind::Lease:
        return "leader lease";
    case KeyKind::EventMeta:
    case KeyKind::StreamMeta:
        return "event stream version";
    case KeyKind::Event:
    case KeyKind::StreamEvent:
    case KeyKind::JavaEvent:
        return "event";
    case KeyKind::JavaEventSequence:
        return "event sequence";
    case KeyKind::TenantMeta:
        return "tenant";
    case KeyKind::TenantUsage:
        return "tenant usage";
    case KeyKind::TenantData:
        return "tenant data";
    case KeyKind::DocumentMeta:
        return "document";
    case KeyKind::CounterShard:
        return "counter shard";
    case KeyKind::PossibleCounter:
        return "possible counter";
    case KeyKind::Other:
        break;
    }
    return "value";
}

} // namespace norikv::client
