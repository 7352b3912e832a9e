// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/tenants.h"

#include "client/patterns/createifabsent.h"
#include "client/patterns/tenant.h"

#include <array>
#include <string>

namespace norikv::client::demo {

namespace {

struct DemoTenant {
    std::string_view id;
    std::string_view metadata;
    int small; ///< keys of some hundred bytes
    int large; ///< files, each of `largeBytes`
    std::size_t largeBytes;
};

// globex has limits of its own, below its plan's, so that few keys bring it to 85 %.
constexpr std::array tenants{
    DemoTenant{"acme",
        R"({"id":"acme","name":"Acme Corp","plan":"free","createdAt":1717142400000,"limits":{"maxKeys":1000,"maxStorageMB":10}})",
        18, 6, 1'048'000},
    DemoTenant{"globex",
        R"({"id":"globex","name":"Globex Corporation","plan":"pro","createdAt":1680512400000,"limits":{"maxKeys":60,"maxStorageMB":2},"contract":"2024-117"})",
        46, 5, 353'000},
    DemoTenant{"hooli",
        R"({"id": "hooli", "name": "Hooli", "plan": "free", "created_at": 1735830000000, "limits": {"max_keys": 1000, "max_storage_mb": 10}})",
        9, 0, 0},
    DemoTenant{"initech",
        R"({"id":"initech","name":"Initech","plan":"enterprise","createdAt":1641200400000,"limits":{"maxKeys":null,"maxStorageMB":null}})",
        24, 1, 512'000},
};

Bytes smallKey(int index)
{
    constexpr std::array<std::string_view, 4> kinds{"user", "order", "setting", "invoice"};
    const auto kind = static_cast<std::size_t>(index) % kinds.size();
    return Bytes(kinds[kind]) + ":" + std::to_string(1001 + index);
}

Bytes smallValue(std::string_view tenant, int index)
{
    return R"({"tenant":")" + Bytes(tenant) + R"(","number":)" + std::to_string(index) + R"(,"note":")"
        + std::string(120 + static_cast<std::size_t>(index * 37 % 200), 'n') + "\"}";
}

Result<void> putAll(Store& store, Call& call, const DemoTenant& tenant)
{
    TenantClient client(store, Bytes(tenant.id));
    for (int i = 0; i < tenant.small; ++i) {
        if (const auto put = client.put(call, smallKey(i), smallValue(tenant.id, i)); !put)
            return tl::unexpected(put.error());
    }
    for (int i = 0; i < tenant.large; ++i) {
        const Bytes name = "file:report-" + std::to_string(i + 1) + ".pdf";
        if (const auto put = client.put(call, name, Bytes(tenant.largeBytes, 'p')); !put)
            return tl::unexpected(put.error());
    }
    return {};
}

Result<void> createWith(Store& store, Call& call, const DemoTenant& tenant)
{
    const Bytes key = tenantMetaKey(tenant.id);
    const auto there = store.get(call, key);
    if (!there)
        return tl::unexpected(there.error());
    if (there->exists())
        return {};
    const auto made = createIfAbsent(store, call, key, Bytes(tenant.metadata));
    if (!made)
        return tl::unexpected(made.error());
    return putAll(store, call, tenant);
}

constexpr double GrowsEvery = 4; // seconds
constexpr std::uint64_t MostUploads = 800; // of 1,000 keys allowed

constexpr std::array faultTable{
    Actor::Fault{"Fill a tenant over its limit", "T1", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Write a tenant's limits as Infinity", "T7", Actor::Fault::SeenBy::Look},
};

} // namespace

void Tenants::declare(Profile& profile) const
{
    for (const DemoTenant& tenant : tenants)
        profile.tenants.emplace_back(tenant.id);
}

Result<void> Tenants::seed(Store& store, Call& call, std::mt19937_64&, EpochMs)
{
    for (const DemoTenant& tenant : tenants) {
        if (auto made = createWith(store, call, tenant); !made)
            return made;
    }
    return {};
}

void Tenants::step(Store& store, Call& call, std::mt19937_64&, EpochMs, double seconds)
{
    if (seconds - m_grewAt < GrowsEvery)
        return;
    m_grewAt = seconds;
    const Bytes key = "upload:" + std::to_string(1 + m_grown % MostUploads);
    (void)TenantClient(store, "acme")
        .put(call, key, smallValue("acme", static_cast<int>(m_grown % MostUploads)));
    ++m_grown;
}

std::span<const Actor::Fault> Tenants::faults() const { return faultTable; }

Result<void> Tenants::commit(Store& store, Call& call, std::size_t fault, EpochMs)
{
    const DemoTenant overfull{"umbrella",
        R"({"id":"umbrella","name":"Umbrella","plan":"free","createdAt":1738404000000,"limits":{"maxKeys":5,"maxStorageMB":10}})",
        8, 0, 0};
    const DemoTenant infinite{"soylent",
        R"({"id": "soylent", "name": "Soylent", "plan": "enterprise", "created_at": 1739613600000, "limits": {"max_keys": Infinity, "max_storage_mb": Infinity}})",
        4, 0, 0};
    return createWith(store, call, fault == 0 ? overfull : infinite);
}

} // namespace norikv::client::demo
