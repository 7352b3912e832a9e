// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantbook.h"

#include "client/placement.h"

#include <algorithm>

namespace norikv::models {

using client::Bytes;

namespace {

constexpr std::size_t MostSamples = 120;
constexpr EpochMs StandsAfter = 5000;
constexpr std::size_t LongestCounter = 20; // characters of a 64-bit integer

std::optional<double> share(std::uint64_t used, std::optional<double> limit)
{
    if (!limit)
        return std::nullopt;
    if (*limit <= 0)
        return used == 0 ? 0.0 : 2.0; // nothing is allowed
    return static_cast<double>(used) / *limit;
}

std::optional<double> asDouble(const std::optional<std::uint64_t>& limit)
{
    return limit ? std::optional(static_cast<double>(*limit)) : std::nullopt;
}

void addSample(std::vector<client::UsageSample>& samples, EpochMs at, std::uint64_t used)
{
    if (samples.size() >= MostSamples) {
        for (std::size_t i = 0; i < samples.size() / 2; ++i)
            samples[i] = samples[2 * i + 1];
        samples.resize(samples.size() / 2);
    }
    samples.push_back({at, static_cast<double>(used)});
}

} // namespace

client::TenantLimits TenantState::limits() const
{
    return reading.metadata ? reading.metadata->limits : client::TenantLimits();
}

std::optional<double> TenantState::keyShare() const { return share(keys(), asDouble(limits().maxKeys)); }

std::optional<double> TenantState::byteShare() const { return share(bytes(), limits().maxBytes()); }

std::optional<double> TenantState::pressure() const
{
    const auto k = keyShare();
    const auto b = byteShare();
    return k && b ? std::max(k, b) : k ? k : b;
}

const TenantState* findTenant(const TenantSheet& sheet, const Bytes& id)
{
    const auto found = std::ranges::lower_bound(sheet, id, {}, &TenantState::id);
    return found == sheet.end() || found->id() != id ? nullptr : &*found;
}

void TenantBook::name(const Bytes& id, bool java)
{
    if (const auto [at, fresh] = m_named.try_emplace(id, java); !fresh && at->second == java)
        return;
    m_named[id] = java;
    knownChanged(id);
    m_rescan = m_rescan || java; // its keys were passed over
    prepare(target());
    m_dirty = true;
}

void TenantBook::prepare(Keys& keys) const
{
    for (const auto& [id, java] : m_named)
        java ? keys.tally.knowJava(id) : keys.tally.know(id);
}

void TenantBook::beginScan()
{
    m_next = Keys();
    m_scanning = true;
    m_anyColon = std::ranges::any_of(m_named, [](const auto& n) { return n.first.find(':') != Bytes::npos; });
    prepare(m_next);
}

void TenantBook::endScan(client::Coverage coverage)
{
    m_coverage = coverage;
    m_scanning = false;
    m_now = std::move(m_next);
    m_next = Keys();
    m_rescan = false;
    m_dirty = true;
}

void TenantBook::knownChanged(const Bytes& id)
{
    const bool colon = id.find(':') != Bytes::npos;
    if (!m_scanning && (colon || m_anyColon))
        m_rescan = true;
    m_anyColon = m_anyColon || colon;
}

bool TenantBook::needsValue(std::string_view key)
{
    return key.starts_with("tenant-meta:") || (key.starts_with("tenant:") && key.ends_with(":usage"));
}

void TenantBook::put(const client::Entry& entry)
{
    Keys& keys = target();
    m_dirty = true;
    if (const auto id = client::tenantOfMetaKey(entry.key)) {
        keys.looked.insert(*id);
        if (!keys.records.contains(*id))
            knownChanged(*id);
        Record record;
        record.entry = entry;
        if (auto metadata = client::parseTenant(entry.value))
            record.metadata = std::move(*metadata);
        else
            record.unreadable = metadata.error().message;
        keys.records.insert_or_assign(*id, std::move(record));
        keys.tally.know(*id);
        return;
    }
    forget(keys, entry.key);
    std::optional<std::string_view> value;
    if (needsValue(entry.key) && entry.value.size() == entry.valueSize) {
        Bytes& kept = keys.usageValues[entry.key];
        kept = entry.value.size() > LongestCounter ? Bytes("no counter") : entry.value;
        value = kept;
    }
    if (keys.tally.add(entry.key, entry.valueSize, value))
        keys.sizes[keyHash(entry.key)] = static_cast<std::uint32_t>(entry.valueSize);
}

void TenantBook::forget(Keys& keys, const Bytes& key)
{
    const auto size = keys.sizes.find(keyHash(key));
    if (size == keys.sizes.end())
        return;
    const auto value = keys.usageValues.find(key);
    const bool read = value != keys.usageValues.end();
    keys.tally.remove(
        key, size->second, read ? std::optional<std::string_view>(value->second) : std::nullopt);
    keys.sizes.erase(size);
    if (read)
        keys.usageValues.erase(value);
}

void TenantBook::gone(const Bytes& key)
{
    Keys& keys = target();
    m_dirty = true;
    if (const auto id = client::tenantOfMetaKey(key)) {
        keys.looked.insert(*id);
        if (keys.records.erase(*id) > 0)
            knownChanged(*id);
        return;
    }
    forget(keys, key);
}

void TenantBook::sample(EpochMs nowMs)
{
    std::erase_if(m_histories, [&](const auto& old) { return !m_now.tally.tenants().contains(old.first); });
    for (const auto& [id, usage] : m_now.tally.tenants()) {
        History& history = m_histories[id];
        if (!history.keys.empty() && nowMs - history.keys.back().atMs < history.interval)
            continue;
        if (history.keys.size() >= MostSamples)
            history.interval *= 2;
        addSample(history.keys, nowMs, usage.keys + usage.sharedKeys);
        addSample(history.bytes, nowMs, usage.bytes + usage.sharedBytes);
        m_dirty = true;
    }
}

std::shared_ptr<const TenantSheet> TenantBook::sheet(EpochMs nowMs)
{
    auto out = std::make_shared<TenantSheet>();
    std::vector<client::TenantReading> readings;
    for (const auto& [id, usage] : m_now.tally.tenants()) {
        const auto record = m_now.records.find(id);
        const auto named = m_named.find(id);
        const bool stored = record != m_now.records.end();
        if (!stored && named == m_named.end() && usage.keys + usage.sharedKeys == 0 && !usage.hasCounter)
            continue; // everything of it is gone
        client::TenantReading reading;
        reading.id = id;
        reading.usage = usage;
        reading.java = named != m_named.end() && named->second;
        reading.coverage = m_coverage;
        reading.readMs = nowMs;
        reading.looked = m_coverage == client::Coverage::Complete || m_now.looked.contains(id);
        if (stored) {
            reading.stored = record->second.entry;
            reading.metadata = record->second.metadata;
            reading.unreadable = record->second.unreadable;
        }
        readings.push_back(std::move(reading));
    }
    m_findings = client::judgeTenants(readings);
    std::map<std::string_view, std::vector<client::Finding>> bySubject;
    for (const auto& finding : m_findings)
        bySubject[finding.subject].push_back(finding);
    out->reserve(readings.size());
    for (auto& reading : readings) {
        TenantState state;
        state.reading = std::move(reading);
        if (const auto found = bySubject.find(state.id()); found != bySubject.end())
            state.findings = std::move(found->second);
        if (const auto history = m_histories.find(state.id()); history != m_histories.end()) {
            state.keyTrend = history->second.keys;
            state.byteTrend = history->second.bytes;
        }
        state.keysFull = client::estimateExhaustion(state.keyTrend, asDouble(state.limits().maxKeys));
        state.bytesFull = client::estimateExhaustion(state.byteTrend, state.limits().maxBytes());
        out->push_back(std::move(state));
    }
    return out;
}

std::vector<client::Finding> TenantBook::takeFindings(EpochMs nowMs)
{
    std::map<std::pair<std::string, Bytes>, EpochMs> standing;
    std::vector<client::Finding> out;
    for (const client::Finding& finding : m_findings) {
        const std::pair key(finding.rule, finding.subject);
        const auto before = m_standing.find(key);
        const EpochMs since = before == m_standing.end() ? nowMs : before->second;
        standing.emplace(key, since);
        if (nowMs - since >= StandsAfter && m_told.insert(key).second) {
            out.push_back(finding);
            out.back().firstSeenMs = since;
        }
    }
    std::erase_if(m_told, [&](const auto& key) { return !standing.contains(key); });
    m_standing = std::move(standing);
    return out;
}

} // namespace norikv::models
