// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/ratelimitfeed.h"

#include "client/patterns/ratelimiter.h"
#include "models/sessionmodel.h"
#include "models/text.h"

#include <QDateTime>

namespace norikv::models {

namespace {

using client::Bytes;
using client::Call;
using client::RateLimiter;
using client::Result;
using client::Store;
using client::demo::BurstResult;

constexpr qulonglong MostRequests = 1'000'000; // as a profile's file allows
constexpr qulonglong LongestMs = 366ULL * 24 * 3600 * 1000;

Bytes identifierFrom(const Bytes& key) { return client::identifierOf(key).value_or(key); }
QString named(const Bytes& key) { return shown(identifierFrom(key), 40); }

} // namespace

RateLimitFeed::RateLimitFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
    , m_limits(connection.profile().rateLimits)
{
    auto queue = std::make_shared<RateLimitBook::Queue>();
    m_book = std::make_shared<RateLimitBook>(m_limits, queue);
    follow<std::shared_ptr<const RateLimitPiece>>({{"ratelimit:"}, {}, "rate limits"}, std::move(known),
        m_book, std::move(queue),
        [this](std::shared_ptr<const RateLimitPiece> piece) { take(std::move(piece)); });
}

RateLimitFeed::~RateLimitFeed() = default;

void RateLimitFeed::take(std::shared_ptr<const RateLimitPiece> piece)
{
    m_model.setNow(nowMs());
    m_wrong = piece->wrong;
    m_full = piece->full;
    for (const auto& [old, now] : piece->view->replaced) {
        if (now->key == m_selected)
            m_selectedRow = *now;
    }
    m_model.show(piece->view);
    if (jumping()) {
        const auto* then = m_model.sheet().firstOf([this](const auto& row) { return row.key == m_selected; });
        m_selectedRow = then ? std::optional(*then) : std::nullopt;
    }
    if (m_selected.empty() && m_model.rowCount() > 0) {
        m_selectedRow = m_model.record(0);
        m_selected = m_selectedRow->key;
    }
}

void RateLimitFeed::requested()
{
    m_requestJob = ask<RateLimitBook>(m_book, [filter = m_filter, order = m_order](RateLimitBook& book) {
        book.setFilter(filter);
        book.setOrder(order);
    });
}

void RateLimitFeed::setFilter(const RateLimitFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    requested();
}

void RateLimitFeed::setOrder(RateLimitOrder order)
{
    if (order == m_order)
        return;
    m_order = order;
    requested();
}

void RateLimitFeed::select(const Bytes& key)
{
    const Bytes wanted = client::identifierOf(key) ? key : client::rateLimitKey(key);
    if (wanted == m_selected)
        return;
    m_selected = wanted;
    m_selectedRow.reset();
    learn({wanted});
    look(wanted);
    Q_EMIT changed();
}

/// It may be filtered out of the list, or not be there at all: one read tells.
void RateLimitFeed::look(const Bytes& key)
{
    m_lookJob = m_dispatcher.run(
        this,
        [key, now = nowMs(), &store = m_connection.store(),
            limit = client::limitFor(m_limits, identifierFrom(key))](
            const std::stop_token& stop) -> std::optional<RateLimitRow> {
            Call call;
            call.stop = stop;
            call.background = true;
            call.why = "rate limits";
            auto entry = store.get(call, key);
            if (!entry || !entry->exists())
                return std::nullopt;
            entry->key = key;
            RateLimitRow row;
            row.key = key;
            row.reading = client::readRateLimit(*entry, limit, {}, now);
            row.state = row.reading.state(now);
            return row;
        },
        [this, key](std::optional<RateLimitRow> row) {
            if (m_selected == key && !m_selectedRow) {
                m_selectedRow = std::move(row);
                Q_EMIT changed();
            }
        });
}

void RateLimitFeed::setLimit(const Bytes& prefix, const client::RateLimit& limit)
{
    m_own[prefix] = limit;
    m_tried.erase(prefix);
    limitsMoved();
    Q_EMIT profileLimit(prefix, limit);
}

void RateLimitFeed::tryLimit(const Bytes& prefix, const client::RateLimit& limit)
{
    m_own[prefix] = limit;
    m_tried.insert(prefix);
    limitsMoved();
}

void RateLimitFeed::forgetLimit(const Bytes& prefix)
{
    if (m_own.erase(prefix) == 0)
        return;
    limitsMoved();
    if (m_tried.erase(prefix) > 0)
        return;
    const auto& before = m_connection.profile().rateLimits;
    const auto found = before.find(prefix);
    Q_EMIT profileLimit(prefix, found == before.end() ? std::nullopt : std::optional(found->second));
}

void RateLimitFeed::limitsMoved()
{
    m_limits = m_connection.profile().rateLimits;
    for (const auto& [prefix, limit] : m_own)
        m_limits[prefix] = limit;
    if (m_selectedRow) {
        client::setLimit(m_selectedRow->reading, client::limitFor(m_limits, identifierFrom(m_selected)));
        m_selectedRow->state = m_selectedRow->reading.state(nowMs());
    }
    m_limitsJob
        = ask<RateLimitBook>(m_book, [limits = m_limits](RateLimitBook& book) { book.setLimits(limits); });
    Q_EMIT limitsChanged();
    Q_EMIT changed();
}

QVariantMap RateLimitFeed::ownLimits() const
{
    QVariantMap out;
    if (m_keptInProfile)
        return out;
    for (const auto& [prefix, limit] : m_own) {
        if (m_tried.contains(prefix))
            continue;
        out.insert(QString::fromStdString(client::printable(prefix)),
            QVariantList{qulonglong(limit.maxRequests), qulonglong(limit.windowMs)});
    }
    return out;
}

void RateLimitFeed::setOwnLimits(const QVariantMap& limits)
{
    client::RateLimits own;
    for (auto each = limits.begin(); each != limits.end(); ++each) {
        const QVariantList pair = each.value().toList();
        const auto prefix = client::fromPrintable(each.key().toStdString());
        if (!prefix || pair.size() != 2)
            continue;
        const qulonglong most = pair[0].toULongLong();
        const qulonglong window = pair[1].toULongLong();
        if (most > 0 && most <= MostRequests && window > 0 && window <= LongestMs)
            own[*prefix] = {static_cast<std::uint32_t>(most), window};
    }
    if (own == m_own)
        return;
    m_own = std::move(own);
    m_tried.clear();
    limitsMoved();
    for (const auto& [prefix, limit] : m_own)
        Q_EMIT profileLimit(prefix, limit);
}

void RateLimitFeed::checkLimit(const Bytes& identifier)
{
    const client::RateLimit limit = client::limitFor(m_limits, identifier).limit;
    Action<RateLimiter::Answer> action;
    action.name = tr("Count a request of %1").arg(named(identifier));
    action.work = [&clock = m_clock, identifier, limit](Store& store, Call& call) {
        return RateLimiter(store, clock).check(call, identifier, limit);
    };
    action.said = [this, identifier](const RateLimiter::Answer& answer) {
        const QString reset = countdownText(std::max<EpochMs>(0, answer.resetAtMs - nowMs()) + 999);
        return answer.allowed ? tr("The request of %1 passes; %2 are left, reset in %3 (%n attempt(s)).",
                   nullptr, answer.attempts)
                                    .arg(named(identifier), grouped(answer.remaining), reset)
                              : tr("The request of %1 is refused, reset in %2. Nothing was written.")
                                    .arg(named(identifier), reset);
    };
    action.repeat = [this, identifier] { checkLimit(identifier); };
    action.check = [this, identifier] {
        m_selectedRow.reset();
        m_selected = client::rateLimitKey(identifier);
        look(m_selected);
        succeeded(tr("Read %1 again").arg(named(identifier)),
            tr("The list on the right shows whether the request was counted."));
    };
    action.after = [this, identifier](const Result<RateLimiter::Answer>& answer) {
        if (answer)
            select(client::rateLimitKey(identifier));
    };
    act(std::move(action));
}

void RateLimitFeed::reset(const Bytes& key)
{
    Action<bool> action;
    action.name = tr("Reset %1").arg(named(key));
    action.work = [&clock = m_clock, identifier = identifierFrom(key)](
                      Store& store, Call& call) { return RateLimiter(store, clock).reset(call, identifier); };
    action.said = [key](bool existed) {
        return existed ? tr("The requests of %1 are forgotten; the next one passes.").arg(named(key))
                       : tr("No request of %1 was counted.").arg(named(key));
    };
    action.repeat = [this, key] { reset(key); };
    action.after = [this, key](const Result<bool>& existed) {
        if (existed && m_selected == key) {
            m_selectedRow.reset();
            Q_EMIT changed();
        }
    };
    act(std::move(action));
}

void RateLimitFeed::startBurst(const client::demo::BurstPlan& plan)
{
    if (m_bursting)
        return;
    m_bursting = true;
    m_burst.reset();
    m_burstStop = {};
    Action<BurstResult> action;
    action.name = tr("Send a burst to %1").arg(named(plan.identifier));
    action.work = [&clock = m_clock, plan, own = m_burstStop](Store& store, Call& call) {
        const std::stop_callback forward(call.stop, [own]() mutable { own.request_stop(); });
        Call like = call;
        like.stop = own.get_token();
        return client::demo::runBurst(store, clock, plan, like);
    };
    action.said = [plan](const BurstResult& result) {
        return (result.tooMany() > 0
                ? tr("Too many: %1 of %2 requests were let in where the limit allows %3.")
                : tr("%1 of %2 requests were let in where the limit allows %3."))
            .arg(grouped(qulonglong(result.admitted)), grouped(qulonglong(result.sent)),
                grouped(qulonglong(result.allowed)));
    };
    action.repeat = [this, plan] { startBurst(plan); };
    action.after = [this, plan](const Result<BurstResult>& result) {
        m_bursting = false;
        if (result) {
            m_burst = *result;
            for (const auto& finding : result->findings)
                Q_EMIT found(finding);
            select(client::rateLimitKey(plan.identifier));
        }
        Q_EMIT burstChanged();
    };
    act(std::move(action));
    Q_EMIT burstChanged();
}

void RateLimitFeed::stopBurst() { m_burstStop.request_stop(); }

} // namespace norikv::models
