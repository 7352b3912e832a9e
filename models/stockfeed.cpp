// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/stockfeed.h"

#include "models/sessionmodel.h"
#include "models/text.h"

#include <QPointer>

namespace norikv::models {

namespace {

using client::Bytes;
using client::Call;
using client::InventoryManager;
using client::ReconcilePlan;
using client::Result;
using client::StockDoubt;
using client::Store;

constexpr EpochMs QuietFor = 5000;
constexpr std::size_t MostPlans = 1000; // a longer dry run is read by nobody

/// Reads an item and then what its reservations hold, and the item again: a plan is made only of a cut in
/// which nothing moved (rulings 2).
Result<std::optional<ReconcilePlan>> planOne(
    Store& store, Call& call, const Bytes& sku, const std::vector<Bytes>& reservations, EpochMs nowMs)
{
    auto item = store.get(call, client::itemKey(sku));
    if (!item)
        return tl::unexpected(item.error());
    item->key = client::itemKey(sku);
    if (!item->exists())
        return std::optional<ReconcilePlan>();
    // Whoever reserves raises the item first: its reservation may be on its way.
    const auto parsed = client::parseItem(item->key, item->value);
    if (parsed && parsed->lastUpdated && nowMs - parsed->lastUpdated->ms < QuietFor)
        return client::fail(client::ErrorKind::Conflict,
            "the item " + client::printable(sku)
                + " changed a moment ago, and a reservation may be on its way",
            "try again when it has been quiet for 5 s");
    std::int64_t held = 0;
    for (const Bytes& key : reservations) {
        auto entry = store.get(call, key);
        if (!entry)
            return tl::unexpected(entry.error());
        entry->key = key;
        if (!entry->exists())
            continue;
        const auto reading = client::readReservation(*entry, {}, {});
        if (reading.counts() && reading.reservation->sku == sku
            && __builtin_add_overflow(held, reading.units(), &held))
            return client::fail(client::ErrorKind::BadData,
                "the reservations of " + client::printable(sku) + " add up to more than 64 bits hold");
    }
    const auto again = store.get(call, item->key);
    if (!again)
        return tl::unexpected(again.error());
    if (again->version != item->version || again->value != item->value)
        return client::fail(client::ErrorKind::Conflict,
            "the item " + client::printable(sku) + " changed while its reservations were read",
            "try again when it is quiet");
    return InventoryManager::plan(*item, held, nowMs);
}

} // namespace

StockFeed::StockFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
{
    m_reservations.setTtl(ttlMs());
    auto queue = std::make_shared<StockBook::Queue>();
    m_book = std::make_shared<StockBook>(connection.profile(), queue);
    follow<std::shared_ptr<const StockPiece>>({{"inventory:"}, {}, "inventory"}, std::move(known), m_book,
        std::move(queue), [this](std::shared_ptr<const StockPiece> piece) { take(std::move(piece)); });
}

StockFeed::~StockFeed() = default;

void StockFeed::take(std::shared_ptr<const StockPiece> piece)
{
    m_totals = piece->totals;
    m_leak = piece->leak;
    for (const auto& [old, now] : piece->items->replaced) {
        if (now->reading.sku == m_selected)
            m_selectedRow = *now;
    }
    m_model.show(piece->items);
    m_reservations.setNow(nowMs());
    m_reservations.show(piece->reservations);
    if (jumping()) {
        if (!piece->chosen.empty())
            m_selected = piece->chosen; // whose reservations were shown then
        const auto* then
            = m_model.sheet().firstOf([this](const StockRow& row) { return row.reading.sku == m_selected; });
        m_selectedRow = then ? std::optional(*then) : std::nullopt;
    } else if (!m_chosen && m_model.rowCount() > 0) {
        // What is wrong stands first: that is what an operator looks for.
        const StockRow& first = m_model.record(0);
        if (first.reading.sku != m_selected) {
            m_selected = first.reading.sku;
            m_requestJob = ask<StockBook>(m_book, [sku = m_selected](StockBook& book) { book.choose(sku); });
        }
        m_selectedRow = first;
    } else if (m_chosen && !m_selectedRow) {
        for (int row = 0; row < std::min(m_model.rowCount(), 2000) && !m_selectedRow; ++row) {
            if (m_model.record(row).reading.sku == m_selected)
                m_selectedRow = m_model.record(row);
        }
    }
}

std::uint64_t StockFeed::ttlMs() const
{
    return client::declaredTtl(m_connection.profile(), client::reservationKey({}))
        .value_or(client::ReservationTtlMs);
}

void StockFeed::setFilter(const StockFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_requestJob = ask<StockBook>(m_book, [filter](StockBook& book) { book.setFilter(filter); });
}

void StockFeed::setOrder(StockOrder order)
{
    if (order == m_order)
        return;
    m_order = order;
    m_requestJob = ask<StockBook>(m_book, [order](StockBook& book) { book.setOrder(order); });
}

void StockFeed::select(const Bytes& subject)
{
    needLive(); // the reservations of one SKU only were recorded
    m_chosen = true;
    if (const auto id = client::idOfReservationKey(subject)) {
        // Whose it is only its value says.
        learn({subject});
        m_lookJob = m_dispatcher.run(
            this,
            [&store = m_connection.store(), subject](const std::stop_token& stop) -> Bytes {
                Call call;
                call.stop = stop;
                call.background = true;
                call.why = "inventory";
                const auto entry = store.get(call, subject);
                if (!entry || !entry->exists())
                    return {};
                const auto reservation = client::parseReservation(subject, entry->value);
                return reservation ? Bytes(reservation->sku) : Bytes();
            },
            [this](const Bytes& sku) {
                if (!sku.empty())
                    select(sku);
            });
        return;
    }
    const Bytes sku = client::skuOfItemKey(subject).value_or(subject);
    if (sku == m_selected)
        return;
    m_selected = sku;
    m_selectedRow.reset();
    m_leak.clear();
    learn({client::itemKey(sku)});
    for (int row = 0; row < std::min(m_model.rowCount(), 2000) && !m_selectedRow; ++row) {
        if (m_model.record(row).reading.sku == sku)
            m_selectedRow = m_model.record(row);
    }
    m_requestJob = ask<StockBook>(m_book, [sku](StockBook& book) { book.choose(sku); });
    Q_EMIT changed();
}

client::InventoryManager::Options StockFeed::options()
{
    InventoryManager::Options options;
    options.ttlMs = ttlMs();
    options.loop.tell = [&dispatcher = m_dispatcher, guard = std::make_shared<QPointer<StockFeed>>(this)](
                            const client::CasAttempt& attempt) {
        dispatcher.post([guard, attempt] {
            if (guard->isNull())
                return;
            const QString read = attempt.read ? QString::number(attempt.read->index) : tr("nothing");
            const QString text = attempt.won
                ? tr("attempt %1: read version %2, written").arg(attempt.number).arg(read)
                : attempt.wait.count() > 0
                ? tr("attempt %1: read version %2, somebody else was faster; again after %3 ms")
                      .arg(attempt.number)
                      .arg(read)
                      .arg(attempt.wait.count())
                : tr("attempt %1: read version %2, not written").arg(attempt.number).arg(read);
            Q_EMIT(*guard)->attempted(text);
        });
    };
    return options;
}

void StockFeed::createItem(const Bytes& sku, qint64 quantity)
{
    Action<bool> action;
    action.name = tr("Create item %1").arg(shown(sku));
    action.work = [&clock = m_clock, options = options(), sku, quantity](Store& store, Call& call) {
        return InventoryManager(store, clock, options).createItem(call, sku, quantity).map([] {
            return true;
        });
    };
    action.said = [sku, quantity](bool) {
        return tr("Item %1 was created with %n unit(s).", nullptr, int(quantity)).arg(shown(sku));
    };
    action.repeat = [this, sku, quantity] { createItem(sku, quantity); };
    action.check = [this, sku] { select(sku); };
    action.after = [this, sku](const Result<bool>& created) {
        if (created)
            select(sku);
    };
    act(std::move(action));
}

void StockFeed::reserve(const Bytes& sku, qint64 units)
{
    auto doubt = std::make_shared<StockDoubt>();
    Action<Bytes> action;
    action.name = tr("Reserve %n unit(s) of %1", nullptr, int(units)).arg(shown(sku));
    action.work = [&clock = m_clock, options = options(), sku, units, doubt](Store& store, Call& call) {
        return InventoryManager(store, clock, options).reserve(call, sku, units, doubt.get());
    };
    action.said = [ttl = ttlMs()](const Bytes& id) {
        return tr("Reservation %1 was made; it ends in %2.").arg(shown(id), countdownText(EpochMs(ttl)));
    };
    action.repeat = [this, sku, units] { reserve(sku, units); };
    action.check = [this, doubt, name = action.name] { checkDoubt(name, *doubt); };
    action.after = [this](const Result<Bytes>& id) {
        if (id)
            learn({client::reservationKey(*id)});
    };
    act(std::move(action));
}

void StockFeed::settle(const Bytes& id, bool sold)
{
    auto doubt = std::make_shared<StockDoubt>();
    Action<client::SettledReservation> action;
    action.name = (sold ? tr("Commit reservation %1") : tr("Release reservation %1")).arg(shown(id, 40));
    action.work = [&clock = m_clock, options = options(), id, sold, doubt](Store& store, Call& call) {
        InventoryManager manager(store, clock, options);
        return sold ? manager.commit(call, id, doubt.get()) : manager.release(call, id, doubt.get());
    };
    action.said = [sold](const client::SettledReservation& done) {
        const auto units = done.reservation.quantity.value_or(0);
        return (sold ? tr("Sold %n unit(s) of %1.", nullptr, int(units))
                     : tr("%n unit(s) of %1 are free again.", nullptr, int(units)))
            .arg(shown(done.reservation.sku));
    };
    action.repeat = [this, id, sold] { settle(id, sold); };
    action.check = [this, doubt, name = action.name] { checkDoubt(name, *doubt); };
    act(std::move(action));
}

void StockFeed::deliver(const Bytes& sku, qint64 units)
{
    Action<client::CasResult> action;
    action.name = tr("Change the stock of %1").arg(shown(sku));
    action.work = [&clock = m_clock, options = options(), sku, units](Store& store, Call& call) {
        return InventoryManager(store, clock, options).change(call, sku, {units, 0});
    };
    action.said = [sku](const client::CasResult& done) {
        const auto item = client::parseItem(client::itemKey(sku), done.after.value_or(Bytes()));
        return item && item->quantity
            ? tr("%1 has %n unit(s) in stock now.", nullptr, int(*item->quantity)).arg(shown(sku))
            : tr("The stock of %1 was changed.").arg(shown(sku));
    };
    action.repeat = [this, sku, units] { deliver(sku, units); };
    action.check = [this, sku] { select(sku); };
    act(std::move(action));
}

void StockFeed::checkDoubt(const QString& action, const StockDoubt& doubt)
{
    keep(m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, doubt](const std::stop_token& stop) {
            Call call;
            call.stop = stop;
            call.why = "inventory";
            return InventoryManager(store, clock).check(call, doubt);
        },
        [this, action](const Result<client::StockVerdict>& verdict) {
            if (!verdict)
                failed(tr("Check: %1").arg(action), verdict.error());
            else
                succeeded(action, QString::fromStdString(verdict->text));
        }));
}

void StockFeed::planReconcile(const std::vector<Bytes>& skus)
{
    // Which reservations are read is known from the list; each is read anew.
    keep(m_dispatcher.run(
        this,
        [&store = m_connection.store(), book = m_book, skus, now = nowMs()](
            const std::stop_token& stop) -> Result<std::vector<ReconcilePlan>> {
            std::vector<std::pair<Bytes, std::vector<Bytes>>> wanted;
            {
                const std::scoped_lock lock(book->mutex());
                for (const Bytes& sku : skus.empty() ? book->leaking() : skus) {
                    if (wanted.size() < MostPlans)
                        wanted.emplace_back(sku, book->reservationsOf(sku));
                }
            }
            std::vector<ReconcilePlan> plans;
            for (const auto& [sku, reservations] : wanted) {
                Call call;
                call.stop = stop;
                call.background = true;
                call.why = "inventory";
                auto plan = planOne(store, call, sku, reservations, now);
                if (!plan && plan.error().kind == client::ErrorKind::Conflict && wanted.size() > 1)
                    continue; // this one moves just now; the others may be still
                if (!plan)
                    return tl::unexpected(plan.error());
                if (*plan)
                    plans.push_back(std::move(**plan));
            }
            return plans;
        },
        [this](const Result<std::vector<ReconcilePlan>>& plans) {
            if (!plans)
                failed(tr("Look for leaked units"), plans.error());
            else
                Q_EMIT planned(*plans);
        }));
}

void StockFeed::reconcile(const std::vector<ReconcilePlan>& plans)
{
    auto done = std::make_shared<std::int64_t>(0);
    Action<std::size_t> action;
    action.name = plans.size() == 1 ? tr("Reconcile %1").arg(shown(plans.front().sku))
                                    : tr("Reconcile %n SKU(s)", nullptr, int(plans.size()));
    action.work = [&clock = m_clock, plans, done](Store& store, Call& call) -> Result<std::size_t> {
        InventoryManager manager(store, clock);
        std::size_t count = 0;
        for (const ReconcilePlan& plan : plans) {
            auto written = manager.reconcile(call, plan);
            if (!written) {
                client::Error error = written.error();
                if (plans.size() > 1)
                    error.message += "; " + std::to_string(count) + " of " + std::to_string(plans.size())
                        + " SKUs were reconciled before";
                return tl::unexpected(std::move(error));
            }
            if (written->value != plan.after)
                return client::fail(client::ErrorKind::Conflict,
                    "the item " + client::printable(plan.sku)
                        + " was written, and reads back as something else",
                    "somebody changed it at once: look again");
            ++count;
            *done += plan.leaked;
        }
        return count;
    };
    action.said = [done](std::size_t count) {
        return tr("%1 leaked units were given back in %n SKU(s), and read back.", nullptr, int(count))
            .arg(*done);
    };
    action.repeat = [this, plans] { reconcile(plans); };
    action.check = [this] { planReconcile({}); };
    act(std::move(action));
}

QString StockFeed::fixTitle(const client::Finding& finding) const
{
    // Provable only where no reservation can be alive any more.
    if (finding.rule != "I3" || finding.severity != client::Severity::Certain)
        return {};
    return tr("Give the leaked units of %1 back…").arg(shown(finding.subject, 40));
}

void StockFeed::fix(const client::Finding& finding)
{
    select(finding.subject);
    planReconcile({finding.subject});
}

void StockFeed::race(client::demo::InventoryRacePlan plan)
{
    if (racing())
        return;
    if (plan.sku.empty())
        plan.sku = "RACE-" + std::to_string(nowMs());
    m_race = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, plan](
            const std::stop_token& stop) { return client::demo::raceForStock(store, clock, plan, stop); },
        [this](const Result<client::demo::InventoryRaceResult>& result) {
            if (!result) {
                failed(tr("Race for stock"), result.error());
                return;
            }
            for (const auto& finding : result->findings)
                Q_EMIT found(finding);
            Q_EMIT raced(*result);
        });
}

} // namespace norikv::models
