// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/shardgrid.h"

#include "widgets/plots/heatcolour.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace norikv::plots {

namespace {

constexpr int LabelWidth = 34;
constexpr int Smallest = 5; // below it squares have no gap between them
constexpr int LabelEvery = 4; // rows

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto part = [share](int x, int y) { return int(std::lround(x * share + y * (1 - share))); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

/// Paints squares of one grid.
class Squares {
public:
    Squares(QPainter& painter, const ChartStyle& style, const ShardGridData& data)
        : m_painter(painter)
        , m_style(style)
        , m_data(data)
    {
    }
    void paint(const QRect& box, const ShardSquare& square) const
    {
        if (m_data.heat) {
            m_painter.fillRect(box,
                square.heat > 0 && m_data.most > 0 ? heatColour(square.heat / m_data.most)
                                                   : mixed(m_style.gap, m_style.surface, 0.3));
            return;
        }
        const double share = square.faint ? 0.16 : 0.82;
        switch (square.kind) {
        case ShardSquare::Kind::Led:
            m_painter.fillRect(box, mixed(series(square.series), m_style.surface, share));
            break;
        case ShardSquare::Kind::Twice: {
            const QRect half(box.left(), box.top(), box.width(), box.height() / 2);
            m_painter.fillRect(box, mixed(series(square.other), m_style.surface, share));
            m_painter.fillRect(half, mixed(series(square.series), m_style.surface, share));
            if (!square.faint)
                frame(box, m_style.danger);
            break;
        }
        case ShardSquare::Kind::Unclaimed:
            m_painter.fillRect(box,
                QBrush(mixed(m_style.danger, m_style.surface, square.faint ? 0.2 : 0.9), Qt::Dense5Pattern));
            frame(box, mixed(m_style.danger, m_style.surface, square.faint ? 0.2 : 0.9));
            break;
        case ShardSquare::Kind::Cold: {
            const int dot = std::max(1, box.width() / 4);
            m_painter.fillRect(QRect(box.center() - QPoint(dot / 2, dot / 2), QSize(dot, dot)),
                square.faint ? m_style.border : m_style.muted);
            break;
        }
        }
    }

private:
    const QColor& series(int index) const
    {
        return m_style.series[std::size_t(std::max(0, index)) % m_style.series.size()];
    }
    void frame(const QRect& box, const QColor& colour) const
    {
        m_painter.setPen(colour);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(box.adjusted(0, 0, -1, -1));
    }

    QPainter& m_painter;
    const ChartStyle& m_style;
    const ShardGridData& m_data;
};

} // namespace

ShardGrid::ShardGrid(QWidget* parent)
    : ChartWidget(parent)
{
    setAccessibleName(tr("Shard map"));
    setFocusPolicy(Qt::StrongFocus);
}

void ShardGrid::setData(ShardGridData shown)
{
    m_data = std::move(shown);
    const int last = int(m_data.squares.size()) - 1;
    m_current = std::min(m_current, last);
    m_chosen = std::min(m_chosen, last);
    requestReplot();
}

void ShardGrid::setWords(
    std::function<QString(int)> describe, QStringList headers, std::function<QStringList(int)> row)
{
    m_describe = std::move(describe);
    m_headers = std::move(headers);
    m_row = std::move(row);
}

void ShardGrid::setChosen(int shard)
{
    if (shard == m_chosen)
        return;
    m_chosen = shard;
    if (shard >= 0)
        m_current = shard;
    update();
}

int ShardGrid::columns() const
{
    return std::max(1, int(std::ceil(std::sqrt(double(m_data.squares.size())))));
}

ShardGrid::Layout ShardGrid::layoutFor(const QSize& size) const
{
    Layout layout;
    layout.columns = columns();
    const int rows = std::max(
        1, int((m_data.squares.size() + std::size_t(layout.columns) - 1) / std::size_t(layout.columns)));
    layout.pitch = std::max(1, std::min((size.width() - LabelWidth) / layout.columns, size.height() / rows));
    layout.left = LabelWidth;
    return layout;
}

QRect ShardGrid::squareOf(int shard) const
{
    const Layout l = layoutFor(size());
    const int gap = l.pitch > Smallest ? 1 : 0;
    return {l.left + shard % l.columns * l.pitch, shard / l.columns * l.pitch, l.pitch - gap, l.pitch - gap};
}

int ShardGrid::shardAt(const QPoint& position) const
{
    const Layout l = layoutFor(size());
    const int column = position.x() < l.left ? -1 : (position.x() - l.left) / l.pitch;
    const int shard = column < 0 || column >= l.columns || position.y() < 0
        ? -1
        : position.y() / l.pitch * l.columns + column;
    return shard < int(m_data.squares.size()) ? shard : -1;
}

void ShardGrid::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    const Layout l = layoutFor(size);
    const int gap = l.pitch > Smallest ? 1 : 0;
    const Squares squares(painter, s, m_data);
    for (int shard = 0; shard < int(m_data.squares.size()); ++shard)
        squares.paint(QRect(l.left + shard % l.columns * l.pitch, shard / l.columns * l.pitch, l.pitch - gap,
                          l.pitch - gap),
            m_data.squares[std::size_t(shard)]);
    painter.setFont(s.font);
    painter.setPen(s.muted);
    const int every = l.pitch * LabelEvery >= painter.fontMetrics().height() ? LabelEvery : LabelEvery * 2;
    for (int row = 0; row * l.columns < int(m_data.squares.size()); row += every) {
        const QRect place(
            0, row * l.pitch - 1, l.left - 8, std::max(l.pitch, painter.fontMetrics().height()));
        painter.drawText(place, Qt::AlignRight | (row == 0 ? Qt::AlignTop : Qt::AlignVCenter),
            QString::number(row * l.columns));
    }
    const auto ring = [&](int shard, const QColor& colour) {
        painter.setPen(QPen(colour, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRect(
            l.left + shard % l.columns * l.pitch, shard / l.columns * l.pitch, l.pitch - gap, l.pitch - gap)
                             .adjusted(-1, -1, 1, 1));
    };
    if (m_chosen >= 0)
        ring(m_chosen, s.text);
    if (hasFocus() && m_current >= 0)
        ring(m_current, s.accent);
}

bool ShardGrid::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int shard = shardAt(help->pos());
    QToolTip::showText(help->globalPos(), shard < 0 || !m_describe ? QString() : m_describe(shard), this);
    return true;
}

void ShardGrid::mouseReleaseEvent(QMouseEvent* event)
{
    const int shard = shardAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || shard < 0)
        return;
    moveTo(shard);
    Q_EMIT shardActivated(shard);
}

void ShardGrid::moveTo(int shard)
{
    m_current = std::clamp(shard, 0, std::max(0, int(m_data.squares.size()) - 1));
    if (m_describe && !m_data.squares.empty())
        setAccessibleDescription(m_describe(m_current));
    update();
}

void ShardGrid::keyPressEvent(QKeyEvent* event)
{
    const int from = std::max(0, m_current);
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(from - 1);
    case Qt::Key_Right:
        return moveTo(from + 1);
    case Qt::Key_Up:
        return moveTo(from < columns() ? from : from - columns());
    case Qt::Key_Down:
        return moveTo(from + columns() < int(m_data.squares.size()) ? from + columns() : from);
    case Qt::Key_Home:
        return moveTo(0);
    case Qt::Key_End:
        return moveTo(int(m_data.squares.size()) - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT shardActivated(m_current);
        return;
    default:
        ChartWidget::keyPressEvent(event);
    }
}

void ShardGrid::focusInEvent(QFocusEvent* event)
{
    ChartWidget::focusInEvent(event);
    moveTo(std::max(0, m_current));
}

void ShardGrid::focusOutEvent(QFocusEvent* event)
{
    ChartWidget::focusOutEvent(event);
    update();
}

ChartTable ShardGrid::asTable() const
{
    ChartTable table{m_headers, {}};
    for (int shard = 0; m_row && shard < int(m_data.squares.size()); ++shard)
        table.rows.push_back(m_row(shard));
    return table;
}

} // namespace norikv::plots
