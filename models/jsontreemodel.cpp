// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jsontreemodel.h"

#include "models/text.h"

#include <algorithm>

namespace norikv::models {

using client::JsonKind;

namespace {

constexpr std::size_t MostShown = 160;

QString raw(std::string_view text)
{
    const QString shownText = QString::fromStdString(client::printable(text.substr(0, MostShown)));
    return text.size() > MostShown ? shownText + QChar(0x2026) : shownText;
}

} // namespace

void JsonTreeModel::setTree(std::shared_ptr<const JsonTree> tree)
{
    if (tree == m_tree)
        return;
    beginResetModel();
    m_tree = std::move(tree);
    m_given.clear();
    endResetModel();
}

bool JsonTreeModel::scalarRoot() const
{
    const auto kind = m_tree->document.nodes[0].kind;
    return kind != JsonKind::Object && kind != JsonKind::Array;
}

std::uint32_t JsonTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<std::uint32_t>(index.internalId()) : 0;
}

int JsonTreeModel::childrenOf(std::uint32_t node) const
{
    return static_cast<int>(m_tree->document.nodes[node].children);
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid() && scalarRoot())
        return createIndex(row, column, quintptr(0));
    const auto node = m_tree->document.child(nodeOf(parent), static_cast<std::uint32_t>(row));
    return createIndex(row, column, quintptr(node));
}

QModelIndex JsonTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const auto& nodes = m_tree->document.nodes;
    const auto above = nodes[nodeOf(child)].parent;
    if (above == client::JsonNode::None || above == 0)
        return {};
    return createIndex(static_cast<int>(nodes[above].row), 0, quintptr(above));
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!m_tree || parent.column() > 0)
        return 0;
    if (scalarRoot())
        return parent.isValid() ? 0 : 1;
    const auto node = nodeOf(parent);
    const auto given = m_given.find(node);
    return std::min(childrenOf(node), given == m_given.end() ? Batch : given->second);
}

int JsonTreeModel::columnCount(const QModelIndex&) const { return ColumnCount; }

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const { return rowCount(parent) > 0; }

bool JsonTreeModel::canFetchMore(const QModelIndex& parent) const
{
    return m_tree && !scalarRoot() && parent.column() <= 0 && rowCount(parent) < childrenOf(nodeOf(parent));
}

void JsonTreeModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    const int from = rowCount(parent);
    const int to = std::min(from + Batch, childrenOf(nodeOf(parent)));
    beginInsertRows(parent, from, to - 1);
    m_given[nodeOf(parent)] = to;
    endInsertRows();
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_tree)
        return {};
    const auto number = nodeOf(index);
    const auto& node = m_tree->document.nodes[number];
    const auto text = m_tree->text();
    if (role == PathRole)
        return QString::fromStdString(client::printable(client::jsonPath(m_tree->document, text, number)));
    if (role == RawRole)
        return toQt(client::Bytes(node.value.of(text)));
    if (role == NodeRole)
        return number;
    if (role == Qt::AccessibleTextRole && index.column() == Value)
        role = Qt::DisplayRole;
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == Name) {
        if (node.key.size == 0)
            return node.parent == client::JsonNode::None ? QStringLiteral("$") : QString::number(node.row);
        const auto quoted = node.key.of(text);
        return raw(quoted.substr(1, quoted.size() - 2));
    }
    switch (node.kind) {
    case JsonKind::Object:
        return tr("{ %1 }").arg(node.children);
    case JsonKind::Array:
        return tr("[ %1 ]").arg(node.children);
    default:
        return raw(node.value.of(text));
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Value");
}

} // namespace norikv::models
