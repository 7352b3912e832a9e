// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace norikv::client {

enum class KeyKind {
    Reservation,
    InventoryItem,
    Session,
    RateLimitBucket, ///< Go dialect: count as text per minute
    RateLimit,
    Lease,
    EventMeta,
    Event,
    StreamMeta, ///< Go dialect
    StreamEvent, ///< Go dialect
    JavaEventSequence,
    JavaEvent,
    TenantMeta,
    TenantUsage, ///< Go dialect: quota counter
    TenantData,
    DocumentMeta,
    CounterShard,
    PossibleCounter, ///< integer text under any other key: listed, never judged until opened as a counter
    Other,
};

/// What a key is, by its shape and, where the rule says so, its value. First match wins (rulings 27).
KeyKind keyKind(std::string_view key, std::string_view value);
std::string_view name(KeyKind kind);

} // namespace norikv::client
