// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ceilings/barehnsw.h"
#include "figure.h"

#include "sandbox/vectorindex.h"

#include <chrono>
#include <memory>
#include <span>

namespace norikv::bench {

/// 100,000 vectors around 500 centres (sigma 0.7), queries around the same centres that are not among them,
/// the true neighbours, and both indexes over them. Made once for each number of dimensions and kept: the
/// graphs take longest. Euclidean.
class VectorGround {
public:
    static constexpr std::size_t neighbours = 10;

    static VectorGround& of(const Effort& effort, std::uint32_t dimensions);

    const std::uint32_t dimensions;
    const std::size_t count;
    std::span<const float> rows() const { return m_rows; }
    const float* row(std::size_t i) const { return m_rows.data() + i * dimensions; }
    std::size_t queries() const { return m_truth.size(); }
    const float* query(std::size_t i) const { return m_queries.data() + i * dimensions; }

    /// The sandbox's index, its graph complete.
    const sandbox::VectorIndex& ours();
    /// Heap that it takes.
    double bytes();
    BareHnsw& stock();

    /// Recall@10 of the sandbox's index and of hnswlib's, when so many are looked at.
    double recall(std::size_t effort);
    double stockRecall(std::size_t effort);
    /// The least effort whose recall is enough.
    std::size_t effortFor(double recall);
    std::size_t stockEffortFor(double recall);

    /// Queries per second of one thread, over all queries again and again. `search(i)` answers query i.
    template <class Search> double rate(double seconds, const Search& search) const;

private:
    VectorGround(const Effort& effort, std::uint32_t dimensions);
    double share(std::size_t query, std::span<const std::size_t> found) const;

    std::vector<float> m_rows;
    std::vector<float> m_queries;
    std::vector<std::vector<std::size_t>> m_truth;
    std::unique_ptr<sandbox::VectorIndex> m_ours;
    double m_bytes = 0;
    std::unique_ptr<BareHnsw> m_stock;
};

/// A whole number of passes is not needed: rates are compared, and every query costs about the same.
template <class Search> double VectorGround::rate(double seconds, const Search& search) const
{
    const auto start = std::chrono::steady_clock::now();
    std::chrono::duration<double> took{};
    std::size_t done = 0;
    for (; took.count() < seconds; took = std::chrono::steady_clock::now() - start) {
        for (std::size_t i = 0; i < 10; ++i)
            search(done++ % queries());
    }
    return static_cast<double>(done) / took.count();
}

} // namespace norikv::bench
