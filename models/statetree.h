// SPDX-License-Identifier: GPL-3.0-or-later
// A folded state as a tree and as a list of changes.
#pragma once

#include "client/patterns/fold.h"
#include "models/valuepresenter.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

namespace norikv::models {

/// The state as the tree view takes it; null for what is no JSON or too large to be read while a slider is
/// dragged.
std::shared_ptr<const JsonTree> stateTree(std::string_view json);
constexpr std::size_t MostTreeBytes = 512 * 1024;

/// The nodes of `tree` that a change is about; of what is gone the node that held it.
std::set<std::uint32_t> changedNodes(const JsonTree& tree, const std::vector<client::StateChange>& changes);

/// "/lines/0/sku" as people write it: "lines.0.sku"; "the whole state" for the root.
QString statePath(const std::string& pointer);

/// Where two states differ, one row a place. Replaced as a whole: nothing is selected or edited here.
class StateChangeModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Path, Before, After, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::vector<client::StateChange> changes, const QString& before, const QString& after);
    const std::vector<client::StateChange>& changes() const { return m_changes; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<client::StateChange> m_changes;
    QString m_before;
    QString m_after;
};

} // namespace norikv::models
