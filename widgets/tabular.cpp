// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tabular.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

namespace {

bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

// A font's thin space is too thin between digits of a large number, so groups get a fixed share of a digit.
constexpr QChar thinSpace(0x2009);

bool endsRun(QChar c) { return isDigit(c) || c == thinSpace; }

qreal digitAdvance(const QFontMetricsF& metrics)
{
    qreal widest = 0;
    for (char16_t c = u'0'; c <= u'9'; ++c)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(c)));
    return widest;
}

/// Calls run(piece, advance) for each digit, each group space and each stretch between them.
template <class Run> void forEachRun(const QFontMetricsF& metrics, QStringView text, Run run)
{
    const qreal digit = digitAdvance(metrics);
    for (qsizetype at = 0; at < text.size();) {
        if (isDigit(text[at])) {
            run(text.mid(at, 1), digit, true);
            ++at;
            continue;
        }
        if (text[at] == thinSpace) {
            run(text.mid(at, 1), digit * 0.4, false);
            ++at;
            continue;
        }
        const auto end = std::find_if(text.begin() + at, text.end(), endsRun) - text.begin();
        const QStringView piece = text.mid(at, end - at);
        run(piece, metrics.horizontalAdvance(piece.toString()), false);
        at = end;
    }
}

qreal exactWidth(const QFontMetricsF& metrics, QStringView text)
{
    qreal width = 0;
    forEachRun(metrics, text, [&width](QStringView, qreal advance, bool) { width += advance; });
    return width;
}

} // namespace

int tabularWidth(const QFont& font, QStringView text)
{
    return int(std::ceil(exactWidth(QFontMetricsF(font), text)));
}

void drawTabular(QPainter& painter, QRect rect, Qt::Alignment alignment, QStringView text)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const qreal width = exactWidth(metrics, text);
    qreal x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.left() + rect.width() - width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.left() + (rect.width() - width) / 2;
    qreal y = rect.top() + metrics.ascent();
    if (alignment & Qt::AlignBottom)
        y = rect.top() + rect.height() - metrics.descent();
    else if (alignment & Qt::AlignVCenter)
        y = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) / 2;
    forEachRun(metrics, text, [&](QStringView piece, qreal advance, bool digit) {
        const QString run = piece.toString();
        const qreal inset = digit ? (advance - metrics.horizontalAdvance(run)) / 2 : 0;
        painter.drawText(QPointF(x + inset, y), run);
        x += advance;
    });
}

TabularLabel::TabularLabel(QWidget* parent)
    : TabularLabel(QString(), parent)
{
}

TabularLabel::TabularLabel(const QString& text, QWidget* parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setText(text);
}

QSize TabularLabel::sizeHint() const
{
    ensurePolished();
    const QMargins m = contentsMargins();
    return QSize(
        tabularWidth(font(), text()) + m.left() + m.right(), fontMetrics().height() + m.top() + m.bottom());
}

QSize TabularLabel::minimumSizeHint() const { return sizeHint(); }

void TabularLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, foregroundRole()));
    drawTabular(painter, contentsRect(), QStyle::visualAlignment(layoutDirection(), alignment()), text());
}

} // namespace norikv::widgets
