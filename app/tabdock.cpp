// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tabdock.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace norikv::app {

TabDock::TabDock(const QString& title, const char* name, const char* tabsName, QWidget* parent)
    : QDockWidget(title, parent)
    , m_tabs(new QTabBar)
    , m_contents(new QStackedWidget)
    , m_tools(new QStackedWidget)
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
    head->setContentsMargins(8, 4, 16, 0);
    head->addWidget(m_tabs);
    head->addStretch(1);
    head->addWidget(m_tools);
    column->addLayout(head);
    column->addWidget(m_contents, 1);
    setWidget(inside);
    setTitleBarWidget(new QWidget(this));
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
