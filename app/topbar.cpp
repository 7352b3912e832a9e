// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/topbar.h"

#include "widgets/connectionchip.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStringListModel>
#include <QToolButton>

namespace norikv::app {

using client::GuardMode;

namespace {

QString guardName(GuardMode mode)
{
    switch (mode) {
    case GuardMode::Confirm:
        return TopBar::tr("Confirm");
    case GuardMode::ReadOnly:
        return TopBar::tr("Read-only");
    case GuardMode::Normal:
        break;
    }
    return TopBar::tr("Normal");
}

QString guardTip(GuardMode mode)
{
    switch (mode) {
    case GuardMode::Confirm:
        return TopBar::tr("Every write asks first");
    case GuardMode::ReadOnly:
        return TopBar::tr("Nothing is written, whatever is clicked");
    case GuardMode::Normal:
        break;
    }
    return TopBar::tr("Writes are sent at once");
}

} // namespace

TopBar::TopBar(const widgets::Theme& theme, QMenu& menu, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("topBar"));
    widgets::setStyleRole(this, "panel");
    setFixedHeight(46);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 16, 0);
    row->setSpacing(8);
    auto* mark = new QToolButton;
    mark->setObjectName(QStringLiteral("mainMenu"));
    mark->setAutoRaise(true);
    mark->setIcon(widgets::applicationIcon());
    mark->setIconSize({20, 20});
    mark->setMenu(&menu);
    mark->setPopupMode(QToolButton::InstantPopup);
    mark->setToolTip(tr("Menu (F10)"));
    mark->setAccessibleName(tr("Menu"));
    mark->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    row->addWidget(mark);
    auto* name = widgets::makeLabel(tr("NoriKV Workbench"), "cardTitle");
    row->addWidget(name);
    m_chip = new widgets::ConnectionChip(theme);
    m_chip->setObjectName(QStringLiteral("connectionChip"));
    row->addWidget(m_chip);
    row->addStretch(1);
    m_field = new QLineEdit;
    m_field->setObjectName(QStringLiteral("openField"));
    m_field->setPlaceholderText(tr("Open a key or counter …   Ctrl P"));
    m_field->setAccessibleName(tr("Open a key or counter"));
    m_field->setClearButtonEnabled(true);
    m_field->setMinimumWidth(220);
    m_field->setMaximumWidth(420);
    m_suggestions = new QStringListModel(this);
    auto* completer = new QCompleter(m_suggestions, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_field->setCompleter(completer);
    row->addWidget(m_field, 4);
    row->addStretch(1);
    m_guard = new QPushButton;
    m_guard->setObjectName(QStringLiteral("guardMode"));
    auto* modes = new QMenu(m_guard);
    for (const auto mode : {GuardMode::Normal, GuardMode::Confirm, GuardMode::ReadOnly}) {
        auto* action = modes->addAction(QStringLiteral("%1 — %2").arg(guardName(mode), guardTip(mode)));
        connect(action, &QAction::triggered, this, [this, mode] { Q_EMIT guardChosen(mode); });
    }
    m_guard->setMenu(modes);
    row->addWidget(m_guard);
    m_pause = new QPushButton;
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setCheckable(true);
    row->addWidget(m_pause);
    connect(m_pause, &QPushButton::toggled, this, [this](bool paused) {
        setPaused(paused);
        Q_EMIT pauseToggled(paused);
    });
    connect(m_chip, &QAbstractButton::clicked, this, &TopBar::chipClicked);
    connect(m_field, &QLineEdit::returnPressed, this, [this] {
        const QString text = m_field->text();
        if (text.isEmpty())
            return;
        m_field->clear();
        Q_EMIT opened(text);
    });
    connect(&theme, &widgets::Theme::changed, this, [this] { setPaused(m_pause->isChecked()); });
    setGuard(GuardMode::Normal);
    setPaused(false);
    setConnected(false);
}

void TopBar::setGuard(GuardMode mode)
{
    m_guard->setText(guardName(mode));
    m_guard->setToolTip(guardTip(mode));
    m_guard->setIcon(widgets::icon(
        mode == GuardMode::Normal ? QStringLiteral("unlock") : QStringLiteral("lock"), m_theme));
}

void TopBar::setPaused(bool paused)
{
    const QSignalBlocker quiet(m_pause);
    m_pause->setChecked(paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(widgets::icon(paused ? QStringLiteral("play") : QStringLiteral("pause"), m_theme));
    m_pause->setToolTip(tr("Freeze what is shown; the history goes on filling (Space)"));
}

void TopBar::togglePause() { m_pause->click(); }

void TopBar::setConnected(bool connected)
{
    for (QWidget* control :
        {static_cast<QWidget*>(m_field), static_cast<QWidget*>(m_guard), static_cast<QWidget*>(m_pause)})
        control->setEnabled(connected);
}

void TopBar::setFieldOwner(const QString& owner)
{
    m_field->setPlaceholderText(owner.isEmpty()
            ? tr("Open a key or counter …   Ctrl P")
            : tr("Open a key of %1 …   Ctrl P").arg(widgets::clippedLine(owner)));
    m_field->setAccessibleName(
        owner.isEmpty() ? tr("Open a key or counter") : tr("Open a key of %1").arg(owner));
}

void TopBar::setSuggestions(const QStringList& names)
{
    if (m_suggestions->stringList() != names)
        m_suggestions->setStringList(names);
}

void TopBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

} // namespace norikv::app
