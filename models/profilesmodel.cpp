// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/profilesmodel.h"

#include "client/target.h"

#include <QMimeData>

#include <algorithm>
#include <map>
#include <tuple>

namespace norikv::models {

namespace {

const QString MimeType = QStringLiteral("application/x-norikv-profile");

QString text(const std::string& bytes) { return QString::fromStdString(bytes); }

QString addressLine(const client::Profile& profile)
{
    QStringList addresses;
    for (const std::string& seed : profile.seeds)
        addresses << text(seed);
    return addresses.join(QStringLiteral(", "));
}

} // namespace

client::GuardMode defaultGuard(const std::vector<std::string>& seeds)
{
    return !seeds.empty() && client::isLoopback(seeds) ? client::GuardMode::Normal
                                                       : client::GuardMode::ReadOnly;
}

/// A folder (id empty) or a profile, with all a view may ask for.
struct ProfilesModel::Node {
    Node* parent = nullptr;
    std::string id;
    QString name;
    QString address;
    QString colour;
    QString environment;
    bool edited = false;
    Nodes children;

    bool isFolder() const { return id.empty(); }
    auto order() const { return std::tuple(!isFolder(), name.toCaseFolded(), name, id); }
    auto look() const { return std::tie(address, colour, environment, edited); }
};

ProfilesModel::ProfilesModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

ProfilesModel::~ProfilesModel() = default;

void ProfilesModel::setProfiles(std::vector<client::Profile> profiles)
{
    m_profiles = std::move(profiles);
    refresh();
}

const client::Profile* ProfilesModel::find(const std::string& id) const
{
    const auto found = std::ranges::find(m_profiles, id, &client::Profile::id);
    return found == m_profiles.end() ? nullptr : &*found;
}

void ProfilesModel::put(client::Profile profile)
{
    const auto found = std::ranges::find(m_profiles, profile.id, &client::Profile::id);
    if (found == m_profiles.end())
        m_profiles.push_back(std::move(profile));
    else
        *found = std::move(profile);
    refresh();
}

void ProfilesModel::remove(const std::string& id)
{
    std::erase_if(m_profiles, [&](const client::Profile& p) { return p.id == id; });
    refresh();
}

void ProfilesModel::setEdited(std::set<std::string> ids)
{
    if (ids == m_edited)
        return;
    m_edited = std::move(ids);
    refresh();
}

void ProfilesModel::setFilter(const QString& words)
{
    m_words = words.split(u' ', Qt::SkipEmptyParts);
    refresh();
}

bool ProfilesModel::matches(const client::Profile& profile) const
{
    const QString all = QStringList{text(profile.name), text(profile.folder), text(profile.environment),
        addressLine(profile)}
                            .join(u'\n');
    return std::ranges::all_of(
        m_words, [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

ProfilesModel::Nodes ProfilesModel::wanted() const
{
    std::map<std::string, std::unique_ptr<Node>> folders;
    Nodes nodes;
    for (const client::Profile& profile : m_profiles) {
        if (!matches(profile))
            continue;
        auto node = std::make_unique<Node>();
        node->id = profile.id;
        node->name = text(profile.name);
        node->address = addressLine(profile);
        node->colour = text(profile.colour);
        node->environment = text(profile.environment);
        node->edited = m_edited.contains(profile.id);
        if (profile.folder.empty()) {
            nodes.push_back(std::move(node));
            continue;
        }
        auto& folder = folders[profile.folder];
        if (!folder) {
            folder = std::make_unique<Node>();
            folder->name = text(profile.folder);
        }
        node->parent = folder.get();
        folder->children.push_back(std::move(node));
    }
    const auto sort = [](Nodes& list) {
        std::ranges::sort(list, {}, [](const std::unique_ptr<Node>& node) { return node->order(); });
    };
    for (auto& [name, folder] : folders) {
        sort(folder->children);
        nodes.push_back(std::move(folder));
    }
    sort(nodes);
    return nodes;
}

void ProfilesModel::refresh() { merge(m_root.get(), wanted()); }

void ProfilesModel::merge(Node* parent, Nodes next)
{
    Nodes& now = parent->children;
    std::size_t row = 0;
    std::size_t from = 0;
    while (row < now.size() || from < next.size()) {
        const int at = static_cast<int>(row);
        if (row < now.size() && (from == next.size() || now[row]->order() < next[from]->order())) {
            beginRemoveRows(indexOf(parent), at, at);
            now.erase(now.begin() + at);
            endRemoveRows();
            continue;
        }
        if (row == now.size() || next[from]->order() < now[row]->order()) {
            beginInsertRows(indexOf(parent), at, at);
            next[from]->parent = parent;
            now.insert(now.begin() + at, std::move(next[from]));
            endInsertRows();
        } else {
            Node& old = *now[row];
            Node& fresh = *next[from];
            if (old.look() != fresh.look()) {
                old.address = fresh.address;
                old.colour = fresh.colour;
                old.environment = fresh.environment;
                old.edited = fresh.edited;
                Q_EMIT dataChanged(indexOf(&old), indexOf(&old));
            }
            const auto count = old.children.size();
            merge(&old, std::move(fresh.children));
            if (count != old.children.size())
                Q_EMIT dataChanged(indexOf(&old), indexOf(&old), {CountRole});
        }
        ++row;
        ++from;
    }
}

QModelIndex ProfilesModel::indexOf(const Node* node) const
{
    if (node == m_root.get())
        return {};
    const Nodes& siblings = node->parent->children;
    const auto found = std::ranges::find_if(siblings, [node](const auto& one) { return one.get() == node; });
    return createIndex(static_cast<int>(found - siblings.begin()), 0, node);
}

QModelIndex ProfilesModel::indexOf(const std::string& id) const
{
    for (const auto& top : m_root->children) {
        if (top->id == id && !id.empty())
            return indexOf(top.get());
        for (const auto& child : top->children) {
            if (child->id == id)
                return indexOf(child.get());
        }
    }
    return {};
}

ProfilesModel::Node* ProfilesModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QStringList ProfilesModel::folders() const
{
    std::set<QString> names;
    for (const client::Profile& profile : m_profiles) {
        if (!profile.folder.empty())
            names.insert(text(profile.folder));
    }
    return {names.begin(), names.end()};
}

QModelIndex ProfilesModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex ProfilesModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(nodeOf(child)->parent) : QModelIndex();
}

int ProfilesModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int ProfilesModel::columnCount(const QModelIndex&) const { return 1; }

QVariant ProfilesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& node = *nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return node.name.isEmpty() ? tr("Unnamed") : node.name;
    case Qt::AccessibleTextRole:
        return QStringList{
            node.name, node.environment, node.address, node.edited ? tr("not saved") : QString()}
            .join(u' ')
            .simplified();
    case IdRole:
        return text(node.id);
    case AddressRole:
        return node.address;
    case ColourRole:
        return node.colour;
    case EnvironmentRole:
        return node.environment;
    case EditedRole:
        return node.edited;
    case CountRole:
        return static_cast<int>(node.children.size());
    default:
        return {};
    }
}

Qt::ItemFlags ProfilesModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    const Qt::ItemFlags all = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDropEnabled;
    return nodeOf(index)->isFolder() ? all : all | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList ProfilesModel::mimeTypes() const { return {MimeType}; }

QMimeData* ProfilesModel::mimeData(const QModelIndexList& indexes) const
{
    QByteArrayList ids;
    for (const QModelIndex& index : indexes) {
        if (!nodeOf(index)->isFolder())
            ids << QByteArray::fromStdString(nodeOf(index)->id);
    }
    if (ids.isEmpty())
        return nullptr;
    auto data = std::make_unique<QMimeData>();
    data->setData(MimeType, ids.join('\n'));
    return data.release(); // the caller owns it
}

bool ProfilesModel::canDropMimeData(
    const QMimeData* data, Qt::DropAction action, int, int, const QModelIndex&) const
{
    return data != nullptr && action == Qt::MoveAction && data->hasFormat(MimeType);
}

bool ProfilesModel::dropMimeData(
    const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    // On a profile means: beside it.
    const Node* target = nodeOf(parent);
    if (target != m_root.get() && !target->isFolder())
        target = target->parent;
    const QString folder = target == m_root.get() ? QString() : target->name;
    for (const QByteArray& id : data->data(MimeType).split('\n')) {
        const client::Profile* found = find(id.toStdString());
        if (found == nullptr || text(found->folder) == folder)
            continue;
        client::Profile profile = *found;
        profile.folder = folder.toStdString();
        put(std::move(profile));
        Q_EMIT moved(QString::fromUtf8(id), folder);
    }
    return true;
}

} // namespace norikv::models
