// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/valuepresenter.h"

#include <QAbstractItemModel>

#include <memory>
#include <unordered_map>

namespace norikv::models {

/// A JSON document as a tree over its flat nodes: no object per node, children given out a thousand at a time
/// as the view asks. The document itself is the invisible root, unless it is a single value. Texts are
/// clipped.
class JsonTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Value, ColumnCount };
    enum Role {
        PathRole = Qt::UserRole,
        RawRole,
        NodeRole
    }; ///< QString; the whole raw value of the node as QByteArray; its number in JsonDocument::nodes
    static constexpr int Batch = 1000;

    using QAbstractItemModel::QAbstractItemModel;

    void setTree(std::shared_ptr<const JsonTree> tree);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::uint32_t nodeOf(const QModelIndex& index) const;
    bool scalarRoot() const;
    int childrenOf(std::uint32_t node) const;

    std::shared_ptr<const JsonTree> m_tree;
    std::unordered_map<std::uint32_t, int> m_given; ///< rows given out, where more than the first batch
};

} // namespace norikv::models
