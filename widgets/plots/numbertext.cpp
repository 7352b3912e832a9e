// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/numbertext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

namespace {

constexpr QChar thinSpace(0x2009);
constexpr QChar minusSign(0x2212);

QString tr(const char* text) { return QCoreApplication::translate("NumberText", text); }

QString two(qint64 value) { return u"%1"_s.arg(value, 2, 10, '0'_L1); }

QString unit(const QString& number, const char* name) { return number + thinSpace + tr(name); }

QString trimmedDecimals(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    if (decimals > 0) {
        while (text.endsWith('0'_L1))
            text.chop(1);
        if (text.endsWith('.'_L1))
            text.chop(1);
    }
    return text;
}

} // namespace

QString groupDigits(qint64 value)
{
    QString digits = QString::number(value);
    const bool negative = digits.startsWith('-'_L1);
    if (negative)
        digits.remove(0, 1);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, thinSpace);
    return negative ? minusSign + digits : digits;
}

QString shortNumber(double value)
{
    if (!std::isfinite(value))
        return u"–"_s;
    static constexpr std::array<QLatin1StringView, 7> suffixes{
        ""_L1, "k"_L1, "M"_L1, "G"_L1, "T"_L1, "P"_L1, "E"_L1};
    double size = std::abs(value);
    if (size >= 1e21)
        return QString::number(value, 'g', 2).replace('-'_L1, minusSign);
    std::size_t step = 0;
    // 999.95 would round to "1000", so the next unit starts a little earlier.
    while (size >= (step == 0 ? 999.95 : 999.5) && step + 1 < suffixes.size()) {
        size /= 1000;
        ++step;
    }
    const QString text = trimmedDecimals(size, size < 10 ? 2 : size < 100 ? 1 : 0) + suffixes[step];
    return value < 0 && text != "0"_L1 ? minusSign + text : text;
}

QString axisNumber(double value, double step)
{
    if (!std::isfinite(value))
        return u"–"_s;
    if (std::abs(value) < step * 1e-6)
        return u"0"_s;
    const double size = std::abs(value);
    if (size >= 1e15)
        return shortNumber(value);
    static constexpr std::pair<double, QLatin1StringView> units[]
        = {{1e12, "T"_L1}, {1e9, "G"_L1}, {1e6, "M"_L1}, {1e4, "k"_L1}};
    for (const auto& [from, name] : units) {
        // Shortened only while two neighbouring ticks stay different and the label stays short.
        const double unitSize = from == 1e4 ? 1e3 : from;
        if (size < from || step < unitSize / 100)
            continue;
        const int decimals = std::clamp(int(std::ceil(-std::log10(step / unitSize) - 1e-9)), 0, 2);
        const int needed = decimals == 0 && std::fmod(step, unitSize) > unitSize * 1e-6 ? 1 : decimals;
        return trimmedDecimals(value / unitSize, needed).replace('-'_L1, minusSign) + name;
    }
    if (step >= 1 || size >= 1e6)
        return groupDigits(qint64(std::llround(value)));
    const int decimals = std::clamp(int(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
    return trimmedDecimals(value, decimals).replace('-'_L1, minusSign);
}

QString durationText(std::chrono::microseconds duration)
{
    using namespace std::chrono;
    if (duration < microseconds::zero())
        return minusSign + durationText(duration == microseconds::min() ? microseconds::max() : -duration);
    const double ms = double(duration.count()) / 1000.0;
    if (ms < 10)
        return unit(trimmedDecimals(std::floor(ms * 10) / 10, 1), QT_TRANSLATE_NOOP("NumberText", "ms"));
    if (ms < 1000)
        return unit(QString::number(qint64(ms)), "ms");
    const qint64 s = floor<seconds>(duration).count();
    if (s < 60)
        return unit(QString::number(s), QT_TRANSLATE_NOOP("NumberText", "s"));
    const auto pair = [](qint64 big, const char* bigUnit, qint64 small, const char* smallUnit) {
        return unit(groupDigits(big), bigUnit) + u' ' + unit(two(small), smallUnit);
    };
    if (s < 3600)
        return pair(s / 60, QT_TRANSLATE_NOOP("NumberText", "m"), s % 60, "s");
    if (s < 86400)
        return pair(s / 3600, QT_TRANSLATE_NOOP("NumberText", "h"), s / 60 % 60, "m");
    return pair(s / 86400, QT_TRANSLATE_NOOP("NumberText", "d"), s / 3600 % 24, "h");
}

QString ageText(std::chrono::milliseconds age)
{
    const qint64 s = std::max<qint64>(0, age.count() / 1000);
    if (s == 0)
        return tr(QT_TRANSLATE_NOOP("NumberText", "now"));
    if (s < 60)
        return unit(QString::number(s), "s");
    if (s < 3600)
        return unit(QString::number(s / 60), "m");
    if (s < 86400)
        return unit(QString::number(s / 3600), "h");
    return unit(groupDigits(s / 86400), "d");
}

QString percentText(double fraction)
{
    if (!std::isfinite(fraction))
        return u"–"_s;
    const double percent = fraction * 100;
    const int decimals = percent != 0 && std::abs(percent) < 1 ? 1 : 0;
    return trimmedDecimals(percent, decimals) + thinSpace + u'%';
}

} // namespace norikv::plots
