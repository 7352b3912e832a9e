// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace norikv::plots {

/// One sample. A NaN total or rate means: not known, drawn as a hatched gap and never interpolated.
struct CounterSample {
    double t = 0; ///< seconds relative to now, 0 or negative, ascending
    double total = 0;
    double rate = 0; ///< per second
    double conflicts = 0; ///< CAS conflicts since the sample before
};

struct CounterMarker {
    double t = 0;
    QString label; ///< e.g. "reset"; painted as plain text, clipped
};

struct CounterChartData {
    std::vector<CounterSample> samples;
    std::vector<CounterMarker> markers;
};

struct ValueRange {
    double lower = 0;
    double upper = 1;
};

struct TimeSpan {
    double from = 0;
    double to = 0;
};

struct Bin {
    double t = 0; ///< middle, seconds
    double sum = 0;
};

/// Left axis: all known totals with headroom; never degenerate, also for one value, constants and huge
/// values. Does not go below zero when no total does.
ValueRange totalRange(const std::vector<CounterSample>& samples, double fromSeconds);

/// Right axis: from zero, the highest rate at about 60 % of the height, so that the total stays readable
/// above.
ValueRange rateRange(const std::vector<CounterSample>& samples, double fromSeconds);

/// Stretches without a known total, from the sample before to the sample after.
std::vector<TimeSpan> gapSpans(const std::vector<CounterSample>& samples);

/// Conflicts summed into at most maxBins equal bins of the last rangeSeconds; empty bins are left out.
std::vector<Bin> conflictBins(const std::vector<CounterSample>& samples, double rangeSeconds, int maxBins);

} // namespace norikv::plots
