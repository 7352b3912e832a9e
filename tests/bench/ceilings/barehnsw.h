// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace norikv::bench {

/// hnswlib as it comes: its own Euclidean space, m 16, ef_construction 200.
class BareHnsw {
public:
    /// Builds with so many threads. The rows need not stay.
    BareHnsw(std::span<const float> rows, std::size_t dimensions, unsigned threads);
    ~BareHnsw();

    /// Positions of the nearest rows, in no order.
    std::vector<std::size_t> search(const float* query, std::size_t k, std::size_t ef);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace norikv::bench
