// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/railbutton.h"

#include "widgets/icons.h"

#include <QPainter>
#include <QStyle>

namespace norikv::widgets {

namespace {
constexpr int iconSide = 18;
constexpr int inset = 10;
constexpr int gap = 11;
} // namespace

RailButton::RailButton(const Theme& theme, const QString& iconId, const QString& text, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_iconId(iconId)
{
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RailButton::setIconOnly(bool iconOnly)
{
    m_iconOnly = iconOnly;
    updateGeometry();
    update();
}

QSize RailButton::sizeHint() const
{
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const int height = fontMetrics().height() + 18;
    const int textWidth
        = m_iconOnly ? 0 : gap + QFontMetrics(bold).horizontalAdvance(QAbstractButton::text());
    return QSize(inset + iconSide + textWidth + inset, height);
}

void RailButton::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RailButton::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void RailButton::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool hot = isEnabled() && underMouse();
    if (isChecked() || hot || isDown()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isChecked() ? t.accentSoft : isDown() ? t.pressed : t.hover);
        painter.drawRoundedRect(box, 6, 6);
    }
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }

    const QColor ink = !isEnabled() ? t.disabledText : isChecked() || hot ? t.text : t.muted;
    const QColor iconInk = isEnabled() && isChecked() ? t.accentText : ink;
    const int left = m_iconOnly ? (width() - iconSide) / 2 : inset;
    const QRect iconBox(left, (height() - iconSide) / 2, iconSide, iconSide);
    painter.drawPixmap(QStyle::visualRect(layoutDirection(), rect(), iconBox),
        iconPixmap(m_iconId, iconInk, iconSide, devicePixelRatioF()));
    if (m_iconOnly)
        return;
    QFont face = font();
    face.setWeight(isChecked() ? QFont::DemiBold : QFont::Medium);
    painter.setFont(face);
    painter.setPen(ink);
    const int textLeft = inset + iconSide + gap;
    const QRect textBox(textLeft, 0, width() - textLeft - 4, height());
    const QString shown = painter.fontMetrics().elidedText(text(), Qt::ElideRight, textBox.width());
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), textBox),
        int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)), shown);
}

} // namespace norikv::widgets
