// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/products.h"

#include <array>

namespace norikv::client::demo {

namespace {

constexpr int Count = 24;
constexpr int PriceEvery = 40; // visits

constexpr std::array faultTable{
    Actor::Fault{"Change a product past the cache", "K1", Actor::Fault::SeenBy::Panel},
};

Bytes productKey(int number) { return "product:" + std::to_string(number); }

Bytes productJson(int number, std::uint64_t cents)
{
    return R"({"id":)" + std::to_string(number) + R"(,"name":"Product )" + std::to_string(number)
        + R"(","cents":)" + std::to_string(cents) + "}";
}

/// Small numbers are asked for far more often.
int popular(std::mt19937_64& random)
{
    const auto one = 1 + random() % Count;
    const auto other = 1 + random() % Count;
    const auto third = 1 + random() % Count;
    return static_cast<int>(std::min({one, other, third}));
}

} // namespace

Result<void> Products::seed(Store& store, Call& call, std::mt19937_64&, EpochMs)
{
    for (int number = 1; number <= Count; ++number) {
        const auto there = store.get(call, productKey(number));
        if (!there)
            return tl::unexpected(there.error());
        if (there->exists())
            continue;
        Put put;
        put.key = productKey(number);
        put.value = productJson(number, static_cast<std::uint64_t>(499 + number * 137));
        if (const auto written = store.put(call, put); !written)
            return tl::unexpected(written.error());
    }
    return {};
}

std::span<const Actor::Fault> Products::faults() const { return faultTable; }

Result<void> Products::commit(Store& store, Call& call, std::size_t, EpochMs nowMs)
{
    // The most popular ones: somebody reads them within a second.
    for (int number = 1; number <= 3; ++number) {
        Put put;
        put.key = productKey(number);
        put.value = productJson(number, static_cast<std::uint64_t>(nowMs % 100'000));
        if (const auto written = store.put(call, put); !written)
            return tl::unexpected(written.error());
    }
    return {};
}

void Shop::visit(WriteThroughCache& cache, Call& call)
{
    const int number = popular(m_random);
    if (m_random() % PriceEvery == 0)
        (void)cache.put(call, productKey(number), productJson(number, 100 + m_random() % 9900));
    else
        (void)cache.get(call, productKey(number));
}

} // namespace norikv::client::demo
