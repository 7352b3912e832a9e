// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journalmodel.h"

#include "models/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>

namespace norikv::models {

namespace {

constexpr std::size_t CellBytes = 120;

Tone toneOf(client::WriteStatus status)
{
    switch (status) {
    case client::WriteStatus::Ok:
        return Tone::Ok;
    case client::WriteStatus::Failed:
        return Tone::Danger;
    case client::WriteStatus::Unknown:
        return Tone::Warning;
    case client::WriteStatus::Pending:
        break;
    }
    return Tone::Muted;
}

} // namespace

QString actionText(const client::JournalEntry& entry)
{
    switch (entry.kind) {
    case client::WriteKind::Put:
        return entry.cas ? QCoreApplication::translate("journal", "Put · CAS")
                         : QCoreApplication::translate("journal", "Put");
    case client::WriteKind::Remove:
        return QCoreApplication::translate("journal", "Delete");
    case client::WriteKind::Other:
        return QCoreApplication::translate("journal", "Call");
    case client::WriteKind::Bulk:
        break;
    }
    return QCoreApplication::translate("journal", "Bulk");
}

QString sideText(const client::Entry& side, bool existed)
{
    if (!existed)
        return QCoreApplication::translate("journal", "missing");
    if (side.value.empty() && side.valueSize == 0)
        return QCoreApplication::translate("journal", "empty");
    const QString text = shown(side.value, CellBytes);
    return side.valueSize > CellBytes ? text + QStringLiteral(" …") : text;
}

int JournalModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("time");
    case Action:
        return tr("write");
    case Key:
        return tr("key");
    case Before:
        return tr("before");
    case After:
        return tr("after");
    case Status:
        return tr("outcome");
    default:
        return tr("caused by");
    }
}

QString JournalModel::text(const client::JournalEntry& entry, int column) const
{
    const bool bulk = entry.kind == client::WriteKind::Bulk;
    const bool other = entry.kind == client::WriteKind::Other;
    switch (column) {
    case Time:
        return QDateTime::fromMSecsSinceEpoch(entry.atMs).toString(QStringLiteral("dd.MM. HH:mm:ss.zzz"));
    case Action:
        return actionText(entry);
    case Key:
        return shown(entry.key);
    case Before:
        return bulk ? tr("in the undo file")
            : other ? QString()
                    : sideText(entry.before, entry.before.exists());
    case After:
        return bulk || other ? QString() : sideText(entry.after, entry.kind == client::WriteKind::Put);
    case Status: {
        if (m_undone.contains(entry.id))
            return tr("undone");
        const auto name = client::name(entry.status);
        const QString status = QString::fromUtf8(name.data(), qsizetype(name.size()));
        return entry.problem.empty()
            ? status
            : tr("%1: %2").arg(status, QString::fromStdString(entry.problem).left(200));
    }
    default:
        return entry.undoes != 0 ? tr("undo") : QString::fromStdString(entry.why).left(200);
    }
}

QVariant JournalModel::cell(const client::JournalEntry& entry, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, column);
    case Qt::ToolTipRole:
        if (column == Time)
            return plainTip(tr("took %1 ms").arg(double(entry.took.count()) / 1000, 0, 'f', 1));
        if (column == Before || column == After || column == Status || column == Why)
            return plainTip(text(entry, column));
        return {};
    case SortRole:
        return quint64(entry.id);
    case ToneRole:
        if (column == Status)
            return int(m_undone.contains(entry.id) ? Tone::Muted : toneOf(entry.status));
        return int(column == Time || column == Why ? Tone::Muted : Tone::Neutral);
    case KeyRole:
        return toQt(entry.key);
    default:
        return {};
    }
}

bool JournalModel::matches(const client::JournalEntry& entry) const
{
    if (m_filter.isEmpty())
        return true;
    for (int column = 0; column < ColumnCount; ++column) {
        if (text(entry, column).contains(m_filter, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

void JournalModel::merge(std::vector<client::JournalEntry> entries)
{
    for (auto& entry : entries) {
        if (entry.undoes != 0 && entry.status == client::WriteStatus::Ok)
            m_undone.insert(undoneBy(entry));
        m_all.insert_or_assign(entry.id, std::move(entry));
    }
    while (m_all.size() > Limit) {
        m_undone.erase(m_all.begin()->first);
        m_all.erase(m_all.begin());
    }
    show();
}

std::uint64_t JournalModel::undoneBy(const client::JournalEntry& entry) const
{
    if (entry.kind != client::WriteKind::Bulk)
        return entry.undoes;
    for (const auto& [id, other] : m_all) {
        if (other.kind == client::WriteKind::Bulk && other.file == entry.key)
            return id;
    }
    return 0;
}

void JournalModel::setFilter(const QString& text)
{
    if (text == m_filter)
        return;
    m_filter = text;
    show();
}

void JournalModel::show()
{
    std::vector<client::JournalEntry> rows;
    for (auto entry = m_all.rbegin(); entry != m_all.rend(); ++entry) {
        if (matches(entry->second))
            rows.push_back(entry->second);
    }
    RecordModel::merge(
        std::move(rows), [](const client::JournalEntry& entry) { return ~entry.id; },
        [this](const client::JournalEntry& old, const client::JournalEntry& now) {
            return old.status != now.status || old.problem != now.problem || m_undone.contains(now.id);
        });
}

bool JournalModel::undoable(const client::JournalEntry& entry) const
{
    return entry.kind != client::WriteKind::Other && entry.undoes == 0 && !m_undone.contains(entry.id)
        && (entry.status == client::WriteStatus::Ok || entry.status == client::WriteStatus::Unknown);
}

const client::JournalEntry* JournalModel::lastUndoable() const
{
    for (auto entry = m_all.rbegin(); entry != m_all.rend(); ++entry) {
        if (undoable(entry->second))
            return &entry->second;
    }
    return nullptr;
}

const client::JournalEntry* JournalModel::find(std::uint64_t id) const
{
    const auto found = m_all.find(id);
    return found == m_all.end() ? nullptr : &found->second;
}

QString JournalModel::line(int row) const
{
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column)
        cells << text(record(row), column);
    return cells.join(QLatin1Char('\t'));
}

} // namespace norikv::models
