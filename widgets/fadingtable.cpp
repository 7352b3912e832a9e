// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fadingtable.h"

#include <QPainter>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int FrameMs = 100;
constexpr double Most = 0.85; // what has ended can still be read
} // namespace

FadingTable::FadingTable(QWidget* parent)
    : QTableView(parent)
{
    m_frames.setInterval(FrameMs);
    connect(&m_frames, &QTimer::timeout, this, [this] {
        look();
        viewport()->update();
    });
}

template <class Use> void FadingTable::eachFading(const Use& use) const
{
    if (!m_fade || !model())
        return;
    const int first = std::max(0, rowAt(0));
    const int below = rowAt(viewport()->height() - 1);
    const int last = below < 0 ? model()->rowCount() - 1 : below;
    for (int row = first; row <= last; ++row) {
        if (const double faded = m_fade(row); faded > 0)
            use(row, std::min(1.0, faded));
    }
}

void FadingTable::look()
{
    bool any = false;
    if (isVisible())
        eachFading([&](int, double) { any = true; });
    if (any && !m_frames.isActive())
        m_frames.start();
    else if (!any)
        m_frames.stop();
}

void FadingTable::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (!fading())
        return;
    QPainter painter(viewport());
    eachFading([&](int row, double faded) {
        QColor veil = palette().base().color();
        veil.setAlphaF(float(faded * Most));
        painter.fillRect(0, rowViewportPosition(row), viewport()->width(), rowHeight(row) - 1, veil);
    });
}

} // namespace norikv::widgets
