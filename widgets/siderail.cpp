// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/siderail.h"

#include "widgets/plaintext.h"
#include "widgets/railbutton.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QKeySequence>
#include <QVBoxLayout>

namespace norikv::widgets {

SideRail::SideRail(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_group(new QButtonGroup(this))
    , m_column(new QVBoxLayout(this))
{
    setProperty("role", QStringLiteral("panel"));
    setAccessibleName(tr("Panels"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    m_column->setContentsMargins(8, 8, 8, 8);
    m_column->setSpacing(2);
    m_column->addStretch();
    m_group->setExclusive(true);
}

void SideRail::addEntry(const QString& id, const QString& iconId, const QString& name)
{
    auto* entry = new RailButton(m_theme, iconId, name, this);
    entry->setObjectName(QStringLiteral("rail-") + id);
    entry->installEventFilter(this);
    m_column->insertWidget(m_column->count() - 1, entry);
    m_group->addButton(entry);
    m_ids << id;
    m_buttons.insert(id, entry);
    entry->setToolTip(toolTipOf(id));
    connect(entry, &QAbstractButton::clicked, this, [this, id] { Q_EMIT activated(id); });
}

void SideRail::setUnavailable(const QString& id, const QString& reason)
{
    RailButton* entry = button(id);
    if (entry == nullptr)
        return;
    entry->setEnabled(false);
    entry->setToolTip(plainToolTip(reason));
    entry->setAccessibleDescription(reason);
}

void SideRail::setAvailable(const QString& id)
{
    RailButton* entry = button(id);
    if (entry == nullptr)
        return;
    entry->setEnabled(true);
    entry->setToolTip(toolTipOf(id));
    entry->setAccessibleDescription(QString());
}

void SideRail::setCurrent(const QString& id)
{
    RailButton* entry = button(id);
    if (entry != nullptr && entry->isEnabled())
        entry->setChecked(true);
}

QString SideRail::current() const
{
    for (const QString& id : m_ids) {
        if (button(id)->isChecked())
            return id;
    }
    return {};
}

void SideRail::setIconOnly(bool iconOnly)
{
    for (RailButton* entry : m_buttons)
        entry->setIconOnly(iconOnly);
}

void SideRail::keyPressEvent(QKeyEvent* event)
{
    if (!handleKey(event->key()))
        QFrame::keyPressEvent(event);
}

bool SideRail::eventFilter(QObject* watched, QEvent* event)
{
    // The focus is on a button, so its keys come by here first.
    if (event->type() == QEvent::KeyPress && handleKey(static_cast<QKeyEvent*>(event)->key()))
        return true;
    return QFrame::eventFilter(watched, event);
}

bool SideRail::handleKey(int key)
{
    const int at = int(m_ids.indexOf(current()));
    switch (key) {
    case Qt::Key_Down:
        step(at, 1);
        return true;
    case Qt::Key_Up:
        step(at < 0 ? int(m_ids.size()) : at, -1);
        return true;
    case Qt::Key_Home:
        step(-1, 1);
        return true;
    case Qt::Key_End:
        step(int(m_ids.size()), -1);
        return true;
    default:
        return false;
    }
}

void SideRail::step(int from, int direction)
{
    for (int at = from + direction; at >= 0 && at < m_ids.size(); at += direction) {
        RailButton* entry = button(m_ids.at(at));
        if (!entry->isEnabled())
            continue;
        entry->setFocus(Qt::TabFocusReason);
        entry->setChecked(true);
        Q_EMIT activated(m_ids.at(at));
        return;
    }
}

QString SideRail::toolTipOf(const QString& id) const
{
    const int at = int(m_ids.indexOf(id));
    const QString name = button(id)->text();
    if (at < 0 || at > 8)
        return plainToolTip(name);
    const QKeySequence keys(Qt::CTRL | Qt::Key(Qt::Key_1 + at));
    return plainToolTip(tr("%1 (%2)").arg(name, keys.toString(QKeySequence::NativeText)));
}

} // namespace norikv::widgets
