// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace norikv::sandbox {

/// Rows of equal length, numbered in the order they came; the first may be dropped. A row stays where it is
/// until it is dropped.
class VectorTail {
public:
    explicit VectorTail(std::size_t dimensions)
        : m_dimensions(dimensions)
        , m_rowsPerChunk(std::max<std::size_t>(1, chunkFloats / dimensions))
    {
    }

    std::uint32_t end() const { return m_end; }
    const float* row(std::uint32_t slot) const
    {
        const auto at = slot - m_dropped;
        return m_chunks[at / m_rowsPerChunk].get() + at % m_rowsPerChunk * m_dimensions;
    }
    /// How many rows from `slot` on lie behind each other.
    std::uint32_t run(std::uint32_t slot) const
    {
        const auto left = m_rowsPerChunk - (slot - m_dropped) % m_rowsPerChunk;
        return static_cast<std::uint32_t>(std::min<std::size_t>(left, m_end - slot));
    }
    void append(std::span<const float> values)
    {
        const auto at = (m_end - m_dropped) % m_rowsPerChunk;
        if (at == 0) {
            m_chunks.push_back(std::make_unique_for_overwrite<float[]>(m_rowsPerChunk * m_dimensions));
        }
        std::ranges::copy(values, m_chunks.back().get() + at * m_dimensions);
        ++m_end;
    }
    /// Frees what lies wholly before `slot`.
    void dropBefore(std::uint32_t slot)
    {
        while (!m_chunks.empty() && m_dropped + m_rowsPerChunk <= slot) {
            m_chunks.pop_front();
            m_dropped += static_cast<std::uint32_t>(m_rowsPerChunk);
        }
    }

private:
    static constexpr std::size_t chunkFloats = 64U << 10U;

    std::size_t m_dimensions;
    std::size_t m_rowsPerChunk;
    std::deque<std::unique_ptr<float[]>> m_chunks;
    std::uint32_t m_dropped = 0; ///< the number of the first row kept; whole chunks
    std::uint32_t m_end = 0;
};

} // namespace norikv::sandbox
