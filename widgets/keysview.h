// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keylistmodel.h"
#include "models/keysfeed.h"
#include "models/keytreemodel.h"

#include <QStackedWidget>
#include <QTimer>

class QAbstractItemView;
class QTableView;
class QTreeView;

namespace norikv::widgets {

class KeyDelegate;
class PlaceKeepingTable;
class Theme;

/// The keys themselves, as a list or in folders. Whatever changes underneath, the selection stays with its
/// keys and the first visible row stays where it is.
class KeysView : public QStackedWidget {
    Q_OBJECT

public:
    /// feed, clock and theme must outlive the view.
    KeysView(models::KeysFeed& feed, const Clock& clock, const Theme& theme, std::uint32_t totalShards,
        QWidget* parent = nullptr);
    ~KeysView() override;

    bool tree() const { return m_treeShown; }
    void setTree(bool tree);
    QAbstractItemView& items() const;

    struct Chosen {
        std::size_t keys = 0;
        std::uint64_t bytes = 0;
    };
    /// What the selection stands for; a folder stands for every key in it.
    Chosen chosen() const;
    std::vector<client::Bytes> chosenKeys(std::size_t most = SIZE_MAX) const;
    /// The current row: a key, or with `folder` set a prefix; empty = none.
    client::Bytes current(bool* folder = nullptr) const;
    bool setCurrent(const client::Bytes& key); ///< false = it is not shown (yet)
    std::vector<client::Bytes> expanded() const;
    /// These and no others.
    void setExpanded(const std::vector<client::Bytes>& folders);
    void expandAll();
    client::Bytes topKey() const;
    void setTopKey(const client::Bytes& key);

Q_SIGNALS:
    void keyActivated(const norikv::client::Bytes& key);
    void chosenChanged();
    void menuRequested(const QPoint& global);
    void orderRequested(norikv::models::KeyOrder order);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeTable();
    void makeTree();
    void prepare(QAbstractItemView& view);
    void refreshContext();
    void keepPlace();
    void restorePlace();
    void activate(const QModelIndex& index);
    void tick();
    std::vector<std::pair<std::size_t, std::size_t>> chosenRows() const;

    models::KeysFeed& m_feed;
    const Clock& m_clock;
    const std::uint32_t m_totalShards;
    models::KeyListModel m_listModel;
    models::KeyTreeModel m_treeModel;
    KeyDelegate* m_delegate;
    PlaceKeepingTable* m_table;
    QTreeView* m_tree;
    bool m_treeShown = true;
    client::Bytes m_anchor; ///< first visible key while rows change; empty = at the top
    bool m_anchorFolder = false;
    int m_anchorOffset = 0;
    QTimer m_second;
    QTimer m_recount;
};

} // namespace norikv::widgets
