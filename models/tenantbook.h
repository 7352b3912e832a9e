// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/tenantrules.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

namespace norikv::models {

/// A tenant and what we know of it at one moment.
struct TenantState {
    client::TenantReading reading;
    std::vector<client::Finding> findings;
    std::vector<client::UsageSample> keyTrend; ///< oldest first
    std::vector<client::UsageSample> byteTrend;
    client::Exhaustion keysFull;
    client::Exhaustion bytesFull;

    const client::Bytes& id() const { return reading.id; }
    const client::TenantUsage& usage() const { return reading.usage; }
    /// Own keys and those another tenant may claim.
    std::uint64_t keys() const { return usage().keys + usage().sharedKeys; }
    std::uint64_t bytes() const { return usage().bytes + usage().sharedBytes; }
    client::TenantLimits limits() const;
    /// Used part of the limit; empty = no limit.
    std::optional<double> keyShare() const;
    std::optional<double> byteShare() const;
    /// The larger of the two; empty = nothing limits this tenant.
    std::optional<double> pressure() const;
    bool complete() const { return reading.coverage == client::Coverage::Complete; }
};

/// All tenants by id. Shared with the GUI thread, so it never changes once made.
using TenantSheet = std::vector<TenantState>;
const TenantState* findTenant(const TenantSheet& sheet, const client::Bytes& id);

/// Turns stored keys into tenants. No thread, no clock: the caller gives the time. Lives on the follower's
/// thread, because a million keys are nothing for the GUI's.
class TenantBook {
public:
    /// A tenant a person named: it is shown whatever is stored.
    void name(const client::Bytes& id, bool java);

    /// Between the two, what is put is collected beside the present state and then replaces it.
    void beginScan();
    void endScan(client::Coverage coverage);

    /// A stored key. Metadata and usage counters come with their value, other keys may leave it empty.
    void put(const client::Entry& entry);
    /// A key that is not, or no longer, there.
    void gone(const client::Bytes& key);

    /// True for keys whose value decides something.
    static bool needsValue(std::string_view key);
    /// Ids with a colon came or went: who owns which key must be counted anew. Asking resets it.
    bool takeRescan() { return std::exchange(m_rescan, false); }
    bool takeDirty() { return std::exchange(m_dirty, false); }

    /// Remembers the use of every tenant for trends; at most 120 samples each, thinned as they age.
    void sample(EpochMs nowMs);
    std::shared_ptr<const TenantSheet> sheet(EpochMs nowMs);
    /// Findings of the last sheet() that have stood for 5 s and were not told yet: what an operation in
    /// flight looks like is no finding.
    std::vector<client::Finding> takeFindings(EpochMs nowMs);

private:
    struct Record {
        client::Entry entry;
        std::optional<client::TenantMetadata> metadata;
        std::string unreadable;
    };
    struct Keys {
        client::TenantTally tally;
        std::map<client::Bytes, Record> records;
        std::set<client::Bytes> looked; ///< whether there is metadata was asked
        std::unordered_map<std::uint64_t, std::uint32_t> sizes; ///< by hash of the key
        std::map<client::Bytes, client::Bytes> usageValues; ///< as they were counted
    };
    struct History {
        std::vector<client::UsageSample> keys;
        std::vector<client::UsageSample> bytes;
        EpochMs interval = 2000;
    };

    Keys& target() { return m_scanning ? m_next : m_now; }
    void prepare(Keys& keys) const;
    void forget(Keys& keys, const client::Bytes& key);
    void knownChanged(const client::Bytes& id);

    Keys m_now, m_next;
    std::map<client::Bytes, bool> m_named; ///< true = Java
    std::map<client::Bytes, History> m_histories;
    std::map<std::pair<std::string, client::Bytes>, EpochMs> m_standing;
    std::set<std::pair<std::string, client::Bytes>> m_told;
    std::vector<client::Finding> m_findings;
    client::Coverage m_coverage = client::Coverage::None;
    bool m_scanning = false;
    bool m_anyColon = false;
    bool m_rescan = false;
    bool m_dirty = false;
};

} // namespace norikv::models
