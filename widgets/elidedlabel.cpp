// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/elidedlabel.h"

#include "widgets/plaintext.h"

#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <algorithm>

namespace norikv::widgets {

ElidedLabel::ElidedLabel(QWidget* parent)
    : ElidedLabel(QString(), Qt::ElideRight, parent)
{
}

ElidedLabel::ElidedLabel(const QString& text, Qt::TextElideMode mode, QWidget* parent)
    : QLabel(parent)
    , m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setText(text);
}

void ElidedLabel::setText(const QString& text)
{
    const QString shown = clippedLine(text);
    if (shown == QLabel::text())
        return;
    QLabel::setText(shown);
    updateToolTip();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

void ElidedLabel::setMostLines(int lines)
{
    m_most = lines;
    QSizePolicy policy = sizePolicy();
    policy.setHeightForWidth(lines > 1);
    setSizePolicy(policy);
    updateGeometry();
}

QStringList ElidedLabel::lines(int width) const
{
    QStringList out;
    QString rest = text();
    const QFontMetrics metrics = fontMetrics();
    while (int(out.size()) + 1 < m_most && metrics.horizontalAdvance(rest) > width) {
        QTextLayout layout(rest, font());
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(width);
        layout.endLayout();
        const int taken = std::max(1, line.textLength());
        out << rest.left(taken);
        rest.remove(0, taken);
    }
    out << metrics.elidedText(rest, m_mode, width);
    return out;
}

int ElidedLabel::heightForWidth(int width) const
{
    const QMargins around = contentsMargins();
    const int room = std::max(1, width - around.left() - around.right());
    return int(lines(room).size()) * fontMetrics().lineSpacing() + around.top() + around.bottom();
}

QSize ElidedLabel::minimumSizeHint() const
{
    const QSize full = sizeHint();
    return QSize(qMin(full.width(), fontMetrics().averageCharWidth() * 5), full.height());
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect box = contentsRect();
    const QString shown = lines(box.width()).join(QLatin1Char('\n'));
    style()->drawItemText(&painter, box, int(QStyle::visualAlignment(layoutDirection(), alignment())),
        palette(), isEnabled(), shown, foregroundRole());
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    updateToolTip();
}

void ElidedLabel::updateToolTip()
{
    const bool cut = lines(contentsRect().width()).join(QString()) != text();
    setToolTip(cut ? plainToolTip(text()) : QString());
}

} // namespace norikv::widgets
