// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/tenantrules.h"

#include "client/sizetext.h"

#include <algorithm>

namespace norikv::client {

namespace {

Finding make(
    std::string rule, Severity severity, const TenantReading& reading, Bytes key, std::string evidence)
{
    if (!reading.stable && severity == Severity::Certain) {
        severity = Severity::Suspect;
        evidence += " The metadata moved while its keys were read.";
    }
    return {std::move(rule), severity, reading.id, std::move(key), std::move(evidence), reading.readMs,
        reading.readMs};
}

std::string count(std::uint64_t n, const char* one, const char* many)
{
    return std::to_string(n) + (n == 1 ? one : many);
}

bool complete(const TenantReading& reading) { return reading.coverage == Coverage::Complete; }

bool hasKeys(const TenantUsage& usage) { return usage.keys + usage.sharedKeys > 0; }

/// Go and Java tenants have no metadata by design.
bool keepsNoMetadata(const TenantReading& reading) { return reading.java || reading.usage.hasCounter; }

std::string overText(const TenantUsage& usage, const TenantLimits& limits, bool withShared)
{
    const std::uint64_t keys = usage.keys + (withShared ? usage.sharedKeys : 0);
    const std::uint64_t bytes = usage.bytes + (withShared ? usage.sharedBytes : 0);
    std::string out;
    if (limits.maxKeys && keys > *limits.maxKeys)
        out = count(keys, " key", " keys") + " of " + std::to_string(*limits.maxKeys) + " allowed";
    if (const auto most = limits.maxBytes(); most && static_cast<double>(bytes) > *most) {
        out += out.empty() ? "" : " and ";
        out += sizeText(bytes) + " of " + sizeText(static_cast<std::uint64_t>(*most)) + " allowed";
    }
    return out;
}

} // namespace

TenantCollector::TenantCollector(const std::vector<std::string>& named, const std::vector<std::string>& java)
    : m_java(java.begin(), java.end())
{
    for (const auto& id : named)
        m_tally.know(id);
    for (const auto& id : java)
        m_tally.knowJava(id);
}

bool TenantCollector::take(const Entry& entry, EpochMs nowMs)
{
    m_readMs = nowMs;
    if (auto id = tenantOfMetaKey(entry.key)) {
        m_looked.insert(*id);
        if (!entry.exists())
            return true;
        m_tally.know(*id);
        m_metadata.insert_or_assign(std::move(*id), entry);
        return true;
    }
    if (!entry.exists())
        return false;
    // Bytes that were not asked for arrive as an empty value with a size.
    const bool read = entry.value.size() == entry.valueSize;
    return m_tally.add(
        entry.key, entry.valueSize, read ? std::optional<std::string_view>(entry.value) : std::nullopt);
}

void TenantCollector::again(const Entry& entry)
{
    const auto id = tenantOfMetaKey(entry.key);
    if (!id)
        return;
    const auto before = m_metadata.find(*id);
    const bool had = before != m_metadata.end();
    if (had != entry.exists() || (had && before->second.value != entry.value))
        m_unstable.insert(*id);
}

std::vector<TenantReading> TenantCollector::readings() const
{
    std::vector<TenantReading> out;
    for (const auto& [id, usage] : m_tally.tenants()) {
        TenantReading reading;
        reading.id = id;
        reading.usage = usage;
        reading.java = m_java.contains(id);
        reading.coverage = m_coverage;
        reading.stable = !m_unstable.contains(id);
        reading.readMs = m_readMs;
        reading.looked = complete(reading) || m_looked.contains(id);
        if (const auto stored = m_metadata.find(id); stored != m_metadata.end()) {
            reading.stored = stored->second;
            if (auto metadata = parseTenant(stored->second.value))
                reading.metadata = std::move(*metadata);
            else
                reading.unreadable = metadata.error().message;
        }
        out.push_back(std::move(reading));
    }
    return out;
}

std::optional<Finding> checkT1(const TenantReading& reading)
{
    if (!reading.metadata)
        return std::nullopt;
    const TenantLimits& limits = reading.metadata->limits;
    const Bytes key = reading.stored ? reading.stored->key : tenantMetaKey(reading.id);
    if (const auto over = overText(reading.usage, limits, false); !over.empty()) {
        return make("T1", complete(reading) ? Severity::Certain : Severity::Info, reading, key,
            (complete(reading) ? "It uses " : "It uses at least ") + over
                + ". No server enforces a tenant's limits.");
    }
    if (const auto over = overText(reading.usage, limits, true); !over.empty()) {
        return make("T1", complete(reading) ? Severity::Suspect : Severity::Info, reading, key,
            "With the keys that tenant " + printable(reading.usage.sharedWith) + " may claim too, it uses "
                + over + ".");
    }
    return std::nullopt;
}

std::vector<Finding> checkT2(const std::vector<TenantReading>& readings)
{
    std::vector<Finding> findings;
    std::map<std::string_view, const TenantReading*> byId;
    for (const TenantReading& reading : readings)
        byId.emplace(reading.id, &reading);
    for (const TenantReading& reading : readings) {
        // Each longer id with a colon is looked at against every shorter one it begins with.
        for (auto colon = reading.id.find(':'); colon != Bytes::npos;
             colon = reading.id.find(':', colon + 1)) {
            const auto found = byId.find(std::string_view(reading.id).substr(0, colon));
            if (found == byId.end() || !hasKeys(reading.usage))
                continue;
            const TenantReading* shorter = found->second;
            const Bytes& key
                = reading.usage.sharedKeys > 0 ? reading.usage.sharedExample : reading.usage.example;
            const std::uint64_t keys
                = reading.usage.sharedKeys > 0 ? reading.usage.sharedKeys : reading.usage.keys;
            const bool both = reading.stored && shorter->stored;
            if (!both && !hasKeys(shorter->usage))
                continue;
            findings.push_back(make("T2", both ? Severity::Certain : Severity::Suspect, reading, key,
                count(keys, " key is", " keys are") + " also what tenant " + printable(shorter->id)
                    + " would write: " + printable(key) + " is key \""
                    + printable(
                        std::string_view(key).substr(std::min(key.size(), tenantPrefix(shorter->id).size())))
                    + "\" of it." + (both ? "" : " That tenant has keys, but not both have metadata.")));
        }
    }
    return findings;
}

std::optional<Finding> checkT3(const TenantReading& reading)
{
    if (!reading.looked || reading.stored || keepsNoMetadata(reading) || reading.usage.keys == 0)
        return std::nullopt;
    return make("T3", Severity::Certain, reading, reading.usage.example,
        count(reading.usage.keys, " key", " keys") + (complete(reading) ? "" : " or more")
            + " of a tenant without metadata: " + printable(tenantMetaKey(reading.id))
            + " does not exist, so no plan and no limit is known.");
}

std::optional<Finding> checkT4(const TenantReading& reading)
{
    if (!complete(reading) || !reading.stored || hasKeys(reading.usage) || reading.usage.hasCounter)
        return std::nullopt;
    return make("T4", Severity::Info, reading, reading.stored->key,
        "The tenant has metadata and not a single key: it is new, was emptied, or is a leftover.");
}

std::optional<Finding> checkT5(const TenantReading& reading)
{
    if (!reading.metadata || !reading.metadata->plan || reading.metadata->knownPlan())
        return std::nullopt;
    return make("T5", Severity::Certain, reading, reading.stored->key,
        "The plan is \"" + printable(std::string_view(*reading.metadata->plan).substr(0, 48))
            + "\"; the pattern knows free, pro and enterprise, and quietly treats anything else as free.");
}

std::optional<Finding> checkT6(const TenantReading& reading)
{
    const TenantUsage& usage = reading.usage;
    if (!complete(reading) || !usage.counter)
        return std::nullopt;
    const auto least = static_cast<std::int64_t>(usage.keys);
    const auto most = static_cast<std::int64_t>(usage.keys + usage.sharedKeys);
    if (*usage.counter >= least && *usage.counter <= most)
        return std::nullopt;
    return make("T6", Severity::Suspect, reading, tenantUsageKey(reading.id),
        "The usage counter of the Go client says " + std::to_string(*usage.counter) + ", and "
            + count(usage.keys, " key is", " keys are") + " stored.");
}

std::optional<Finding> checkT7(const TenantReading& reading)
{
    if (!reading.stored || (reading.metadata && reading.metadata->notJson.empty()))
        return std::nullopt;
    std::string evidence = reading.metadata
        ? strictReaders(*reading.metadata)
        : "No client can read this tenant's metadata: " + reading.unreadable + ".";
    return make("T7", Severity::Certain, reading, reading.stored->key, std::move(evidence));
}

std::vector<Finding> judgeTenants(const std::vector<TenantReading>& readings)
{
    std::vector<Finding> findings;
    for (const TenantReading& reading : readings) {
        for (const auto check : {checkT1, checkT3, checkT4, checkT5, checkT6, checkT7}) {
            if (auto finding = check(reading))
                findings.push_back(std::move(*finding));
        }
    }
    for (auto& finding : checkT2(readings))
        findings.push_back(std::move(finding));
    return findings;
}

std::vector<TenantSilence> notJudgedTenants(const std::vector<TenantReading>& readings)
{
    std::vector<TenantSilence> out;
    if (std::ranges::any_of(readings, [](const auto& r) { return r.metadata && !complete(r); })) {
        out.push_back(
            {"T1", "only the known keys were counted: usage over a limit is info, under it says nothing"});
        out.push_back({"T4", "needs a server that lists its keys: other keys may exist"});
    }
    if (std::ranges::any_of(readings, [](const auto& r) { return r.usage.hasCounter && !complete(r); }))
        out.push_back({"T6", "needs a server that lists its keys: the count is not complete"});
    const auto without = std::ranges::count_if(
        readings, [](const auto& r) { return !r.stored && r.usage.keys > 0 && keepsNoMetadata(r); });
    if (without > 0) {
        out.push_back({"T3",
            count(static_cast<std::uint64_t>(without), " tenant is", " tenants are")
                + " of the Go or Java dialect, which keeps no metadata"});
    }
    return out;
}

} // namespace norikv::client
