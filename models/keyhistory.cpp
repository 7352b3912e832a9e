// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyhistory.h"

#include "models/sizetext.h"

#include <QDateTime>

#include <algorithm>

namespace norikv::models {

namespace {

QString whoText(SeenVersion::Who who)
{
    switch (who) {
    case SeenVersion::Who::ReadHere:
        return KeyHistory::tr("read here");
    case SeenVersion::Who::Watched:
        return KeyHistory::tr("watched");
    case SeenVersion::Who::SavedHere:
        return KeyHistory::tr("saved here");
    case SeenVersion::Who::DeletedHere:
        break;
    }
    return KeyHistory::tr("deleted here");
}

bool same(const client::Entry& a, const client::Entry& b)
{
    return a.version == b.version && a.value == b.value;
}

} // namespace

void KeyHistory::show(const client::Bytes& key)
{
    if (key == m_key)
        return;
    beginResetModel();
    if (!m_rows.empty())
        m_others[m_key] = std::move(m_rows);
    m_rows.clear();
    m_key = key;
    if (const auto found = m_others.find(key); found != m_others.end()) {
        m_rows = std::move(found->second);
        m_others.erase(found);
    }
    endResetModel();
}

void KeyHistory::note(
    const client::Bytes& key, const client::Entry& entry, EpochMs atMs, SeenVersion::Who who)
{
    const SeenVersion seen{atMs, entry, who};
    if (key != m_key) {
        auto& versions = m_others[key];
        if (versions.empty() || !same(versions.front().entry, entry)) {
            versions.push_front(seen);
            m_bytes += costOf(seen);
        }
        trim();
        return;
    }
    if (!m_rows.empty() && same(m_rows.front().entry, entry))
        return;
    beginInsertRows({}, 0, 0);
    m_rows.push_front(seen);
    m_bytes += costOf(seen);
    endInsertRows();
    trim();
}

void KeyHistory::trim()
{
    for (auto& [key, versions] : m_others) {
        while (versions.size() > MostVersions) {
            m_bytes -= costOf(versions.back());
            versions.pop_back();
        }
    }
    while (m_bytes > MostBytes && !m_others.empty()) {
        // The key that was looked at longest ago goes first.
        const auto oldest = std::ranges::min_element(
            m_others, {}, [](const auto& other) { return other.second.front().atMs; });
        for (const auto& seen : oldest->second)
            m_bytes -= costOf(seen);
        m_others.erase(oldest);
    }
    while (m_rows.size() > 1 && (m_rows.size() > MostVersions || m_bytes > MostBytes)) {
        const int last = static_cast<int>(m_rows.size()) - 1;
        beginRemoveRows({}, last, last);
        m_bytes -= costOf(m_rows.back());
        m_rows.pop_back();
        endRemoveRows();
    }
}

int KeyHistory::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KeyHistory::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant KeyHistory::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole))
        return {};
    if (role == Qt::TextAlignmentRole)
        return index.column() == Version || index.column() == Size
            ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    const auto& seen = m_rows[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Time:
        return QDateTime::fromMSecsSinceEpoch(seen.atMs).toString(QStringLiteral("HH:mm:ss"));
    case Version:
        return seen.entry.exists() ? QString::number(seen.entry.version->index) : QString(QChar(0x2013));
    case Size:
        return seen.entry.exists() ? sizeText(seen.entry.value.size()) : tr("missing");
    default:
        return whoText(seen.who);
    }
}

QVariant KeyHistory::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int(
            (section == Version || section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Seen");
    case Version:
        return tr("Version");
    case Size:
        return tr("Size");
    default:
        return tr("How");
    }
}

} // namespace norikv::models
