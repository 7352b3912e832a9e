// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/stockmodel.h"

#include "models/sessionmodel.h"
#include "models/text.h"

#include <QMimeData>

#include <algorithm>

namespace norikv::models {

namespace {

QString say(const char* text) { return StockModel::tr(text); }

Tone toneOf(client::Severity severity)
{
    return severity == client::Severity::Certain ? Tone::Danger
        : severity == client::Severity::Suspect  ? Tone::Warning
                                                 : Tone::Info;
}

QString stateText(const StockRow& row)
{
    if (!row.wrong.empty()) {
        const std::string first = row.wrong.substr(0, 2);
        const auto title = client::ruleTitle(first);
        return QStringLiteral("%1 %2").arg(
            QString::fromStdString(first), QString::fromUtf8(title.data(), qsizetype(title.size())));
    }
    if (!row.reading.there)
        return say("no item");
    if (!row.reading.item)
        return say("no JSON object");
    if (row.leaked > 0)
        return say("%1 leaking").arg(row.leaked);
    if (!row.reading.item->complaints.empty())
        return say("odd fields");
    if (row.available() && *row.available() == 0)
        return say("nothing left");
    return say("balanced");
}

Tone stateTone(const StockRow& row)
{
    if (!row.wrong.empty())
        return toneOf(row.worst);
    if (!row.reading.item || !row.reading.item->complaints.empty())
        return Tone::Warning;
    return row.leaked > 0 ? Tone::Info : Tone::Ok;
}

QString tipOf(const StockRow& row)
{
    QStringList lines{shown(row.key)};
    if (!row.reading.item)
        lines << QString::fromStdString(row.reading.unreadable);
    else
        for (const auto& complaint : row.reading.item->complaints)
            lines << QString::fromStdString(complaint);
    if (row.reading.item && !row.reading.item->hasReservations())
        lines << say("Written by a client that stores no reservations: what is reserved cannot be compared.");
    return plainTip(lines.join(QLatin1Char('\n')));
}

int alignment(bool number) { return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter); }

QVariant optionalNumber(std::optional<std::int64_t> number)
{
    return number ? QVariant(qlonglong(*number)) : QVariant(QStringLiteral("–"));
}

QString reservationState(const ReservationRow& row, EpochMs nowMs)
{
    const auto& reading = row.reading;
    if (!reading.reservation)
        return say("no JSON object");
    if (reading.expiry.overdue(nowMs))
        return say("I6 can still be committed");
    if (!reading.reservation->complaints.empty())
        return say("odd fields");
    if (reading.expiry.atMs && *reading.expiry.atMs - nowMs < EndsSoonMs)
        return say("ends soon");
    return say("held");
}

Tone reservationTone(const ReservationRow& row, EpochMs nowMs)
{
    const auto& reading = row.reading;
    if (reading.expiry.overdue(nowMs))
        return reading.expiry.known ? Tone::Danger : Tone::Warning;
    if (!reading.reservation || !reading.reservation->complaints.empty())
        return Tone::Warning;
    return reading.expiry.atMs && *reading.expiry.atMs - nowMs < EndsSoonMs ? Tone::Warning : Tone::Ok;
}

} // namespace

StockParts partsOf(const StockRow& row)
{
    StockParts parts;
    const auto& item = row.reading.item;
    if (!item || !item->quantity || !item->reserved)
        return parts;
    parts.known = true;
    parts.leaked = row.leaked;
    parts.held = std::max<qint64>(0, *item->reserved - row.leaked);
    parts.available = std::max<qint64>(0, row.available().value_or(0));
    return parts;
}

int StockModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant StockModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section == Available || section == Reserved || section == Held);
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Available:
            return tr("In stock and reserved for nobody");
        case Reserved:
            return tr("What the item itself counts as reserved");
        case Held:
            return tr("Units of the reservations that can be read");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Sku:
        return tr("SKU");
    case Bar:
        return tr("stock");
    case Available:
        return tr("available");
    case Reserved:
        return tr("reserved");
    case Held:
        return tr("in reservations");
    default:
        return tr("state");
    }
}

QVariant StockModel::cell(const StockRow& row, int column, int role) const
{
    const auto& item = row.reading.item;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Sku:
            return shown(row.reading.sku);
        case Bar:
            return {};
        case Available:
            return optionalNumber(row.available());
        case Reserved:
            return optionalNumber(item ? item->reserved : std::nullopt);
        case Held:
            return item && !item->hasReservations() ? QVariant(tr("not stored"))
                : row.reservations == 0
                ? QVariant(QStringLiteral("–"))
                : QVariant(tr("%1 in %2").arg(grouped(qulonglong(row.held)), grouped(row.reservations)));
        default:
            return stateText(row);
        }
    case Qt::AccessibleTextRole: {
        if (column != Bar)
            return cell(row, column, Qt::DisplayRole);
        const StockParts parts = partsOf(row);
        return parts.known ? tr("%1 available, %2 reserved, %3 leaked")
                                 .arg(parts.available)
                                 .arg(parts.held)
                                 .arg(parts.leaked)
                           : tr("not known");
    }
    case Qt::TextAlignmentRole:
        return alignment(column == Available || column == Reserved || column == Held);
    case Qt::ToolTipRole:
        if (column == Bar)
            return cell(row, Bar, Qt::AccessibleTextRole);
        return tipOf(row);
    case ToneRole:
        return int(column == State ? stateTone(row) : Tone::Neutral);
    case KeyRole:
        return toQt(row.key);
    case PartsRole:
        return QVariant::fromValue(partsOf(row));
    default:
        return {};
    }
}

int ReservationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReservationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return alignment(section == Units || section == Created || section == EndsIn);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Id:
        return tr("reservation");
    case Units:
        return tr("units");
    case Created:
        return tr("made");
    case EndsIn:
        return tr("ends in");
    case Source:
        return tr("known from");
    default:
        return tr("state");
    }
}

Qt::ItemFlags ReservationModel::flags(const QModelIndex& index) const
{
    return SheetModel::flags(index) | (index.isValid() ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QMimeData* ReservationModel::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto* data = new QMimeData;
    data->setData(mimeType(), toQt(record(indexes.front().row()).key));
    return data;
}

QVariant ReservationModel::cell(const ReservationRow& row, int column, int role) const
{
    const auto& reading = row.reading;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Id:
            return shown(client::idOfReservationKey(row.key).value_or(row.key));
        case Units:
            return reading.reservation ? optionalNumber(reading.reservation->quantity) : QVariant();
        case Created:
            return reading.reservation ? agoText(reading.reservation->createdAt, m_nowMs) : QString();
        case EndsIn:
            return endText(reading.expiry, m_nowMs);
        case Source:
            return sourceText(reading.expiry);
        default:
            return reservationState(row, m_nowMs);
        }
    case Qt::TextAlignmentRole:
        return alignment(column == Units || column == Created || column == EndsIn);
    case Qt::ToolTipRole: {
        QStringList lines{shown(row.key)};
        if (reading.expiry.atMs && *reading.expiry.atMs >= m_nowMs
            && *reading.expiry.atMs - m_nowMs < EndsSoonMs)
            lines << tr("Commit it now: after its end both commit and release fail.");
        if (!reading.reservation)
            lines << QString::fromStdString(reading.unreadable);
        else
            for (const auto& complaint : reading.reservation->complaints)
                lines << QString::fromStdString(complaint);
        return plainTip(lines.join(QLatin1Char('\n')));
    }
    case ToneRole:
        return int(column == State ? reservationTone(row, m_nowMs)
                : column == Source ? Tone::Muted
                                   : Tone::Neutral);
    case KeyRole:
        return toQt(row.key);
    case LeftRole:
        if (!reading.expiry.atMs || m_ttlMs == 0)
            return -1.0;
        return std::clamp(
            static_cast<double>(*reading.expiry.atMs - m_nowMs) / static_cast<double>(m_ttlMs), 0.0, 1.0);
    default:
        return {};
    }
}

} // namespace norikv::models
