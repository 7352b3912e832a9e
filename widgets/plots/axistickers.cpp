// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/axistickers.h"

#include "widgets/plots/numbertext.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

NumberTicker::NumberTicker(int count, QString suffix)
    : m_suffix(std::move(suffix))
{
    setTickCount(count);
    setTickStepStrategy(tssReadability);
}

QVector<QString> NumberTicker::createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int)
{
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
    QVector<QString> labels;
    labels.reserve(ticks.size());
    for (const double tick : ticks)
        labels << axisNumber(tick, step) + m_suffix;
    return labels;
}

PercentTicker::PercentTicker()
{
    setTickCount(3);
    setTickStepStrategy(tssReadability);
}

QString PercentTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    return percentText(std::abs(tick) < 1e-9 ? 0.0 : tick);
}

double BeforeNowTicker::getTickStep(const QCPRange& range)
{
    static constexpr double steps[]
        = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400};
    for (const double step : steps) {
        if (range.size() / step <= 6.001)
            return step;
    }
    return range.size() / 6;
}

QString BeforeNowTicker::getTickLabel(double tick, const QLocale&, QChar, int) { return beforeNowText(tick); }

QVector<double> BeforeNowTicker::createTickVector(double tickStep, const QCPRange& range)
{
    QVector<double> ticks;
    for (int i = int(std::floor(-range.lower / tickStep + 1e-6)); i >= 0; --i)
        ticks << -i * tickStep;
    return ticks;
}

QString beforeNowText(double seconds)
{
    const qint64 s = std::llround(-seconds);
    if (s <= 0)
        return QCoreApplication::translate("NumberText", "now");
    const QString sign = u"−"_s;
    if (s % 3600 == 0)
        return sign + QString::number(s / 3600) + u" h"_s;
    if (s % 60 == 0 && s > 60)
        return sign + QString::number(s / 60) + u" m"_s;
    return sign + QString::number(s) + u" s"_s;
}

} // namespace norikv::plots
