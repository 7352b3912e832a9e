// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/diffview.h"

#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace norikv::widgets {

using What = models::DiffLayout::Row::What;

namespace {
constexpr int Padding = 8;
constexpr int Leading = 3; ///< more air than a plain text has: rows are tinted
} // namespace

DiffView::DiffView(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("diffView"));
    setAccessibleName(tr("Difference"));
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setFont(Theme::monoFont());
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DiffView::setDiff(models::DiffLayout diff)
{
    m_diff = std::move(diff);
    std::uint32_t last = 0;
    for (auto row = m_diff.rows.rbegin(); row != m_diff.rows.rend() && last == 0; ++row) {
        for (const auto line : {row->left, row->right})
            last = std::max(last, line == models::DiffLayout::None ? 0 : line + 1);
    }
    m_digits = int(QString::number(std::max<std::size_t>(last, m_diff.rows.size())).size());
    setAccessibleDescription(tr("%1 lines removed, %2 added").arg(m_diff.removed).arg(m_diff.added));
    updateBars();
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
    viewport()->update();
}

int DiffView::gutter(const QFontMetrics& metrics) const
{
    return Padding + metrics.averageCharWidth() * (m_digits + 3);
}

void DiffView::updateBars()
{
    const QFontMetrics metrics(viewport()->font());
    const int page = std::max(1, (viewport()->height() - 2 * Padding) / (metrics.lineSpacing() + Leading));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, std::max(0, int(m_diff.rows.size()) - page));
    const int side = m_diff.sideBySide ? viewport()->width() / 2 : viewport()->width();
    const int wide = int(m_diff.texts.widest()) * metrics.averageCharWidth() + gutter(metrics) + Padding;
    horizontalScrollBar()->setPageStep(side);
    horizontalScrollBar()->setSingleStep(metrics.averageCharWidth() * 4);
    horizontalScrollBar()->setRange(0, std::max(0, wide - side));
}

void DiffView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
}

void DiffView::paintSide(QPainter& painter, const QRect& area, const Row& row, bool left) const
{
    const Tokens& t = m_theme.tokens();
    const auto line = left ? row.left : row.right;
    const auto text = left ? row.leftText : row.rightText;
    const bool there = text != models::DiffLayout::None;
    const bool same = row.what == What::Same;
    const ToneColors& tone = left ? t.danger : t.ok;
    if (!there) {
        painter.fillRect(area, t.background);
        return;
    }
    if (!same)
        painter.fillRect(area, tone.soft);
    const QFontMetrics metrics(painter.font());
    const int baseline = area.top() + metrics.ascent() + (area.height() - metrics.height()) / 2;
    const int numbers = metrics.averageCharWidth() * m_digits;
    painter.setPen(t.muted);
    const QString number = QString::number(line + 1);
    painter.drawText(area.left() + Padding + numbers - metrics.horizontalAdvance(number), baseline, number);
    painter.setPen(same ? t.muted : tone.text);
    if (!same)
        painter.drawText(area.left() + Padding + numbers + metrics.averageCharWidth(), baseline,
            left ? QStringLiteral("\u2212") : QStringLiteral("+"));
    painter.save();
    const int from = gutter(metrics);
    painter.setClipRect(area.adjusted(from, 0, 0, 0));
    painter.setPen(same ? t.text : tone.text);
    painter.drawText(area.left() + from - horizontalScrollBar()->value(), baseline, m_diff.texts[text]);
    painter.restore();
}

void DiffView::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), t.field);
    painter.setFont(viewport()->font());
    const QFontMetrics metrics(painter.font());
    const int height = metrics.lineSpacing() + Leading;
    const int width = viewport()->width();
    const int half = m_diff.sideBySide ? width / 2 : width;
    int y = Padding;
    for (auto i = static_cast<std::size_t>(verticalScrollBar()->value());
         i < m_diff.rows.size() && y < viewport()->height(); ++i, y += height) {
        const Row& row = m_diff.rows[i];
        if (row.what == What::Folded) {
            painter.fillRect(0, y, width, height, t.background);
            painter.setPen(t.muted);
            painter.drawText(QRect(gutter(metrics), y, width, height), Qt::AlignLeft | Qt::AlignVCenter,
                tr("… %n line(s) alike", nullptr, int(row.left)));
        } else if (m_diff.sideBySide) {
            paintSide(painter, {0, y, half, height}, row, true);
            paintSide(painter, {half, y, width - half, height}, row, false);
        } else {
            paintSide(painter, {0, y, width, height}, row, row.what == What::Removed);
        }
    }
    if (m_diff.sideBySide)
        painter.fillRect(half, 0, 1, viewport()->height(), t.border);
}

int DiffView::nextChange(int from, int step) const
{
    const auto quiet = [&](int row) {
        const auto what = m_diff.rows[static_cast<std::size_t>(row)].what;
        return what == What::Same || what == What::Folded;
    };
    const int count = int(m_diff.rows.size());
    int row = from;
    while (row >= 0 && row < count && !quiet(row)) // out of the change one stands in
        row += step;
    while (row >= 0 && row < count && quiet(row))
        row += step;
    while (step < 0 && row > 0 && !quiet(row - 1)) // to its first row
        --row;
    return row >= 0 && row < count ? row : -1;
}

void DiffView::keyPressEvent(QKeyEvent* event)
{
    auto* bar = verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_Home:
        bar->setValue(bar->minimum());
        return;
    case Qt::Key_End:
        bar->setValue(bar->maximum());
        return;
    case Qt::Key_N:
    case Qt::Key_P: {
        const int row = nextChange(bar->value(), event->key() == Qt::Key_N ? 1 : -1);
        if (row >= 0)
            bar->setValue(row);
        return;
    }
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace norikv::widgets
