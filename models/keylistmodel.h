// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyview.h"
#include "models/recordmodel.h"

#include <QAbstractTableModel>

namespace norikv::models {

/// Columns of a list of keys, flat or as a tree.
enum class KeyColumn { Key, Kind, Size, Expires, Version, Shard };
constexpr int KeyColumns = 6;

/// More roles of a key's row, beside RecordRole.
enum KeyListRole {
    FavouriteRole = KeyRole + 1, ///< bool
    StaleRole, ///< bool: not confirmed since the server was lost
    FolderRole, ///< bool: a group of keys in a tree; KeyRole is then the prefix
    CountRole, ///< keys in a folder, as qulonglong
};

/// What cells need beside the rows; shared by both models.
struct KeyCellContext {
    const Clock* clock = nullptr;
    std::int64_t clockOffsetMs = 0; ///< server minus local
    std::uint32_t totalShards = 1024;
    bool partial = false; ///< more keys may exist than are known
};

/// "session", "counter shard", ...
QString kindText(client::KeyKind kind);
/// A remaining life in at most two units: "1 h 04 m". Negative reads as 0 s.
QString lifeText(std::chrono::milliseconds left);
QString columnText(KeyColumn column);
QVariant keyCell(const KeyRow& row, KeyColumn column, int role, const KeyCellContext& context);

/// The rows of a KeyView as a flat table.
class KeyListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit KeyListModel(KeyView& view, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const KeyCellContext& context() const { return m_context; }
    void setContext(const KeyCellContext& context);
    /// Time passed for these rows: call once a second with the visible ones.
    void tick(int first, int last);
    KeyRow row(int row) const;
    QModelIndex indexOf(std::string_view key) const;

private:
    void remember();
    void remap();

    KeyView& m_view;
    KeyCellContext m_context;
    QModelIndexList m_before;
    std::vector<KeyId> m_ids; ///< of m_before
};

} // namespace norikv::models
