// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/keykind.h"
#include "models/editsession.h"
#include "models/jsontreemodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTabBar;
class QTimer;
class QTreeView;
class QVBoxLayout;

namespace norikv::widgets {

class DecodeChips;
class EmptyState;
class HistoryView;
class ImageView;
class KeyHead;
class MergeView;
class NoticeBar;
class SaveBar;
class Theme;
class ValueEdit;
class ValueView;

/// One key: what it is, where it lives, its value in the view that suits it, what it was before; edit, merge,
/// save and delete. The save bar always says what happens to the expiry.
class KeyInspector : public QWidget {
    Q_OBJECT

public:
    KeyInspector(models::KeyFeed& feed, const Clock& clock, const Theme& theme, QWidget* parent = nullptr);

    bool editing() const { return m_edit.active(); }
    /// An edit that is not saved yet.
    bool unsaved() const;
    /// Asks in place whether it may be thrown away; `proceed` is called when it may.
    void askToLeave(std::function<void()> proceed);
    /// Shows whether the key is a favourite; whoever keeps them answers favouriteToggled().
    void setFavourite(bool favourite);
    /// What a person wrote about `key`; whoever keeps it answers noteChanged().
    void setNote(const client::Bytes& key, const QString& note);
    void setReadOnly(bool readOnly);
    /// Which kinds "Open in panel" is offered for.
    void setPanels(std::function<bool(client::KeyKind)> offered);

Q_SIGNALS:
    void openRequested();
    void copied(const QString& what);
    void openInPanelRequested(norikv::client::KeyKind kind, const QByteArray& key);
    void favouriteToggled(const QByteArray& key, bool favourite);
    void noteChanged(const QByteArray& key, const QString& note);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void keepNote();
    void makeViews(QVBoxLayout& column);
    void connectAll();
    void refresh();
    void showEmpty(models::KeyFeed::State state);
    void showValue();
    void showTab(int tab);
    void startEdit();
    void endEdit();
    void tellOfOthers();
    void merge();
    void takeMerged();
    void save(bool asTyped = false, bool consent = false);
    void remove();
    void tell(const models::KeyFeed::Saved& saved);
    void compare();
    client::Bytes editedText() const;

    models::KeyFeed& m_feed;
    const Clock& m_clock;
    const Theme& m_theme;
    models::EditSession m_edit;
    models::JsonTreeModel m_treeModel;
    NoticeBar* m_notices = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    KeyHead* m_head = nullptr;
    QLineEdit* m_note = nullptr;
    client::Bytes m_noteKey;
    DecodeChips* m_chips = nullptr;
    QTabBar* m_modes = nullptr;
    QStackedWidget* m_values = nullptr;
    ValueView* m_view = nullptr;
    QTreeView* m_tree = nullptr;
    ImageView* m_image = nullptr;
    HistoryView* m_history = nullptr;
    ValueEdit* m_editor = nullptr;
    MergeView* m_merge = nullptr;
    QLabel* m_remark = nullptr;
    SaveBar* m_saveBar = nullptr;
    QTimer* m_countdown = nullptr;
    std::optional<client::Bytes> m_shownKey; ///< key and form of the value last shown
    models::ViewMode m_shownMode = models::ViewMode::Text;
    bool m_historyOpen = false;
    bool m_editWhenReady = false; ///< Edit was asked for while the value was still being decoded
    bool m_conflictTold = false; ///< the notice says why a save failed, and offers the merge
    client::Bytes m_asked; ///< key that the notice is about
    std::function<void()> m_onNotice;
};

} // namespace norikv::widgets
