// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/choicecard.h"

#include "widgets/icons.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace norikv::widgets {

namespace {

constexpr int inset = 20;
constexpr int tile = 40; // the soft square behind the icon
constexpr int iconSide = 22;

QFont titleFont()
{
    QFont font = Theme::baseFont();
    font.setPointSizeF(12);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

ChoiceCard::ChoiceCard(
    const Theme& theme, const QString& iconId, const QString& title, const QString& sentence, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_iconId(iconId)
    , m_sentence(sentence)
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ChoiceCard::setPrimary(bool primary)
{
    m_primary = primary;
    update();
}

QSize ChoiceCard::sizeHint() const
{
    const int title = QFontMetrics(titleFont()).height();
    return QSize(256, inset + tile + 18 + title + 6 + 2 * fontMetrics().height() + inset);
}

void ChoiceCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void ChoiceCard::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ChoiceCard::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void ChoiceCard::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    const bool hot = underMouse() && isEnabled();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto place
        = [this](const QRect& box) { return QStyle::visualRect(layoutDirection(), rect(), box); };

    const QColor fill = m_primary ? (isDown() ? t.accentPressed
                                : hot         ? t.accentHover
                                              : t.accent)
                                  : (isDown()   ? t.pressed
                                          : hot ? t.hover
                                                : t.surface);
    painter.setPen(QPen(m_primary ? fill : hot ? t.controlHover : t.border, 1));
    painter.setBrush(fill);
    // Room for the focus ring, which lies outside with a gap.
    const QRectF body = QRectF(rect()).adjusted(4.5, 4.5, -4.5, -4.5);
    painter.drawRoundedRect(body, 8, 8);
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 11, 11);
    }

    const QRect tileBox(inset, inset, tile, tile);
    QColor veil = t.onAccent;
    veil.setAlphaF(0.16F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_primary ? veil : t.accentSoft);
    painter.drawRoundedRect(place(tileBox), 8, 8);
    QRect iconBox(0, 0, iconSide, iconSide);
    iconBox.moveCenter(tileBox.center() + QPoint(1, 1));
    painter.drawPixmap(place(iconBox),
        iconPixmap(m_iconId, m_primary ? t.onAccent : t.accentText, iconSide, devicePixelRatioF()));
    if (hasFocus()) {
        painter.setFont(Theme::smallFont());
        const QString key = tr("Enter");
        QRect keyBox(
            0, 0, painter.fontMetrics().horizontalAdvance(key) + 14, painter.fontMetrics().height() + 4);
        keyBox.moveTopRight(QPoint(width() - inset, inset));
        painter.setPen(QPen(m_primary ? t.onAccent : t.control, 1));
        painter.drawRoundedRect(QRectF(place(keyBox)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.setPen(m_primary ? t.onAccent : t.muted);
        painter.drawText(place(keyBox), Qt::AlignCenter, key);
    }

    const auto align = [this](Qt::Alignment alignment) {
        return int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | alignment));
    };
    painter.setFont(titleFont());
    painter.setPen(m_primary ? t.onAccent : t.text);
    const int titleHeight = painter.fontMetrics().height();
    const QRect titleBox(inset, inset + tile + 18, width() - 2 * inset, titleHeight);
    painter.drawText(place(titleBox), align(Qt::AlignVCenter),
        painter.fontMetrics().elidedText(text(), Qt::ElideRight, titleBox.width()));
    painter.setFont(font());
    painter.setPen(m_primary ? t.onAccent : t.muted);
    const QRect sentenceBox(
        inset, titleBox.bottom() + 6, width() - 2 * inset, height() - titleBox.bottom() - 6);
    painter.drawText(place(sentenceBox), align(Qt::AlignTop) | Qt::TextWordWrap, m_sentence);
}

} // namespace norikv::widgets
