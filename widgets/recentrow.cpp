// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recentrow.h"

#include "widgets/delegates/profiledelegate.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {
constexpr int inset = 12;
constexpr int dot = 9;
constexpr int gap = 12;
constexpr int arrow = 14;
} // namespace

RecentRow::RecentRow(const Theme& theme, const Content& content, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_content{clippedLine(content.name), clippedLine(content.addresses), clippedLine(content.environment),
          content.colour}
{
    setAccessibleName(tr("Connect to %1").arg(m_content.name));
    setAccessibleDescription((m_content.environment + u' ' + m_content.addresses).trimmed());
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize RecentRow::sizeHint() const { return {320, fontMetrics().height() + 18}; }

void RecentRow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void RecentRow::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RecentRow::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void RecentRow::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    const bool hot = underMouse();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (hot || isDown() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(t.accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(isDown() ? t.pressed : hot ? t.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    }
    const auto place
        = [this](const QRect& box) { return QStyle::visualRect(layoutDirection(), rect(), box); };
    const auto write = [&](const QRect& box, const QString& text, Qt::Alignment alignment) {
        painter.drawText(place(box),
            int(QStyle::visualAlignment(layoutDirection(), alignment | Qt::AlignVCenter)),
            painter.fontMetrics().elidedText(text, Qt::ElideRight, box.width()));
    };
    paintProfileDot(painter, place(QRect(inset, (height() - dot) / 2, dot, dot)), m_content.colour, m_theme);

    const int right = width() - inset - arrow - gap;
    painter.drawPixmap(place(QRect(width() - inset - arrow, (height() - arrow) / 2, arrow, arrow)),
        iconPixmap(u"chevron-right"_s, hot || hasFocus() ? t.text : t.muted, arrow, devicePixelRatioF()));
    painter.setFont(Theme::smallFont());
    const int environment = painter.fontMetrics().averageCharWidth() * 15; // the same in every row
    painter.setPen(t.muted);
    write({right - environment, 0, environment, height()}, m_content.environment, Qt::AlignRight);

    QFont bold = font();
    bold.setWeight(QFont::Medium);
    painter.setFont(bold);
    painter.setPen(t.text);
    const int left = inset + dot + gap;
    const int nameWidth = (right - environment - left) * 2 / 5;
    write({left, 0, nameWidth - gap, height()}, m_content.name, Qt::AlignLeft);
    painter.setFont(Theme::monoFont());
    painter.setPen(t.muted);
    const int addressLeft = left + nameWidth;
    write({addressLeft, 0, right - environment - gap - addressLeft, height()}, m_content.addresses,
        Qt::AlignLeft);
}

} // namespace norikv::widgets
