// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/keyprobe.h"

#include "client/placement.h"

#include <algorithm>
#include <tuple>

namespace norikv::client {

namespace {

using std::chrono::milliseconds;

constexpr int BatchesPerSecond = 10;

} // namespace

KeyProbePlan planKeyProbe(
    std::span<const Bytes> keys, const ClusterSnapshot& cluster, std::uint32_t totalShards)
{
    struct Placed {
        bool cold;
        std::uint32_t shard;
        const Bytes* key;
    };
    std::vector<Placed> placed;
    placed.reserve(keys.size());
    for (const Bytes& key : keys) {
        const std::uint32_t shard = shardOf(key, totalShards);
        placed.push_back({!cluster.open.contains(shard), shard, &key});
    }
    std::ranges::sort(placed, [](const Placed& a, const Placed& b) {
        return std::tie(a.cold, a.shard, *a.key) < std::tie(b.cold, b.shard, *b.key);
    });
    KeyProbePlan plan;
    std::optional<std::uint32_t> last;
    for (const Placed& p : placed) {
        if (!plan.keys.empty() && plan.keys.back() == *p.key)
            continue;
        plan.keys.push_back(*p.key);
        if (p.shard == last)
            continue;
        last = p.shard;
        ++plan.shards;
        if (p.cold)
            plan.cold.push_back(p.shard);
    }
    plan.needsConsent = plan.cold.size() > KeyProbePlan::ColdShardsUnasked;
    return plan;
}

Result<KeyProbeProgress> runKeyProbe(Store& store, const Clock& clock, const KeyProbePlan& plan,
    const KeyProbeLimits& limits, const std::stop_token& stop,
    const std::function<void(const KeyProbeProgress&)>& progress, const Sleeper& sleep)
{
    if (plan.needsConsent && !limits.consent)
        return fail(ErrorKind::NeedsConsent,
            "reading " + std::to_string(plan.keys.size()) + " keys would open "
                + std::to_string(plan.cold.size()) + " cold shards");
    const auto rate = static_cast<std::size_t>(std::max(limits.opsPerSecond, 1));
    const std::size_t batch = std::max<std::size_t>(rate / BatchesPerSecond, 1);
    KeyProbeProgress so;
    so.total = plan.keys.size();
    const std::span<const Bytes> all(plan.keys);
    auto due = clock.elapsed();
    while (so.done < so.total) {
        const auto now = clock.elapsed();
        // Time that was lost is not made up for: that would be a burst.
        if (due > now && !sleep(std::chrono::ceil<milliseconds>(due - now), stop))
            return fail(ErrorKind::Cancelled, "stopped here");
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        const auto keys = all.subspan(so.done, std::min(batch, so.total - so.done));
        due = std::max(due, clock.elapsed())
            + std::chrono::nanoseconds(std::chrono::seconds(1)) * keys.size() / rate;
        Call call;
        call.timeout = limits.timeout;
        call.stop = stop;
        call.background = true;
        call.why = "key probe";
        std::size_t failed = 0;
        Error error;
        const auto read = store.getMany(call, keys, limits.inFlight, [&](std::size_t, Result<Entry> entry) {
            if (!entry) {
                ++failed;
                error = std::move(entry.error());
            } else if (entry->exists()) {
                ++so.found;
            } else {
                ++so.missing;
            }
        });
        if (!read)
            return tl::unexpected(read.error());
        if (failed == keys.size())
            return tl::unexpected(std::move(error));
        so.failed += failed;
        so.done += keys.size();
        if (progress)
            progress(so);
    }
    return so;
}

} // namespace norikv::client
