// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curvechart.h"

#include "widgets/plots/axistickers.h"
#include "widgets/plots/numbertext.h"
#include "widgets/plots/plotsetup.h"

#include <qcustomplot.h>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

struct CurveChart::Parts {
    QCPGraph* curve = nullptr;
    QCPItemLine* marked = nullptr;
    QCPItemText* markedLabel = nullptr;
    QCPItemLine* threshold = nullptr;
    QCPItemTracer* current = nullptr;
    QCPItemText* currentLabel = nullptr;
};

CurveChart::CurveChart(QWidget* parent)
    : ChartWidget(parent)
    , m_parts(std::make_unique<Parts>())
{
    setAccessibleName(tr("How many shards?"));
    QCustomPlot* p = makePlot();
    p->axisRect()->setMinimumMargins(QMargins(0, 6, 8, 0));
    p->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker));
    p->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker(5)));
    m_parts->curve = p->addGraph();
    m_parts->threshold = new QCPItemLine(p);
    m_parts->marked = new QCPItemLine(p);
    m_parts->markedLabel = new QCPItemText(p);
    m_parts->current = new QCPItemTracer(p);
    m_parts->currentLabel = new QCPItemText(p);
    m_parts->current->setStyle(QCPItemTracer::tsCircle);
    m_parts->current->setSize(8);
    m_parts->marked->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_parts->marked->end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_parts->threshold->start->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_parts->threshold->end->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_parts->markedLabel->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_parts->markedLabel->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_parts->currentLabel->position->setParentAnchor(m_parts->current->position);
    m_parts->currentLabel->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_parts->currentLabel->position->setCoords(6, -3);
    styleChanged();
    setData({});
}

CurveChart::~CurveChart() = default;

void CurveChart::setData(CurveData curve)
{
    m_data = std::move(curve);
    QCustomPlot* p = plot();
    QVector<QCPGraphData> points;
    double top = 0;
    for (std::size_t i = 0; i < m_data.probability.size(); ++i) {
        const double v = m_data.probability[i];
        points.append({double(i + 1), std::isfinite(v) ? qBound(0.0, v, 1.0) : std::nan("")});
        top = std::isfinite(v) ? qMax(top, qMin(v, 1.0)) : top;
    }
    const int count = int(points.size());
    m_parts->curve->data()->set(points, true);
    p->xAxis->setRange(1, qMax(2, count));
    p->yAxis->setRange(0, qMax(0.02, top * 1.08));

    const auto shown = [count](int n) { return n >= 1 && n <= count; };
    const double at = m_data.markedN;
    m_parts->marked->setVisible(shown(m_data.markedN));
    m_parts->marked->start->setCoords(at, 0);
    m_parts->marked->end->setCoords(at, 1);
    m_parts->markedLabel->setVisible(shown(m_data.markedN));
    m_parts->markedLabel->setText(QString::number(m_data.markedN));
    // Past the middle the label goes to the left, where there is room.
    const bool left = m_data.markedN > count * 0.85;
    m_parts->markedLabel->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    m_parts->markedLabel->position->setCoords(at, 0);
    // A tracer complains about a graph without data.
    m_parts->current->setGraph(count > 0 ? m_parts->curve : nullptr);
    m_parts->current->setVisible(shown(m_data.currentN) && m_data.currentN != m_data.markedN);
    m_parts->current->setGraphKey(m_data.currentN);
    m_parts->currentLabel->setVisible(m_parts->current->visible());
    m_parts->currentLabel->setText(tr("now %1").arg(m_data.currentN));
    m_parts->threshold->setVisible(m_data.threshold > 0 && count > 0);
    m_parts->threshold->start->setCoords(0, m_data.threshold);
    m_parts->threshold->end->setCoords(1, m_data.threshold);

    setAccessibleDescription(shown(m_data.markedN)
            ? tr("Conflict probability falls below the limit from %1 shards on; now %2.")
                  .arg(m_data.markedN)
                  .arg(m_data.currentN)
            : tr("No advice yet: the rate is not known."));
    requestReplot();
}

void CurveChart::styleChanged()
{
    const ChartStyle& s = chartStyle();
    QCustomPlot* p = plot();
    stylePlot(*p, s);
    styleAxis(*p->xAxis, s, false);
    styleAxis(*p->yAxis, s, true);
    p->xAxis->setBasePen(QPen(s.border, 1));
    m_parts->curve->setPen(QPen(s.series[4], 1));
    QColor area = s.series[4];
    area.setAlphaF(0.10F);
    m_parts->curve->setBrush(area);
    m_parts->marked->setPen(QPen(s.accent, 1));
    m_parts->marked->setAntialiased(false);
    m_parts->markedLabel->setColor(s.accentText);
    m_parts->markedLabel->setPadding(QMargins(6, 0, 6, 0));
    QFont bold = s.font;
    bold.setWeight(QFont::DemiBold);
    m_parts->markedLabel->setFont(bold);
    m_parts->threshold->setPen(QPen(s.muted, 1, Qt::DashLine));
    m_parts->threshold->setAntialiased(false);
    m_parts->current->setPen(QPen(s.surface, 1));
    m_parts->current->setBrush(s.series[4]);
    m_parts->currentLabel->setFont(s.font);
    m_parts->currentLabel->setColor(s.text);
}

ChartTable CurveChart::asTable() const
{
    ChartTable table{{tr("shards"), tr("conflict probability")}, {}};
    for (std::size_t i = 0; i < m_data.probability.size(); ++i)
        table.rows.push_back({QString::number(i + 1), csvNumber(m_data.probability[i])});
    return table;
}

} // namespace norikv::plots
