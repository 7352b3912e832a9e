// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingsmodel.h"

#include "models/text.h"

#include <QDateTime>

#include <tuple>

namespace norikv::models {

namespace {

auto keyOf(const client::Finding& f) { return std::tie(f.severity, f.rule, f.subject, f.key); }

QString clockText(client::Finding const&, EpochMs at)
{
    return QDateTime::fromMSecsSinceEpoch(at).toString(QStringLiteral("HH:mm:ss"));
}

QString view(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

int FindingsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Severity:
        return tr("certainty");
    case Rule:
        return tr("rule");
    case Subject:
        return tr("subject");
    case Evidence:
        return tr("evidence");
    case FirstSeen:
        return tr("first seen");
    default:
        return tr("last seen");
    }
}

QVariant FindingsModel::cell(const client::Finding& f, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Severity:
            return view(client::name(f.severity));
        case Rule:
            return QStringLiteral("%1 %2").arg(
                QString::fromStdString(f.rule), view(client::ruleTitle(f.rule)));
        case Subject:
            return shown(f.subject);
        case Evidence:
            return QString::fromStdString(f.evidence);
        case FirstSeen:
            return clockText(f, f.firstSeenMs);
        default:
            return clockText(f, f.lastSeenMs);
        }
    case Qt::ToolTipRole:
        return column == Evidence ? QVariant(plainTip(QString::fromStdString(f.evidence))) : QVariant();
    case ToneRole:
        if (column == Severity) {
            return int(f.severity == client::Severity::Certain ? Tone::Danger
                    : f.severity == client::Severity::Suspect  ? Tone::Warning
                                                               : Tone::Info);
        }
        return int(column == FirstSeen || column == LastSeen ? Tone::Muted : Tone::Neutral);
    case SortRole:
        if (column == FirstSeen)
            return qlonglong(f.firstSeenMs);
        if (column == LastSeen)
            return qlonglong(f.lastSeenMs);
        if (column == Severity)
            return int(f.severity);
        return cell(f, column, Qt::DisplayRole);
    case KeyRole:
        return toQt(f.key);
    default:
        return {};
    }
}

void FindingsModel::report(const client::Finding& finding)
{
    const auto& rows = records();
    const auto place
        = std::ranges::lower_bound(rows, keyOf(finding), {}, [](const auto& f) { return keyOf(f); });
    const auto row = static_cast<std::size_t>(place - rows.begin());
    if (place != rows.end() && keyOf(*place) == keyOf(finding)) {
        client::Finding updated = finding;
        updated.firstSeenMs = place->firstSeenMs;
        changeRecord(row, std::move(updated));
        return;
    }
    // Judged otherwise than before: still one finding.
    std::vector<client::Finding> one{finding};
    const auto before = std::ranges::find_if(rows, [&](const client::Finding& f) {
        return f.rule == finding.rule && f.subject == finding.subject && f.key == finding.key;
    });
    if (before != rows.end()) {
        one.front().firstSeenMs = before->firstSeenMs;
        const auto old = static_cast<std::size_t>(before - rows.begin());
        removeRecords(old, old + 1);
        insertRecords(old < row ? row - 1 : row, one, 0, 1);
    } else {
        insertRecords(row, one, 0, 1);
    }
    Q_EMIT countChanged();
}

void FindingsModel::clear()
{
    removeRecords(0, records().size());
    Q_EMIT countChanged();
}

int FindingsModel::serious() const
{
    return static_cast<int>(std::ranges::count_if(
        records(), [](const client::Finding& f) { return f.severity != client::Severity::Info; }));
}

QString FindingsModel::reportText() const
{
    QString text;
    for (int row = 0; row < rowCount(); ++row) {
        for (int column = 0; column < ColumnCount; ++column)
            text += (column ? QStringLiteral("\t") : QString()) + index(row, column).data().toString();
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace norikv::models
