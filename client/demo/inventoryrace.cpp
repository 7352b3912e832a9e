// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/inventoryrace.h"

#include "client/demo/actor.h"
#include "client/forwardingstore.h"
#include "client/patterns/inventorymanager.h"

#include <mutex>
#include <optional>
#include <thread>

namespace norikv::client::demo {

namespace {

constexpr int MostBuyers = 64;
constexpr std::int64_t Each = 2; // units per buyer
constexpr int Impatient = 10'000; // attempts: a race is no place to give up

/// A program that dies when it is about to write a reservation: nothing of it arrives any more.
class DiesBetweenWrites final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    Result<Entry> get(Call& c, const Bytes& key, Consistency level) override
    {
        return m_dead ? Result<Entry>(death()) : ForwardingStore::get(c, key, level);
    }
    Result<Version> put(Call& c, const Put& put) override
    {
        m_dead = m_dead || idOfReservationKey(put.key);
        return m_dead ? Result<Version>(death()) : ForwardingStore::put(c, put);
    }

private:
    static tl::unexpected<Error> death() { return fail(ErrorKind::Unreachable, "the buyer's program died"); }
    bool m_dead = false;
};

/// The document's commit after its one read of the reservation: lowers the item, then deletes without a
/// condition.
Result<void> commitAsDocumented(Store& store, Call& call, const CasLoop& loop, const Bytes& id,
    const Reservation& reservation, const Clock& clock)
{
    const Bytes key = itemKey(reservation.sku);
    const std::int64_t units = reservation.quantity.value_or(0);
    const auto lowered = compareAndSet(store, call, key, loop, [&](const Entry& entry) -> Result<CasNext> {
        auto value = changeItem(key, entry.value, {-units, -units}, clock.nowMs());
        if (!value)
            return tl::unexpected(value.error());
        return CasNext{std::move(*value), 0};
    });
    if (!lowered)
        return tl::unexpected(lowered.error());
    Remove remove;
    remove.key = reservationKey(id);
    if (const auto removed = store.remove(call, remove); !removed)
        return tl::unexpected(removed.error());
    return {};
}

class Race {
public:
    Race(Store& store, const Clock& clock, const InventoryRacePlan& plan, const std::stop_token& stop)
        : m_store(store)
        , m_clock(clock)
        , m_plan(plan)
        , m_stop(stop)
    {
        m_loop.policy = CasPolicy::impatient(Impatient);
    }

    Result<InventoryRaceResult> run()
    {
        Call call = demoCall(m_stop, "race");
        // A shard that nobody used yet refuses its first call: that shall not be the write.
        if (auto warm = m_store.get(call, itemKey(m_plan.sku)); !warm)
            return tl::unexpected(warm.error());
        if (auto made = manager(m_store).createItem(call, m_plan.sku, m_plan.units); !made)
            return tl::unexpected(made.error());
        {
            std::vector<std::jthread> buyers;
            for (int i = 0; i < m_plan.buyers; ++i)
                buyers.emplace_back([this, i] { buy(i); });
        }
        if (m_error)
            return tl::unexpected(*m_error);
        return close(call);
    }

private:
    InventoryManager manager(Store& store) const
    {
        InventoryManager::Options options;
        options.loop = m_loop;
        return {store, m_clock, options};
    }

    void keep(const Error& error)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_error)
            m_error = error;
    }

    void buy(int buyer)
    {
        Call call = demoCall(m_stop, "race");
        const bool dies = m_plan.crash == InventoryRacePlan::Crash::BetweenWrites && buyer % 3 == 0;
        DiesBetweenWrites mortal(m_store);
        const auto id = manager(dies ? static_cast<Store&>(mortal) : m_store).reserve(call, m_plan.sku, Each);
        if (!id) {
            const std::scoped_lock lock(m_mutex);
            if (id.error().kind == ErrorKind::InvalidRequest)
                ++m_result.refused;
            else if (id.error().kind == ErrorKind::UnknownOutcome)
                ++m_result.doubtful; // the buyer goes; what was reserved leaks, and the books show it
            else if (dies)
                ++m_result.crashed;
            else if (!m_error)
                m_error = id.error();
            return;
        }
        sell(call, *id);
    }

    void sell(Call& call, const Bytes& id)
    {
        const int operators = m_plan.crash == InventoryRacePlan::Crash::CommitTwice ? 2 : 1;
        const auto read = m_store.get(call, reservationKey(id));
        if (!read)
            return keep(read.error());
        const auto reservation = parseReservation(reservationKey(id), read->value);
        if (!reservation)
            return keep(reservation.error());
        bool sold = m_plan.documentsCode;
        bool doubt = false;
        for (int i = 0; i < operators; ++i) {
            if (m_plan.documentsCode) {
                if (auto done = commitAsDocumented(m_store, call, m_loop, id, *reservation, m_clock); !done)
                    return keep(done.error());
                continue;
            }
            const auto done = manager(m_store).commit(call, id);
            if (done) {
                sold = true;
                continue;
            }
            if (done.error().kind == ErrorKind::UnknownOutcome) {
                const std::scoped_lock lock(m_mutex);
                ++m_result.doubtful;
                doubt = true;
                continue;
            }
            if (done.error().kind != ErrorKind::NotFound)
                return keep(done.error());
            const std::scoped_lock lock(m_mutex);
            ++m_result.lostCommits;
        }
        // However many operators were told that they did it: one buyer took the goods away once.
        const std::scoped_lock lock(m_mutex);
        if (sold || !doubt)
            m_result.books.sold += Each;
        else
            m_result.books.unknown += Each;
    }

    Result<InventoryRaceResult> close(Call& call)
    {
        auto entry = m_store.get(call, itemKey(m_plan.sku));
        if (!entry)
            return tl::unexpected(entry.error());
        const auto item = parseItem(itemKey(m_plan.sku), entry->value);
        if (!item)
            return tl::unexpected(item.error());
        StockRun& books = m_result.books;
        books.sku = m_plan.sku;
        books.initial = m_plan.units;
        books.quantity = item->quantity.value_or(0);
        books.reserved = item->reserved.value_or(0);
        books.endedMs = m_clock.nowMs();
        SkuReading reading;
        reading.itemRead = reading.itemThere = reading.readable = true;
        reading.quantity = item->quantity;
        reading.reserved = item->reserved;
        if (auto finding = checkI8(books))
            m_result.findings.push_back(std::move(*finding));
        InventoryReading all;
        all.skus.emplace(m_plan.sku, reading); // every buyer settled or died: no reservation is left
        all.coverage = Coverage::Complete;
        for (Finding& finding : judgeInventory(all, books.endedMs))
            m_result.findings.push_back(std::move(finding));
        return m_result;
    }

    Store& m_store;
    const Clock& m_clock;
    const InventoryRacePlan& m_plan;
    const std::stop_token m_stop;
    CasLoop m_loop;
    std::mutex m_mutex;
    InventoryRaceResult m_result;
    std::optional<Error> m_error;
};

} // namespace

Result<InventoryRaceResult> raceForStock(
    Store& store, const Clock& clock, const InventoryRacePlan& plan, const std::stop_token& stop)
{
    if (plan.buyers < 1 || plan.buyers > MostBuyers || plan.units < 1)
        return fail(ErrorKind::InvalidRequest, "a race needs 1 to 64 buyers and at least one unit");
    return Race(store, clock, plan, stop).run();
}

} // namespace norikv::client::demo
