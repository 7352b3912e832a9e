// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/counterchart.h"

#include "widgets/plots/axistickers.h"
#include "widgets/plots/gapbands.h"
#include "widgets/plots/markerlines.h"
#include "widgets/plots/numbertext.h"
#include "widgets/plots/plotsetup.h"
#include "widgets/plots/readout.h"

#include <qcustomplot.h>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

namespace {
constexpr int maxBars = 60;
constexpr double barShare = 4.5; // the bars' axis is this much taller than the tallest bar
} // namespace

struct CounterChart::Parts {
    QCPGraph* total = nullptr;
    QCPGraph* rate = nullptr;
    QCPBars* conflicts = nullptr;
    QCPAxis* conflictAxis = nullptr;
    GapBands* gaps = nullptr;
    MarkerLines* markers = nullptr;
    Readout* readout = nullptr;
};

CounterChart::CounterChart(QWidget* parent)
    : ChartWidget(parent)
    , m_parts(std::make_unique<Parts>())
{
    setAccessibleName(tr("Value and rate"));
    setFocusPolicy(Qt::StrongFocus);
    QCustomPlot* p = makePlot();
    p->setMouseTracking(true);
    p->installEventFilter(this);
    p->addLayer(u"cursor"_s, p->layer(u"overlay"_s), QCustomPlot::limAbove);
    p->layer(u"cursor"_s)->setMode(QCPLayer::lmBuffered);

    p->yAxis2->setVisible(true);
    p->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new BeforeNowTicker));
    p->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker(4)));
    p->yAxis2->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker(4, u"\u2009/s"_s)));
    m_parts->conflictAxis = p->axisRect()->addAxis(QCPAxis::atRight);
    m_parts->conflictAxis->setVisible(false);

    // Drawn in this order: area, bars, then the total on top.
    m_parts->rate = p->addGraph(p->xAxis, p->yAxis2);
    m_parts->conflicts = new QCPBars(p->xAxis, m_parts->conflictAxis);
    m_parts->conflicts->setAntialiased(false);
    m_parts->total = p->addGraph(p->xAxis, p->yAxis);
    m_parts->total->setLineStyle(QCPGraph::lsStepLeft);
    m_parts->gaps = new GapBands(p->xAxis, u"grid"_s);
    m_parts->markers = new MarkerLines(p->xAxis, u"axes"_s);
    m_parts->readout = new Readout(p->xAxis, u"cursor"_s);
    styleChanged();
    rebuild();
}

CounterChart::~CounterChart() = default;

void CounterChart::setData(const CounterChartData& chart)
{
    m_data = chart;
    rebuild();
}

void CounterChart::setRange(int seconds)
{
    m_range = qMax(1, seconds);
    rebuild();
}

ValueRange CounterChart::leftRange() const
{
    const QCPRange r = plot()->yAxis->range();
    return {r.lower, r.upper};
}

void CounterChart::rebuild()
{
    QCustomPlot* p = plot();
    const auto finite = [](double v) { return std::isfinite(v) ? v : std::nan(""); };
    QVector<QCPGraphData> totals;
    QVector<QCPGraphData> rates;
    totals.reserve(qsizetype(m_data.samples.size()));
    rates.reserve(qsizetype(m_data.samples.size()));
    for (const CounterSample& s : m_data.samples) {
        if (!std::isfinite(s.t))
            continue;
        totals.append({s.t, finite(s.total)});
        rates.append({s.t, finite(s.rate)});
    }
    m_parts->total->data()->set(totals, true);
    m_parts->rate->data()->set(rates, true);

    const std::vector<Bin> bins = conflictBins(m_data.samples, m_range, maxBars);
    QVector<QCPBarsData> bars;
    double tallest = 1;
    for (const Bin& bin : bins) {
        bars.append({bin.t, bin.sum});
        tallest = qMax(tallest, bin.sum);
    }
    m_parts->conflicts->data()->set(bars, true);
    m_parts->conflicts->setWidth(0.72 * m_range / maxBars);
    m_parts->conflictAxis->setRange(0, tallest * barShare);
    m_parts->gaps->spans = gapSpans(m_data.samples);
    m_parts->markers->markers = m_data.markers;

    const ValueRange total = totalRange(m_data.samples, -m_range);
    const ValueRange rate = rateRange(m_data.samples, -m_range);
    p->xAxis->setRange(-m_range, 0);
    p->yAxis->setRange(total.lower, total.upper);
    p->yAxis2->setRange(rate.lower, rate.upper);
    if (m_cursor >= int(m_data.samples.size()))
        hideCursor();
    else if (m_cursor >= 0)
        showSample(m_cursor);
    describe();
    requestReplot();
}

void CounterChart::styleChanged()
{
    const ChartStyle& s = chartStyle();
    QCustomPlot* p = plot();
    stylePlot(*p, s);
    styleAxis(*p->xAxis, s, false);
    styleAxis(*p->yAxis, s, true);
    styleAxis(*p->yAxis2, s, false);
    // Width 1: wider antialiased lines cost seconds per frame on noisy data.
    m_parts->total->setPen(QPen(s.series[0], 1));
    m_parts->rate->setPen(QPen(s.series[1], 1));
    QColor area = s.series[1];
    area.setAlphaF(0.15F);
    m_parts->rate->setBrush(area);
    QColor bar = s.danger;
    bar.setAlphaF(0.8F);
    m_parts->conflicts->setPen(Qt::NoPen);
    m_parts->conflicts->setBrush(bar);
    m_parts->gaps->color = s.gap;
    m_parts->markers->style = s;
    m_parts->readout->setStyle(s);
}

void CounterChart::describe()
{
    const CounterSample* last = nullptr;
    double conflicts = 0;
    for (const CounterSample& s : m_data.samples) {
        if (std::isfinite(s.total))
            last = &s;
        if (s.t >= -m_range && std::isfinite(s.conflicts))
            conflicts += s.conflicts;
    }
    if (last == nullptr) {
        setAccessibleDescription(tr("No value known yet."));
        return;
    }
    setAccessibleDescription(
        tr("Total %1, rate %2 per second, %3 conflicts in view.")
            .arg(axisNumber(last->total, 1), shortNumber(last->rate), shortNumber(conflicts)));
}

void CounterChart::showCursorAt(int pixelX)
{
    const QCustomPlot* p = plot();
    const double t = p->xAxis->pixelToCoord(pixelX);
    int nearest = -1;
    double best = m_range;
    for (std::size_t i = 0; i < m_data.samples.size(); ++i) {
        const double away = std::abs(m_data.samples[i].t - t);
        if (away < best) {
            best = away;
            nearest = int(i);
        }
    }
    if (nearest < 0
        || !p->axisRect()->rect().adjusted(-4, 0, 4, 0).contains(pixelX, p->axisRect()->center().y()))
        hideCursor();
    else
        showSample(nearest);
}

void CounterChart::showSample(int index)
{
    m_cursor = index;
    const CounterSample& s = m_data.samples[std::size_t(index)];
    const ChartStyle& style = chartStyle();
    std::vector<ReadoutLine> lines{{QColor(), beforeNowText(s.t)}};
    std::vector<std::pair<QPointF, QColor>> dots;
    const double x = plot()->xAxis->coordToPixel(s.t);
    if (std::isfinite(s.total)) {
        lines.push_back({style.series[0], tr("total %1").arg(axisNumber(s.total, 1))});
        dots.emplace_back(QPointF(x, plot()->yAxis->coordToPixel(s.total)), style.series[0]);
    } else {
        lines.push_back({QColor(), tr("not known")});
    }
    if (std::isfinite(s.rate)) {
        lines.push_back({style.series[1], tr("rate %1 /s").arg(shortNumber(s.rate))});
        dots.emplace_back(QPointF(x, plot()->yAxis2->coordToPixel(s.rate)), style.series[1]);
    }
    if (std::isfinite(s.conflicts) && s.conflicts > 0)
        lines.push_back({style.danger, tr("conflicts %1").arg(shortNumber(s.conflicts))});
    m_parts->readout->show(s.t, std::move(lines), std::move(dots));
    plot()->layer(u"cursor"_s)->replot();
}

void CounterChart::hideCursor()
{
    m_cursor = -1;
    if (!m_parts->readout->isShown())
        return;
    m_parts->readout->hide();
    plot()->layer(u"cursor"_s)->replot();
}

void CounterChart::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_data.samples.size()) - 1;
    const bool arrow = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    if (arrow && last >= 0) {
        const int step = event->key() == Qt::Key_Left ? -1 : 1;
        showSample(m_cursor < 0 ? last : qBound(0, m_cursor + step, last));
    } else if (event->key() == Qt::Key_Escape && m_cursor >= 0) {
        hideCursor();
    } else {
        ChartWidget::keyPressEvent(event);
    }
}

bool CounterChart::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseMove)
        showCursorAt(static_cast<QMouseEvent*>(event)->position().toPoint().x());
    else if (event->type() == QEvent::Leave)
        hideCursor();
    return ChartWidget::eventFilter(watched, event);
}

ChartTable CounterChart::asTable() const
{
    ChartTable table{{tr("seconds"), tr("total"), tr("rate per second"), tr("conflicts")}, {}};
    for (const CounterSample& s : m_data.samples)
        table.rows.push_back({csvNumber(s.t), csvNumber(s.total), csvNumber(s.rate), csvNumber(s.conflicts)});
    return table;
}

} // namespace norikv::plots
