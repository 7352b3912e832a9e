// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/idlescale.h"

#include <algorithm>
#include <cstddef>

namespace norikv::widgets {

namespace {

constexpr EpochMs LeftParts = 6;
constexpr EpochMs UsualGaps = 8; ///< idle time is so many times as long as the usual gap
constexpr EpochMs Latest = 8'640'000'000'000'000; ///< what a date can say; records hold anything
constexpr double CutPart = 0.05; ///< of the whole active time, for each cut

double ms(EpochMs span) { return static_cast<double>(span); }
EpochMs lengthOf(const IdleScale::Cut& cut) { return cut.toMs - cut.fromMs; }

} // namespace

IdleScale::IdleScale(std::vector<EpochMs> times)
{
    if (times.empty())
        return;
    for (EpochMs& at : times)
        at = std::clamp<EpochMs>(at, 0, Latest);
    std::ranges::sort(times);
    m_fromMs = times.front();
    m_toMs = std::max(times.back(), m_fromMs + 1);
    std::vector<Cut> gaps;
    for (std::size_t i = 1; i < times.size(); ++i)
        gaps.push_back({times[i - 1], times[i]});
    const auto longer = [](const Cut& a, const Cut& b) { return lengthOf(a) > lengthOf(b); };
    EpochMs usual = 0;
    if (!gaps.empty()) {
        const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
        std::ranges::nth_element(gaps, middle, longer);
        usual = lengthOf(*middle);
    }
    std::erase_if(gaps, [usual](const Cut& gap) {
        return lengthOf(gap) < ShortestCutMs || lengthOf(gap) / UsualGaps < usual;
    });
    const auto most = std::min<std::size_t>(gaps.size(), MostCuts);
    std::ranges::partial_sort(gaps, gaps.begin() + static_cast<std::ptrdiff_t>(most), longer);
    // As many as there are, as long as the shortest cut is more than a sixth of what is left.
    const EpochMs all = m_toMs - m_fromMs;
    EpochMs left = all;
    EpochMs taken = 0;
    std::size_t cut = 0;
    for (std::size_t i = 0; i < most; ++i) {
        taken += lengthOf(gaps[i]);
        if (lengthOf(gaps[i]) * LeftParts > all - taken) {
            cut = i + 1;
            left = all - taken;
        }
    }
    m_cuts.assign(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(cut));
    std::ranges::sort(m_cuts, {}, &Cut::fromMs);
    m_cutLength = std::max(1.0, ms(std::max<EpochMs>(left, 1000)) * CutPart);
    m_length = std::max(1.0, ms(left) + m_cutLength * static_cast<double>(m_cuts.size()));
}

double IdleScale::place(EpochMs at) const
{
    double taken = 0; // by what was cut before
    for (const Cut& cut : m_cuts) {
        if (at <= cut.fromMs)
            break;
        if (at < cut.toMs)
            return ms(cut.fromMs - m_fromMs) - taken
                + m_cutLength * ms(at - cut.fromMs) / ms(cut.toMs - cut.fromMs);
        taken += ms(cut.toMs - cut.fromMs) - m_cutLength;
    }
    return ms(at - m_fromMs) - taken;
}

EpochMs IdleScale::at(double place) const
{
    double taken = 0;
    for (const Cut& cut : m_cuts) {
        const double from = ms(cut.fromMs - m_fromMs) - taken;
        if (place <= from)
            break;
        if (place < from + m_cutLength)
            return cut.fromMs
                + static_cast<EpochMs>((place - from) / m_cutLength * ms(cut.toMs - cut.fromMs));
        taken += ms(cut.toMs - cut.fromMs) - m_cutLength;
    }
    return m_fromMs + static_cast<EpochMs>(place + taken);
}

bool IdleScale::operator==(const IdleScale& other) const
{
    return m_fromMs == other.m_fromMs && m_toMs == other.m_toMs && m_cuts.size() == other.m_cuts.size()
        && m_length == other.m_length;
}

} // namespace norikv::widgets
