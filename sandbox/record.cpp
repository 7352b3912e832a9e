// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/record.h"

#include "sandbox/keyspace.h"

#include <limits>

namespace norikv::sandbox {

namespace {
constexpr std::size_t metaSize = 16;
} // namespace

void encodeRecord(std::string& row, std::string_view value, const RecordMeta& meta)
{
    row.clear();
    row.reserve(value.size() + metaSize);
    row.append(value);
    appendNumber(row, meta.index);
    appendNumber(row, static_cast<std::uint64_t>(meta.expiresAtMs));
}

std::optional<RecordMeta> peekRecord(std::string_view row, std::string_view& value)
{
    if (row.size() < metaSize) {
        return std::nullopt;
    }
    value = row.substr(0, row.size() - metaSize);
    return RecordMeta{readNumber(row.substr(value.size(), 8)),
        static_cast<EpochMs>(readNumber(row.substr(value.size() + 8, 8)))};
}

std::optional<RecordMeta> decodeRecord(std::string& row)
{
    std::string_view value;
    const auto meta = peekRecord(row, value);
    if (meta) {
        row.resize(value.size());
    }
    return meta;
}

EpochMs expiryOf(EpochMs now, std::uint64_t ttlMs)
{
    constexpr auto last = std::numeric_limits<EpochMs>::max();
    if (ttlMs == 0 || now < 0 || ttlMs > static_cast<std::uint64_t>(last - now)) {
        return noExpiry;
    }
    return now + static_cast<EpochMs>(ttlMs);
}

} // namespace norikv::sandbox
