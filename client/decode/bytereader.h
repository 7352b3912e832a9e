// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// Reads foreign bytes from front to back; what is not there is nothing, never a read beyond the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    std::size_t at() const { return m_at; }
    std::size_t left() const { return m_bytes.size() - m_at; }
    bool atEnd() const { return left() == 0; }

    std::optional<std::string_view> take(std::uint64_t size)
    {
        if (size > left())
            return std::nullopt;
        const auto piece = m_bytes.substr(m_at, static_cast<std::size_t>(size));
        m_at += piece.size();
        return piece;
    }
    /// Big-endian, of 1 to 8 bytes.
    std::optional<std::uint64_t> unsignedOf(std::size_t width)
    {
        const auto piece = take(width);
        if (!piece)
            return std::nullopt;
        std::uint64_t value = 0;
        for (const char c : *piece)
            value = (value << 8) | static_cast<unsigned char>(c);
        return value;
    }
    std::optional<std::int64_t> signedOf(std::size_t width)
    {
        const auto value = unsignedOf(width);
        if (!value)
            return std::nullopt;
        const auto shift = static_cast<unsigned>(64 - 8 * width);
        return static_cast<std::int64_t>(*value << shift) >> shift;
    }
    std::optional<std::uint64_t> littleEndian(std::size_t width)
    {
        const auto piece = take(width);
        if (!piece)
            return std::nullopt;
        std::uint64_t value = 0;
        for (std::size_t i = width; i-- > 0;)
            value = (value << 8) | static_cast<unsigned char>((*piece)[i]);
        return value;
    }
    /// Seven bits a byte, at most ten bytes and 64 bits.
    std::optional<std::uint64_t> varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 70 && !atEnd(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_at++]);
            if (shift == 63 && byte > 1)
                return std::nullopt;
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return value;
        }
        return std::nullopt;
    }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
};

/// ` 0a 0b 0c`; after `most` bytes an ellipsis.
std::string hexOf(std::string_view bytes, std::size_t most = 64);
/// `2026-01-02T03:04:05.5Z`; empty for years that have no four digits.
std::optional<std::string> utcText(std::int64_t seconds, std::uint32_t nanoseconds);

} // namespace norikv::client
