// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingsmodel.h"

#include "models/text.h"

#include <QDateTime>

#include <tuple>
#include <utility>

namespace norikv::models {

namespace {

constexpr EpochMs GoneAfter = 30'000; // standing ones are told every 5 s

auto keyOf(const client::Finding& f) { return std::tie(f.severity, f.rule, f.subject, f.key); }

std::string muteOf(const client::Finding& f) { return f.rule + ' ' + f.subject; }

QString clockText(EpochMs at)
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

QVariant FindingsModel::cell(const FindingRow& f, int column, int role) const
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
            return clockText(f.firstSeenMs);
        default:
            return f.gone ? tr("%1 · over").arg(clockText(f.lastSeenMs)) : clockText(f.lastSeenMs);
        }
    case Qt::ToolTipRole:
        if (column == Evidence)
            return plainTip(QString::fromStdString(f.evidence));
        if (f.gone)
            return tr("Nobody told of it for 30 s: it seems to be over. It stays here for the record.");
        return f.muted ? QVariant(tr("Muted")) : QVariant();
    case ToneRole:
        if (f.gone || f.muted)
            return int(Tone::Muted);
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
    FindingRow now{finding};
    now.toldMs = finding.lastSeenMs;
    now.muted = isMuted(finding);
    if (place != rows.end() && keyOf(*place) == keyOf(finding)) {
        const bool back = place->gone;
        now.firstSeenMs = place->firstSeenMs;
        now.repeats = true;
        changeRecord(row, std::move(now));
        if (back)
            Q_EMIT countChanged();
        return;
    }
    // Judged otherwise than before: still one finding.
    const auto before = std::ranges::find_if(rows, [&](const client::Finding& f) {
        return f.rule == finding.rule && f.subject == finding.subject && f.key == finding.key;
    });
    if (before != rows.end()) {
        now.firstSeenMs = before->firstSeenMs;
        now.repeats = before->repeats;
        const auto old = static_cast<std::size_t>(before - rows.begin());
        removeRecords(old, old + 1);
        std::vector<FindingRow> one{std::move(now)};
        insertRecords(old < row ? row - 1 : row, one, 0, 1);
    } else {
        std::vector<FindingRow> one{std::move(now)};
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
    return static_cast<int>(std::ranges::count_if(records(),
        [](const FindingRow& f) { return f.severity != client::Severity::Info && !f.gone && !f.muted; }));
}

int FindingsModel::open() const
{
    return static_cast<int>(
        std::ranges::count_if(records(), [](const FindingRow& f) { return !f.gone && !f.muted; }));
}

int FindingsModel::mutedCount() const
{
    return static_cast<int>(std::ranges::count_if(records(), [](const FindingRow& f) { return f.muted; }));
}

void FindingsModel::age(EpochMs nowMs, const std::function<bool(const std::string& rule)>& watched)
{
    bool any = false;
    for (std::size_t row = 0; row < records().size(); ++row) {
        const FindingRow& f = records()[row];
        if (f.gone || !f.repeats)
            continue;
        FindingRow now = f;
        if (!watched(f.rule)) {
            now.toldMs = std::max(f.toldMs, nowMs);
            changeRecord(row, std::move(now));
        } else if (nowMs - f.toldMs > GoneAfter) {
            now.gone = true;
            any = true;
            changeRecord(row, std::move(now));
        }
    }
    if (any)
        Q_EMIT countChanged();
}

bool FindingsModel::isMuted(const client::Finding& finding) const
{
    return m_mutedRules.contains(finding.rule) || m_mutedSubjects.contains(muteOf(finding));
}

void FindingsModel::refreshMutes()
{
    for (std::size_t row = 0; row < records().size(); ++row) {
        FindingRow now = records()[row];
        if (std::exchange(now.muted, isMuted(now)) != now.muted)
            changeRecord(row, std::move(now));
    }
    Q_EMIT countChanged();
}

void FindingsModel::setRuleMuted(const std::string& rule, bool muted)
{
    if (muted)
        m_mutedRules.insert(rule);
    else
        m_mutedRules.erase(rule);
    refreshMutes();
}

void FindingsModel::setSubjectMuted(const client::Finding& finding, bool muted)
{
    if (muted)
        m_mutedSubjects.insert(muteOf(finding));
    else
        m_mutedSubjects.erase(muteOf(finding));
    refreshMutes();
}

QVariantMap FindingsModel::mutes() const
{
    QStringList rules;
    for (const auto& rule : m_mutedRules)
        rules << QString::fromStdString(rule);
    QStringList subjects; // bytes: as people read them
    for (const auto& subject : m_mutedSubjects)
        subjects << QString::fromStdString(client::printable(subject));
    rules.sort();
    subjects.sort();
    return {{QStringLiteral("rules"), rules}, {QStringLiteral("subjects"), subjects}};
}

void FindingsModel::setMutes(const QVariantMap& mutes)
{
    m_mutedRules.clear();
    m_mutedSubjects.clear();
    for (const QString& rule : mutes.value(QStringLiteral("rules")).toStringList())
        m_mutedRules.insert(rule.toStdString());
    for (const QString& subject : mutes.value(QStringLiteral("subjects")).toStringList()) {
        if (const auto bytes = client::fromPrintable(subject.toStdString()))
            m_mutedSubjects.insert(*bytes);
    }
    refreshMutes();
}

QString FindingsModel::reportText(const client::Finding& f)
{
    return tr("%1 %2 (%3): %4\n  %5\n  first seen %6, last seen %7\n")
        .arg(QString::fromStdString(f.rule), view(client::ruleTitle(f.rule)), view(client::name(f.severity)),
            shown(f.subject), QString::fromStdString(f.evidence),
            QDateTime::fromMSecsSinceEpoch(f.firstSeenMs).toString(Qt::ISODate),
            QDateTime::fromMSecsSinceEpoch(f.lastSeenMs).toString(Qt::ISODate));
}

} // namespace norikv::models
