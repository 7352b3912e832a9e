// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/noticebar.h"

#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPropertyAnimation>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

NoticeBar::NoticeBar(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_icon(makeLabel(QString()))
    , m_text(makeLabel(QString()))
    , m_count(new TabularLabel)
    , m_action(new QPushButton)
    , m_close(new QToolButton)
    , m_slide(new QPropertyAnimation(this, "maximumHeight", this))
{
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_count->setProperty("role", u"caption"_s);
    m_action->setProperty("role", u"quiet"_s);
    m_close->setToolTip(tr("Close this notice"));
    m_close->setAccessibleName(tr("Close this notice"));
    bindIcon(m_close, u"close"_s, theme);

    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 6, 6);
    line->setSpacing(10);
    line->addWidget(m_icon, 0, Qt::AlignVCenter);
    line->addWidget(m_text, 1);
    line->addWidget(m_count);
    line->addWidget(m_action);
    line->addWidget(m_close);

    m_hide.setSingleShot(true);
    m_slide->setDuration(140);
    m_slide->setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_hide, &QTimer::timeout, this, &NoticeBar::closeNotice);
    connect(m_close, &QToolButton::clicked, this, &NoticeBar::closeNotice);
    connect(m_action, &QPushButton::clicked, this, &NoticeBar::actionTriggered);
    connect(m_slide, &QPropertyAnimation::finished, this, [this] {
        setMaximumHeight(QWIDGETSIZE_MAX);
        setVisible(m_open);
    });
    connect(&theme, &Theme::changed, this, &NoticeBar::restyle);
    hide();
}

void NoticeBar::showNotice(const Notice& notice)
{
    const bool again = m_open && m_notice.text == notice.text && m_notice.tone == notice.tone;
    m_repeats = again ? m_repeats + 1 : 1;
    m_notice = notice;
    m_text->setText(notice.text.left(2 * maxShownChars));
    m_count->setText(u"× "_s + groupDigits(m_repeats));
    m_count->setVisible(m_repeats > 1);
    m_action->setText(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    setAccessibleName(m_text->text());
    restyle();
    if (notice.hideAfter.count() > 0)
        m_hide.start(notice.hideAfter);
    else
        m_hide.stop();
    if (!m_open)
        slide(true);
}

void NoticeBar::closeNotice()
{
    m_hide.stop();
    if (!m_open)
        return;
    m_repeats = 0;
    slide(false);
    Q_EMIT closed();
}

void NoticeBar::slide(bool open)
{
    m_open = open;
    m_slide->stop();
    const QWidget* parent = parentWidget();
    if (m_theme.reducedMotion() || parent == nullptr || !parent->isVisible()) {
        setMaximumHeight(QWIDGETSIZE_MAX);
        setVisible(open);
        return;
    }
    const int full = qMax(sizeHint().height(), height());
    m_slide->setStartValue(open ? 0 : full);
    m_slide->setEndValue(open ? full : 0);
    setMaximumHeight(open ? 0 : full);
    show();
    m_slide->start();
}

void NoticeBar::restyle()
{
    const ToneColors colors = m_theme.tokens().tone(m_notice.tone);
    m_icon->setPixmap(iconPixmap(toneIcon(m_notice.tone), colors.text, 18, devicePixelRatioF()));
    QPalette p = palette();
    p.setColor(QPalette::WindowText, m_theme.tokens().text);
    m_text->setPalette(p);
    update();
}

void NoticeBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    update();
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    const ToneColors colors = m_theme.tokens().tone(m_notice.tone);
    QColor edge = colors.strong;
    edge.setAlphaF(0.35F);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(edge);
    painter.setBrush(colors.soft);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace norikv::widgets
