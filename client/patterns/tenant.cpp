// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/tenant.h"

#include "client/patterns/createifabsent.h"

namespace norikv::client {

namespace {

constexpr std::string_view DataPrefix = "tenant:";
constexpr std::string_view MetaPrefix = "tenant-meta:";

Error unreadable(const Bytes& id, const Error& why)
{
    return {ErrorKind::BadData, "the metadata of tenant " + printable(id) + ": " + why.message, why.detail};
}

std::string planText(const TenantMetadata& metadata)
{
    return metadata.plan ? printable(*metadata.plan) : std::string("no plan");
}

} // namespace

std::string_view name(TenantPlan plan)
{
    switch (plan) {
    case TenantPlan::Pro:
        return "pro";
    case TenantPlan::Enterprise:
        return "enterprise";
    case TenantPlan::Free:
        break;
    }
    return "free";
}

std::optional<TenantPlan> tenantPlan(std::string_view word)
{
    for (const auto plan : {TenantPlan::Free, TenantPlan::Pro, TenantPlan::Enterprise}) {
        if (word == name(plan))
            return plan;
    }
    return std::nullopt;
}

std::optional<double> TenantLimits::maxBytes() const
{
    constexpr double megabyte = 1'048'576;
    return maxStorageMb ? std::optional(*maxStorageMb * megabyte) : std::nullopt;
}

TenantLimits limitsOf(TenantPlan plan)
{
    switch (plan) {
    case TenantPlan::Free:
        return {1'000, 10};
    case TenantPlan::Pro:
        return {100'000, 1'000};
    case TenantPlan::Enterprise:
        break;
    }
    return {};
}

std::optional<TenantPlan> TenantMetadata::knownPlan() const
{
    return plan ? tenantPlan(*plan) : std::nullopt;
}

Result<void> checkTenantId(std::string_view id)
{
    if (id.empty())
        return fail(ErrorKind::InvalidRequest, "a tenant needs an id");
    if (id.find(':') != std::string_view::npos) {
        const std::string before = printable(id.substr(0, id.find(':')));
        return fail(ErrorKind::InvalidRequest,
            "a tenant id cannot hold \":\": its keys would also be keys of tenant \"" + before + "\"");
    }
    if (!isUtf8(id))
        return fail(ErrorKind::InvalidRequest, "a tenant id must be valid UTF-8 text");
    constexpr std::size_t most = MaxKeyBytes - MetaPrefix.size();
    if (id.size() > most) {
        return fail(ErrorKind::TooLarge,
            "a tenant id has at most " + std::to_string(most) + " bytes; this one has "
                + std::to_string(id.size()));
    }
    return {};
}

Bytes tenantMetaKey(std::string_view id) { return Bytes(MetaPrefix).append(id); }

Bytes tenantPrefix(std::string_view id) { return Bytes(DataPrefix).append(id) + ":"; }

Bytes tenantKey(std::string_view id, std::string_view key) { return tenantPrefix(id).append(key); }

Bytes tenantUsageKey(std::string_view id) { return tenantKey(id, "usage"); }

std::optional<Bytes> tenantOfMetaKey(std::string_view key)
{
    if (!key.starts_with(MetaPrefix))
        return std::nullopt;
    return Bytes(key.substr(MetaPrefix.size()));
}

TenantClient::TenantClient(Store& store, Bytes id)
    : m_store(store)
    , m_id(std::move(id))
{
}

Result<Version> TenantClient::put(Call& call, const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    Put put;
    put.key = tenantKey(m_id, key);
    put.value = value;
    put.ttlMs = ttlMs;
    return m_store.put(call, put);
}

Result<Entry> TenantClient::get(Call& call, const Bytes& key)
{
    return m_store.get(call, tenantKey(m_id, key));
}

Result<Removed> TenantClient::remove(Call& call, const Bytes& key)
{
    Remove remove;
    remove.key = tenantKey(m_id, key);
    return m_store.remove(call, remove);
}

TenantManager::TenantManager(Store& store, const Clock& clock, CasPolicy policy, Sleeper sleeper)
    : m_store(store)
    , m_clock(clock)
    , m_policy(std::move(policy))
    , m_sleep(std::move(sleeper))
{
}

Result<TenantRecord> TenantManager::create(
    Call& call, const Bytes& id, const std::string& displayName, TenantPlan plan)
{
    const auto value = newTenant(id, displayName, plan, m_clock.nowMs());
    if (!value)
        return tl::unexpected(value.error());
    auto entry = createIfAbsent(m_store, call, tenantMetaKey(id), *value);
    if (!entry)
        return tl::unexpected(entry.error());
    auto stored = parseTenant(entry->value);
    if (entry->value == *value)
        return TenantRecord{std::move(*entry), std::move(*stored)};
    std::string who = stored
        ? " (" + (stored->name.empty() ? "" : printable(stored->name) + ", ") + planText(*stored) + ")"
        : std::string();
    return fail(ErrorKind::Conflict, "tenant " + printable(id) + " exists already" + who);
}

Result<TenantRecord> TenantManager::get(Call& call, const Bytes& id)
{
    auto entry = m_store.get(call, tenantMetaKey(id));
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return fail(ErrorKind::KeyMissing, "Tenant not found: " + printable(id));
    auto metadata = parseTenant(entry->value);
    if (!metadata)
        return tl::unexpected(unreadable(id, metadata.error()));
    return TenantRecord{std::move(*entry), std::move(*metadata)};
}

Result<TenantClient> TenantManager::client(Call& call, const Bytes& id)
{
    return get(call, id).map([&](const TenantRecord&) { return TenantClient(m_store, id); });
}

Result<TenantRecord> TenantManager::edit(
    Call& call, const Bytes& id, const TenantEdit& edit, const TenantMetadata& seen)
{
    for (int attempt = 0; attempt < m_policy.attempts; ++attempt) {
        const auto record = get(call, id);
        if (!record)
            return tl::unexpected(record.error());
        const TenantMetadata& now = record->metadata;
        const bool moved = (edit.name && now.name != seen.name) || (edit.plan && now.plan != seen.plan)
            || (edit.limits && now.limits != seen.limits);
        if (moved) {
            return fail(ErrorKind::Conflict,
                "tenant " + printable(id) + " was changed meanwhile: it is now \"" + printable(now.name)
                    + "\", " + planText(now) + "; nothing was written");
        }
        if (record->entry.expiresAtMs) {
            return fail(ErrorKind::BadData,
                printable(record->entry.key)
                    + " expires, and this change would drop that; open it in the inspector");
        }
        auto value = rewriteTenant(record->entry.value, edit);
        if (!value)
            return tl::unexpected(unreadable(id, value.error()));
        Put put;
        put.key = record->entry.key;
        put.value = *value;
        put.ifMatch = record->entry.version;
        if (const auto written = m_store.put(call, put); written) {
            TenantRecord out{record->entry, *parseTenant(*value)};
            out.entry.value = std::move(*value);
            out.entry.version.reset(); // a Put's answer is no version to compare with; read again
            return out;
        } else if (written.error().kind != ErrorKind::Conflict) {
            return tl::unexpected(written.error());
        }
        if (attempt + 1 < m_policy.attempts && !m_sleep(m_policy.delay(attempt), call.stop))
            return fail(ErrorKind::Cancelled, "stopped between two attempts; nothing was written");
    }
    return fail(ErrorKind::Contended,
        "tenant " + printable(id) + ": all " + std::to_string(m_policy.attempts)
            + " attempts met another writer");
}

} // namespace norikv::client
