// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/valueview.h"

#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int Padding = 8;
}

ValueView::ValueView(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("valueView"));
    setAccessibleName(tr("Value"));
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setFont(Theme::monoFont());
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ValueView::setLayoutLines(models::ValueLayout layout, bool keepPlace)
{
    m_value = std::move(layout);
    updateBars();
    if (!keepPlace) {
        verticalScrollBar()->setValue(0);
        horizontalScrollBar()->setValue(0);
    }
    viewport()->update();
}

void ValueView::updateBars()
{
    const QFontMetrics metrics(viewport()->font());
    const int page = std::max(1, (viewport()->height() - 2 * Padding) / metrics.lineSpacing());
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, std::max(0, int(m_value.lines.size()) - page));
    const int wide = int(m_value.lines.widest()) * metrics.averageCharWidth() + 2 * Padding;
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(metrics.averageCharWidth() * 4);
    horizontalScrollBar()->setRange(0, std::max(0, wide - viewport()->width()));
}

void ValueView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
}

void ValueView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.tokens().field);
    painter.setFont(viewport()->font());
    const QFontMetrics metrics(painter.font());
    const int x = Padding - horizontalScrollBar()->value();
    int y = Padding + metrics.ascent();
    for (int i = verticalScrollBar()->value();
         i < int(m_value.lines.size()) && y < viewport()->height() + metrics.height(); ++i) {
        const QString line = m_value.lines[static_cast<std::size_t>(i)];
        if (m_value.mode == models::ViewMode::Json) {
            paintJson(painter, x, y, line);
        } else {
            painter.setPen(m_theme.tokens().text);
            painter.drawText(x, y, line);
        }
        y += metrics.lineSpacing();
    }
}

// Names, strings, numbers: enough colour to find one's way. A line is at most 160 characters, so this is
// cheap.
void ValueView::paintJson(QPainter& painter, int x, int y, const QString& line) const
{
    const Tokens& t = m_theme.tokens();
    const QFontMetrics metrics(painter.font());
    qsizetype at = 0;
    while (at < line.size()) {
        qsizetype end = at + 1;
        QColor colour = t.muted;
        const QChar c = line[at];
        if (c == QLatin1Char('"')) {
            while (end < line.size() && line[end] != QLatin1Char('"'))
                end += line[end] == QLatin1Char('\\') ? 2 : 1;
            end = std::min(end + 1, line.size());
            const bool isName = end < line.size() && line[end] == QLatin1Char(':');
            colour = isName ? t.text : t.ok.text;
        } else if (c.isDigit() || c == QLatin1Char('-') || c.isLetter()) {
            while (end < line.size()
                && (line[end].isLetterOrNumber() || QStringView(u"+-.").contains(line[end])))
                ++end;
            colour = c.isLetter() ? t.warning.text : t.info.text;
        } else {
            while (end < line.size() && line[end] == c)
                ++end;
        }
        const QString token = line.mid(at, end - at);
        painter.setPen(colour);
        painter.drawText(x, y, token);
        x += metrics.horizontalAdvance(token);
        at = end;
    }
}

void ValueView::keyPressEvent(QKeyEvent* event)
{
    auto* bar = verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_Home:
        bar->setValue(bar->minimum());
        return;
    case Qt::Key_End:
        bar->setValue(bar->maximum());
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace norikv::widgets
