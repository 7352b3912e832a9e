// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/cellgrid.h"

namespace norikv::plots {

namespace {
constexpr int smallestCell = 6; // pixels
constexpr int gap = 2;
} // namespace

CellGrid::CellGrid(QCPAxis* time, QCPAxis* row, const QString& layer)
    : QCPLayerable(time->parentPlot(), layer)
    , m_time(time)
    , m_row(row)
{
}

void CellGrid::draw(QCPPainter* painter)
{
    const QRect area = clipRect().adjusted(0, 0, 1, 1);
    const QCPRange span = m_time->range();
    if (columns > 0 && area.width() / columns >= smallestCell) {
        for (int i = 0; i <= columns; ++i) {
            const int x = qRound(m_time->coordToPixel(span.lower + span.size() * i / columns));
            painter->fillRect(QRect(x - gap / 2, area.top(), gap, area.height()), color);
        }
    }
    if (rows > 0 && area.height() / rows >= smallestCell) {
        for (int i = 0; i <= rows; ++i) {
            const int y = qRound(m_row->coordToPixel(i - 0.5));
            painter->fillRect(QRect(area.left(), y - gap / 2, area.width(), gap), color);
        }
    }
}

} // namespace norikv::plots
