// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/elidedlabel.h"

#include "widgets/plaintext.h"

#include <QPainter>
#include <QStyle>

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

QSize ElidedLabel::minimumSizeHint() const
{
    const QSize full = sizeHint();
    return QSize(qMin(full.width(), fontMetrics().averageCharWidth() * 5), full.height());
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect box = contentsRect();
    const QString shown = fontMetrics().elidedText(text(), m_mode, box.width());
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
    const bool cut = fontMetrics().horizontalAdvance(text()) > contentsRect().width();
    setToolTip(cut ? plainToolTip(text()) : QString());
}

} // namespace norikv::widgets
