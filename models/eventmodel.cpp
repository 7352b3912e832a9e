// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eventmodel.h"

#include "models/sessionmodel.h"
#include "models/text.h"

#include <QDateTime>

namespace norikv::models {

namespace {

QString say(const char* text) { return EventStreamModel::tr(text); }

Tone toneOf(client::Severity severity)
{
    return severity == client::Severity::Certain ? Tone::Danger
        : severity == client::Severity::Suspect  ? Tone::Warning
                                                 : Tone::Info;
}

QString ruleText(const std::string& rules)
{
    const std::string first = rules.substr(0, 2);
    const auto title = client::ruleTitle(first);
    return QStringLiteral("%1 %2").arg(
        QString::fromStdString(first), QString::fromUtf8(title.data(), qsizetype(title.size())));
}

QString stateText(const EventStreamRow& row)
{
    if (!row.wrong.empty())
        return ruleText(row.wrong);
    if (row.events == 0)
        return say("no events");
    return row.complaints > 0 ? say("odd fields") : say("in order");
}

Tone stateTone(const EventStreamRow& row)
{
    if (!row.wrong.empty())
        return toneOf(row.worst);
    return row.events == 0 || row.complaints > 0 ? Tone::Warning : Tone::Ok;
}

QString timeText(EpochMs ms) { return QDateTime::fromMSecsSinceEpoch(ms).toString(Qt::ISODateWithMs); }

QString typeText(const std::string& type) { return type.empty() ? say("no type") : shown(type, 64); }

QString tipOf(const EventStreamRow& row)
{
    QStringList lines{shown(row.key) + QStringLiteral("…"), layoutText(row.stream.layout)};
    if (row.meta)
        lines << say("the meta names version %1").arg(qulonglong(*row.meta));
    if (!row.gaps.empty())
        lines << say("missing: %1").arg(gapsText(row.gaps));
    if (row.lastMs != 0)
        lines << say("newest event: %1").arg(timeText(row.lastMs));
    return plainTip(lines.join(QLatin1Char('\n')));
}

QString tipOf(const EventRow& row)
{
    QStringList lines{shown(row.key)};
    for (const auto& complaint : row.event->complaints)
        lines << QString::fromStdString(complaint);
    if (row.event->time)
        lines << timeText(row.event->time->ms);
    return plainTip(lines.join(QLatin1Char('\n')));
}

int alignment(bool number) { return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter); }

} // namespace

QString layoutText(client::EventLayout layout)
{
    switch (layout) {
    case client::EventLayout::Stream:
        return say("stream of a Go client");
    case client::EventLayout::Sequence:
        return say("stream of a Java client: one sequence numbers all aggregates");
    case client::EventLayout::Document:
        break;
    }
    return say("stream of a TypeScript or Python client");
}

QString gapsText(const std::vector<client::EventStreamFacts::Range>& gaps)
{
    constexpr std::size_t Most = 4;
    QStringList parts;
    for (std::size_t i = 0; i < std::min(gaps.size(), Most); ++i) {
        const auto& [first, last] = gaps[i];
        parts << (first == last ? QString::number(first) : QStringLiteral("%1–%2").arg(first).arg(last));
    }
    QString text = parts.join(QStringLiteral(", "));
    if (gaps.size() > Most)
        text += say(" and %1 more").arg(qulonglong(gaps.size() - Most));
    return text;
}

int EventStreamModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EventStreamModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section == Events || section == Complaints);
    if (role == Qt::ToolTipRole) {
        if (section == Complaints)
            return tr("Events whose value is not as the pattern writes it");
        if (section == LastTime)
            return tr("By the clock of whoever wrote the newest event");
        return {};
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Aggregate:
        return tr("aggregate");
    case Events:
        return tr("events");
    case LastType:
        return tr("newest event");
    case LastTime:
        return tr("written");
    case Complaints:
        return tr("odd");
    default:
        return tr("state");
    }
}

QVariant EventStreamModel::cell(const EventStreamRow& row, int column, int role) const
{
    if (role == KeyRole) {
        const bool meta = row.meta && row.stream.hasMeta();
        return toQt(meta ? row.stream.metaKey() : row.stream.eventKey(row.last));
    }
    if (role == Qt::TextAlignmentRole)
        return alignment(column == Events || column == Complaints);
    if (role == Qt::ToolTipRole)
        return tipOf(row);
    if (role == ToneRole)
        return QVariant::fromValue(column == State           ? stateTone(row)
                : column == Complaints && row.complaints > 0 ? Tone::Warning
                                                             : Tone::Neutral);
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (column) {
    case Aggregate:
        return shown(row.stream.aggregate);
    case Events:
        return role == SortRole ? QVariant(qulonglong(row.events)) : QVariant(grouped(row.events));
    case LastType:
        return row.events == 0 ? QString() : typeText(row.lastType);
    case LastTime:
        if (role == SortRole)
            return qlonglong(row.lastMs);
        return row.lastMs == 0 ? QString() : agoText(client::StoredTime{row.lastMs, {}}, m_nowMs);
    case Complaints:
        if (role == SortRole)
            return qulonglong(row.complaints);
        return row.complaints == 0 ? QString() : grouped(row.complaints);
    default:
        return stateText(row);
    }
}

int EventModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section == Number);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("no.");
    case Type:
        return tr("type");
    case Time:
        return tr("written");
    case Data:
        return tr("data");
    default:
        return tr("ok");
    }
}

int EventModel::rowOf(std::uint64_t number) const
{
    const auto row = sheet().lowerBound(
        number, [](const EventRow& event, std::uint64_t wanted) { return event.number() < wanted; });
    return row < sheet().size() ? static_cast<int>(row) : -1;
}

QVariant EventModel::cell(const EventRow& row, int column, int role) const
{
    if (role == KeyRole)
        return toQt(row.key);
    if (role == Qt::TextAlignmentRole)
        return alignment(column == Number);
    if (role == Qt::ToolTipRole)
        return tipOf(row);
    const client::EventRecord& event = *row.event;
    if (role == ToneRole) {
        const bool odd = !event.complaints.empty();
        return QVariant::fromValue(column != State ? Tone::Neutral
                : !row.wrong.empty()               ? Tone::Danger
                : odd                              ? Tone::Warning
                                                   : Tone::Ok);
    }
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (column) {
    case Number:
        return role == SortRole ? QVariant(qulonglong(event.number)) : QVariant(grouped(event.number));
    case Type:
        return typeText(event.type);
    case Time:
        if (role == SortRole)
            return qlonglong(event.timeMs());
        return event.time ? QDateTime::fromMSecsSinceEpoch(event.time->ms)
                                .toString(QStringLiteral("MM-dd HH:mm:ss.zzz")) // the tip says the year
                          : QString();
    case Data:
        return shown(event.data);
    default:
        return !row.wrong.empty()       ? ruleText(row.wrong)
            : !event.readable           ? tr("no JSON object")
            : !event.complaints.empty() ? tr("odd fields")
                                        : tr("read");
    }
}

} // namespace norikv::models
