// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keylistmodel.h"

#include "models/sizetext.h"
#include "models/text.h"

#include "client/placement.h"

#include <QCoreApplication>
#include <QDateTime>

namespace norikv::models {

namespace {

constexpr qint64 ExpiringMs = 60'000; // less than this left is worth a look

QString tr(const char* text) { return QCoreApplication::translate("norikv::models::Keys", text); }

QString provenanceText(client::TtlProvenance provenance)
{
    switch (provenance) {
    case client::TtlProvenance::Server:
        return tr("told by the server");
    case client::TtlProvenance::SetHere:
        return tr("set here");
    case client::TtlProvenance::FromValue:
        return tr("from the value");
    case client::TtlProvenance::PatternDefault:
        return tr("the pattern's default");
    case client::TtlProvenance::Unknown:
        break;
    }
    return tr("not known");
}

QString expiryText(const KeyRow& row, const KeyCellContext& context)
{
    if (row.expiresAtMs == 0)
        return row.provenance == client::TtlProvenance::Unknown ? tr("?") : tr("no expiry");
    const auto left
        = std::chrono::milliseconds(row.expiresAtMs - context.clock->nowMs() - context.clockOffsetMs);
    if (left.count() <= 0)
        return tr("expired");
    const QString text = lifeText(left);
    return row.provenance == client::TtlProvenance::Server ? text : tr("about %1").arg(text);
}

Tone expiryTone(const KeyRow& row, const KeyCellContext& context)
{
    if (row.expiresAtMs == 0)
        return Tone::Muted;
    const auto left = row.expiresAtMs - context.clock->nowMs() - context.clockOffsetMs;
    return left < ExpiringMs ? Tone::Warning : Tone::Neutral;
}

QString tip(const KeyRow& row, const KeyCellContext& context)
{
    QString text = shown(client::Bytes(row.key), 1024);
    text += QLatin1Char('\n')
        + tr("%1, version %2.%3, shard %4")
              .arg(sizeText(row.size))
              .arg(row.version.term)
              .arg(row.version.index)
              .arg(shardOf(row.key, context.totalShards));
    text += QLatin1Char('\n');
    if (row.expiresAtMs == 0)
        text += tr("Expiry: none (%1)").arg(provenanceText(row.provenance));
    else
        text += tr("Expires %1 UTC (%2)")
                    .arg(QDateTime::fromMSecsSinceEpoch(row.expiresAtMs, Qt::UTC)
                             .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                        provenanceText(row.provenance));
    if ((row.flags & StaleFlag) != 0)
        text += QLatin1Char('\n') + tr("Not confirmed since the server was lost");
    return plainTip(text);
}

QVariant display(const KeyRow& row, KeyColumn column, const KeyCellContext& context)
{
    switch (column) {
    case KeyColumn::Key:
        return shown(client::Bytes(row.key.substr(0, 256)));
    case KeyColumn::Kind:
        return kindText(row.kind);
    case KeyColumn::Size:
        return grouped(row.size);
    case KeyColumn::Expires:
        return expiryText(row, context);
    case KeyColumn::Version:
        return row.version.term == 0 ? QString::number(row.version.index)
                                     : QStringLiteral("%1.%2").arg(row.version.term).arg(row.version.index);
    case KeyColumn::Shard:
        return QString::number(shardOf(row.key, context.totalShards));
    }
    return {};
}

QVariant sortValue(const KeyRow& row, KeyColumn column, const KeyCellContext& context)
{
    switch (column) {
    case KeyColumn::Key:
        return toQt(client::Bytes(row.key));
    case KeyColumn::Kind:
        return kindText(row.kind);
    case KeyColumn::Size:
        return row.size;
    case KeyColumn::Expires:
        return qlonglong(row.expiresAtMs);
    case KeyColumn::Version:
        return qulonglong(row.version.index);
    case KeyColumn::Shard:
        return shardOf(row.key, context.totalShards);
    }
    return {};
}

} // namespace

QString kindText(client::KeyKind kind)
{
    const std::string_view name = client::name(kind);
    return kind == client::KeyKind::Other
        ? QString()
        : QCoreApplication::translate("norikv::models::KeyKind", std::string(name).c_str());
}

QString lifeText(std::chrono::milliseconds left)
{
    const qlonglong seconds = std::max<qlonglong>(0, (left.count() + 999) / 1000);
    const auto two = [](qlonglong n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 m %2 s").arg(seconds / 60).arg(two(seconds % 60));
    if (seconds < 86'400)
        return tr("%1 h %2 m").arg(seconds / 3600).arg(two(seconds / 60 % 60));
    return tr("%1 d %2 h").arg(grouped(qulonglong(seconds / 86'400)), two(seconds / 3600 % 24));
}

QString columnText(KeyColumn column)
{
    switch (column) {
    case KeyColumn::Key:
        return tr("key");
    case KeyColumn::Kind:
        return tr("kind");
    case KeyColumn::Size:
        return tr("bytes");
    case KeyColumn::Expires:
        return tr("expires in");
    case KeyColumn::Version:
        return tr("version");
    case KeyColumn::Shard:
        return tr("shard");
    }
    return {};
}

QVariant keyCell(const KeyRow& row, KeyColumn column, int role, const KeyCellContext& context)
{
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column, context);
    case Qt::TextAlignmentRole:
        return column == KeyColumn::Key || column == KeyColumn::Kind
            ? QVariant()
            : QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        return tip(row, context);
    case SortRole:
        return sortValue(row, column, context);
    case ToneRole:
        if ((row.flags & StaleFlag) != 0)
            return int(Tone::Muted);
        if (column == KeyColumn::Expires)
            return int(expiryTone(row, context));
        return int(column == KeyColumn::Key || column == KeyColumn::Size ? Tone::Neutral : Tone::Muted);
    case KeyRole:
        return toQt(client::Bytes(row.key));
    case FavouriteRole:
        return (row.flags & FavouriteFlag) != 0;
    case StaleRole:
        return (row.flags & StaleFlag) != 0;
    case FolderRole:
        return false;
    default:
        return {};
    }
}

KeyListModel::KeyListModel(KeyView& view, QObject* parent)
    : QAbstractTableModel(parent)
    , m_view(view)
{
    connect(&view, &KeyView::rowsAboutToBeInserted, this,
        [this](int first, int last) { beginInsertRows({}, first, last); });
    connect(&view, &KeyView::rowsInserted, this, [this] { endInsertRows(); });
    connect(&view, &KeyView::rowsAboutToBeRemoved, this,
        [this](int first, int last) { beginRemoveRows({}, first, last); });
    connect(&view, &KeyView::rowsRemoved, this, [this] { endRemoveRows(); });
    connect(&view, &KeyView::layoutAboutToBeChanged, this, &KeyListModel::remember);
    connect(&view, &KeyView::layoutChanged, this, &KeyListModel::remap);
    connect(&view, &KeyView::rowsChanged, this,
        [this](int first, int last) { Q_EMIT dataChanged(index(first, 0), index(last, KeyColumns - 1)); });
}

int KeyListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_view.size());
}

int KeyListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : KeyColumns; }

KeyRow KeyListModel::row(int row) const
{
    return m_view.store().row(m_view.rows()[static_cast<std::size_t>(row)]);
}

QModelIndex KeyListModel::indexOf(std::string_view key) const
{
    const auto place = m_view.rowOf(key);
    return place ? index(static_cast<int>(*place), 0) : QModelIndex();
}

QVariant KeyListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return keyCell(row(index.row()), KeyColumn(index.column()), role, m_context);
}

QVariant KeyListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= KeyColumns)
        return {};
    if (role == Qt::DisplayRole)
        return columnText(KeyColumn(section));
    if (role == Qt::TextAlignmentRole && section > int(KeyColumn::Kind))
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    return {};
}

void KeyListModel::setContext(const KeyCellContext& context)
{
    m_context = context;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, KeyColumns - 1));
}

void KeyListModel::tick(int first, int last)
{
    if (first >= 0 && first <= last && last < rowCount())
        Q_EMIT dataChanged(index(first, int(KeyColumn::Expires)), index(last, int(KeyColumn::Expires)));
}

void KeyListModel::remember()
{
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    m_before = persistentIndexList();
    m_ids.clear();
    for (const QModelIndex& before : m_before)
        m_ids.push_back(m_view.rows()[static_cast<std::size_t>(before.row())]);
}

void KeyListModel::remap()
{
    QModelIndexList after;
    after.reserve(m_before.size());
    for (qsizetype i = 0; i < m_before.size(); ++i) {
        const auto place = m_view.rowOf(m_ids[static_cast<std::size_t>(i)]);
        after.push_back(place ? index(static_cast<int>(*place), m_before[i].column()) : QModelIndex());
    }
    changePersistentIndexList(m_before, after);
    m_before.clear();
    m_ids.clear();
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

} // namespace norikv::models
