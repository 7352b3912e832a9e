// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/cacherules.h"

namespace norikv::client {

namespace {

std::string text(const std::optional<Version>& version)
{
    return version ? std::to_string(version->index) : std::string("unknown");
}

} // namespace

std::optional<Finding> checkK1(const CacheEntry& entry, bool restarted)
{
    if (entry.differsSinceMs == 0 || entry.staleHits == 0)
        return std::nullopt;
    const bool back = entry.version && entry.serverVersion && *entry.serverVersion < *entry.version;
    if (back && !restarted)
        return std::nullopt; // K2 says it
    std::string evidence = std::to_string(entry.staleHits)
        + (entry.staleHits == 1 ? " read was answered" : " reads were answered") + " with version "
        + text(entry.version) + " although the server ";
    evidence += entry.serverThere ? "has version " + text(entry.serverVersion) + " with other bytes."
                                  : "does not have the key any more.";
    const bool certain = !restarted
        && (!entry.serverThere
            || (entry.version && entry.serverVersion && *entry.version < *entry.serverVersion));
    if (restarted)
        evidence += " The node restarted since: versions prove nothing.";
    else if (!entry.version)
        evidence += " The entry was written through the cache and not read back since.";
    return Finding{"K1", certain ? Severity::Certain : Severity::Suspect, entry.key, entry.key,
        std::move(evidence), entry.differsSinceMs, entry.comparedMs};
}

std::optional<Finding> checkK2(const CacheEntry& entry, bool restarted)
{
    if (restarted || entry.differsSinceMs == 0 || !entry.version || !entry.serverVersion || !entry.serverThere
        || !(*entry.serverVersion < *entry.version))
        return std::nullopt;
    return Finding{"K2", Severity::Certain, entry.key, entry.key,
        "The cache holds version " + text(entry.version) + ", the server only version "
            + text(entry.serverVersion) + " with other bytes: the store went back.",
        entry.differsSinceMs, entry.comparedMs};
}

} // namespace norikv::client
