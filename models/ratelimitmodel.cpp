// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/ratelimitmodel.h"

#include "models/sessionmodel.h"
#include "models/text.h"

namespace norikv::models {

namespace {

QString say(const char* text) { return RateLimitModel::tr(text); }

/// The book makes the row anew once a second; when the next one passes is known to the millisecond.
bool passes(const client::LimitState& state, EpochMs nowMs)
{
    return state.passes || state.passesAtMs <= nowMs;
}

Tone toneOf(const RateLimitRow& row, EpochMs nowMs)
{
    if (!row.wrong.empty()) {
        return row.worst == client::Severity::Certain ? Tone::Danger
            : row.worst == client::Severity::Suspect  ? Tone::Warning
                                                      : Tone::Info;
    }
    if (!row.reading.record)
        return Tone::Muted;
    return passes(row.state, nowMs) ? Tone::Ok : Tone::Warning;
}

QString stateText(const RateLimitRow& row, EpochMs nowMs)
{
    if (!row.wrong.empty()) {
        const std::string first = row.wrong.substr(0, 2);
        const auto title = client::ruleTitle(first);
        return QStringLiteral("%1 %2").arg(
            QString::fromStdString(first), QString::fromUtf8(title.data(), qsizetype(title.size())));
    }
    if (!row.reading.record)
        return say("not readable");
    if (!row.reading.record->complaints.empty())
        return say("odd value");
    return passes(row.state, nowMs) ? say("room left") : say("full");
}

QString tipOf(const RateLimitRow& row)
{
    QStringList lines{shown(row.key)};
    if (!row.reading.record) {
        lines << QString::fromStdString(row.reading.unreadable);
    } else {
        for (const auto& complaint : row.reading.record->complaints)
            lines << QString::fromStdString(complaint);
        const auto dialect = client::name(row.reading.record->dialect);
        lines << say("written as by a %1 client")
                     .arg(QString::fromUtf8(dialect.data(), qsizetype(dialect.size())));
    }
    return plainTip(lines.join(QLatin1Char('\n')));
}

/// Rounded up: "in 0 s" would be now.
QString until(EpochMs atMs, EpochMs nowMs) { return countdownText(std::max<EpochMs>(0, atMs - nowMs) + 999); }

} // namespace

QString windowText(std::uint64_t windowMs)
{
    if (windowMs % 1000 != 0)
        return say("%1 ms").arg(grouped(windowMs));
    return windowMs % 60'000 == 0 && windowMs < 7'200'000 ? say("%1 min").arg(windowMs / 60'000)
                                                          : countdownText(EpochMs(windowMs));
}

QString limitText(const client::RateLimit& limit)
{
    return say("%1 in %2").arg(grouped(limit.maxRequests), windowText(limit.windowMs));
}

QString nextText(const client::LimitState& state, EpochMs nowMs)
{
    return passes(state, nowMs) ? say("passes") : say("in %1").arg(until(state.passesAtMs, nowMs));
}

QString nextSentence(const client::LimitState& state, EpochMs nowMs)
{
    if (!passes(state, nowMs))
        return say("The next request would be refused; one passes in %1.")
            .arg(until(state.passesAtMs, nowMs));
    return state.remaining == 1
        ? say("The next request would pass, and be the last for now.")
        : say("The next request would pass; %1 are left.").arg(grouped(state.remaining));
}

int RateLimitModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RateLimitModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::ToolTipRole && section == Resets)
        return tr("When the oldest request that counts leaves the window");
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Identifier:
        return tr("identifier");
    case Used:
        return tr("used");
    case Pressure:
        return tr("pressure");
    case Next:
        return tr("next request");
    case Resets:
        return tr("resets in");
    case Limit:
        return tr("limit");
    default:
        return tr("state");
    }
}

QVariant RateLimitModel::cell(const RateLimitRow& row, int column, int role) const
{
    const bool readable = row.reading.record.has_value();
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Identifier:
            return shown(client::identifierOf(row.key).value_or(row.key));
        case Used:
            return readable
                ? tr("%1 of %2").arg(grouped(row.state.used), grouped(row.reading.limit.limit.maxRequests))
                : QString();
        case Pressure:
            return readable ? tr("%1 %").arg(grouped(qulonglong(row.pressure() * 100))) : QString();
        case Next:
            return readable ? nextText(row.state, m_nowMs) : QString();
        case Resets:
            return readable && row.state.used > 0 ? until(row.state.resetAtMs, m_nowMs) : QString();
        case Limit:
            return row.reading.limit.declared ? limitText(row.reading.limit.limit)
                                              : QStringLiteral("≈ ") + limitText(row.reading.limit.limit);
        default:
            return stateText(row, m_nowMs);
        }
    case Qt::TextAlignmentRole:
        return int((column == Used || column == Pressure || column == Resets ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return tipOf(row);
    case ToneRole:
        return int(column == State ? toneOf(row, m_nowMs) : column == Limit ? Tone::Muted : Tone::Neutral);
    case KeyRole:
        return toQt(row.key);
    default:
        return {};
    }
}

} // namespace norikv::models
