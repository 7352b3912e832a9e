// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keytreemodel.h"

#include "models/text.h"

#include <algorithm>

namespace norikv::models {

std::size_t KeyTreeModel::Node::end(const Run& run) const
{
    return &run == &runs.back() ? count : (&run + 1)->position;
}

std::size_t KeyTreeModel::Node::rows() const
{
    if (runs.empty())
        return 0;
    const Run& last = runs.back();
    return last.row + (last.folder ? 1 : count - last.position);
}

const KeyTreeModel::Run& KeyTreeModel::Node::runOfRow(std::size_t row) const
{
    return *(std::ranges::upper_bound(runs, row, {}, &Run::row) - 1);
}

const KeyTreeModel::Run& KeyTreeModel::Node::runOfPosition(std::size_t position) const
{
    return *(std::ranges::upper_bound(runs, position, {}, &Run::position) - 1);
}

KeyTreeModel::KeyTreeModel(KeyView& view, QObject* parent)
    : QAbstractItemModel(parent)
    , m_view(view)
{
    rebuild();
    connect(&view, &KeyView::editBegins, this, &KeyTreeModel::editBegins);
    connect(&view, &KeyView::editEnds, this, &KeyTreeModel::editEnds);
    connect(&view, &KeyView::rowsChanged, this, [this](int first, int last) {
        if (m_active)
            tellChanged(*m_root, static_cast<std::size_t>(first), static_cast<std::size_t>(last), 0);
    });
}

KeyTreeModel::~KeyTreeModel() = default;

void KeyTreeModel::setActive(bool active)
{
    if (active == m_active)
        return;
    beginResetModel();
    m_active = active;
    rebuild();
    endResetModel();
}

void KeyTreeModel::setSeparator(const client::Bytes& separator)
{
    beginResetModel();
    m_separator = separator;
    rebuild();
    endResetModel();
}

void KeyTreeModel::rebuild() const
{
    m_last = {};
    m_root = std::make_unique<Node>();
    m_root->count = m_active && m_view.order().natural() ? m_view.size() : 0;
    fill(*m_root, 0);
}

std::string_view KeyTreeModel::keyAt(std::size_t row) const { return m_view.store().key(m_view.rows()[row]); }

std::string_view KeyTreeModel::folderAt(const Node& node, const Run& run) const
{
    const std::string_view key = keyAt(node.begin + run.position);
    return key.substr(0, key.find(m_separator, node.prefix.size()) + m_separator.size());
}

std::size_t KeyTreeModel::endOfPrefix(std::string_view prefix, std::size_t from, std::size_t end) const
{
    // Most folders are small: look near first, then twice as far.
    std::size_t step = 1;
    std::size_t low = from;
    while (low + step < end && keyAt(low + step).starts_with(prefix)) {
        low += step;
        step *= 2;
    }
    std::size_t high = std::min(low + step, end);
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (keyAt(middle).starts_with(prefix))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void KeyTreeModel::fill(Node& node, std::size_t from) const
{
    std::size_t position = from;
    if (from == 0) {
        node.runs.clear();
    } else if (node.runs.back().folder) {
        const Run& last = node.runs.back(); // keys that came behind the last one may belong to it
        position = endOfPrefix(folderAt(node, last), node.begin + last.position, node.begin + node.count)
            - node.begin;
    }
    const KeyStore& store = m_view.store();
    const KeyId* const ids = m_view.rows().data() + node.begin;
    const bool byByte = m_separator.size() == 1; // the usual case, and a folder may hold a million keys
    while (position < node.count) {
        const std::string_view key = store.key(ids[position]);
        const std::size_t cut = m_separator.empty() ? std::string_view::npos
            : byByte                                ? key.find(m_separator.front(), node.prefix.size())
                                                    : key.find(m_separator, node.prefix.size());
        const bool folder = cut != std::string_view::npos;
        const bool joins = !folder && !node.runs.empty() && !node.runs.back().folder;
        if (!joins) {
            std::size_t row = 0;
            if (!node.runs.empty()) {
                const Run& last = node.runs.back();
                row = last.row + (last.folder ? 1 : position - last.position);
            }
            node.runs.push_back({row, position, folder});
        }
        if (folder)
            position = endOfPrefix(key.substr(0, cut + m_separator.size()), node.begin + position,
                           node.begin + node.count)
                - node.begin;
        else
            ++position;
    }
}

KeyTreeModel::Node* KeyTreeModel::child(Node& node, const Run& run) const
{
    const std::string_view prefix = folderAt(node, run);
    if (const auto known = node.children.find(prefix); known != node.children.end())
        return known->second.get();
    auto made = std::make_unique<Node>();
    made->parent = &node;
    made->prefix = client::Bytes(prefix);
    made->begin = node.begin + run.position;
    made->count = node.end(run) - run.position;
    fill(*made, 0);
    return node.children.emplace(made->prefix, std::move(made)).first->second.get();
}

bool KeyTreeModel::isFolder(const QModelIndex& index) const
{
    const auto* node = static_cast<const Node*>(index.constInternalPointer());
    return node->runOfRow(static_cast<std::size_t>(index.row())).folder;
}

KeyTreeModel::Node* KeyTreeModel::nodeOf(const QModelIndex& index) const
{
    if (!index.isValid())
        return m_root.get();
    if (index.internalPointer() == m_last.parent && index.row() == m_last.row)
        return m_last.node;
    auto* node = static_cast<Node*>(index.internalPointer());
    const Run& run = node->runOfRow(static_cast<std::size_t>(index.row()));
    m_last = {node, index.row(), run.folder ? child(*node, run) : nullptr};
    return m_last.node;
}

QModelIndex KeyTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= KeyColumns || (parent.isValid() && parent.column() != 0))
        return {};
    Node* node = nodeOf(parent);
    return node && static_cast<std::size_t>(row) < node->rows() ? createIndex(row, column, node)
                                                                : QModelIndex();
}

QModelIndex KeyTreeModel::indexOfNode(const Node& node, int column) const
{
    if (!node.parent)
        return {};
    const Run& run = node.parent->runOfPosition(node.begin - node.parent->begin);
    return createIndex(static_cast<int>(run.row), column, node.parent);
}

QModelIndex KeyTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    return indexOfNode(*static_cast<const Node*>(child.constInternalPointer()), 0);
}

int KeyTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() && parent.column() != 0)
        return 0;
    const Node* node = nodeOf(parent);
    return node ? static_cast<int>(node->rows()) : 0;
}

int KeyTreeModel::columnCount(const QModelIndex&) const { return KeyColumns; }

bool KeyTreeModel::hasChildren(const QModelIndex& parent) const
{
    // Answered without opening: a view asks this of every row it paints.
    if (!parent.isValid())
        return m_root->count > 0;
    return parent.column() == 0 && isFolder(parent);
}

Qt::ItemFlags KeyTreeModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return isFolder(index) ? flags : flags | Qt::ItemNeverHasChildren;
}

QVariant KeyTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& node = *static_cast<const Node*>(index.constInternalPointer());
    const auto row = static_cast<std::size_t>(index.row());
    const Run& run = node.runOfRow(row);
    const auto column = KeyColumn(index.column());
    if (!run.folder) {
        const KeyRow key = m_view.store().row(m_view.rows()[node.begin + run.position + (row - run.row)]);
        if (role == Qt::DisplayRole && column == KeyColumn::Key) {
            const std::string_view rest = key.key.substr(node.prefix.size());
            return rest.empty() ? tr("(ends here)") : shown(client::Bytes(rest.substr(0, 256)));
        }
        return keyCell(key, column, role, m_context);
    }
    const std::string_view prefix = folderAt(node, run);
    const std::size_t keys = node.end(run) - run.position;
    switch (role) {
    case Qt::DisplayRole:
        if (column == KeyColumn::Key)
            return shown(client::Bytes(prefix.substr(node.prefix.size()).substr(0, 256)));
        if (column == KeyColumn::Kind) {
            QString text = tr("%n key(s)", nullptr, static_cast<int>(keys));
            text.replace(QString::number(keys), grouped(keys)); // %n has no groups
            return m_context.partial ? QStringLiteral("\u2265 ") + text : text;
        }
        return {};
    case Qt::ToolTipRole:
        return plainTip(shown(client::Bytes(prefix), 1024));
    case ToneRole:
        return int(column == KeyColumn::Key ? Tone::Neutral : Tone::Muted);
    case KeyRole:
        return toQt(client::Bytes(prefix));
    case FolderRole:
        return true;
    case CountRole:
        return qulonglong(keys);
    default:
        return {};
    }
}

QVariant KeyTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= KeyColumns)
        return {};
    if (role == Qt::DisplayRole)
        return columnText(KeyColumn(section));
    if (role == Qt::TextAlignmentRole && section > int(KeyColumn::Kind))
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    return {};
}

void KeyTreeModel::setContext(const KeyCellContext& context)
{
    m_context = context;
    tellChanged(*m_root, 0, m_root->count, 0);
}

void KeyTreeModel::tick() { tellChanged(*m_root, 0, m_root->count, int(KeyColumn::Expires)); }

std::size_t KeyTreeModel::openedFolders() const
{
    const auto count = [](const Node& node, const auto& self) -> std::size_t {
        std::size_t n = node.children.size();
        for (const auto& [prefix, below] : node.children)
            n += self(*below, self);
        return n;
    };
    return count(*m_root, count);
}

QModelIndexList KeyTreeModel::openedIn(const QModelIndex& parent) const
{
    QModelIndexList folders;
    if (const Node* node = nodeOf(parent)) {
        for (const auto& [prefix, below] : node->children)
            folders.push_back(indexOfNode(*below, 0));
    }
    return folders;
}

QModelIndex KeyTreeModel::indexOf(std::string_view key) const { return find(key, false, 0); }

QModelIndex KeyTreeModel::indexOfFolder(std::string_view prefix) const { return find(prefix, true, 0); }

std::pair<std::size_t, std::size_t> KeyTreeModel::rowsOf(const QModelIndex& index) const
{
    if (!index.isValid())
        return {0, m_root->count};
    const auto& node = *static_cast<const Node*>(index.constInternalPointer());
    const auto row = static_cast<std::size_t>(index.row());
    const Run& run = node.runOfRow(row);
    if (run.folder)
        return {node.begin + run.position, node.begin + node.end(run)};
    const std::size_t at = node.begin + run.position + (row - run.row);
    return {at, at + 1};
}

QModelIndex KeyTreeModel::find(std::string_view bytes, bool folder, int column) const
{
    Node* node = m_root.get();
    while (node && node->count > 0) {
        const auto begin = m_view.rows().begin() + static_cast<std::ptrdiff_t>(node->begin);
        const auto end = begin + static_cast<std::ptrdiff_t>(node->count);
        const auto place
            = std::partition_point(begin, end, [&](KeyId id) { return m_view.store().key(id) < bytes; });
        if (place == end)
            return {};
        const auto position = static_cast<std::size_t>(place - begin);
        const Run& run = node->runOfPosition(position);
        if (!run.folder) {
            if (folder || m_view.store().key(*place) != bytes)
                return {};
            return createIndex(static_cast<int>(run.row + (position - run.position)), column, node);
        }
        const std::string_view prefix = folderAt(*node, run);
        if (!bytes.starts_with(prefix))
            return {};
        if (folder && prefix == bytes)
            return createIndex(static_cast<int>(run.row), column, node);
        node = child(*node, run);
    }
    return {};
}

/// The folder and everything opened below it begin elsewhere, and are otherwise what they were.
void KeyTreeModel::shift(Node& node, std::ptrdiff_t moved)
{
    if (moved == 0)
        return;
    node.begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(node.begin) + moved);
    for (auto& [prefix, below] : node.children)
        shift(*below, moved);
}

void KeyTreeModel::refresh(Node& node)
{
    const auto& touched = m_view.touched();
    std::size_t begin = 0;
    std::size_t end = m_view.order().natural() ? m_view.size() : 0;
    if (node.parent) {
        const auto first = m_view.rows().begin() + static_cast<std::ptrdiff_t>(node.parent->begin);
        const auto last = first + static_cast<std::ptrdiff_t>(node.parent->count);
        const auto place = std::partition_point(
            first, last, [&](KeyId id) { return m_view.store().key(id) < node.prefix; });
        begin = static_cast<std::size_t>(place - m_view.rows().begin());
        const bool any = place != last && m_view.store().key(*place).starts_with(node.prefix);
        end = any ? endOfPrefix(node.prefix, begin, node.parent->begin + node.parent->count) : begin;
    }
    const std::size_t count = end - begin;
    if (!touched.everything && count == node.count && !touched.under(node.prefix)) {
        shift(node, static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(node.begin));
        return;
    }
    const std::size_t from = touched.appended ? node.count : 0;
    node.begin = begin;
    node.count = count;
    fill(node, from);
    for (auto below = node.children.begin(); below != node.children.end();) {
        refresh(*below->second);
        if (below->second->count == 0) {
            m_gone.push_back(std::move(below->second));
            below = node.children.erase(below);
        } else {
            ++below;
        }
    }
}

void KeyTreeModel::editBegins()
{
    if (!m_active)
        return;
    Q_EMIT layoutAboutToBeChanged();
    m_gone.clear();
    m_before = persistentIndexList();
    m_places.clear();
    for (const QModelIndex& before : m_before) {
        const auto& node = *static_cast<const Node*>(before.constInternalPointer());
        const auto row = static_cast<std::size_t>(before.row());
        const Run& run = node.runOfRow(row);
        m_places.push_back({client::Bytes(run.folder ? folderAt(node, run)
                                                     : keyAt(node.begin + run.position + (row - run.row))),
            run.folder, before.column()});
    }
}

void KeyTreeModel::editEnds()
{
    if (!m_active)
        return;
    m_last = {};
    refresh(*m_root);
    QModelIndexList after;
    after.reserve(m_before.size());
    for (const Place& place : m_places)
        after.push_back(find(place.bytes, place.folder, place.column));
    changePersistentIndexList(m_before, after);
    m_before.clear();
    m_places.clear();
    Q_EMIT layoutChanged();
}

void KeyTreeModel::tellChanged(const Node& node, std::size_t first, std::size_t last, int fromColumn)
{
    if (node.count == 0 || last < node.begin || first >= node.begin + node.count)
        return;
    const std::size_t from = first < node.begin ? 0 : first - node.begin;
    const std::size_t to = std::min(last - node.begin, node.count - 1);
    const Run& one = node.runOfPosition(from);
    const Run& other = node.runOfPosition(to);
    const auto rowIn = [](const Run& run, std::size_t position) {
        return static_cast<int>(run.row + (run.folder ? 0 : position - run.position));
    };
    auto* owner = const_cast<Node*>(&node); // an index carries no constness
    Q_EMIT dataChanged(createIndex(rowIn(one, from), fromColumn, owner),
        createIndex(rowIn(other, to), KeyColumns - 1, owner));
    for (const auto& [prefix, below] : node.children)
        tellChanged(*below, first, last, fromColumn);
}

} // namespace norikv::models
