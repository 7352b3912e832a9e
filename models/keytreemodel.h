// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keylistmodel.h"

#include <QAbstractItemModel>

#include <map>
#include <memory>

namespace norikv::models {

/// The rows of a KeyView as folders, cut at a separator. A folder is a range of the sorted rows, found by
/// binary search when it is first opened; a key costs nothing, and a folder never opened costs nothing
/// either. Shows nothing while the view is not sorted by key.
class KeyTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    explicit KeyTreeModel(KeyView& view, QObject* parent = nullptr);
    ~KeyTreeModel() override;

    /// Off, it shows nothing and costs nothing; on again it begins with every folder closed.
    void setActive(bool active);
    bool active() const { return m_active; }
    /// Resets the model. Empty = no folders.
    void setSeparator(const client::Bytes& separator);
    const client::Bytes& separator() const { return m_separator; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setContext(const KeyCellContext& context);
    /// Opens the folders on the way.
    QModelIndex indexOf(std::string_view key) const;
    QModelIndex indexOfFolder(std::string_view prefix) const;
    /// Rows of the view that an index stands for, first and one past the last: a folder means all its keys.
    std::pair<std::size_t, std::size_t> rowsOf(const QModelIndex& index) const;
    /// Folders right below `parent` that were opened so far.
    QModelIndexList openedIn(const QModelIndex& parent) const;
    /// Time passed: the cells that count down are told, once per opened folder.
    void tick();
    /// Folders that were opened so far; for tests.
    std::size_t openedFolders() const;

private:
    /// Neighbours of one sort: keys, or one folder. Positions count from the folder's first key.
    struct Run {
        std::size_t row;
        std::size_t position;
        bool folder;
    };
    struct Node {
        Node* parent = nullptr;
        client::Bytes prefix;
        std::size_t begin = 0; ///< row of the view
        std::size_t count = 0; ///< keys below
        std::vector<Run> runs;
        std::map<client::Bytes, std::unique_ptr<Node>, std::less<>> children; ///< opened ones
        std::size_t rows() const;
        const Run& runOfRow(std::size_t row) const;
        const Run& runOfPosition(std::size_t position) const;
        std::size_t end(const Run& run) const;
    };
    /// What an index was about, to find it again.
    struct Place {
        client::Bytes bytes;
        bool folder;
        int column;
    };

    std::string_view keyAt(std::size_t row) const;
    std::string_view folderAt(const Node& node, const Run& run) const;
    std::size_t endOfPrefix(std::string_view prefix, std::size_t from, std::size_t end) const;
    /// Cuts the keys from a position on; those before were cut already.
    void fill(Node& node, std::size_t from) const;
    void rebuild() const;
    Node* nodeOf(const QModelIndex& index) const;
    Node* child(Node& node, const Run& run) const;
    bool isFolder(const QModelIndex& index) const;
    QModelIndex indexOfNode(const Node& node, int column) const;
    QModelIndex find(std::string_view bytes, bool folder, int column) const;
    void refresh(Node& node);
    void shift(Node& node, std::ptrdiff_t moved);
    void editBegins();
    void editEnds();
    void tellChanged(const Node& node, std::size_t first, std::size_t last, int fromColumn);

    KeyView& m_view;
    bool m_active = true;
    client::Bytes m_separator = ":";
    KeyCellContext m_context;
    mutable std::unique_ptr<Node> m_root;
    /// The folder that was asked for last: a view that opens one asks for it once for every key inside.
    mutable struct {
        const void* parent = nullptr;
        int row = -1;
        Node* node = nullptr;
    } m_last;
    std::vector<std::unique_ptr<Node>> m_gone; ///< kept until nobody can hold an index of them
    QModelIndexList m_before;
    std::vector<Place> m_places; ///< of m_before
};

} // namespace norikv::models
