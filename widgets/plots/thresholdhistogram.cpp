// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/thresholdhistogram.h"

#include "widgets/plots/numbertext.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace norikv::plots {

namespace {
constexpr double Coarse = 0.01; // of an arrow
constexpr double Fine = 0.001; // with Shift
constexpr double Smallest = 0.001; // a drag lands on these
constexpr double Grip = 5; // half the width of the handle
} // namespace

ThresholdHistogram::ThresholdHistogram(QWidget* parent)
    : ChartWidget(parent)
{
    setObjectName(QStringLiteral("thresholdHistogram"));
    setAccessibleName(tr("Histogram with a threshold"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SplitHCursor);
}

void ThresholdHistogram::setData(ThresholdData shown)
{
    const double kept = m_data.threshold;
    m_data = std::move(shown);
    if (m_dragging)
        m_data.threshold = kept; // news must not pull the line from under the hand
    setThreshold(m_data.threshold);
    requestReplot();
}

void ThresholdHistogram::setThreshold(double threshold)
{
    m_data.threshold = threshold;
    double over = 0;
    double all = 0;
    for (std::size_t bin = 0; bin < m_data.counts.size(); ++bin) {
        all += m_data.counts[bin];
        if (m_data.from + m_data.step * (double(bin) + 0.5) >= threshold)
            over += m_data.counts[bin];
    }
    setAccessibleDescription(tr("threshold %1; %2 of %3 above")
                                 .arg(threshold, 0, 'f', 3)
                                 .arg(shortNumber(over), shortNumber(all)));
    update();
}

void ThresholdHistogram::setQuantity(const QString& quantity)
{
    m_quantity = quantity;
    update();
}

double ThresholdHistogram::xOf(double value) const
{
    return whole() > 0 ? width() * (value - m_data.from) / whole() : 0;
}

void ThresholdHistogram::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    const int line = painter.fontMetrics().height();
    const QRectF area(0, line + 2, size.width(), size.height() - 3 * line - 2);
    painter.setPen(s.border);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_data.counts.empty()) {
        painter.setPen(s.muted);
        painter.drawText(area, Qt::AlignCenter, tr("Nothing compared yet"));
        return;
    }
    // Square roots: a handful of duplicates must show beside a thousand that are none.
    const double most = std::sqrt(std::max(1.0, *std::ranges::max_element(m_data.counts)));
    const double pitch = area.width() / double(m_data.counts.size());
    for (std::size_t bin = 0; bin < m_data.counts.size(); ++bin) {
        if (m_data.counts[bin] <= 0)
            continue;
        const double high = std::max(2.0, area.height() * std::sqrt(m_data.counts[bin]) / most);
        const bool over = m_data.from + m_data.step * (double(bin) + 0.5) >= m_data.threshold;
        const QRectF bar(pitch * double(bin), area.bottom() - high, std::max(1.0, pitch - 1), high);
        painter.fillRect(bar, over ? s.series[3] : s.series[0]);
        if (over) {
            QColor hatch = s.surface;
            hatch.setAlphaF(0.4F);
            painter.fillRect(bar, QBrush(hatch, Qt::BDiagPattern)); // not by colour alone
        }
    }
    const double x
        = std::clamp(size.width() * (m_data.threshold - m_data.from) / whole(), 1.0, size.width() - 1.0);
    const QColor grip = hasFocus() || m_dragging ? s.accent : s.text;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(grip, 2));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setBrush(grip);
    painter.setPen(Qt::NoPen);
    const std::array<QPointF, 3> handle{
        QPointF(x - Grip, area.top()), QPointF(x + Grip, area.top()), QPointF(x, area.top() + 2 * Grip)};
    painter.drawConvexPolygon(handle.data(), int(handle.size()));
    const QString text = QString::number(m_data.threshold, 'f', 3);
    const int width = painter.fontMetrics().horizontalAdvance(text);
    painter.setPen(s.text);
    painter.drawText(QPointF(std::clamp(x - width / 2.0, 0.0, double(size.width() - width)),
                         painter.fontMetrics().ascent()),
        text);
    painter.setPen(s.muted);
    const QRectF below(0, area.bottom() + 2, area.width(), line);
    painter.drawText(below, Qt::AlignLeft, axisNumber(m_data.from, 0.01));
    painter.drawText(below, Qt::AlignRight, axisNumber(m_data.from + whole(), 0.01));
    painter.drawText(below, Qt::AlignHCenter, axisNumber(m_data.from + whole() / 2, 0.001));
    painter.drawText(below.translated(0, line - 1), Qt::AlignHCenter, m_quantity);
}

void ThresholdHistogram::move(double threshold)
{
    const double most = m_data.from + whole();
    const double landed
        = std::clamp(std::round(threshold / Smallest) * Smallest, m_data.from, std::max(m_data.from, most));
    if (m_data.counts.empty() || std::abs(landed - m_data.threshold) < Smallest / 2)
        return;
    setThreshold(landed);
    Q_EMIT thresholdMoved(landed);
}

void ThresholdHistogram::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragging = true;
    mouseMoveEvent(event);
}

void ThresholdHistogram::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragging)
        move(m_data.from + whole() * event->position().x() / std::max(1, width()));
}

void ThresholdHistogram::mouseReleaseEvent(QMouseEvent*)
{
    m_dragging = false;
    update();
}

void ThresholdHistogram::keyPressEvent(QKeyEvent* event)
{
    const double step = event->modifiers() & Qt::ShiftModifier ? Fine : Coarse;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        return move(m_data.threshold - step);
    case Qt::Key_Right:
    case Qt::Key_Up:
        return move(m_data.threshold + step);
    case Qt::Key_Home:
        return move(m_data.from);
    case Qt::Key_End:
        return move(m_data.from + whole());
    default:
        ChartWidget::keyPressEvent(event);
    }
}

void ThresholdHistogram::focusInEvent(QFocusEvent* event)
{
    ChartWidget::focusInEvent(event);
    update();
}

void ThresholdHistogram::focusOutEvent(QFocusEvent* event)
{
    ChartWidget::focusOutEvent(event);
    update();
}

ChartTable ThresholdHistogram::asTable() const
{
    ChartTable table{{m_quantity, tr("count")}, {}};
    for (std::size_t bin = 0; bin < m_data.counts.size(); ++bin)
        table.rows.push_back(
            {csvNumber(m_data.from + double(bin) * m_data.step), csvNumber(m_data.counts[bin])});
    return table;
}

} // namespace norikv::plots
