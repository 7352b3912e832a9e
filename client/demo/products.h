// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"
#include "client/patterns/cache.h"

namespace norikv::client::demo {

/// A catalogue of products that shops read through their caches. Nobody writes past a cache, so that none is
/// stale, until a fault does.
class Products final : public Actor {
public:
    void declare(Profile&) const override { }
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store&, Call&, std::mt19937_64&, EpochMs, double) override { }
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;
};

/// A shop: reads popular products more often than others through one cache, and now and then changes a price
/// through it. One thread.
class Shop {
public:
    /// What the demo's cache is set to, so that entries end and are evicted while one looks.
    static constexpr CacheOptions options() { return {20'000, 18, true}; }

    explicit Shop(std::uint64_t seed = 1)
        : m_random(seed)
    {
    }
    /// One customer's visit. Failures are left: the server may be away.
    void visit(WriteThroughCache& cache, Call& call);

private:
    std::mt19937_64 m_random;
};

} // namespace norikv::client::demo
