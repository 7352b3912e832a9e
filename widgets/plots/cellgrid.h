// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

// Private to plots/.
namespace norikv::plots {

/// Surface-coloured gaps between the cells of a colour map, left out where cells get too small for them.
class CellGrid : public QCPLayerable {
public:
    CellGrid(QCPAxis* time, QCPAxis* row, const QString& layer);

    int columns = 0;
    int rows = 0;
    QColor color;

protected:
    QRect clipRect() const override { return m_time->axisRect()->rect(); }
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    void draw(QCPPainter* painter) override;

private:
    QCPAxis* m_time;
    QCPAxis* m_row;
};

} // namespace norikv::plots
