// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/keykind.h"
#include "models/keyfeed.h"

#include <QWidget>

#include <functional>

class QPushButton;
class QToolButton;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// True for kinds that follow a pattern of which a panel can exist.
bool hasPanel(client::KeyKind kind);

/// What a key is and where it lives: name, kind, shard, node, version, size, expiry; and what can be done
/// with it as a whole. Emits intents.
class KeyHead : public QWidget {
    Q_OBJECT

public:
    KeyHead(models::KeyFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void refresh(bool editing);
    /// Says anew how long is left.
    void refreshFacts();
    void setFavourite(bool favourite);
    /// Which kinds "Open in panel" is offered for; without it, for every kind that has a pattern.
    void setPanels(std::function<bool(client::KeyKind)> offered);
    bool watching() const;
    /// The guard refuses writes: nothing here offers one.
    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void editRequested();
    void deleteRequested();
    void compareRequested();
    void openInPanelRequested(norikv::client::KeyKind kind, const QByteArray& key);
    void favouriteToggled(const QByteArray& key, bool favourite);
    void watchToggled(bool on);
    void copied(const QString& what);

private:
    QToolButton* tool(const char* icon, const QString& text);
    void makeCopyMenu(QToolButton* button);
    QString expiryText() const;

    models::KeyFeed& m_feed;
    const Theme& m_theme;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_kind = nullptr;
    QPushButton* m_panel = nullptr;
    QToolButton* m_star = nullptr;
    QToolButton* m_watch = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_delete = nullptr;
    KeyValueList* m_facts = nullptr;
    std::function<bool(client::KeyKind)> m_offered = hasPanel;
    bool m_readOnly = false, m_editing = false;
    client::KeyKind m_kindNow = client::KeyKind::Other;
};

} // namespace norikv::widgets
