// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace norikv::sandbox {

/// The counters of /metrics, by the shipped server's names (wire-contract 6.2). Lock-free; any thread.
class Metrics {
public:
    enum class Operation { Put, Get, Delete };
    enum class Outcome { Success, Found, NotFound, NotLeader, Failed };

    void count(Operation operation) { ++m_requests[index(operation)]; }
    void countCasFailed() { ++m_casFailed; }
    void countCasNotFound() { ++m_casNotFound; }
    void observe(Operation operation, Outcome outcome, Clock::Elapsed took);

    /// OpenMetrics text, ending with `# EOF`.
    std::string text() const;

private:
    static constexpr std::size_t operations = 3;
    static constexpr std::size_t outcomes = 5;
    static constexpr std::size_t buckets = 10; ///< le 1, 2, 4 ... 512 ms

    template <class E> static constexpr std::size_t index(E value) { return static_cast<std::size_t>(value); }

    struct Histogram {
        std::array<std::atomic<std::uint64_t>, buckets> upTo{};
        std::atomic<std::uint64_t> count = 0;
        std::atomic<std::uint64_t> sumNs = 0;
    };
    static void append(std::string& text, const Histogram& histogram, const std::string& labels);

    std::array<std::atomic<std::uint64_t>, operations> m_requests{};
    std::atomic<std::uint64_t> m_casFailed = 0;
    std::atomic<std::uint64_t> m_casNotFound = 0;
    std::array<std::array<Histogram, outcomes>, operations> m_durations;
};

} // namespace norikv::sandbox
