// SPDX-License-Identifier: GPL-3.0-or-later
// The two lists of a bulk job.
#include "models/bulkfeed.h"
#include "models/sizetext.h"
#include "models/text.h"

#include "client/placement.h"

namespace norikv::models {

int BulkKeysModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_request ? 0 : static_cast<int>(m_request->keys.size());
}

int BulkKeysModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

void BulkKeysModel::setPlan(std::shared_ptr<const client::BulkRequest> request,
    std::shared_ptr<const client::BulkPlan> plan, std::uint32_t totalShards)
{
    beginResetModel();
    m_request = std::move(request);
    m_plan = std::move(plan);
    m_totalShards = totalShards;
    endResetModel();
}

QVariant BulkKeysModel::text(std::size_t row, int column) const
{
    const client::Bytes& key = m_request->keys[row];
    switch (column) {
    case Key:
        return shown(key);
    case Size: {
        const std::uint64_t size
            = row < m_plan->sizes.size() ? m_plan->sizes[row] : client::BulkPlan::SizeUnknown;
        if (size == client::BulkPlan::SizeMissing)
            return tr("missing");
        return size == client::BulkPlan::SizeUnknown ? tr("not read") : sizeText(size);
    }
    default:
        return QString::number(shardOf(key, m_totalShards));
    }
}

QVariant BulkKeysModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::TextAlignmentRole:
        if (index.column() != Key)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    case ToneRole:
        return int(Tone::Neutral);
    case KeyRole:
        return toQt(m_request->keys[row]);
    default:
        return {};
    }
}

QVariant BulkKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != Key)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("key") : section == Size ? tr("value") : tr("shard");
}

int BulkFailuresModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_failures.size());
}

int BulkFailuresModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

void BulkFailuresModel::setFailures(std::vector<client::BulkFailure> failures)
{
    const auto had = m_failures.size();
    if (failures.size() == had)
        return;
    if (failures.size() < had) {
        beginResetModel();
        m_failures = std::move(failures);
        endResetModel();
        return;
    }
    beginInsertRows({}, static_cast<int>(had), static_cast<int>(failures.size()) - 1);
    m_failures = std::move(failures);
    endInsertRows();
}

QVariant BulkFailuresModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const client::BulkFailure& failure = m_failures[static_cast<std::size_t>(index.row())];
    const bool unknown = failure.status == client::WriteStatus::Unknown;
    const QString reason = QString::fromStdString(failure.reason).left(300);
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Key:
            return shown(failure.key);
        case Line:
            return failure.line == 0 ? QString() : QString::number(failure.line);
        case Outcome:
            return unknown ? tr("unknown") : tr("failed");
        default:
            return reason;
        }
    case Qt::ToolTipRole:
        return index.column() == Reason ? QVariant(plainTip(reason)) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == Line)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    case ToneRole:
        if (index.column() != Outcome)
            return int(Tone::Neutral);
        return int(unknown ? Tone::Warning : Tone::Danger);
    case KeyRole:
        return toQt(failure.key);
    default:
        return {};
    }
}

QVariant BulkFailuresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == Line)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Key:
        return tr("key");
    case Line:
        return tr("line");
    case Outcome:
        return tr("outcome");
    default:
        return tr("reason");
    }
}

} // namespace norikv::models
