// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/values.h"

#include <QAbstractTableModel>

#include <deque>
#include <map>

namespace norikv::models {

/// One version of a key as it was seen here. A deletion has no version and no value.
struct SeenVersion {
    enum class Who { ReadHere, Watched, SavedHere, DeletedHere };
    EpochMs atMs = 0;
    client::Entry entry;
    Who who = Who::ReadHere;
};

/// The versions of the key in the inspector that this program saw, newest first; those of other keys wait
/// until they are opened again. In memory only: at most 50 versions a key and 8 MB in all, the oldest go
/// first. The server keeps no history, so versions nobody looked at are not here.
class KeyHistory final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Version, Size, Origin, ColumnCount };
    static constexpr std::size_t MostVersions = 50;
    static constexpr std::size_t MostBytes = 8'000'000;

    using QAbstractTableModel::QAbstractTableModel;

    void show(const client::Bytes& key);
    /// Notes what was seen of a key; the same version and bytes again are not news.
    void note(const client::Bytes& key, const client::Entry& entry, EpochMs atMs, SeenVersion::Who who);

    const std::deque<SeenVersion>& versions() const { return m_rows; }
    std::size_t bytes() const { return m_bytes; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Versions = std::deque<SeenVersion>;
    static std::size_t costOf(const SeenVersion& seen) { return seen.entry.value.size() + 200; }
    void trim();

    client::Bytes m_key;
    Versions m_rows; ///< of m_key, newest first
    std::map<client::Bytes, Versions> m_others;
    std::size_t m_bytes = 0;
};

} // namespace norikv::models
