// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyindex.h"

#include <QVariantMap>
#include <QWidget>

#include <vector>

class QTabBar;
class QToolButton;

namespace norikv::widgets {

class Theme;

/// One look at the list of keys, and the place in it: everything by key, so that it survives a refresh, a
/// lost server and a restart.
struct KeyTab {
    models::KeyFilter filter;
    models::KeyOrder order;
    bool tree = true;
    std::vector<client::Bytes> expanded;
    client::Bytes current;
    client::Bytes top; ///< first visible row; empty = from the start

    QVariantMap toMap() const;
    static KeyTab fromMap(const QVariantMap& map);
    /// "All keys", "user:", "favourites"
    QString title() const;
};

/// The open looks at the list. With one only, it takes no room.
class KeyTabs : public QWidget {
    Q_OBJECT

public:
    static constexpr int Most = 20;

    explicit KeyTabs(const Theme& theme, QWidget* parent = nullptr);

    /// Opens another tab; for the page to put where it has room.
    QToolButton* addButton() { return m_more; }

    KeyTab& current();
    const std::vector<KeyTab>& all() const { return m_tabs; }
    /// Replaces all; `tabs` may be empty, then one for all keys is open.
    void setAll(std::vector<KeyTab> tabs, int current);
    int currentIndex() const;
    void add(KeyTab tab);
    void closeCurrent();
    void reopen();
    /// The filter of the current tab changed.
    void refreshTitle();

Q_SIGNALS:
    void leaving(); ///< save what is shown into current()
    void entered(); ///< show current()

private:
    void close(int index);
    void refresh();

    std::vector<KeyTab> m_tabs;
    std::vector<KeyTab> m_closed;
    int m_current = 0;
    QTabBar* m_bar;
    QToolButton* m_more;
};

} // namespace norikv::widgets
