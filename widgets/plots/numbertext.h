// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>

namespace norikv::plots {

/// 184207 -> "184 207" with thin spaces (U+2009); the minus is U+2212.
QString groupDigits(qint64 value);

/// At most four significant characters plus a unit: 132, 9.5, 18.4k, 1.2M. Not finite: a dash.
QString shortNumber(double value);

/// Label of an axis tick: grouped while the digits fit, short above, with the decimals the step needs.
QString axisNumber(double value, double step);

/// Two units at most, the second padded: "1 d 04 h", "1 h 04 m", "24 m 10 s", "48 s", "240 ms", "0.9 ms".
/// Takes any std::chrono duration of microseconds or coarser; truncates, so a countdown never shows too much.
QString durationText(std::chrono::microseconds duration);

/// One unit, for ages in narrow columns: "now" (under a second), "12 s", "41 m", "2 h", "6 d".
QString ageText(std::chrono::milliseconds age);

/// 0.214 -> "21 %"; below 1 % one decimal; thin space before the sign.
QString percentText(double fraction);

} // namespace norikv::plots
