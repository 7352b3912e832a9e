// SPDX-License-Identifier: GPL-3.0-or-later
// Rules T1-T7 (panels.md 2.6): pure functions from what was read to findings.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/tenantusage.h"
#include "client/values.h"

#include <map>
#include <optional>
#include <vector>

namespace norikv::client {

/// One tenant as it was read.
struct TenantReading {
    Bytes id;
    std::optional<Entry> stored; ///< `tenant-meta:<id>`, existing
    std::optional<TenantMetadata> metadata; ///< empty where it is missing or unreadable
    bool looked = false; ///< whether there is metadata is known
    std::string unreadable; ///< why there is no metadata although something is stored
    TenantUsage usage;
    bool java = false; ///< named by a person as one of the Java dialect: that keeps no metadata
    Coverage coverage = Coverage::None; ///< of the keys
    bool stable = true; ///< the metadata was the same before and after its keys were read
    EpochMs readMs = 0;
};

/// Collects tenants out of keys in any way they come, metadata before data (see TenantTally).
class TenantCollector {
public:
    /// Tenants a person named; `java` those whose keys are `<id>:<key>`.
    TenantCollector(const std::vector<std::string>& named, const std::vector<std::string>& java);

    /// True when the key is one of a tenant. Tell of missing metadata too: without complete coverage only
    /// that proves a tenant has none.
    bool take(const Entry& entry, EpochMs nowMs);
    /// The metadata of a tenant as read again after its keys; differing bytes make the reading unstable.
    void again(const Entry& entry);
    bool stable() const { return m_unstable.empty(); }
    void setCoverage(Coverage coverage) { m_coverage = coverage; }

    std::vector<TenantReading> readings() const;
    const TenantTally& tally() const { return m_tally; }
    /// Metadata by tenant id.
    const std::map<Bytes, Entry>& metadata() const { return m_metadata; }

private:
    TenantTally m_tally;
    std::map<Bytes, Entry> m_metadata;
    std::set<Bytes> m_looked;
    std::set<Bytes> m_java;
    std::set<Bytes> m_unstable;
    Coverage m_coverage = Coverage::None;
    EpochMs m_readMs = 0;
};

/// T1: usage over a limit (certain with complete coverage, else info). Keys another tenant may claim count
/// for nothing more than suspicion.
std::optional<Finding> checkT1(const TenantReading& reading);
/// T2: one key, two possible tenants: certain when both have metadata, suspect when the shorter id only has
/// keys.
std::vector<Finding> checkT2(const std::vector<TenantReading>& readings);
/// T3: keys without metadata (certain). Silent about Go and Java tenants: those dialects keep none.
std::optional<Finding> checkT3(const TenantReading& reading);
/// T4: metadata without keys (info), with complete coverage only.
std::optional<Finding> checkT4(const TenantReading& reading);
/// T5: a plan the pattern does not know and quietly treats as free (certain). A record without a plan is not
/// judged.
std::optional<Finding> checkT5(const TenantReading& reading);
/// T6: the Go quota counter differs from the keys counted (suspect), with complete coverage only.
std::optional<Finding> checkT6(const TenantReading& reading);
/// T7: metadata that a strict JSON reader refuses (certain).
std::optional<Finding> checkT7(const TenantReading& reading);

/// All seven.
std::vector<Finding> judgeTenants(const std::vector<TenantReading>& readings);

/// A rule that could not judge some of the readings, and why.
struct TenantSilence {
    std::string rule;
    std::string why;
};
std::vector<TenantSilence> notJudgedTenants(const std::vector<TenantReading>& readings);

} // namespace norikv::client
