// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operationsmodel.h"

#include "models/text.h"

#include "client/rpc.h"

#include <QDateTime>

namespace norikv::models {

OperationsModel::OperationsModel(QObject* parent)
    : RecordModelBase(parent)
{
}

int OperationsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int OperationsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OperationsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Took || section == Attempts || section == Shard))
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("time");
    case Name:
        return tr("operation");
    case Key:
        return tr("key");
    case Shard:
        return tr("shard");
    case Node:
        return tr("node");
    case Attempts:
        return tr("tries");
    case Took:
        return tr("took");
    default:
        return tr("outcome");
    }
}

QString OperationsModel::text(const client::Operation& op, int column) const
{
    switch (column) {
    case Time:
        return QDateTime::fromMSecsSinceEpoch(op.startedMs).toString(QStringLiteral("HH:mm:ss.zzz"));
    case Name: {
        const auto label = client::info(op.rpc).label;
        const QString name = QString::fromUtf8(label.data(), static_cast<qsizetype>(label.size()));
        return op.cas ? name + QStringLiteral(" · CAS") : name;
    }
    case Key:
        return shown(op.key);
    case Shard:
        return op.shard ? QString::number(*op.shard) : QString();
    case Node:
        return QString::fromStdString(op.node);
    case Attempts:
        return op.attempts > 1 ? QString::number(op.attempts) : QString();
    case Took: {
        const double ms = static_cast<double>(op.took.count()) / 1000;
        return tr("%1 ms").arg(ms, 0, 'f', ms < 100 ? 1 : 0);
    }
    default: {
        const QString detail = QString::fromStdString(op.detail);
        if (!op.error)
            return detail.isEmpty() ? tr("ok") : detail;
        if (*op.error == client::ErrorKind::Conflict)
            return tr("conflict");
        if (op.notOffered())
            return tr("not offered by this server");
        return detail.left(200);
    }
    }
}

QVariant OperationsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const client::Operation& op = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(op, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Outcome)
            return op.detail.empty() ? QVariant() : plainTip(QString::fromStdString(op.detail));
        if (index.column() == Name && !op.why.empty())
            return plainTip(tr("caused by: %1").arg(QString::fromStdString(op.why)));
        return {};
    case Qt::TextAlignmentRole:
        if (index.column() == Took || index.column() == Attempts || index.column() == Shard)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    case ToneRole:
        if (index.column() != Outcome)
            return index.column() == Time ? int(Tone::Muted) : int(Tone::Neutral);
        if (!op.error)
            return int(Tone::Ok);
        if (op.notOffered())
            return int(Tone::Muted);
        return int(*op.error == client::ErrorKind::Conflict || *op.error == client::ErrorKind::UnknownOutcome
                ? Tone::Warning
                : Tone::Danger);
    case KeyRole:
        return toQt(op.key);
    default:
        return {};
    }
}

bool OperationsModel::matches(const client::Operation& op) const
{
    if (m_filter.isEmpty())
        return true;
    for (int column = 0; column < ColumnCount; ++column) {
        if (text(op, column).contains(m_filter, Qt::CaseInsensitive))
            return true;
    }
    return QString::fromStdString(op.why).contains(m_filter, Qt::CaseInsensitive);
}

void OperationsModel::append(std::vector<client::Operation> operations, std::uint64_t dropped)
{
    m_dropped += dropped;
    if (!m_paused) {
        show(std::move(operations));
        return;
    }
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(operations.begin()),
        std::make_move_iterator(operations.end()));
    if (m_waiting.size() > Limit)
        m_waiting.erase(m_waiting.begin(), m_waiting.end() - static_cast<std::ptrdiff_t>(Limit));
    Q_EMIT waitingChanged(waiting());
}

void OperationsModel::show(std::vector<client::Operation> operations)
{
    if (operations.size() > Limit)
        operations.erase(operations.begin(), operations.end() - static_cast<std::ptrdiff_t>(Limit));
    std::vector<const client::Operation*> fresh;
    for (auto& op : operations) {
        if (matches(op))
            fresh.push_back(&op);
    }
    if (!fresh.empty()) {
        beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
        for (const auto* op : fresh)
            m_rows.push_front(*op);
        endInsertRows();
    }
    if (m_rows.size() > Limit) {
        beginRemoveRows({}, static_cast<int>(Limit), static_cast<int>(m_rows.size()) - 1);
        m_rows.resize(Limit);
        endRemoveRows();
    }
    for (auto& op : operations)
        m_all.push_front(std::move(op));
    if (m_all.size() > Limit)
        m_all.resize(Limit);
}

void OperationsModel::clear()
{
    beginResetModel();
    m_all.clear();
    m_rows.clear();
    m_waiting.clear();
    m_dropped = 0;
    endResetModel();
    Q_EMIT waitingChanged(0);
}

void OperationsModel::setFilter(const QString& text)
{
    if (text == m_filter)
        return;
    m_filter = text;
    beginResetModel();
    m_rows.clear();
    for (const auto& op : m_all) {
        if (matches(op))
            m_rows.push_back(op);
    }
    endResetModel();
}

void OperationsModel::setPaused(bool paused)
{
    if (m_paused == paused)
        return;
    m_paused = paused;
    if (!paused) {
        show(std::exchange(m_waiting, {}));
        Q_EMIT waitingChanged(0);
    }
}

client::Result<client::ShownOperation> OperationsModel::shownOperation(int row) const
{
    using What = client::ShownOperation::What;
    const client::Operation& op = m_rows[static_cast<std::size_t>(row)];
    client::ShownOperation shown;
    shown.key = op.key;
    switch (op.rpc) {
    case client::Rpc::KvGet:
        shown.what = What::Get;
        return shown;
    case client::Rpc::KvDelete:
        shown.what = What::Remove;
        return shown;
    case client::Rpc::ExploreScan:
        shown.what = What::Scan;
        return shown;
    case client::Rpc::KvPut:
        return client::fail(
            client::ErrorKind::Unsupported, "this list keeps no values; copy the write from the journal");
    default:
        return client::fail(client::ErrorKind::Unsupported, "this call is no operation on a key");
    }
}

QString OperationsModel::line(int row) const
{
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column)
        cells << text(m_rows[static_cast<std::size_t>(row)], column);
    return cells.join(QLatin1Char('\t'));
}

} // namespace norikv::models
