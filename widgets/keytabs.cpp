// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keytabs.h"

#include "models/keylistmodel.h"
#include "models/text.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace norikv::widgets {

using client::Bytes;
using models::KeyFilter;
using models::KeyOrder;

namespace {

QString written(const Bytes& key) { return QString::fromStdString(client::printable(key)); }

Bytes read(const QVariant& text)
{
    return client::fromPrintable(text.toString().toStdString()).value_or(Bytes());
}

} // namespace

QVariantMap KeyTab::toMap() const
{
    QVariantList kinds;
    for (const auto kind : filter.kinds)
        kinds << int(kind);
    QVariantList folders;
    for (const auto& folder : expanded)
        folders << written(folder);
    return {{QStringLiteral("mode"), int(filter.mode)}, {QStringLiteral("text"), filter.text},
        {QStringLiteral("kinds"), kinds}, {QStringLiteral("favourites"), filter.onlyFavourites},
        {QStringLiteral("no_expiry"), filter.onlyWithoutExpiry}, {QStringLiteral("by"), int(order.by)},
        {QStringLiteral("descending"), order.descending}, {QStringLiteral("tree"), tree},
        {QStringLiteral("expanded"), folders}, {QStringLiteral("current"), written(current)},
        {QStringLiteral("top"), written(top)}};
}

KeyTab KeyTab::fromMap(const QVariantMap& map)
{
    const auto bounded = [&](const char* name, int most) {
        return std::clamp(map.value(QString::fromLatin1(name)).toInt(), 0, most);
    };
    KeyTab tab;
    tab.filter.mode = KeyFilter::Mode(bounded("mode", int(KeyFilter::Mode::Regex)));
    tab.filter.text = map.value(QStringLiteral("text")).toString().left(1024);
    for (const QVariant& kind : map.value(QStringLiteral("kinds")).toList())
        tab.filter.kinds.insert(client::KeyKind(std::clamp(kind.toInt(), 0, int(client::KeyKind::Other))));
    tab.filter.onlyFavourites = map.value(QStringLiteral("favourites")).toBool();
    tab.filter.onlyWithoutExpiry = map.value(QStringLiteral("no_expiry")).toBool();
    tab.order.by = KeyOrder::By(bounded("by", int(KeyOrder::By::Version)));
    tab.order.descending = map.value(QStringLiteral("descending")).toBool();
    tab.tree = map.value(QStringLiteral("tree"), true).toBool();
    for (const QVariant& folder : map.value(QStringLiteral("expanded")).toList())
        tab.expanded.push_back(read(folder));
    tab.current = read(map.value(QStringLiteral("current")));
    tab.top = read(map.value(QStringLiteral("top")));
    return tab;
}

QString KeyTab::title() const
{
    if (!filter.text.isEmpty())
        return clippedLine(filter.text).left(32);
    if (filter.onlyFavourites)
        return KeyTabs::tr("Favourites");
    if (filter.kinds.size() == 1)
        return models::kindText(*filter.kinds.begin());
    if (!filter.kinds.empty())
        return KeyTabs::tr("%1 kinds").arg(filter.kinds.size());
    return filter.onlyWithoutExpiry ? KeyTabs::tr("No expiry") : KeyTabs::tr("All keys");
}

KeyTabs::KeyTabs(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_tabs(1)
    , m_bar(new QTabBar)
    , m_more(new QToolButton)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    m_bar->setObjectName(QStringLiteral("keyTabs"));
    m_bar->setAccessibleName(tr("Filters that are open"));
    m_bar->setExpanding(false);
    m_bar->setTabsClosable(true);
    m_bar->setUsesScrollButtons(true);
    m_bar->setElideMode(Qt::ElideRight);
    row->addWidget(m_bar);
    m_more->setObjectName(QStringLiteral("addKeyTab"));
    m_more->setToolTip(tr("Another filter in a tab of its own"));
    m_more->setAccessibleName(m_more->toolTip());
    bindIcon(m_more, QStringLiteral("plus"), theme);
    row->addStretch(1);
    connect(m_more, &QToolButton::clicked, this, [this] { add({}); });
    connect(m_bar, &QTabBar::currentChanged, this, [this](int index) {
        Q_EMIT leaving();
        m_current = index;
        Q_EMIT entered();
    });
    connect(m_bar, &QTabBar::tabCloseRequested, this, &KeyTabs::close);
    refresh();
}

KeyTab& KeyTabs::current() { return m_tabs[static_cast<std::size_t>(m_current)]; }

int KeyTabs::currentIndex() const { return m_current; }

void KeyTabs::setAll(std::vector<KeyTab> tabs, int current)
{
    m_tabs = std::move(tabs);
    if (m_tabs.empty())
        m_tabs.resize(1);
    m_tabs.resize(std::min<std::size_t>(m_tabs.size(), Most));
    m_current = std::clamp(current, 0, static_cast<int>(m_tabs.size()) - 1);
    refresh();
    Q_EMIT entered();
}

void KeyTabs::add(KeyTab tab)
{
    if (m_tabs.size() >= Most)
        return;
    Q_EMIT leaving();
    m_tabs.push_back(std::move(tab));
    m_current = static_cast<int>(m_tabs.size()) - 1;
    refresh();
    Q_EMIT entered();
}

void KeyTabs::closeCurrent() { close(m_current); }

void KeyTabs::close(int index)
{
    if (m_tabs.size() < 2)
        return;
    Q_EMIT leaving();
    m_closed.push_back(std::move(m_tabs[static_cast<std::size_t>(index)]));
    m_tabs.erase(m_tabs.begin() + index);
    if (index < m_current || m_current == static_cast<int>(m_tabs.size()))
        --m_current;
    refresh();
    Q_EMIT entered();
}

void KeyTabs::reopen()
{
    if (m_closed.empty())
        return;
    KeyTab tab = std::move(m_closed.back());
    m_closed.pop_back();
    add(std::move(tab));
}

void KeyTabs::refreshTitle() { m_bar->setTabText(m_current, current().title()); }

void KeyTabs::refresh()
{
    const QSignalBlocker quiet(m_bar);
    while (m_bar->count() > static_cast<int>(m_tabs.size()))
        m_bar->removeTab(m_bar->count() - 1);
    while (m_bar->count() < static_cast<int>(m_tabs.size()))
        m_bar->addTab(QString());
    for (int i = 0; i < m_bar->count(); ++i)
        m_bar->setTabText(i, m_tabs[static_cast<std::size_t>(i)].title());
    m_bar->setCurrentIndex(m_current);
    setVisible(m_tabs.size() > 1);
}

} // namespace norikv::widgets
