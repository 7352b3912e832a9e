// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sessionmodel.h"

#include "models/text.h"

#include <QDateTime>

namespace norikv::models {

namespace {

QString say(const char* text) { return SessionModel::tr(text); }

Tone toneOf(const SessionRow& row)
{
    if (!row.wrong.empty()) {
        return row.worst == client::Severity::Certain ? Tone::Danger
            : row.worst == client::Severity::Suspect  ? Tone::Warning
                                                      : Tone::Info;
    }
    return row.reading.record ? Tone::Ok : Tone::Muted;
}

QString stateText(const SessionRow& row)
{
    if (!row.wrong.empty()) {
        const std::string first = row.wrong.substr(0, 2);
        const auto title = client::ruleTitle(first);
        return QStringLiteral("%1 %2").arg(
            QString::fromStdString(first), QString::fromUtf8(title.data(), qsizetype(title.size())));
    }
    if (!row.reading.record)
        return say("no JSON object");
    if (!row.reading.record->complaints.empty())
        return say("odd fields");
    return say("valid");
}

QString tipOf(const SessionRow& row)
{
    QStringList lines{shown(row.key)};
    if (!row.reading.record)
        lines << QString::fromStdString(row.reading.unreadable);
    else
        for (const auto& complaint : row.reading.record->complaints)
            lines << QString::fromStdString(complaint);
    if (row.reading.record) {
        const auto dialect = client::name(row.reading.record->dialect);
        lines << say("written as by a %1 client")
                     .arg(QString::fromUtf8(dialect.data(), qsizetype(dialect.size())));
    }
    if (row.reading.expiry.atMs)
        lines << QDateTime::fromMSecsSinceEpoch(*row.reading.expiry.atMs).toString(Qt::ISODate);
    return plainTip(lines.join(QLatin1Char('\n')));
}

} // namespace

QString countdownText(EpochMs leftMs)
{
    const EpochMs s = std::max<EpochMs>(0, leftMs) / 1000;
    const auto two = [](EpochMs n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    if (s < 60)
        return say("%1 s").arg(s);
    if (s < 3600)
        return say("%1 min %2 s").arg(QString::number(s / 60), two(s % 60));
    if (s < 86'400)
        return say("%1 h %2 min").arg(QString::number(s / 3600), two(s / 60 % 60));
    return say("%1 d %2 h").arg(QString::number(s / 86'400), two(s / 3600 % 24));
}

QString endText(const client::Expiry& expiry, EpochMs nowMs)
{
    if (!expiry.atMs)
        return expiry.serverSaysNever ? say("never") : say("not known");
    if (*expiry.atMs < nowMs)
        return say("%1 over").arg(countdownText(nowMs - *expiry.atMs));
    const QString left = countdownText(*expiry.atMs - nowMs);
    return expiry.from == client::TtlProvenance::Server || expiry.from == client::TtlProvenance::SetHere
        ? left
        : QStringLiteral("≈ ") + left;
}

QString sourceText(const client::Expiry& expiry)
{
    if (expiry.serverSaysNever && !expiry.atMs)
        return say("server");
    switch (expiry.from) {
    case client::TtlProvenance::Server:
        return say("server");
    case client::TtlProvenance::SetHere:
        return say("set here");
    case client::TtlProvenance::FromValue:
        return say("from value");
    case client::TtlProvenance::PatternDefault:
        return say("pattern default");
    case client::TtlProvenance::Unknown:
        break;
    }
    return say("unknown");
}

QString agoText(std::optional<client::StoredTime> time, EpochMs nowMs)
{
    if (!time)
        return {};
    return time->ms <= nowMs ? say("%1 ago").arg(countdownText(nowMs - time->ms))
                             : say("in %1").arg(countdownText(time->ms - nowMs));
}

int SessionModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant SessionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case User:
        return tr("user");
    case Email:
        return tr("e-mail");
    case Roles:
        return tr("roles");
    case LastSeen:
        return tr("last seen");
    case EndsIn:
        return tr("ends in");
    case Source:
        return tr("known from");
    default:
        return tr("state");
    }
}

QVariant SessionModel::cell(const SessionRow& row, int column, int role) const
{
    const auto& record = row.reading.record;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case User:
            return record && !record->userId.empty() ? shown(record->userId) : shown(row.key);
        case Email:
            return record ? shown(record->email) : QString();
        case Roles: {
            QStringList roles;
            for (std::size_t i = 0; record && i < record->roles.size() && i < 16; ++i)
                roles << shown(record->roles[i], 48);
            return roles.join(QStringLiteral(", "));
        }
        case LastSeen:
            return record ? agoText(record->lastAccessedAt, m_nowMs) : QString();
        case EndsIn:
            return endText(row.reading.expiry, m_nowMs);
        case Source:
            return sourceText(row.reading.expiry);
        default:
            return stateText(row);
        }
    case Qt::TextAlignmentRole:
        return int(
            (column == LastSeen || column == EndsIn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return tipOf(row);
    case ToneRole:
        return int(column == State ? toneOf(row) : column == Source ? Tone::Muted : Tone::Neutral);
    case KeyRole:
        return toQt(row.key);
    default:
        return {};
    }
}

} // namespace norikv::models
