// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cachemodel.h"

#include "models/sessionmodel.h"
#include "models/text.h"

namespace norikv::models {

namespace {

bool isNumber(int column)
{
    return column == CacheModel::Used || column == CacheModel::Hits || column == CacheModel::Age
        || column == CacheModel::EndsIn || column == CacheModel::Size;
}

} // namespace

int CacheModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant CacheModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Used)
        return tr("1 = used last; the highest is evicted first");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Key:
        return tr("key");
    case Used:
        return tr("use");
    case Hits:
        return tr("hits");
    case Age:
        return tr("age");
    case EndsIn:
        return tr("ends in");
    case Size:
        return tr("bytes");
    case Versions:
        return tr("cached / server");
    default:
        return tr("state");
    }
}

void CacheModel::refresh(std::vector<client::CacheEntry> entries, std::uint64_t ttlMs, EpochMs nowMs)
{
    m_ttlMs = ttlMs;
    m_nowMs = nowMs;
    std::ranges::sort(entries, {}, &client::CacheEntry::key);
    // Ages move with the time: every row is told.
    merge(
        std::move(entries), [](const client::CacheEntry& entry) -> const client::Bytes& { return entry.key; },
        [](const auto&, const auto&) { return true; });
}

QVariant CacheModel::cell(const client::CacheEntry& entry, int column, int role) const
{
    const EpochMs age = m_nowMs - entry.cachedAtMs;
    const EpochMs left = static_cast<EpochMs>(m_ttlMs) - age;
    const bool differs = entry.differsSinceMs != 0;
    const auto version = [](const std::optional<client::Version>& v) {
        return v ? QString::number(v->index) : QStringLiteral("–");
    };
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Key:
            return shown(entry.key);
        case Used:
            return qlonglong(entry.rank + 1);
        case Hits:
            return qlonglong(entry.hits);
        case Age:
            return countdownText(age);
        case EndsIn:
            return left > 0 ? countdownText(left) : tr("over");
        case Size:
            return qlonglong(entry.size);
        case Versions:
            return entry.comparedMs == 0 ? tr("%1 / not compared").arg(version(entry.version))
                : entry.serverThere ? tr("%1 / %2").arg(version(entry.version), version(entry.serverVersion))
                                    : tr("%1 / gone").arg(version(entry.version));
        default:
            if (differs)
                return entry.staleHits > 0 ? tr("stale, served %1 times").arg(entry.staleHits) : tr("stale");
            return entry.comparedMs == 0 ? tr("not compared yet") : tr("as on the server");
        }
    case SortRole:
        switch (column) {
        case Key:
            return toQt(entry.key);
        case Used:
            return qlonglong(entry.rank);
        case Hits:
            return qlonglong(entry.hits);
        case Age:
            return qlonglong(age);
        case EndsIn:
            return qlonglong(left);
        case Size:
            return qlonglong(entry.size);
        case State:
            return differs ? 2 : entry.comparedMs == 0 ? 1 : 0;
        default:
            return cell(entry, column, Qt::DisplayRole);
        }
    case Qt::TextAlignmentRole:
        return int((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return differs && column == State
            ? QVariant(tr(
                "Since %1 ago the server has other bytes. Within its time to live a cache answers with the "
                "old ones; a read that got them is K1.")
                           .arg(countdownText(m_nowMs - entry.differsSinceMs)))
            : QVariant();
    case ToneRole:
        return int(column != State      ? Tone::Neutral
                : entry.staleHits > 0   ? Tone::Danger
                : differs               ? Tone::Warning
                : entry.comparedMs == 0 ? Tone::Muted
                                        : Tone::Ok);
    case KeyRole:
        return toQt(entry.key);
    default:
        return {};
    }
}

} // namespace norikv::models
