// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/quirks.h"

#include <algorithm>
#include <array>

namespace norikv::sandbox {

namespace {

constexpr std::array flags = {&Quirks::racyCas, &Quirks::deleteIgnoresIfMatch, &Quirks::sharedIdempotency,
    &Quirks::firstTouchNotLeader, &Quirks::ttlLostOnFlush, &Quirks::ttlLostOnRestart,
    &Quirks::oldValueReturns, &Quirks::renumberOnRestart, &Quirks::refuseSdkConsistency,
    &Quirks::tickingEpoch, &Quirks::emptyMeta, &Quirks::loseParallelWrites};

constexpr std::uint64_t maxMs = 0xffff;

} // namespace

Quirks Quirks::faithful()
{
    Quirks all;
    for (const auto flag : flags) {
        all.*flag = true;
    }
    all.loseParallelWrites = false;
    return all;
}

Quirks SharedQuirks::load() const
{
    const std::uint64_t bits = m_bits.load(std::memory_order_acquire);
    Quirks quirks;
    quirks.casWindowMs = static_cast<std::uint32_t>(bits & maxMs);
    quirks.commitDelayMs = static_cast<std::uint32_t>((bits >> 16) & maxMs);
    for (std::size_t i = 0; i < flags.size(); ++i) {
        quirks.*flags[i] = ((bits >> (32 + i)) & 1) != 0;
    }
    return quirks;
}

void SharedQuirks::store(const Quirks& quirks)
{
    std::uint64_t bits = std::min<std::uint64_t>(quirks.casWindowMs, maxMs)
        | (std::min<std::uint64_t>(quirks.commitDelayMs, maxMs) << 16);
    for (std::size_t i = 0; i < flags.size(); ++i) {
        bits |= static_cast<std::uint64_t>(quirks.*flags[i]) << (32 + i);
    }
    m_bits.store(bits, std::memory_order_release);
}

} // namespace norikv::sandbox
