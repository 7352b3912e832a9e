// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/countermodel.h"

#include "models/text.h"

#include <cmath>

namespace norikv::models {

int CounterModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant CounterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != Name)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("counter") : section == Total ? tr("value") : tr("per second");
}

void CounterModel::refresh(const CounterBook& book, const QString& filter)
{
    std::vector<CounterRow> rows;
    for (const auto& [name, state] : book.counters()) {
        if (!filter.isEmpty() && !shown(name).contains(filter, Qt::CaseInsensitive))
            continue;
        CounterRow row;
        row.name = name;
        row.sharded = state.sharded;
        row.shards = state.sharded ? state.shardCount() : 0;
        row.total = state.total;
        // One decimal is what is shown: finer steps would repaint rows that look the same.
        row.rate = std::round(state.rate10.perSecond() * 10) / 10;
        row.partial = state.partial;
        row.missing = state.cells.empty();
        row.opened = state.opened;
        rows.push_back(std::move(row));
    }
    merge(
        std::move(rows), [](const CounterRow& r) -> const client::Bytes& { return r.name; },
        [](const CounterRow& a, const CounterRow& b) { return !(a == b); });
}

int CounterModel::rowOf(const client::Bytes& name) const
{
    const auto place = std::ranges::lower_bound(records(), name, {}, &CounterRow::name);
    if (place == records().end() || place->name != name)
        return -1;
    return static_cast<int>(place - records().begin());
}

QVariant CounterModel::cell(const CounterRow& row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Name:
            return shown(row.name);
        case Total:
            return row.missing                ? tr("missing")
                : row.partial && !row.sharded ? tr("no number")
                                              : QVariant(qlonglong(row.total));
        default:
            return row.rate < 0.05 ? QString() : QString::number(row.rate, 'f', row.rate < 10 ? 1 : 0);
        }
    case Qt::TextAlignmentRole:
        return column == Name ? QVariant()
                              : QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ToolTipRole: {
        const QString kind = row.sharded ? tr("sharded counter, %n shard(s)", nullptr, int(row.shards))
            : row.opened                 ? tr("counter")
                                         : tr("possible counter: the value is an integer");
        return plainTip(QStringLiteral("%1\n%2").arg(shown(row.name), kind));
    }
    case SortRole:
        if (column == Name)
            return toQt(row.name);
        return column == Total ? QVariant(qlonglong(row.total)) : QVariant(row.rate);
    case ToneRole:
        if (column == Total && row.partial)
            return int(Tone::Danger);
        return int(column == Rate || row.missing || !row.opened ? Tone::Muted : Tone::Neutral);
    case KeyRole:
        return toQt(row.name);
    default:
        return {};
    }
}

} // namespace norikv::models
