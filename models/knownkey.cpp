// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knownkey.h"

#include "client/valuehash.h"

#include <algorithm>
#include <array>
#include <utility>

namespace norikv::models {

namespace {

using client::KeyKind;
using client::TtlProvenance;
using How = client::Sighting::How;

constexpr std::array<std::pair<KeyKind, std::string_view>, 19> Kinds{{
    {KeyKind::Reservation, "reservation"},
    {KeyKind::InventoryItem, "inventory item"},
    {KeyKind::Session, "session"},
    {KeyKind::RateLimitBucket, "rate limit bucket"},
    {KeyKind::RateLimit, "rate limit"},
    {KeyKind::Lease, "lease"},
    {KeyKind::EventMeta, "event meta"},
    {KeyKind::Event, "event"},
    {KeyKind::StreamMeta, "stream meta"},
    {KeyKind::StreamEvent, "stream event"},
    {KeyKind::JavaEventSequence, "java sequence"},
    {KeyKind::JavaEvent, "java event"},
    {KeyKind::TenantMeta, "tenant"},
    {KeyKind::TenantUsage, "tenant usage"},
    {KeyKind::TenantData, "tenant data"},
    {KeyKind::DocumentMeta, "document"},
    {KeyKind::CounterShard, "counter shard"},
    {KeyKind::PossibleCounter, "possible counter"},
    {KeyKind::Other, ""},
}};

constexpr std::array<std::pair<TtlProvenance, std::string_view>, 5> Provenances{{
    {TtlProvenance::Server, "server"},
    {TtlProvenance::SetHere, "set here"},
    {TtlProvenance::FromValue, "from value"},
    {TtlProvenance::PatternDefault, "pattern default"},
    {TtlProvenance::Unknown, "unknown"},
}};

} // namespace

bool Learnt::gone() const { return how == How::Missing || how == How::Removed || how == How::Expired; }

Learnt learntFrom(const client::Sighting& sighting, EpochMs nowMs)
{
    const client::Entry& entry = sighting.entry;
    Learnt news;
    news.key = entry.key;
    news.how = sighting.how;
    news.atMs = nowMs;
    news.kind = client::keyKind(entry.key, entry.value);
    if (news.gone())
        return news;
    news.size = entry.valueSize;
    if (sighting.how != How::Wrote)
        news.version = entry.version;
    if (entry.value.size() == entry.valueSize)
        news.valueHash = valueHash(entry.value);
    news.expiresAtMs = entry.expiresAtMs;
    news.provenance = entry.provenance;
    return news;
}

std::optional<KnownKey> merged(std::optional<KnownKey> known, const Learnt& news)
{
    if (news.gone()) {
        if (!known || !known->marked())
            return {};
        known->size.reset();
        known->version.reset();
        known->valueHash.reset();
        known->expiresAtMs.reset();
        known->provenance = TtlProvenance::Unknown;
        known->lastSeenMs = std::max(known->lastSeenMs, news.atMs);
        return known;
    }
    KnownKey now = known.value_or(KnownKey());
    now.key = news.key;
    if (!known)
        now.firstSeenMs = news.atMs;
    now.lastSeenMs = std::max(now.lastSeenMs, news.atMs);
    // Without its value an integer is not recognised: that is no reason to forget that it was one.
    if (news.kind != KeyKind::Other || news.valueHash)
        now.kind = news.kind;
    const bool sameBytes = known && known->valueHash && known->valueHash == news.valueHash;
    const bool notCarried = !news.valueHash && known && known->version == news.version && news.version;
    now.size = news.size;
    now.version = news.version;
    if (news.valueHash)
        now.valueHash = news.valueHash;
    else if (!notCarried)
        now.valueHash.reset();
    if (news.provenance != TtlProvenance::Unknown) {
        now.expiresAtMs = news.expiresAtMs;
        now.provenance = news.provenance;
    } else if (!sameBytes && !notCarried) {
        now.expiresAtMs.reset();
        now.provenance = TtlProvenance::Unknown;
    }
    return now;
}

std::string_view storedName(KeyKind kind)
{
    const auto found = std::ranges::find(Kinds, kind, &std::pair<KeyKind, std::string_view>::first);
    return found == Kinds.end() ? std::string_view() : found->second;
}

KeyKind storedKind(std::string_view name)
{
    const auto found = std::ranges::find(Kinds, name, &std::pair<KeyKind, std::string_view>::second);
    return found == Kinds.end() ? KeyKind::Other : found->first;
}

std::string_view storedName(TtlProvenance provenance)
{
    const auto found
        = std::ranges::find(Provenances, provenance, &std::pair<TtlProvenance, std::string_view>::first);
    return found == Provenances.end() ? Provenances.back().second : found->second;
}

TtlProvenance storedProvenance(std::string_view name)
{
    const auto found
        = std::ranges::find(Provenances, name, &std::pair<TtlProvenance, std::string_view>::second);
    return found == Provenances.end() ? TtlProvenance::Unknown : found->first;
}

} // namespace norikv::models
