// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

// Private to plots/.
namespace norikv::plots {

/// Grouped or short numbers with as many decimals as the tick step needs, plus a suffix such as "/s".
class NumberTicker : public QCPAxisTicker {
public:
    explicit NumberTicker(int count = 4, QString suffix = {});

protected:
    QVector<QString> createLabelVector(
        const QVector<double>& ticks, const QLocale& locale, QChar formatChar, int precision) override;

private:
    QString m_suffix;
};

/// Percent of a 0..1 axis.
class PercentTicker : public QCPAxisTicker {
public:
    PercentTicker();

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

/// Seconds before now on an axis that ends at 0: "−60 s", "−30 s", "now"; minutes and hours for longer
/// ranges.
class BeforeNowTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
};

/// "now" or "−90 s", "−10 m", "−1 h".
QString beforeNowText(double seconds);

} // namespace norikv::plots
