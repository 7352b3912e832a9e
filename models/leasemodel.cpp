// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leasemodel.h"

#include "client/patterns/lease.h"
#include "models/text.h"

#include <algorithm>

namespace norikv::models {

namespace {

Tone toneOf(client::Severity severity)
{
    return severity == client::Severity::Certain ? Tone::Danger
        : severity == client::Severity::Suspect  ? Tone::Warning
                                                 : Tone::Info;
}

} // namespace

QString secondsText(EpochMs ms)
{
    return LeaseModel::tr("%1 s").arg(static_cast<double>(ms) / 1000, 0, 'f', 1);
}

std::vector<LeaseRow> leaseRows(const std::vector<client::LeaseTrack>& leases, EpochMs nowMs)
{
    std::vector<LeaseRow> rows;
    for (const client::LeaseTrack& lease : leases) {
        LeaseRow row;
        row.key = lease.key();
        row.election = shown(client::electionOf(lease.key()).value_or(lease.key()));
        row.leaseMs = lease.leaseMs();
        row.leaseKnown = lease.leaseKnown();
        row.holders = static_cast<int>(lease.spans().size());
        row.state = lease.held() ? LeaseModel::tr("led") : LeaseModel::tr("free");
        row.tone = lease.held() ? Tone::Ok : Tone::Muted;
        if (lease.held()) {
            const auto& span = lease.spans().back();
            row.holder = shown(span.holder);
            row.sinceMs = span.fromMs;
            row.lastBeatMs = span.lastBeatMs;
            row.leaseEndMs = lease.leaseEndMs();
        }
        if (lease.fencing())
            row.fencing = QString::number(lease.fencing()->index);
        const auto findings = lease.judge(nowMs);
        const auto worst = std::ranges::min_element(findings, {}, &client::Finding::severity);
        if (worst != findings.end()) {
            const auto title = client::ruleTitle(worst->rule);
            row.state = QStringLiteral("%1 %2").arg(QString::fromStdString(worst->rule),
                QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size())));
            row.tone = toneOf(worst->severity);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

int LeaseModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant LeaseModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Holders)
        return tr("How many leaders were seen so far, each change counted");
    if (role == Qt::ToolTipRole && section == Fencing)
        return tr("Fencing token: the version of the lease. Pass it with each write and refuse smaller ones; "
                  "nobody proves that it "
                  "grows for ever.");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Election:
        return tr("election");
    case Holder:
        return tr("leader");
    case Beat:
        return tr("last heartbeat");
    case Left:
        return tr("lease left");
    case Holders:
        return tr("leaders");
    case Fencing:
        return tr("token");
    default:
        return tr("state");
    }
}

QVariant LeaseModel::cell(const LeaseRow& row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Election:
            return row.election;
        case Holder:
            return row.holder.isEmpty() ? tr("nobody") : row.holder;
        case Beat:
            return row.holder.isEmpty()
                ? QString()
                : tr("%1 ago").arg(secondsText(std::max<EpochMs>(0, m_nowMs - row.lastBeatMs)));
        case Left:
            if (row.holder.isEmpty())
                return {};
            return row.leaseEndMs > m_nowMs ? secondsText(row.leaseEndMs - m_nowMs)
                                            : tr("over %1").arg(secondsText(m_nowMs - row.leaseEndMs));
        case Holders:
            return row.holders;
        case Fencing:
            return row.fencing;
        default:
            return row.state;
        }
    case Qt::TextAlignmentRole:
        return int(
            (column == Beat || column == Left || column == Holders || column == Fencing ? Qt::AlignRight
                                                                                        : Qt::AlignLeft)
            | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Left)
            return row.leaseKnown ? tr("Lease of %1").arg(secondsText(static_cast<EpochMs>(row.leaseMs)))
                                  : tr("The lease time is not known; the pattern's 10 s are assumed");
        return {};
    case SortRole:
        return column == Beat ? QVariant(qlonglong(row.lastBeatMs))
            : column == Left  ? QVariant(qlonglong(row.leaseEndMs))
                              : cell(row, column, Qt::DisplayRole);
    case ToneRole:
        return int(column == State                         ? row.tone
                : column == Holder && row.holder.isEmpty() ? Tone::Muted
                                                           : Tone::Neutral);
    case KeyRole:
        return toQt(row.key);
    default:
        return {};
    }
}

void LeaseModel::refresh(std::vector<LeaseRow> rows, EpochMs nowMs)
{
    m_nowMs = nowMs; // countdowns read it: every row that is held looks different
    merge(
        std::move(rows), [](const LeaseRow& r) -> const client::Bytes& { return r.key; },
        [](const LeaseRow& a, const LeaseRow& b) { return !(a == b) || !b.holder.isEmpty(); });
}

int LeaseModel::rowOf(const client::Bytes& key) const
{
    const auto& all = records();
    const auto found = std::ranges::lower_bound(all, key, {}, &LeaseRow::key);
    return found == all.end() || found->key != key ? -1 : static_cast<int>(found - all.begin());
}

} // namespace norikv::models
