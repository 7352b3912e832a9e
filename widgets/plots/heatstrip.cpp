// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heatstrip.h"

#include "widgets/plots/axistickers.h"
#include "widgets/plots/cellgrid.h"
#include "widgets/plots/heatcolour.h"
#include "widgets/plots/numbertext.h"
#include "widgets/plots/plotsetup.h"

#include <QHelpEvent>
#include <QToolTip>

#include <qcustomplot.h>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

namespace {

constexpr int maxRowLabel = 24;

QCPColorGradient cividis()
{
    QCPColorGradient gradient;
    gradient.clearColorStops();
    for (std::size_t i = 0; i < Cividis.size(); ++i)
        gradient.setColorStopAt(double(i) / double(Cividis.size() - 1), QColor(Cividis[i]));
    gradient.setNanHandling(QCPColorGradient::nhTransparent);
    return gradient;
}

} // namespace

struct HeatStrip::Parts {
    QCPColorMap* map = nullptr;
    CellGrid* grid = nullptr;
    QSharedPointer<QCPAxisTickerText> rows{new QCPAxisTickerText};
};

HeatStrip::HeatStrip(QWidget* parent)
    : ChartWidget(parent)
    , m_quantity(tr("retries"))
    , m_parts(std::make_unique<Parts>())
{
    setAccessibleName(tr("Heat strip"));
    QCustomPlot* p = makePlot();
    p->setAttribute(Qt::WA_TransparentForMouseEvents);
    p->axisRect()->setMinimumMargins(QMargins(0, 2, 16, 0));
    p->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new BeforeNowTicker));
    p->yAxis->setTicker(m_parts->rows);
    p->yAxis->setRangeReversed(true);
    m_parts->map = new QCPColorMap(p->xAxis, p->yAxis);
    m_parts->map->setGradient(cividis());
    m_parts->map->setInterpolate(false);
    m_parts->map->setTightBoundary(false);
    m_parts->map->setAntialiased(false);
    m_parts->grid = new CellGrid(p->xAxis, p->yAxis, u"axes"_s);
    styleChanged();
    setData({});
}

HeatStrip::~HeatStrip() = default;

void HeatStrip::setData(HeatStripData strip)
{
    m_data = std::move(strip);
    const int rows = int(m_data.rows.size());
    const int columns = qMax(0, m_data.columns);
    m_data.columns = columns;
    m_data.cells.resize(std::size_t(rows) * std::size_t(columns), std::nan(""));
    if (!(m_data.lastTime > m_data.firstTime))
        m_data.firstTime = m_data.lastTime - 1;

    QCPColorMapData* map = m_parts->map->data();
    map->setSize(qMax(1, columns), qMax(1, rows));
    const double step = (m_data.lastTime - m_data.firstTime) / qMax(1, columns);
    // The range names cell centres.
    map->setRange(
        QCPRange(m_data.firstTime + step / 2, m_data.lastTime - step / 2), QCPRange(0, qMax(1, rows) - 1));
    map->fill(std::nan(""));
    double most = 0;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            map->setCell(column, row, cell(row, column));
            if (std::isfinite(cell(row, column)))
                most = qMax(most, cell(row, column));
        }
    }
    m_parts->map->setDataRange(QCPRange(0, most > 0 ? most : 1));
    m_parts->grid->columns = columns;
    m_parts->grid->rows = rows;
    m_parts->rows->clear();
    // Thin out labels when rows are many.
    const int every = qMax(1, rows / 8);
    for (int row = 0; row < rows; row += every)
        m_parts->rows->addTick(row, m_data.rows.at(row).left(maxRowLabel));
    plot()->xAxis->setRange(m_data.firstTime, m_data.lastTime);
    plot()->yAxis->setRange(-0.5, qMax(1, rows) - 0.5);
    setAccessibleDescription(
        tr("%1 rows, %2 columns, at most %3 %4").arg(rows).arg(columns).arg(shortNumber(most), m_quantity));
    requestReplot();
}

void HeatStrip::setQuantity(const QString& quantity) { m_quantity = quantity; }

void HeatStrip::setCaptions(const QString& time, const QString& rows)
{
    plot()->xAxis->setLabel(time);
    plot()->yAxis->setLabel(rows);
    requestReplot();
}

double HeatStrip::cell(int row, int column) const
{
    return m_data.cells[std::size_t(row) * std::size_t(m_data.columns) + std::size_t(column)];
}

QString HeatStrip::describeCell(int row, int column) const
{
    const double step = (m_data.lastTime - m_data.firstTime) / m_data.columns;
    const double value = cell(row, column);
    const QString amount = std::isfinite(value) ? shortNumber(value) + u' ' + m_quantity : tr("not known");
    return tr("%1, %2: %3")
        .arg(m_data.rows.at(row).left(64), beforeNowText(m_data.firstTime + column * step), amount);
}

bool HeatStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    int column = -1;
    int row = -1;
    const QPointF at = help->pos();
    m_parts->map->data()->coordToCell(
        plot()->xAxis->pixelToCoord(at.x()), plot()->yAxis->pixelToCoord(at.y()), &column, &row);
    const bool inside = row >= 0 && row < int(m_data.rows.size()) && column >= 0 && column < m_data.columns;
    // Row labels may be data, and tool tips guess their format.
    QToolTip::showText(help->globalPos(),
        inside ? u"<span>"_s + describeCell(row, column).toHtmlEscaped() + u"</span>"_s : QString(), this);
    return true;
}

void HeatStrip::styleChanged()
{
    const ChartStyle& s = chartStyle();
    stylePlot(*plot(), s);
    styleAxis(*plot()->xAxis, s, false);
    styleAxis(*plot()->yAxis, s, false);
    m_parts->grid->color = s.surface;
}

ChartTable HeatStrip::asTable() const
{
    ChartTable table{{tr("row")}, {}};
    const double step = m_data.columns > 0 ? (m_data.lastTime - m_data.firstTime) / m_data.columns : 0;
    for (int column = 0; column < m_data.columns; ++column)
        table.headers << csvNumber(m_data.firstTime + column * step);
    for (int row = 0; row < int(m_data.rows.size()); ++row) {
        QStringList cells{m_data.rows.at(row)};
        for (int column = 0; column < m_data.columns; ++column)
            cells << csvNumber(cell(row, column));
        table.rows.push_back(cells);
    }
    return table;
}

} // namespace norikv::plots
