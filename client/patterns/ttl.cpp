// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/ttl.h"

#include <limits>

namespace norikv::client {

namespace {

/// A time to live near 2^64, as Go writes after an expiry has passed, means no expiry (rulings, small ones).
std::optional<EpochMs> after(EpochMs fromMs, std::uint64_t ttlMs)
{
    EpochMs at = 0;
    if (ttlMs == 0 || ttlMs > static_cast<std::uint64_t>(std::numeric_limits<EpochMs>::max())
        || __builtin_add_overflow(fromMs, static_cast<EpochMs>(ttlMs), &at))
        return std::nullopt;
    return at;
}

} // namespace

bool Expiry::overdue(EpochMs nowMs) const { return atMs && nowMs - ClockSlack.count() > *atMs; }

Expiry expiryOf(const Entry& entry, const ExpiryClues& clues)
{
    Expiry out;
    out.serverSaysNever = entry.provenance == TtlProvenance::Server && !entry.expiresAtMs;
    if (entry.expiresAtMs) {
        out.atMs = entry.expiresAtMs;
        out.from = entry.provenance;
        out.known = entry.provenance == TtlProvenance::Server || entry.provenance == TtlProvenance::SetHere;
        return out;
    }
    if (clues.setHereMs) {
        out = {clues.setHereMs, TtlProvenance::SetHere, true, out.serverSaysNever};
        return out;
    }
    if (clues.valueSaysMs) {
        out = {clues.valueSaysMs, TtlProvenance::FromValue, true, out.serverSaysNever};
        return out;
    }
    if (!clues.writtenMs)
        return out;
    if (clues.declaredTtlMs)
        out = {after(*clues.writtenMs, *clues.declaredTtlMs), TtlProvenance::FromValue, true,
            out.serverSaysNever};
    else if (clues.patternTtlMs)
        out = {after(*clues.writtenMs, *clues.patternTtlMs), TtlProvenance::PatternDefault, false,
            out.serverSaysNever};
    return out;
}

std::optional<std::uint64_t> declaredTtl(const Profile& profile, std::string_view key)
{
    std::optional<std::uint64_t> best;
    std::size_t length = 0;
    for (const auto& [prefix, ttlMs] : profile.ttls) {
        if (key.starts_with(prefix) && (!best || prefix.size() > length)) {
            best = ttlMs;
            length = prefix.size();
        }
    }
    return best;
}

} // namespace norikv::client
