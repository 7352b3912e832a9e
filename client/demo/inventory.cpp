// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/inventory.h"

#include "client/patterns/inventorymanager.h"

#include <algorithm>
#include <array>

namespace norikv::client::demo {

namespace {

constexpr std::uint64_t CartTtlMs = 60'000;
constexpr EpochMs CrashedMsAgo = 300'000; // well beyond the time to live and the rule's slack

struct Article {
    std::string_view sku;
    std::int64_t stock;
};
constexpr std::array articles{
    Article{"CHAIR-OAK", 80},
    Article{"DESK-STANDING", 24},
    Article{"HEADPHONES-NC", 140},
    Article{"KEYBOARD-75", 60},
    Article{"LAMP-ARC", 45},
    Article{"MONITOR-27", 36},
    Article{"MUG-ENAMEL", 200},
    Article{"NOTEBOOK-A5", 320},
};

constexpr std::array faultTable{
    Actor::Fault{
        "Crash between the two writes of a reservation, five minutes ago", "I3", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Commit one reservation twice", "I1", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Oversell an item", "I2", Actor::Fault::SeenBy::Look},
};

InventoryManager managerAt(Store& store, const Clock& clock, std::mt19937_64* random = nullptr)
{
    InventoryManager::Options options;
    options.ttlMs = CartTtlMs;
    if (random) {
        options.newId = [random] {
            constexpr std::string_view hex = "0123456789abcdef";
            Bytes id = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx";
            for (char& c : id) {
                if (c == 'x')
                    c = hex[(*random)() % hex.size()];
            }
            return id;
        };
    }
    return {store, clock, options};
}

Result<void> putRaw(Store& store, Call& call, Bytes key, Bytes value, std::uint64_t ttlMs = 0)
{
    Put put;
    put.key = std::move(key);
    put.value = std::move(value);
    put.ttlMs = ttlMs;
    if (const auto written = store.put(call, put); !written)
        return tl::unexpected(written.error());
    return {};
}

Bytes itemJson(std::string_view sku, std::int64_t quantity, std::int64_t reserved, EpochMs at)
{
    return R"({"sku":")" + Bytes(sku) + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
        + std::to_string(reserved) + R"(,"lastUpdated":)" + std::to_string(at) + "}";
}

} // namespace

void Inventory::declare(Profile& profile) const { profile.ttls[reservationKey({})] = CartTtlMs; }

Result<void> Inventory::seed(Store& store, Call& call, std::mt19937_64&, EpochMs nowMs)
{
    const GivenClock time(nowMs);
    InventoryManager manager = managerAt(store, time);
    for (const Article& article : articles) {
        const auto made = manager.createItem(call, Bytes(article.sku), article.stock);
        if (!made && made.error().kind != ErrorKind::Conflict)
            return made;
    }
    return {};
}

void Inventory::settle(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs)
{
    const GivenClock time(nowMs);
    InventoryManager manager = managerAt(store, time);
    const auto due = std::partition(
        m_carts.begin(), m_carts.end(), [nowMs](const Cart& cart) { return cart.settleMs > nowMs; });
    std::vector<Cart> now(due, m_carts.end());
    m_carts.erase(due, m_carts.end());
    for (Cart& cart : now) {
        const bool pays = random() % 4 != 0;
        const auto done = pays ? manager.commit(call, cart.id) : manager.release(call, cart.id);
        // The traffic stood still longer than a reservation lives: these units would be leaked.
        if (!done && done.error().kind == ErrorKind::NotFound)
            (void)manager.change(call, Bytes(articles[cart.article].sku), {0, -cart.units});
    }
}

void Inventory::step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds)
{
    settle(store, call, random, nowMs);
    const GivenClock time(nowMs);
    InventoryManager manager = managerAt(store, time, &random);
    for (int n = m_buyers.due(seconds, random); n > 0; --n) {
        const std::size_t article = random() % articles.size();
        const auto units = static_cast<std::int64_t>(1 + random() % 3);
        const auto stays = static_cast<EpochMs>(4000 + random() % 16'000);
        if (auto id = manager.reserve(call, Bytes(articles[article].sku), units))
            m_carts.push_back({std::move(*id), article, units, nowMs + stays});
    }
    for (int n = m_deliveries.due(seconds, random); n > 0; --n) {
        const Article& article = articles[random() % articles.size()];
        const auto have = manager.available(call, Bytes(article.sku));
        if (have && *have < article.stock / 2)
            (void)manager.change(call, Bytes(article.sku), {article.stock / 2, 0});
    }
}

std::span<const Actor::Fault> Inventory::faults() const { return faultTable; }

Result<void> Inventory::commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs)
{
    if (fault == 0) {
        constexpr std::string_view sku = "TEAPOT-LEAKY";
        return putRaw(store, call, itemKey(sku), itemJson(sku, 30, 7, nowMs - CrashedMsAgo));
    }
    if (fault == 2) {
        constexpr std::string_view sku = "TICKET-OVERSOLD";
        return putRaw(store, call, itemKey(sku), itemJson(sku, 5, 8, nowMs));
    }
    // Two operators read one reservation of 3 units, and each lowers the item by it (the document's own
    // code).
    constexpr std::string_view sku = "VASE-TWICE";
    if (auto made = putRaw(store, call, itemKey(sku), itemJson(sku, 20, 3, nowMs)); !made)
        return made;
    for (int operators = 0; operators < 2; ++operators) {
        const auto item = store.get(call, itemKey(sku));
        if (!item)
            return tl::unexpected(item.error());
        auto less = changeItem(itemKey(sku), item->value, {-3, -3}, nowMs);
        if (!less)
            return tl::unexpected(less.error());
        if (auto put = putRaw(store, call, itemKey(sku), std::move(*less)); !put)
            return put;
    }
    return {};
}

} // namespace norikv::client::demo
