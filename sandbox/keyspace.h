// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace norikv::sandbox {

/// Which rows the store holds. One letter, then:
///   d key                    the record (record.h)
///   i <op> id                idempotency: when, version, in order of age (idempotency.h)
///   m name                   counters of the whole store
///   s <shard, 4 bytes>       last version index of a shard
///   u key                    the older record below one with expiry (quirk oldValueReturns)
///   v                        vectors, see below
///   x <expiry, 8 bytes> key  index of what expires; a row whose record says otherwise is stale
/// Numbers are big-endian, so byte order is number order.
namespace row {
constexpr char data = 'd';
constexpr char idempotency = 'i';
constexpr char meta = 'm';
constexpr char shard = 's';
constexpr char under = 'u';
constexpr char expiry = 'x';
constexpr char vector = 'v';
} // namespace row

/// The rows of vectors, after their letter:
///   i <op> id                idempotency of vector writes, a map of their own (wire-contract 5.2)
///   n namespace              an index: its number, never used again, and its parameters
///   r <number, 8 bytes> id   a vector, as floats of this machine. No index has its number: left to be swept
///   v                        last version and last number
namespace vectorrow {
constexpr char idempotency = 'i';
constexpr char index = 'n';
constexpr char vector = 'r';
constexpr char counters = 'v';
} // namespace vectorrow

inline void appendNumber(std::string& text, std::uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        text.push_back(static_cast<char>((number >> shift) & 0xff));
    }
}

/// `text` must hold at least eight bytes.
inline std::uint64_t readNumber(std::string_view text)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        number = (number << 8) | static_cast<unsigned char>(text[i]);
    }
    return number;
}

inline std::string rowKey(char kind, std::string_view rest)
{
    std::string key;
    key.reserve(rest.size() + 1);
    key.push_back(kind);
    key.append(rest);
    return key;
}

inline std::string numberText(std::uint64_t number)
{
    std::string text;
    appendNumber(text, number);
    return text;
}

inline std::string expiryRowKey(std::int64_t expiresAtMs, std::string_view key)
{
    std::string name = rowKey(row::expiry, {});
    appendNumber(name, static_cast<std::uint64_t>(expiresAtMs));
    name.append(key);
    return name;
}

inline std::string vectorRowKey(char kind, std::string_view rest)
{
    std::string key{row::vector, kind};
    key.append(rest);
    return key;
}

inline std::string vectorRowKey(std::uint64_t indexNumber, std::string_view id)
{
    std::string key{row::vector, vectorrow::vector};
    appendNumber(key, indexNumber);
    key.append(id);
    return key;
}

} // namespace norikv::sandbox
