// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/statcard.h"

#include "widgets/badge.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace norikv::widgets {

StatCard::StatCard(const Theme& theme, const QString& caption, QWidget* parent)
    : QFrame(parent)
    , m_caption(new ElidedLabel)
    , m_value(new TabularLabel)
    , m_unit(makeLabel(QString(), "unit"))
    , m_badge(new Badge(theme))
{
    setProperty("role", QStringLiteral("card"));
    m_caption->setProperty("role", QStringLiteral("caption"));
    m_value->setProperty("role", QStringLiteral("value"));

    // Value and unit stay together when the badge wraps.
    auto* number = new QWidget;
    auto* pair = new QHBoxLayout(number);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(5);
    pair->addWidget(m_value);
    pair->addWidget(m_unit, 0, Qt::AlignBottom);

    auto* flow = new FlowLayout(8, 4);
    flow->addWidget(number);
    flow->addWidget(m_badge);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(16, 11, 16, 11);
    all->setSpacing(1);
    all->addWidget(m_caption);
    all->addLayout(flow);
    all->addStretch();
    setCaption(caption);
    setValue(QString());
}

void StatCard::setCaption(const QString& caption)
{
    m_caption->setText(caption);
    updateAccessibleName();
}

void StatCard::setValue(const QString& value, const QString& unit)
{
    m_value->setText(value.isEmpty() ? QStringLiteral("–") : clippedLine(value));
    m_unit->setText(clippedLine(unit));
    m_unit->setVisible(!unit.isEmpty());
    updateAccessibleName();
}

void StatCard::setBadge(Tone tone, const QString& text)
{
    m_badge->setBadge(tone, text);
    updateAccessibleName();
}

void StatCard::clearBadge() { setBadge(Tone::Neutral, QString()); }

void StatCard::alignBaselines()
{
    // Bottom aligned, the unit would hang below the value's baseline by the difference of the descents.
    m_value->ensurePolished();
    m_unit->ensurePolished();
    const int lift = m_value->fontMetrics().descent() - m_unit->fontMetrics().descent();
    m_unit->setContentsMargins(0, 0, 0, qMax(0, lift));
}

bool StatCard::event(QEvent* event)
{
    const bool done = QFrame::event(event);
    if (event->type() == QEvent::Show || event->type() == QEvent::StyleChange
        || event->type() == QEvent::FontChange)
        alignBaselines();
    return done;
}

QString StatCard::valueText() const { return m_value->text(); }

void StatCard::updateAccessibleName()
{
    QStringList parts{m_caption->text(), (m_value->text() + u' ' + m_unit->text()).trimmed()};
    if (!m_badge->text().isEmpty())
        parts << m_badge->text();
    setAccessibleName(parts.join(QStringLiteral(", ")));
}

} // namespace norikv::widgets
