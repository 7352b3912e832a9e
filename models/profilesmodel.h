// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <QAbstractItemModel>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace norikv::models {

/// Guard of a profile that does not say one: normal on this machine, read-only elsewhere.
client::GuardMode defaultGuard(const std::vector<std::string>& seeds);

/// Saved connections as a tree of two levels: folders by name, then profiles without a folder, by name. Rows
/// come and go one by one and the model never resets, so selection and open folders survive. A profile
/// dropped on a folder, or on a neighbour, moves there.
class ProfilesModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1, ///< empty for a folder
        AddressRole, ///< addresses in one line
        ColourRole, ///< #rrggbb, may be empty
        EnvironmentRole,
        EditedRole, ///< has changes that are not saved
        CountRole, ///< profiles shown in a folder
    };

    explicit ProfilesModel(QObject* parent = nullptr);
    ~ProfilesModel() override;

    void setProfiles(std::vector<client::Profile> profiles);
    const std::vector<client::Profile>& profiles() const { return m_profiles; }
    const client::Profile* find(const std::string& id) const;

    /// Adds it, or replaces the one with the same id.
    void put(client::Profile profile);
    void remove(const std::string& id);
    void setEdited(std::set<std::string> ids);

    /// Shows profiles whose name, folder, environment or addresses contain every word.
    void setFilter(const QString& words);

    QModelIndex indexOf(const std::string& id) const; ///< invalid when it is filtered away
    QStringList folders() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
        const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
        const QModelIndex& parent) override;

Q_SIGNALS:
    /// A drop changed the folder of this profile.
    void moved(const QString& id, const QString& folder);

private:
    struct Node;
    using Nodes = std::vector<std::unique_ptr<Node>>;

    Nodes wanted() const;
    void refresh();
    void merge(Node* parent, Nodes next);
    QModelIndex indexOf(const Node* node) const;
    Node* nodeOf(const QModelIndex& index) const;
    bool matches(const client::Profile& profile) const;

    std::vector<client::Profile> m_profiles;
    std::set<std::string> m_edited;
    QStringList m_words;
    std::unique_ptr<Node> m_root;
};

} // namespace norikv::models
