// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/electionmodel.h"

#include "models/nodediff.h"
#include "models/text.h"

#include <QDateTime>

namespace norikv::models {

namespace {

QString nodeText(const std::string& node)
{
    return node.empty() ? ElectionModel::tr("nobody") : shown(node, 64);
}

} // namespace

QString momentText(EpochMs atMs, EpochMs nowMs)
{
    const auto at = QDateTime::fromMSecsSinceEpoch(atMs);
    const bool today = at.date() == QDateTime::fromMSecsSinceEpoch(nowMs).date();
    return at.toString(today ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

int ElectionModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ElectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("time");
    case Shards:
        return tr("shards");
    case Before:
        return tr("led by");
    default:
        return tr("now by");
    }
}

QVariant ElectionModel::cell(const ElectionGroup& group, int column, int role) const
{
    const bool began = group.shards.empty();
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Time:
            return QDateTime::fromMSecsSinceEpoch(group.atMs).toString(QStringLiteral("MM-dd HH:mm:ss"));
        case Shards:
            return began                   ? tr("watch began")
                : group.shards.size() == 1 ? QString::number(group.shards.front())
                                           : tr("%n shards", nullptr, int(group.shards.size()));
        case Before:
            return began ? QString() : nodeText(group.before);
        default:
            return began ? QString() : nodeText(group.after);
        }
    case Qt::ToolTipRole:
        if (column == Shards && group.shards.size() > 1)
            return plainTip(tr("Shards %1").arg(shardsText(group.shards, 24)));
        if (column == Time)
            return plainTip(QDateTime::fromMSecsSinceEpoch(group.atMs, Qt::UTC).toString(Qt::ISODateWithMs));
        return {};
    case SortRole:
        return qlonglong(group.id);
    case ToneRole:
        return int(began || (column == Before && group.before.empty()) ? Tone::Muted
                : column == After && group.after.empty()               ? Tone::Warning
                                                                       : Tone::Neutral);
    default:
        return {};
    }
}

void ElectionModel::refresh(const std::vector<ElectionGroup>& groups)
{
    merge(
        groups, [](const ElectionGroup& group) { return -group.id; },
        [](const ElectionGroup& a, const ElectionGroup& b) { return !(a == b); });
}

} // namespace norikv::models
