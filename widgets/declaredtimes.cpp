// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/declaredtimes.h"

#include "client/bytes.h"
#include "client/limits.h"
#include "widgets/fieldhint.h"
#include "widgets/pairtable.h"

#include <QRegularExpression>
#include <QVBoxLayout>

#include <array>

namespace norikv::widgets {

namespace {

struct Unit {
    const char* name;
    std::uint64_t ms;
};
constexpr std::array units{
    Unit{"ms", 1}, Unit{"s", 1000}, Unit{"min", 60'000}, Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::uint64_t Longest = 3650ULL * 86'400'000; // ten years: beyond it a figure is a typing error

std::optional<client::Bytes> prefixIn(const QString& text)
{
    auto bytes = client::fromPrintable(text.toStdString());
    if (!bytes || bytes->empty() || bytes->size() > client::MaxKeyBytes)
        return std::nullopt;
    return bytes;
}

/// "100 in 60 s"
std::optional<client::RateLimit> limitIn(const QString& text)
{
    static const QRegularExpression shape(QStringLiteral("^\\s*(\\d{1,9})\\s+in\\s+(.+)$"));
    const auto match = shape.match(text);
    const auto window = match.hasMatch() ? millisecondsIn(match.captured(2)) : std::nullopt;
    const uint requests = match.captured(1).toUInt();
    if (!window || requests == 0)
        return std::nullopt;
    return client::RateLimit{requests, *window};
}

QString words(const client::RateLimit& limit)
{
    return DeclaredTimes::tr("%1 in %2")
        .arg(QString::number(limit.maxRequests), durationWords(limit.windowMs));
}

QString shownPrefix(const client::Bytes& prefix) { return QString::fromStdString(client::printable(prefix)); }

} // namespace

std::optional<std::uint64_t> millisecondsIn(const QString& text)
{
    static const QRegularExpression shape(QStringLiteral("^\\s*(\\d{1,12})\\s*(ms|s|min|h|d)?\\s*$"));
    const auto match = shape.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    std::uint64_t factor = 1000;
    for (const Unit& unit : units) {
        if (match.captured(2) == QLatin1String(unit.name))
            factor = unit.ms;
    }
    const std::uint64_t number = match.captured(1).toULongLong();
    if (number == 0 || number > Longest / factor)
        return std::nullopt;
    return number * factor;
}

QString durationWords(std::uint64_t ms)
{
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (ms % unit.ms == 0)
            best = &unit;
    }
    return QStringLiteral("%1 %2").arg(QString::number(ms / best->ms), QString::fromLatin1(best->name));
}

DeclaredTimes::DeclaredTimes(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_ttls(new PairTable(tr("keys that begin with"), tr("live for")))
    , m_limits(new PairTable(tr("identifiers that begin with"), tr("are allowed")))
    , m_hint(new FieldHint(theme))
{
    m_ttls->setObjectName(QStringLiteral("declaredTtls"));
    m_limits->setObjectName(QStringLiteral("declaredLimits"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(new FieldHint(theme,
        tr("No key tells how long it was meant to live. Say what your applications write, such as session: "
           "30 min, "
           "and findings about it are certain.")));
    column->addWidget(m_ttls, 1);
    column->addWidget(new FieldHint(theme,
        tr("A rate limiter stores times, not its limit. Say what it allows, such as api: 100 in 60 s.")));
    column->addWidget(m_limits, 1);
    column->addWidget(m_hint);
    for (auto* table : {m_ttls, m_limits})
        connect(table, &PairTable::edited, this, &DeclaredTimes::edited);
}

void DeclaredTimes::show(const client::Profile& profile)
{
    PairTable::Pairs pairs;
    for (const auto& [prefix, ms] : profile.ttls)
        pairs.emplace_back(shownPrefix(prefix), durationWords(ms));
    m_ttls->setPairs(pairs);
    pairs.clear();
    for (const auto& [prefix, limit] : profile.rateLimits)
        pairs.emplace_back(shownPrefix(prefix), words(limit));
    m_limits->setPairs(pairs);
}

void DeclaredTimes::apply(client::Profile& profile) const
{
    profile.ttls.clear();
    for (const auto& [prefix, text] : m_ttls->pairs()) {
        const auto bytes = prefixIn(prefix);
        if (const auto ms = millisecondsIn(text); bytes && ms)
            profile.ttls[*bytes] = *ms;
    }
    profile.rateLimits.clear();
    for (const auto& [prefix, text] : m_limits->pairs()) {
        const auto bytes = prefixIn(prefix);
        if (const auto limit = limitIn(text); bytes && limit)
            profile.rateLimits[*bytes] = *limit;
    }
}

QString DeclaredTimes::check()
{
    QString problem;
    for (const auto& [prefix, text] : m_ttls->pairs()) {
        if (!prefixIn(prefix))
            problem = tr("\"%1\" is no beginning of a key: write 1 to 1024 bytes, a backslash as \\\\.")
                          .arg(prefix);
        else if (!millisecondsIn(text))
            problem = tr("\"%1\" is no time to live. Write a number and ms, s, min, h or d, such as 30 min.")
                          .arg(text);
    }
    for (const auto& [prefix, text] : m_limits->pairs()) {
        if (!prefixIn(prefix))
            problem
                = tr("\"%1\" is no beginning of an identifier: write 1 to 1024 bytes, a backslash as \\\\.")
                      .arg(prefix);
        else if (!limitIn(text))
            problem = tr("\"%1\" is no limit. Write requests and a window, such as 100 in 60 s.").arg(text);
    }
    m_hint->setProblem(problem);
    return problem;
}

} // namespace norikv::widgets
