// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tabdock.h"

#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::app {

namespace {

QToolButton* dockButton(
    const char* name, const QString& icon, const QString& what, const widgets::Theme& theme)
{
    auto* button = new QToolButton;
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoRaise(true);
    button->setToolTip(what);
    button->setAccessibleName(what);
    widgets::bindIcon(button, icon, theme);
    return button;
}

} // namespace

TabDock::TabDock(const QString& title, const char* name, const char* tabsName, const widgets::Theme& theme,
    QWidget* parent)
    : QDockWidget(title, parent)
    , m_tabs(new QTabBar)
    , m_contents(new QStackedWidget)
    , m_tools(new QStackedWidget)
    , m_noTitleBar(new QWidget(this))
{
    setObjectName(QString::fromLatin1(name));
    m_tabs->setObjectName(QString::fromLatin1(tabsName));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tools->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Maximum);
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 8, 0);
    head->setSpacing(2);
    head->addWidget(m_tabs);
    head->addStretch(1);
    head->addWidget(m_tools);
    head->addSpacing(4);
    auto* floats
        = dockButton("floatDock", QStringLiteral("external"), tr("Float as a window of its own"), theme);
    auto* hides
        = dockButton("hideDock", QStringLiteral("close"), tr("Hide; View > Panels shows it again"), theme);
    head->addWidget(floats);
    head->addWidget(hides);
    column->addLayout(head);
    column->addWidget(m_contents, 1);
    setWidget(inside);
    setTitleBarWidget(m_noTitleBar);
    connect(floats, &QToolButton::clicked, this, [this] { setFloating(true); });
    connect(hides, &QToolButton::clicked, this, &QWidget::hide);
    // A window needs a bar to be moved by and to come back with.
    connect(this, &QDockWidget::topLevelChanged, this, [this, floats, hides](bool floating) {
        setTitleBarWidget(floating ? nullptr : m_noTitleBar);
        m_noTitleBar->setVisible(!floating);
        floats->setVisible(!floating);
        hides->setVisible(!floating);
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index < 0 || index >= m_contents->count())
            return;
        m_contents->setCurrentIndex(index);
        m_tools->setCurrentIndex(index);
    });
}

void TabDock::addTab(QWidget* content, const QString& title, QWidget* tools)
{
    insertTab(m_tabs->count(), content, title, tools);
}

void TabDock::insertTab(int index, QWidget* content, const QString& title, QWidget* tools)
{
    m_contents->insertWidget(index, content);
    m_tools->insertWidget(index, tools ? tools : new QWidget);
    m_tabs->insertTab(index, title);
    m_contents->setCurrentIndex(m_tabs->currentIndex());
    m_tools->setCurrentIndex(m_tabs->currentIndex());
}

void TabDock::setTabTitle(QWidget* content, const QString& title)
{
    const int index = m_contents->indexOf(content);
    if (index >= 0)
        m_tabs->setTabText(index, title);
}

void TabDock::removeTab(QWidget* content)
{
    const int index = m_contents->indexOf(content);
    if (index < 0)
        return;
    m_contents->removeWidget(content);
    content->setParent(this);
    content->hide();
    delete m_tools->widget(index);
    m_tabs->removeTab(index);
}

void TabDock::show(QWidget* content)
{
    const int index = m_contents->indexOf(content);
    if (index >= 0)
        m_tabs->setCurrentIndex(index);
}

QWidget* TabDock::current() const { return m_contents->currentWidget(); }

bool TabDock::has(QWidget* content) const { return m_contents->indexOf(content) >= 0; }

void TabDock::clear()
{
    for (QStackedWidget* stack : {m_contents, m_tools}) {
        while (stack->count() > 0)
            delete stack->widget(0);
    }
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
}

} // namespace norikv::app
