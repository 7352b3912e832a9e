// SPDX-License-Identifier: GPL-3.0-or-later
// Tenants (patterns.md): metadata at `tenant-meta:<id>`, data under `tenant:<id>:`. Nothing on a server keeps
// the limits; they are what operators compare against.
#pragma once

#include "client/patterns/backoff.h"
#include "client/patterns/dialect.h"
#include "client/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

enum class TenantPlan { Free, Pro, Enterprise };
std::string_view name(TenantPlan plan);
/// Exactly `free`, `pro`, `enterprise`: the pattern quietly treats every other word as free.
std::optional<TenantPlan> tenantPlan(std::string_view word);

/// What a tenant may use. Absent = unlimited.
struct TenantLimits {
    std::optional<std::uint64_t> maxKeys;
    std::optional<double> maxStorageMb; ///< 1 MB = 1,048,576 bytes of keys and values
    bool operator==(const TenantLimits&) const = default;

    std::optional<double> maxBytes() const;
};
TenantLimits limitsOf(TenantPlan plan);

/// `tenant-meta:<id>` as read. The id in the key is the tenant's; `id` is what the record says.
struct TenantMetadata {
    std::string id;
    std::string name;
    std::optional<std::string> plan; ///< absent when the record has none
    std::optional<EpochMs> createdAtMs;
    TenantLimits limits;
    Dialect dialect = Dialect::TypeScript;
    std::vector<std::string> notJson; ///< words no strict reader takes: Infinity, -Infinity, NaN

    std::optional<TenantPlan> knownPlan() const;
};

/// Reads every dialect: null, Infinity or nothing at all is "unlimited". BadData with the reason otherwise.
Result<TenantMetadata> parseTenant(std::string_view value);
/// Which clients cannot read the record and which can, as one or two sentences; empty when all can.
std::string strictReaders(const TenantMetadata& metadata);

/// What an edit changes; the rest of the record stays byte for byte.
struct TenantEdit {
    std::optional<Bytes> id; ///< of a copy; must pass checkTenantId()
    std::optional<std::string> name;
    std::optional<std::string> plan;
    std::optional<TenantLimits> limits;
};
/// The plan's word and its limits.
TenantEdit planEdit(TenantPlan plan);

/// A new record, compact, unlimited as `null` (JSON has no Infinity; the document's code writes the same).
Result<Bytes> newTenant(std::string_view id, std::string_view name, TenantPlan plan, EpochMs nowMs);
/// The stored record with the edit, in its own dialect, always valid JSON. BadData when it cannot be read.
Result<Bytes> rewriteTenant(std::string_view stored, const TenantEdit& edit);

/// Refuses what would collide or cannot be stored, with the reason: an empty id, a `:`, no UTF-8, too long.
Result<void> checkTenantId(std::string_view id);
Bytes tenantMetaKey(std::string_view id);
Bytes tenantKey(std::string_view id, std::string_view key);
/// `tenant:<id>:`
Bytes tenantPrefix(std::string_view id);
/// Where Go clients count what a tenant uses.
Bytes tenantUsageKey(std::string_view id);
/// The id in `tenant-meta:<id>`, or nothing.
std::optional<Bytes> tenantOfMetaKey(std::string_view key);

/// A tenant's record and where it was read.
struct TenantRecord {
    Entry entry;
    TenantMetadata metadata;
};

/// Put, get and delete inside one tenant. Blocking; one per thread is not needed.
class TenantClient {
public:
    /// The id must pass checkTenantId(), or be one that exists already.
    TenantClient(Store& store, Bytes id);

    const Bytes& id() const { return m_id; }
    Result<Version> put(Call& call, const Bytes& key, const Bytes& value, std::uint64_t ttlMs = 0);
    /// A missing key is a success without version.
    Result<Entry> get(Call& call, const Bytes& key);
    Result<Removed> remove(Call& call, const Bytes& key);

private:
    Store& m_store;
    const Bytes m_id;
};

/// Creates, reads and changes tenants.
class TenantManager {
public:
    TenantManager(Store& store, const Clock& clock, CasPolicy policy = CasPolicy::counterShard(),
        Sleeper sleeper = realSleeper());

    /// Create-if-absent; Conflict naming the tenant that is there, which stays untouched.
    Result<TenantRecord> create(Call& call, const Bytes& id, const std::string& displayName, TenantPlan plan);
    /// KeyMissing "Tenant not found: <id>".
    Result<TenantRecord> get(Call& call, const Bytes& id);
    /// A client for a tenant that has metadata.
    Result<TenantClient> client(Call& call, const Bytes& id);
    /// Changes the record by compare-and-set. What the edit replaces must still be as in `seen`, what the
    /// person looked at; Conflict says what it is now. Other members may move meanwhile: they are kept.
    Result<TenantRecord> edit(
        Call& call, const Bytes& id, const TenantEdit& edit, const TenantMetadata& seen);

private:
    Store& m_store;
    const Clock& m_clock;
    const CasPolicy m_policy;
    const Sleeper m_sleep;
};

} // namespace norikv::client
