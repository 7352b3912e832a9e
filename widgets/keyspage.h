// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keysfeed.h"
#include "widgets/keytabs.h"
#include "widgets/page.h"

#include <QTimer>

#include <functional>

class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace norikv::widgets {

class Badge;
class EmptyState;
class KeyFilterBar;
class KeysView;
class NoticeBar;
class SectionHeader;
class TabularLabel;
class Theme;

/// Every key of the store: found by a filter, in folders or as a list, live, and honest about what is not
/// known.
class KeysPage final : public Page {
    Q_OBJECT

public:
    /// feed, clock and theme must outlive the page. `server` is the connection's name.
    KeysPage(models::KeysFeed& feed, const Clock& clock, const Theme& theme, const QString& server,
        std::uint32_t totalShards, QWidget* parent = nullptr);

    NoticeBar& notices() { return *m_notices; }
    QVariantMap figures() const override;
    void focusFilter() override;
    void refreshNow() override;
    void setReadOnly(bool readOnly) override;
    QByteArray currentKey() const override;
    /// Shows this key in the list, if it is there.
    void showKey(const client::Bytes& key);

    /// Every tab shows only keys under `prefix`, which is all there is of `owner`; empty = all keys.
    void setScope(const client::Bytes& prefix, const QString& owner);

    /// A tab of the keys that start with `prefix`.
    void openPrefix(const client::Bytes& prefix);

    /// Tabs, filters, open folders, selection and scroll position, all by key.
    QVariantMap place() const override;
    void setPlace(const QVariantMap& place) override;

Q_SIGNALS:
    /// Open this stored key in the inspector.
    void openRequested(const norikv::client::Bytes& key);
    void openInPanelRequested(norikv::client::KeyKind kind, const norikv::client::Bytes& key);
    /// Find out which of the known keys are there; nothing has been asked of the server yet.
    void probeRequested();
    /// `action` is "ttl", "delete" or "export"; nothing has been asked or done yet.
    void bulkRequested(const QString& action, const std::vector<norikv::client::Bytes>& keys);

private:
    void makeProgress();
    void makeShortcuts();
    void showMenu(const QPoint& global);
    void addWrite(QMenu& menu, const QString& text, const char* action);
    void favour(bool on);
    void copyKeys();
    void saveTab();
    void loadTab();
    void applyTab();
    void filterChanged(const models::KeyFilter& filter);
    void indexed();
    void openFolders(std::vector<client::Bytes> folders);
    void findPlace();
    void stateChanged();
    void refreshContent();
    void refreshEmpty();
    void refreshCounts();
    void refreshChosen();
    void refreshProgress();

    models::KeysFeed& m_feed;
    const QString m_server;
    SectionHeader* m_header;
    Badge* m_coverage;
    Badge* m_guard;
    QPushButton* m_probe;
    QPushButton* m_new;
    NoticeBar* m_notices;
    KeyTabs* m_tabs;
    KeyFilterBar* m_filter;
    QWidget* m_progress;
    TabularLabel* m_progressText;
    QProgressBar* m_progressBar;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    KeysView* m_view;
    TabularLabel* m_chosen;
    TabularLabel* m_shown;
    QTimer m_patience; ///< work that is done at once shows no progress
    std::function<void()> m_onNotice;
    bool m_readOnly = false;
    bool m_loadingTab = false; ///< its place is found again when its rows are there
    bool m_away = false;
    std::vector<client::Bytes> m_foldersBefore; ///< open before a filter was typed
    bool m_filtered = false;
    QString m_owner; ///< of the scope
    bool m_scopeDue = false; ///< its folders are opened when its rows are there
    bool m_foldersDue = false; ///< the filter was cleared: open again what was open before it
    QString m_emptyShown; ///< its buttons are made anew only when something else is said
};

} // namespace norikv::widgets
