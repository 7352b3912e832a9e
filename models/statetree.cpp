// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/statetree.h"

#include "models/text.h"

#include <charconv>

namespace norikv::models {

using client::JsonKind;
using client::JsonNode;

namespace {

/// The parts of a JSON pointer (RFC 6901), unescaped.
std::vector<std::string> partsOf(std::string_view pointer)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            parts.emplace_back();
        } else if (!parts.empty() && pointer[i] == '~' && i + 1 < pointer.size()) {
            parts.back() += pointer[++i] == '0' ? '~' : '/';
        } else if (!parts.empty()) {
            parts.back() += pointer[i];
        }
    }
    return parts;
}

std::uint32_t childOf(const JsonTree& tree, std::uint32_t node, const std::string& part)
{
    const auto& document = tree.document;
    const auto& parent = document.nodes[node];
    if (parent.kind == JsonKind::Object)
        return document.find(tree.text(), node, client::quoteJson(part));
    std::uint32_t row = 0;
    const auto [end, wrong] = std::from_chars(part.data(), part.data() + part.size(), row);
    if (parent.kind != JsonKind::Array || wrong != std::errc() || end != part.data() + part.size()
        || row >= parent.children)
        return JsonNode::None;
    return document.child(node, row);
}

} // namespace

std::shared_ptr<const JsonTree> stateTree(std::string_view json)
{
    if (json.empty() || json.size() > MostTreeBytes)
        return nullptr;
    auto decoded = std::make_shared<client::Decoded>();
    decoded->bytes = json;
    decoded->form = client::ValueForm::Json;
    auto document = client::parseJson(decoded->bytes);
    if (!document)
        return nullptr;
    auto tree = std::make_shared<JsonTree>();
    tree->decoded = std::move(decoded);
    tree->document = std::move(*document);
    return tree;
}

std::set<std::uint32_t> changedNodes(const JsonTree& tree, const std::vector<client::StateChange>& changes)
{
    std::set<std::uint32_t> nodes;
    for (const auto& change : changes) {
        std::uint32_t node = 0;
        for (const auto& part : partsOf(change.path)) {
            const auto child = childOf(tree, node, part);
            if (child == JsonNode::None)
                break;
            node = child;
        }
        nodes.insert(node);
    }
    return nodes;
}

QString statePath(const std::string& pointer)
{
    QStringList parts;
    for (const auto& part : partsOf(pointer))
        parts << shown(part, 80);
    return parts.isEmpty() ? StateChangeModel::tr("the whole state") : parts.join(QLatin1Char('.'));
}

void StateChangeModel::show(
    std::vector<client::StateChange> changes, const QString& before, const QString& after)
{
    const bool words = before != m_before || after != m_after;
    m_before = before;
    m_after = after;
    if (words)
        Q_EMIT headerDataChanged(Qt::Horizontal, Before, After);
    if (changes == m_changes)
        return;
    beginResetModel();
    m_changes = std::move(changes);
    endResetModel();
}

int StateChangeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

int StateChangeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StateChangeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& change = m_changes[static_cast<std::size_t>(index.row())];
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    QString text;
    if (index.column() == Path) {
        text = statePath(change.path);
    } else {
        const auto& side = index.column() == Before ? change.before : change.after;
        text = side.empty() ? tr("–") : shown(side, role == Qt::ToolTipRole ? 1000 : 160);
    }
    return role == Qt::ToolTipRole ? plainTip(text) : text;
}

QVariant StateChangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Path ? tr("Where") : section == Before ? m_before : m_after;
}

} // namespace norikv::models
