// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/nodecard.h"

#include "widgets/badge.h"
#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

namespace {
constexpr int CardWidth = 258; // three beside each other in a window of 1280
constexpr int BarHeight = 8;
constexpr int Swatch = 10;
} // namespace

QString linkText(client::Link link)
{
    switch (link) {
    case client::Link::Connecting:
        return NodeCard::tr("connecting");
    case client::Link::Up:
        return NodeCard::tr("up");
    case client::Link::Suspect:
        return NodeCard::tr("silent");
    case client::Link::Down:
        break;
    }
    return NodeCard::tr("away");
}

Tone linkTone(client::Link link)
{
    switch (link) {
    case client::Link::Connecting:
        return Tone::Info;
    case client::Link::Up:
        return Tone::Ok;
    case client::Link::Suspect:
        return Tone::Warning;
    case client::Link::Down:
        break;
    }
    return Tone::Danger;
}

NodeCard::NodeCard(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_name(new ElidedLabel)
    , m_state(new Badge(theme))
    , m_share(new ElidedLabel)
    , m_remark(new ElidedLabel)
    , m_bar(new QWidget)
{
    setObjectName(QStringLiteral("nodeCard"));
    setStyleRole(this, "card");
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setStyleRole(m_name, "cardTitle");
    setStyleRole(m_share, "caption");
    setStyleRole(m_remark, "caption");
    m_bar->setFixedHeight(BarHeight);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 8, 14, 9);
    column->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addSpacing(Swatch + 4);
    head->addWidget(m_name, 1);
    head->addWidget(m_state);
    column->addLayout(head);
    column->addWidget(m_share);
    column->addWidget(m_bar);
    column->addWidget(m_remark);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize NodeCard::sizeHint() const { return {CardWidth, QFrame::sizeHint().height()}; }

void NodeCard::setFigures(const NodeFigures& figures)
{
    if (figures == m_figures)
        return;
    m_figures = figures;
    m_name->setText(figures.name);
    m_state->setBadge(linkTone(figures.link), linkText(figures.link));
    QString share
        = tr("leads %1 of %2").arg(groupDigits(qint64(figures.led)), groupDigits(qint64(figures.total)));
    if (figures.fair > 0)
        share += tr(" · fair share %1").arg(groupDigits(qint64(std::llround(figures.fair))));
    m_share->setText(share);
    const bool away = !figures.problem.isEmpty();
    m_remark->setText(away ? figures.problem : figures.remark);
    m_remark->setStyleSheet(figures.remarkTone == Tone::Muted && !away
            ? QString()
            : QStringLiteral("color: %1;")
                  .arg(m_theme.tokens().tone(away ? Tone::Danger : figures.remarkTone).text.name()));
    setAccessibleName(tr("Node %1, %2").arg(figures.name, linkText(figures.link)));
    setAccessibleDescription(share + QStringLiteral(". ") + m_remark->text());
    update();
}

void NodeCard::setChosen(bool chosen)
{
    m_chosen = chosen;
    update();
}

QRect NodeCard::bar() const { return m_bar->geometry(); }

void NodeCard::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    const Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QColor colour = t.series[std::size_t(m_figures.colour) % t.series.size()];
    painter.setBrush(colour);
    painter.drawRoundedRect(
        QRectF(14, m_name->geometry().center().y() - Swatch / 2.0 + 1, Swatch, Swatch), 2, 2);
    const QRectF track(bar());
    painter.setBrush(t.track);
    painter.drawRoundedRect(track, 3, 3);
    // Twice the fair share, or all shards, fills the bar.
    const double whole = m_figures.fair > 0 ? std::min(double(m_figures.total), 2 * m_figures.fair)
                                            : double(m_figures.total);
    if (whole > 0 && m_figures.led > 0) {
        painter.setBrush(colour);
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(),
                std::max(4.0, track.width() * std::min(1.0, double(m_figures.led) / whole)), track.height()),
            3, 3);
    }
    if (whole > 0 && m_figures.fair > 0 && m_figures.fair < whole) {
        const double x = track.left() + track.width() * m_figures.fair / whole;
        painter.setPen(QPen(t.text, 2));
        painter.drawLine(QPointF(x, track.top() - 2), QPointF(x, track.bottom() + 2));
    }
    if (m_chosen || hasFocus()) {
        painter.setPen(QPen(hasFocus() ? t.accent : t.muted, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    }
}

void NodeCard::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        Q_EMIT chosen();
}

void NodeCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT chosen();
    else
        QFrame::keyPressEvent(event);
}

} // namespace norikv::widgets
