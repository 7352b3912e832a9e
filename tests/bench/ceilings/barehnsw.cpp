// SPDX-License-Identifier: GPL-3.0-or-later
#include "ceilings/barehnsw.h"

// The headers define these without inline, and the sandbox has them already.
#define AVXCapable bareAvxCapable
#define AVX512Capable bareAvx512Capable
#define cpuid bareCpuid
#define xgetbv bareXgetbv
// Its functions are not inline: a name of its own beside the copy in the sandbox.
#define hnswlib barehnswlib
#include <hnswlib/hnswlib.h>

#include <atomic>
#include <thread>

namespace norikv::bench {

struct BareHnsw::Impl {
    Impl(std::size_t dimensions, std::size_t count)
        : space(dimensions)
        , graph(&space, count, 16, 200)
    {
    }
    hnswlib::L2Space space;
    hnswlib::HierarchicalNSW<float> graph;
};

BareHnsw::BareHnsw(std::span<const float> rows, std::size_t dimensions, unsigned threads)
    : m_impl(std::make_unique<Impl>(dimensions, rows.size() / dimensions))
{
    m_impl->graph.addPoint(rows.data(), 0);
    std::atomic<std::size_t> next = 1;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) {
        workers.emplace_back([&] {
            for (auto row = next++; row < rows.size() / dimensions; row = next++)
                m_impl->graph.addPoint(rows.data() + row * dimensions, row);
        });
    }
}

BareHnsw::~BareHnsw() = default;

std::vector<std::size_t> BareHnsw::search(const float* query, std::size_t k, std::size_t ef)
{
    m_impl->graph.setEf(ef);
    auto found = m_impl->graph.searchKnn(query, k);
    std::vector<std::size_t> rows;
    for (; !found.empty(); found.pop())
        rows.push_back(found.top().second);
    return rows;
}

} // namespace norikv::bench
