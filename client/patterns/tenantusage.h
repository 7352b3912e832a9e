// SPDX-License-Identifier: GPL-3.0-or-later
// From keys and their sizes to what each tenant uses, and to when a limit is reached. Pure.
#pragma once

#include "client/bytes.h"
#include "client/clock.h"
#include "client/patterns/tenant.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

/// What one tenant stores. A key two tenants may claim counts in the `shared` figures of both, and only
/// there.
struct TenantUsage {
    std::uint64_t keys = 0; ///< surely its own
    std::uint64_t bytes = 0; ///< of keys and values
    std::uint64_t sharedKeys = 0;
    std::uint64_t sharedBytes = 0;
    Bytes sharedWith; ///< one tenant that may claim the shared keys as well
    Bytes sharedExample; ///< one of those keys
    Bytes example; ///< one key of its own
    bool hasCounter = false; ///< `tenant:<id>:usage` of the Go dialect is there
    std::optional<std::int64_t> counter; ///< its value, where it was read and is an integer
    bool operator==(const TenantUsage&) const = default;
};

/// Sums keys into tenants. A key `tenant:a:b:c` belongs to `a` (its first part) unless an id with a colon
/// that is known claims it: `a:b` with metadata and `a` without = `a:b`; both with metadata = shared.
///
/// `tenant:<id>:usage` is the quota counter of the Go dialect and no tenant data, unless its value was read
/// and is no integer: then it is an ordinary key that happens to be called usage.
class TenantTally {
public:
    /// A tenant with metadata, or one a person named. Tell all of them before the first add(): they decide
    /// who owns a key. In byte order `tenant-meta:` comes before `tenant:`, so a scan does.
    void know(const Bytes& id);
    /// A tenant of the Java dialect, whose keys are `<id>:<key>`: recognised only where a person names it.
    void knowJava(const Bytes& id);

    /// One stored key with the size of its value; `value` where it was read. False: no key of a tenant.
    bool add(std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value = {});
    /// Takes back what add() counted.
    void remove(std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value = {});

    /// Every tenant that has keys or was made known, in byte order.
    const std::map<Bytes, TenantUsage>& tenants() const { return m_tenants; }
    /// All tenants that may claim the key; several only where known ids collide.
    std::vector<Bytes> owners(std::string_view key) const;

private:
    bool change(
        std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value, bool add);

    std::map<Bytes, TenantUsage> m_tenants;
    std::set<Bytes> m_known;
    std::set<Bytes> m_java;
    bool m_anyColon = false; ///< some known id holds a colon; without one the first part decides
};

/// Pairs (a, b) where `b` begins with `a:`, so that keys of `b` are also keys of `a`. Sorted.
std::vector<std::pair<Bytes, Bytes>> collidingIds(const std::set<Bytes>& ids);

/// Over a plan's limits by how much, before the plan is changed.
struct PlanPreview {
    TenantPlan to = TenantPlan::Free;
    std::optional<std::string> fromPlan;
    TenantLimits before;
    TenantLimits after;
    std::uint64_t overKeys = 0;
    std::uint64_t overBytes = 0;
    bool atLeast = false; ///< usage is a lower bound: not all keys are known
    bool fits() const { return overKeys == 0 && overBytes == 0; }
};
PlanPreview previewPlan(
    const TenantMetadata& metadata, const TenantUsage& usage, TenantPlan to, bool complete);
/// "downgrade to free: over by 640 keys".
std::string previewText(const PlanPreview& preview);

/// Usage at one moment.
struct UsageSample {
    EpochMs atMs = 0;
    double used = 0;
};

/// When a limit will be reached if use goes on as it did: a straight line through the samples with a 95 %
/// range, wider where growth comes by chance and not steadily.
struct Exhaustion {
    enum class State {
        Unlimited, ///< there is no limit to reach
        Over, ///< already reached
        TooFew, ///< under three samples, or all at one moment
        NotGrowing,
        Unclear, ///< growth cannot be told from noise
        Growing,
    };
    State state = State::TooFew;
    double perDay = 0; ///< growth of the fitted line
    EpochMs expectedMs = 0; ///< Growing only, as are the two below
    EpochMs earliestMs = 0;
    EpochMs latestMs = 0;
};
/// `samples` in order of time.
Exhaustion estimateExhaustion(std::span<const UsageSample> samples, std::optional<double> limit);

} // namespace norikv::client
