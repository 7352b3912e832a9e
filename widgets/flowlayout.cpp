// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flowlayout.h"

#include <QStyle>
#include <QWidget>

namespace norikv::widgets {

FlowLayout::FlowLayout(int spacing, int lineSpacing, QWidget* parent)
    : QLayout(parent)
    , m_lineSpacing(lineSpacing)
{
    setSpacing(spacing);
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.emplace_back(item);
    invalidate();
}

int FlowLayout::count() const { return int(m_items.size()); }

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[std::size_t(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem* item = m_items[std::size_t(index)].release();
    m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const { return arrange(QRect(0, 0, width, 0), false); }

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

QSize FlowLayout::sizeHint() const
{
    QSize size(0, 0);
    for (const auto& item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize hint = item->sizeHint();
        size.rwidth() += hint.width() + (size.width() > 0 ? spacing() : 0);
        size.setHeight(qMax(size.height(), hint.height()));
    }
    return size.grownBy(contentsMargins());
}

QSize FlowLayout::minimumSize() const
{
    QSize size(0, 0);
    for (const auto& item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size.grownBy(contentsMargins());
}

int FlowLayout::arrange(const QRect& rect, bool apply) const
{
    const QRect area = rect.marginsRemoved(contentsMargins());
    const QWidget* parent = parentWidget();
    const Qt::LayoutDirection direction = parent != nullptr ? parent->layoutDirection() : Qt::LeftToRight;
    std::vector<QLayoutItem*> line;
    int y = area.top();
    int x = area.left();
    int lineHeight = 0;
    const auto finishLine = [&] {
        int left = area.left();
        for (QLayoutItem* item : line) {
            const QSize size = item->sizeHint().boundedTo(QSize(area.width(), QWIDGETSIZE_MAX));
            const QRect box(QPoint(left, y + (lineHeight - size.height()) / 2), size);
            if (apply)
                item->setGeometry(QStyle::visualRect(direction, area, box));
            left += size.width() + spacing();
        }
        line.clear();
        y += lineHeight;
    };
    for (const auto& item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint();
        if (!line.empty() && x + size.width() > area.left() + area.width()) {
            finishLine();
            y += m_lineSpacing;
            x = area.left();
            lineHeight = 0;
        }
        line.push_back(item.get());
        x += size.width() + spacing();
        lineHeight = qMax(lineHeight, size.height());
    }
    finishLine();
    return y - rect.top() + contentsMargins().bottom();
}

} // namespace norikv::widgets
