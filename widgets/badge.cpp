// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"

#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QPainter>
#include <QStyle>

namespace norikv::widgets {

namespace {
constexpr int side = 7; // horizontal padding
constexpr int gap = 4;
} // namespace

Badge::Badge(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setFont(Theme::smallFont());
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    hide();
}

void Badge::setBadge(Tone tone, const QString& text, const QString& iconId)
{
    const QString shown = clippedLine(text);
    const QString icon = iconId.isEmpty() ? toneIcon(tone) : iconId;
    if (m_tone == tone && m_text == shown && m_iconId == icon)
        return;
    m_tone = tone;
    m_text = shown;
    m_iconId = icon;
    setAccessibleName(shown);
    setVisible(!shown.isEmpty());
    updateGeometry();
    update();
}

void Badge::clear() { setBadge(Tone::Neutral, QString()); }

QSize Badge::sizeHint() const
{
    const int height = fontMetrics().height() + 4;
    const int icon = fontMetrics().ascent();
    return QSize(side + icon + gap + tabularWidth(font(), m_text) + side, height);
}

void Badge::paintEvent(QPaintEvent*)
{
    const ToneColors colors = m_theme.tokens().tone(m_tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.soft);
    painter.drawRoundedRect(rect(), 4, 4);

    const int icon = fontMetrics().ascent();
    const QRect iconBox(side, (height() - icon) / 2, icon, icon);
    const QRect textBox(side + icon + gap, 0, width() - side - icon - gap, height());
    painter.drawPixmap(QStyle::visualRect(layoutDirection(), rect(), iconBox),
        iconPixmap(m_iconId, colors.text, icon, devicePixelRatioF()));
    painter.setPen(colors.text);
    drawTabular(painter, QStyle::visualRect(layoutDirection(), rect(), textBox),
        QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter), m_text);
}

} // namespace norikv::widgets
