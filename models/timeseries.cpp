// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeseries.h"

#include <algorithm>
#include <cmath>

namespace norikv::models {

void TimeSeries::push(const CounterSample& sample)
{
    for (Ring& ring : m_rings) {
        const double slot = std::floor(sample.t / ring.step + 1e-6);
        if (ring.collecting && std::floor(ring.open.t / ring.step + 1e-6) < slot) {
            ring.samples.push_back(ring.open);
            if (ring.samples.size() > ring.limit)
                ring.samples.pop_front();
            ring.collecting = false;
        }
        if (!ring.collecting) {
            ring.open = sample;
            ring.collecting = true;
        } else {
            const double conflicts = ring.open.conflicts + sample.conflicts;
            ring.open = sample;
            ring.open.conflicts = conflicts;
        }
    }
}

double TimeSeries::firstT() const
{
    if (empty())
        return 0;
    double first = last().t;
    for (const Ring& ring : m_rings) {
        if (!ring.samples.empty())
            first = std::min(first, ring.samples.front().t);
    }
    return first;
}

std::vector<CounterSample> TimeSeries::window(double end, double span) const
{
    const double begin = end - span;
    const double back = empty() ? span : span + std::max(0.0, last().t - end);
    const Ring* chosen = &m_rings.back();
    for (const Ring& ring : m_rings) {
        const bool reaches = static_cast<double>(ring.limit) * ring.step >= back;
        if (reaches) {
            chosen = &ring;
            break;
        }
    }
    std::vector<CounterSample> out;
    const auto from = std::ranges::lower_bound(chosen->samples, begin, {}, &CounterSample::t);
    for (auto it = from; it != chosen->samples.end() && it->t <= end; ++it)
        out.push_back(*it);
    if (chosen->collecting && chosen->open.t <= end && (out.empty() || chosen->open.t > out.back().t))
        out.push_back(chosen->open);
    return out;
}

void EwmaRate::add(double count, double seconds)
{
    if (seconds <= 0)
        return;
    const double keep = std::exp(-seconds / m_tau);
    m_sum = m_sum * keep + count * (1 - keep) / seconds;
    m_weight = m_weight * keep + (1 - keep);
}

double EwmaRate::perSecond() const { return m_weight > 0 ? m_sum / m_weight : 0; }

} // namespace norikv::models
