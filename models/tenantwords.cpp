// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantwords.h"

#include "models/sizetext.h"
#include "models/text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace norikv::models {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("norikv::models::TenantWords", text); }

/// 184207 -> "184 207" with thin spaces.
QString grouped(std::uint64_t value)
{
    QString digits = QString::number(value);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QChar(0x2009));
    return digits;
}

QString withLimit(const TenantState& tenant, const QString& used, const QString& limit)
{
    const QString lead = tenant.complete() ? used : QStringLiteral("≥ ") + used;
    if (!tenant.reading.metadata)
        return tr("%1, limit unknown").arg(lead);
    return limit.isEmpty() ? tr("%1, no limit").arg(lead) : QStringLiteral("%1 / %2").arg(lead, limit);
}

/// "12 min", "3 h", "5 d", "4 months", "2 years": one unit, as an estimate deserves.
QString span(EpochMs ms)
{
    constexpr double minute = 60'000;
    constexpr double hour = 60 * minute;
    constexpr double day = 24 * hour;
    const auto length = static_cast<double>(ms);
    const auto in = [&](double unit, const QString& word) {
        return word.arg(std::max<qint64>(1, qRound64(length / unit)));
    };
    if (length < 90 * minute)
        return in(minute, tr("%1 min"));
    if (length < 36 * hour)
        return in(hour, tr("%1 h"));
    if (length < 60 * day)
        return in(day, tr("%1 days"));
    if (length < 700 * day)
        return in(30.44 * day, tr("%1 months"));
    return in(365.25 * day, tr("%1 years"));
}

QString moment(EpochMs at, EpochMs now)
{
    const auto when = QDateTime::fromMSecsSinceEpoch(at);
    return when.toString(at - now < 86'400'000 ? QStringLiteral("HH:mm") : QStringLiteral("yyyy-MM-dd"));
}

/// The limit that runs out first, or the one that says most.
const client::Exhaustion& first(const TenantState& tenant)
{
    using State = client::Exhaustion::State;
    const auto rank = [](const client::Exhaustion& e) {
        switch (e.state) {
        case State::Over:
            return 0;
        case State::Growing:
            return 1;
        case State::Unclear:
            return 2;
        case State::TooFew:
            return 3;
        case State::NotGrowing:
            return 4;
        case State::Unlimited:
            break;
        }
        return 5;
    };
    const auto& k = tenant.keysFull;
    const auto& b = tenant.bytesFull;
    if (rank(k) != rank(b))
        return rank(k) < rank(b) ? k : b;
    return k.state == State::Growing && b.expectedMs < k.expectedMs ? b : k;
}

} // namespace

QString keysText(const TenantState& tenant)
{
    const auto limit = tenant.limits().maxKeys;
    return withLimit(tenant, grouped(tenant.keys()), limit ? grouped(*limit) : QString());
}

QString sizeWords(double bytes)
{
    return sizeText(static_cast<std::uint64_t>(std::clamp(bytes, 0.0, 1e18)));
}

QString storageText(const TenantState& tenant)
{
    const auto limit = tenant.limits().maxBytes();
    return withLimit(
        tenant, sizeWords(static_cast<double>(tenant.bytes())), limit ? sizeWords(*limit) : QString());
}

QString exhaustionShort(const TenantState& tenant, EpochMs nowMs)
{
    const auto& e = first(tenant);
    switch (e.state) {
    case client::Exhaustion::State::Over:
        return tr("at its limit");
    case client::Exhaustion::State::Growing:
        return tr("full in about %1").arg(span(e.expectedMs - nowMs));
    case client::Exhaustion::State::Unclear:
        return tr("growth not clear yet");
    case client::Exhaustion::State::TooFew:
        return tr("watching growth");
    case client::Exhaustion::State::NotGrowing:
        return tr("not growing");
    case client::Exhaustion::State::Unlimited:
        break;
    }
    return tr("no limit");
}

QString exhaustionText(const TenantState& tenant, EpochMs nowMs)
{
    const auto& e = first(tenant);
    switch (e.state) {
    case client::Exhaustion::State::Over:
        return tr("A limit is reached. No server enforces it.");
    case client::Exhaustion::State::Growing: {
        const QString around = moment(e.expectedMs, nowMs);
        const QString from = moment(e.earliestMs, nowMs);
        const QString to = moment(e.latestMs, nowMs);
        const QString in = span(e.expectedMs - nowMs);
        if (from == to)
            return tr("Full around %1, in about %2, if it goes on like this.").arg(around, in);
        return tr("Full around %1, in about %2; between %3 and %4 if it goes on like this.")
            .arg(around, in, from, to);
    }
    case client::Exhaustion::State::Unclear:
        return tr("It moves, but growth cannot be told from noise yet.");
    case client::Exhaustion::State::TooFew:
        return tr("Watching growth: too few looks so far.");
    case client::Exhaustion::State::NotGrowing:
        return tr("Not growing since this window was opened.");
    case client::Exhaustion::State::Unlimited:
        break;
    }
    return tenant.reading.metadata ? tr("No limit is set.") : tr("No limit is known.");
}

QString planWord(const TenantState& tenant)
{
    if (!tenant.reading.metadata)
        return tenant.reading.stored ? tr("unreadable") : tr("no metadata");
    return tenant.reading.metadata->plan ? shown(*tenant.reading.metadata->plan, 32) : tr("no plan");
}

QString tenantName(const TenantState& tenant)
{
    const bool named = tenant.reading.metadata && !tenant.reading.metadata->name.empty();
    if (named)
        return shown(tenant.reading.metadata->name);
    return tenant.id().empty() ? tr("(empty id)") : shown(tenant.id());
}

QString createdText(const TenantState& tenant)
{
    if (!tenant.reading.metadata || !tenant.reading.metadata->createdAtMs)
        return {};
    return QDateTime::fromMSecsSinceEpoch(*tenant.reading.metadata->createdAtMs)
        .toString(QStringLiteral("yyyy-MM-dd"));
}

QString troubleText(const TenantState& tenant)
{
    auto findings = tenant.findings;
    std::ranges::stable_sort(findings, {}, &client::Finding::severity);
    QStringList words;
    for (const auto& finding : findings) {
        const auto title = client::ruleTitle(finding.rule);
        words << QString::fromUtf8(title.data(), qsizetype(title.size()));
    }
    return words.join(QStringLiteral(" · "));
}

} // namespace norikv::models
