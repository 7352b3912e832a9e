// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/bulkplan.h"

#include "client/bulk/importreader.h"
#include "client/patterns/tenant.h"
#include "client/placement.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::size_t AtOnce = 1024;
constexpr std::size_t ReadsInFlight = 64;
constexpr std::size_t BrokenKept = 1000;
constexpr std::size_t Previewed = 100;
constexpr std::size_t ClipBytes = 256;

/// Which shards a job touches.
class Touched {
public:
    Touched(const ClusterSnapshot& cluster, std::uint32_t totalShards)
        : m_cluster(cluster)
        , m_seen(std::max<std::uint32_t>(totalShards, 1))
    {
    }
    void add(const Bytes& key) { m_seen[shardOf(key, std::uint32_t(m_seen.size()))] = true; }
    bool open(const Bytes& key) const
    {
        return m_cluster.open.contains(shardOf(key, std::uint32_t(m_seen.size())));
    }
    void tell(BulkPlan& plan) const
    {
        for (std::uint32_t shard = 0; shard < m_seen.size(); ++shard) {
            plan.shards += m_seen[shard] ? 1 : 0;
            plan.coldShards += m_seen[shard] && !m_cluster.open.contains(shard) ? 1 : 0;
        }
    }

private:
    const ClusterSnapshot& m_cluster;
    std::vector<bool> m_seen;
};

tl::unexpected<Error> stopped() { return fail(ErrorKind::Cancelled, "stopped here; nothing was written"); }

/// Sizes of some keys, read only where no shard is started by it.
Result<void> readSizes(Store& store, Call& call, std::span<const Bytes> keys, const Touched& touched,
    std::vector<std::uint64_t>& sizes)
{
    std::vector<Bytes> open;
    std::vector<std::size_t> places;
    for (const Bytes& key : keys) {
        if (touched.open(key)) {
            open.push_back(key);
            places.push_back(sizes.size());
        }
        sizes.push_back(BulkPlan::SizeUnknown);
    }
    return store.getMany(call, open, ReadsInFlight, [&](std::size_t index, const Result<Entry>& entry) {
        if (entry)
            sizes[places[index]] = entry->exists() ? entry->value.size() : BulkPlan::SizeMissing;
    });
}

Result<BulkPlan> planKeys(
    Store& store, Call& call, const BulkRequest& request, Touched& touched, const PlanProgress& progress)
{
    BulkPlan plan;
    plan.count = request.keys.size();
    plan.sizes.reserve(request.keys.size());
    for (const Bytes& key : request.keys) {
        touched.add(key);
        if (request.action == BulkAction::Clone)
            touched.add(cloneTarget(request, key));
    }
    bool stat = true;
    const std::span<const Bytes> keys(request.keys);
    for (std::size_t at = 0; at < keys.size(); at += AtOnce) {
        if (call.stop.stop_requested())
            return stopped();
        const auto some = keys.subspan(at, std::min(AtOnce, keys.size() - at));
        if (stat) {
            const auto entries = store.stat(call, some);
            stat = entries.has_value() || entries.error().kind != ErrorKind::Unsupported;
            if (!entries && stat)
                return tl::unexpected(entries.error());
            if (entries) {
                for (const Entry& entry : *entries)
                    plan.sizes.push_back(entry.exists() ? entry.valueSize : BulkPlan::SizeMissing);
            }
        }
        if (!stat) {
            if (auto read = readSizes(store, call, some, touched, plan.sizes); !read)
                return tl::unexpected(read.error());
        }
        if (progress)
            progress(static_cast<double>(at + some.size()) / static_cast<double>(keys.size()));
    }
    for (const std::uint64_t size : plan.sizes) {
        plan.missing += size == BulkPlan::SizeMissing ? 1 : 0;
        if (size >= BulkPlan::SizeMissing)
            continue;
        ++plan.sized;
        plan.bytes += size;
    }
    return plan;
}

void count(BulkPlan& plan, NdjsonRecord record, const ServerClock& clock, Touched& touched)
{
    ++plan.count;
    touched.add(record.entry.key);
    plan.bytes += record.entry.value.size();
    plan.sized += record.hasValue ? 1 : 0;
    plan.withoutValue += record.hasValue ? 0 : 1;
    plan.withTtl += record.entry.expiresAtMs ? 1 : 0;
    plan.expired
        += record.entry.expiresAtMs && *record.entry.expiresAtMs <= clock.nowMs(record.entry.provenance) ? 1
                                                                                                         : 0;
    if (plan.preview.size() < Previewed) {
        record.entry.value.resize(std::min(record.entry.value.size(), ClipBytes));
        plan.preview.push_back(std::move(record));
    }
}

Result<BulkPlan> planFile(Store& store, const Call& call, const BulkRequest& request,
    const ServerClock& clock, Touched& touched, const PlanProgress& progress)
{
    auto reader = ImportReader::open(request.file);
    if (!reader)
        return tl::unexpected(reader.error());
    BulkPlan plan;
    std::uint64_t told = 0;
    bool asked = false;
    while (true) {
        if (call.stop.stop_requested())
            return stopped();
        auto row = reader->next();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            break;
        if ((*row)->record && !(*row)->record->entry.key.starts_with(request.onlyPrefix)) {
            ++plan.outside;
        } else if ((*row)->record) {
            const Entry& entry = (*row)->record->entry;
            if (entry.expiresAtMs && entry.provenance == TtlProvenance::Server && !std::exchange(asked, true))
                (void)completeExpiries(store, call, clock, {}); // only its time
            count(plan, std::move(*(*row)->record), clock, touched);
        } else {
            ++plan.broken;
            if (plan.brokenLines.size() < BrokenKept)
                plan.brokenLines.push_back(
                    {(*row)->line, (*row)->record.error().message, std::move((*row)->text)});
        }
        if (progress && reader->bytesRead() != told && reader->fileSize() != 0) {
            told = reader->bytesRead();
            progress(static_cast<double>(told) / static_cast<double>(reader->fileSize()));
        }
    }
    return plan;
}

} // namespace

std::string_view name(BulkAction action)
{
    switch (action) {
    case BulkAction::Delete:
        return "delete";
    case BulkAction::SetTtl:
        return "set the expiry of";
    case BulkAction::Clone:
        return "clone";
    case BulkAction::Import:
        return "import";
    case BulkAction::Undo:
        break;
    }
    return "undo";
}

bool isClonedMetadata(const BulkRequest& request, const Bytes& key)
{
    return !request.fromTenant.empty() && key == tenantMetaKey(request.fromTenant);
}

Bytes cloneTarget(const BulkRequest& request, const Bytes& key)
{
    if (isClonedMetadata(request, key))
        return tenantMetaKey(request.toTenant);
    return request.toPrefix + key.substr(std::min(request.fromPrefix.size(), key.size()));
}

Result<BulkPlan> planBulk(Store& store, Call& call, const BulkRequest& request,
    const ClusterSnapshot& cluster, std::uint32_t totalShards, const ServerClock& clock,
    const PlanProgress& progress)
{
    Touched touched(cluster, totalShards);
    const bool file = request.action == BulkAction::Import || request.action == BulkAction::Undo;
    if (request.action == BulkAction::Clone) {
        if (request.fromPrefix == request.toPrefix)
            return fail(ErrorKind::InvalidRequest, "both prefixes are the same");
        for (const Bytes& key : request.keys) {
            if (!key.starts_with(request.fromPrefix) && !isClonedMetadata(request, key))
                return fail(ErrorKind::InvalidRequest,
                    printable(key) + " does not begin with " + printable(request.fromPrefix));
        }
    }
    auto plan = file ? planFile(store, call, request, clock, touched, progress)
                     : planKeys(store, call, request, touched, progress);
    if (plan)
        touched.tell(*plan);
    return plan;
}

} // namespace norikv::client
