// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of our inventory protocol on any sound store, however many die while they use it.
#pragma once

#include "client/audit/inventoryauditor.h"
#include "client/forwardingstore.h"
#include "client/patterns/inventorymanager.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace norikv::test {

/// A worker that dies after some calls: nothing it sends any more arrives.
class Mortal final : public client::ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    std::atomic<int> left{1 << 30};

    client::Result<client::Entry> get(
        client::Call& c, const client::Bytes& key, client::Consistency level) override
    {
        return dead() ? client::Result<client::Entry>(gone()) : ForwardingStore::get(c, key, level);
    }
    client::Result<client::Version> put(client::Call& c, const client::Put& put) override
    {
        return dead() ? client::Result<client::Version>(gone()) : ForwardingStore::put(c, put);
    }
    client::Result<client::Removed> remove(client::Call& c, const client::Remove& remove) override
    {
        return dead() ? client::Result<client::Removed>(gone()) : ForwardingStore::remove(c, remove);
    }

private:
    bool dead() { return left-- <= 0; }
    static tl::unexpected<client::Error> gone()
    {
        return client::fail(client::ErrorKind::Unreachable, "the worker died");
    }
};

/// 64 workers, 10,000 operations, one in ten dies on the way: never more sold than there was, nothing
/// committed twice, and after reconcile nothing is missing. Workers meet at `skuCount` items; `anHourPasses`
/// lets the store's reservations expire.
inline void expectStockHolds(
    client::Store& store, const Clock& clock, std::size_t skuCount, const std::function<void()>& anHourPasses)
{
    constexpr int workers = 64;
    constexpr int operations = 10'000;
    using namespace client;
    std::vector<std::string> skus(skuCount);
    for (std::size_t i = 0; i < skuCount; ++i)
        skus[i] = "SKU-" + std::to_string(i);
    const std::int64_t stock = 1600 / static_cast<std::int64_t>(skuCount);
    Call setup;
    for (const auto& sku : skus)
        ASSERT_THAT(InventoryManager(store, clock).createItem(setup, sku, stock), succeeds());

    struct Tally {
        std::atomic<std::int64_t> sold = 0; ///< acknowledged
        std::atomic<std::int64_t> doubtful = 0; ///< of commits that died
    };
    std::vector<Tally> tallies(skuCount);
    std::mutex mutex;
    std::vector<std::pair<std::size_t, Bytes>> carts; ///< shared on purpose: several workers go for one
    std::map<Bytes, int> commits;
    std::atomic<int> done = 0;
    std::atomic<int> crashes = 0;
    const auto work = [&](unsigned seed) {
        std::mt19937 random(seed);
        while (done++ < operations) {
            Mortal life(store);
            const bool dies = random() % 10 == 0;
            if (dies) {
                ++crashes;
                life.left = static_cast<int>(random() % 6);
            }
            InventoryManager::Options options;
            options.loop.policy = CasPolicy::impatient(1000);
            InventoryManager shop(life, clock, options);
            Call call;
            std::pair<std::size_t, Bytes> cart;
            {
                const std::scoped_lock lock(mutex);
                if (!carts.empty() && random() % 2 == 0)
                    cart = carts[random() % carts.size()]; // left there: another may take the same
            }
            if (cart.second.empty()) {
                const std::size_t which = random() % skus.size();
                if (auto id = shop.reserve(call, skus[which], static_cast<std::int64_t>(1 + random() % 3))) {
                    const std::scoped_lock lock(mutex);
                    carts.emplace_back(which, *id);
                }
                continue;
            }
            StockDoubt doubt;
            const bool sells = random() % 3 == 0;
            const auto settled
                = sells ? shop.commit(call, cart.second, &doubt) : shop.release(call, cart.second);
            const std::scoped_lock lock(mutex);
            if (settled && sells) {
                tallies[cart.first].sold += *settled->reservation.quantity;
                ++commits[cart.second];
            }
            if (settled || settled.error().kind == ErrorKind::NotFound)
                std::erase(carts, cart);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < workers; ++i)
            threads.emplace_back(work, 1000 + i);
    }
    EXPECT_GT(crashes, operations / 20);
    for (const auto& [id, count] : commits)
        EXPECT_EQ(count, 1) << id << " was committed twice";

    anHourPasses(); // what nobody settled has expired: all that is still reserved is leaked
    const Profile profile;
    InventoryAuditor auditor(profile, {});
    Call scanning;
    EXPECT_THAT(store.scan(scanning, {},
                    [&](const ScanBatch& batch) {
                        for (const Entry& entry : batch.entries)
                            auditor.take(entry, clock.nowMs());
                        return true;
                    }),
        succeeds());
    auditor.setCoverage(Coverage::Complete);
    const auto findings = auditor.judge(clock.nowMs());
    std::int64_t leaked = 0;
    for (std::size_t i = 0; i < skus.size(); ++i) {
        Call call;
        auto entry = store.get(call, itemKey(skus[i]), Consistency::Strong);
        ASSERT_THAT(entry, succeeds());
        entry->key = itemKey(skus[i]);
        const auto item = parseItem(entry->key, entry->value);
        ASSERT_THAT(item, succeeds());
        EXPECT_GE(*item->reserved, 0);
        EXPECT_LE(*item->reserved, *item->quantity) << "oversold";
        EXPECT_EQ(*item->quantity, stock - tallies[i].sold) << "exactly what was acknowledged is sold";
        const auto plan = InventoryManager::plan(*entry, 0, clock.nowMs());
        ASSERT_THAT(plan, succeeds());
        EXPECT_EQ(plan->has_value(), *item->reserved > 0);
        const bool found = std::ranges::any_of(
            findings, [&](const Finding& f) { return f.rule == "I3" && f.subject == skus[i]; });
        EXPECT_EQ(found, *item->reserved > 0);
        if (!plan->has_value())
            continue;
        leaked += (*plan)->leaked;
        ASSERT_THAT(InventoryManager(store, clock).reconcile(call, **plan), succeeds());
        EXPECT_EQ(
            InventoryManager(store, clock).available(call, skus[i]).value_or(-1), stock - tallies[i].sold);
    }
    EXPECT_GT(leaked, 0) << "the crashes must have leaked something, or nothing was tested";
}

} // namespace norikv::test
