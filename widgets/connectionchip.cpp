// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connectionchip.h"

#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

namespace norikv::widgets {

namespace {

constexpr int dotSize = 9;
constexpr int side = 11;
constexpr int gap = 8;
constexpr int maxNameChars = 28; // longer names are elided; the tool tip has the whole

QString stateWord(LinkState state)
{
    switch (state) {
    case LinkState::Online:
        return ConnectionChip::tr("connected");
    case LinkState::Connecting:
        return ConnectionChip::tr("connecting");
    case LinkState::Degraded:
        return ConnectionChip::tr("some nodes do not answer");
    case LinkState::Offline:
        break;
    }
    return ConnectionChip::tr("not connected");
}

} // namespace

ConnectionChip::ConnectionChip(const Theme& theme, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    setConnection(tr("No connection"), QColor(), LinkState::Offline);
}

void ConnectionChip::setConnection(const QString& name, const QColor& environment, LinkState state)
{
    setText(clippedLine(name));
    m_environment = environment;
    m_state = state;
    const QString description = tr("%1: %2").arg(text(), stateWord(state));
    setToolTip(plainToolTip(description));
    setAccessibleName(description);
    updateGeometry();
    update();
}

QSize ConnectionChip::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    const int limit = metrics.averageCharWidth() * maxNameChars;
    const int name = qMin(limit, metrics.horizontalAdvance(text()) + 2);
    return QSize(side + dotSize + gap + name + side, metrics.height() + 12);
}

void ConnectionChip::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool ring = hasFocus();
    const qreal width = ring ? 2 : 1;
    painter.setPen(QPen(ring ? t.accent : t.control, width));
    painter.setBrush(isDown() ? t.pressed : underMouse() ? t.hover : t.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 6, 6);

    const QRect dot(side, (height() - dotSize) / 2, dotSize, dotSize);
    paintDot(painter, QStyle::visualRect(layoutDirection(), rect(), dot));
    const int left = side + dotSize + gap;
    const QRect name(left, 0, this->width() - left - side + 2, height());
    painter.setPen(isEnabled() ? t.text : t.disabledText);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), name),
        int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)),
        fontMetrics().elidedText(text(), Qt::ElideMiddle, name.width()));
}

void ConnectionChip::paintDot(QPainter& painter, const QRectF& box) const
{
    const QColor color = m_environment.isValid() ? m_environment : m_theme.tokens().ok.strong;
    const QRectF ring = box.adjusted(0.75, 0.75, -0.75, -0.75);
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(m_state == LinkState::Online ? color : QColor(Qt::transparent));
    painter.drawEllipse(ring);
    if (m_state == LinkState::Degraded) {
        painter.setBrush(color);
        painter.drawPie(ring, 90 * 16, 180 * 16);
    } else if (m_state == LinkState::Offline) {
        painter.drawLine(ring.bottomLeft(), ring.topRight());
    }
}

} // namespace norikv::widgets
