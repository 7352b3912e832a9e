// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/inventorymanager.h"

#include "client/bytes.h"
#include "client/patterns/createifabsent.h"

namespace norikv::client {

namespace {

std::string units(std::int64_t n) { return std::to_string(n) + (n == 1 ? " unit" : " units"); }

void note(StockDoubt* doubt, StockDoubt::Step step, const std::optional<Entry>& before, Bytes wrote)
{
    if (!doubt)
        return;
    doubt->step = step;
    doubt->before = before;
    doubt->wrote = std::move(wrote);
}

tl::unexpected<Error> gone(const Bytes& id)
{
    return fail(ErrorKind::NotFound, "the reservation " + printable(id) + " is gone",
        "it expired, or somebody committed or released it");
}

bool same(const Entry& a, const Entry& b) { return a.version == b.version && a.value == b.value; }

} // namespace

InventoryManager::InventoryManager(Store& store, const Clock& clock)
    : InventoryManager(store, clock, Options())
{
}

InventoryManager::InventoryManager(Store& store, const Clock& clock, Options options)
    : m_store(store)
    , m_clock(clock)
    , m_options(std::move(options))
{
}

Result<void> InventoryManager::createItem(Call& call, const Bytes& sku, std::int64_t quantity)
{
    if (sku.empty() || sku.starts_with("reservation:"))
        return fail(ErrorKind::InvalidRequest, "a SKU must not be empty or begin with reservation:");
    if (quantity < 0)
        return fail(ErrorKind::InvalidRequest, "the quantity must not be below zero");
    const Bytes key = itemKey(sku);
    const auto there = m_store.get(call, key);
    if (!there)
        return tl::unexpected(there.error());
    if (there->exists())
        return fail(ErrorKind::Conflict, "the item " + printable(sku) + " exists already");
    const Bytes value = newItemJson(sku, quantity, m_clock.nowMs());
    const auto made = createIfAbsent(m_store, call, key, value);
    if (!made)
        return tl::unexpected(made.error());
    if (made->value != value)
        return fail(ErrorKind::Conflict, "somebody else created the item " + printable(sku) + " just now");
    return {};
}

Result<CasResult> InventoryManager::changeBy(
    Call& call, const Bytes& sku, StockChange change, std::int64_t need, StockDoubt* doubt)
{
    return compareAndSet(
        m_store, call, itemKey(sku), m_options.loop, [&](const Entry& entry) -> Result<CasNext> {
            if (!entry.exists())
                return fail(ErrorKind::NotFound, "there is no item " + printable(sku));
            const auto item = parseItem(entry.key, entry.value);
            if (!item)
                return tl::unexpected(item.error());
            if (need > 0) {
                const auto have = item->available();
                if (!have)
                    return fail(
                        ErrorKind::BadData, "the available units of " + printable(sku) + " cannot be read");
                if (*have < need)
                    return fail(ErrorKind::InvalidRequest,
                        "Insufficient inventory: need " + std::to_string(need) + ", have "
                            + std::to_string(*have));
            }
            auto value = changeItem(entry.key, entry.value, change, m_clock.nowMs());
            if (!value)
                return tl::unexpected(value.error());
            if (doubt) {
                doubt->before = entry;
                doubt->wrote = *value;
            }
            return CasNext{std::move(*value), 0};
        });
}

Result<Bytes> InventoryManager::reserve(Call& call, const Bytes& sku, std::int64_t count, StockDoubt* doubt)
{
    if (count <= 0)
        return fail(ErrorKind::InvalidRequest, "at least one unit must be reserved");
    Bytes id = m_options.newId ? m_options.newId() : randomUuid();
    if (doubt)
        *doubt = {StockDoubt::Step::ItemRaised, sku, id, count, {}, {}};
    const auto raised = changeBy(call, sku, {0, count}, count, doubt);
    if (!raised)
        return tl::unexpected(raised.error());

    Put put;
    put.key = reservationKey(id);
    put.value = newReservationJson(sku, count, m_clock.nowMs());
    put.ttlMs = m_options.ttlMs;
    note(doubt, StockDoubt::Step::ReservationWritten, {}, put.value);
    const auto written = m_store.put(call, put);
    if (written)
        return id;
    Error error = written.error();
    // With the reservation perhaps there, lowering the item could sell the units twice: they rather stay
    // reserved.
    if (error.kind == ErrorKind::UnknownOutcome)
        return tl::unexpected(std::move(error));
    const auto undone = changeBy(call, sku, {0, -count}, 0, nullptr);
    error.detail += undone
        ? " The item was set back."
        : " The item still counts " + units(count) + " as reserved: " + undone.error().message;
    return tl::unexpected(std::move(error));
}

Result<Entry> InventoryManager::take(Call& call, const Bytes& id, StockDoubt* doubt)
{
    const Bytes key = reservationKey(id);
    for (int attempt = 0; attempt < m_options.loop.policy.attempts; ++attempt) {
        auto entry = m_store.get(call, key);
        if (!entry)
            return tl::unexpected(entry.error());
        if (!entry->exists())
            return gone(id);
        entry->key = key;
        const auto reservation = parseReservation(key, entry->value);
        if (!reservation)
            return tl::unexpected(reservation.error());
        if (reservation->sku.empty() || !reservation->quantity || *reservation->quantity <= 0
            || reservation->looksLikeItem)
            return fail(ErrorKind::BadData, "the reservation names no SKU or no units that can be settled");
        // The item must be there and readable before the reservation is given up.
        const Bytes ofItem = itemKey(reservation->sku);
        const auto item = m_store.get(call, ofItem);
        if (!item)
            return tl::unexpected(item.error());
        if (!item->exists())
            return fail(ErrorKind::NotFound, "there is no item " + printable(reservation->sku));
        if (auto possible = changeItem(ofItem, item->value, {}, m_clock.nowMs()); !possible)
            return tl::unexpected(possible.error());

        note(doubt, StockDoubt::Step::ReservationTaken, *entry, {});
        Remove remove;
        remove.key = key;
        remove.ifMatch = entry->version;
        const KnownBefore known(call, *entry);
        const auto removed = m_store.remove(call, remove);
        if (removed)
            return entry;
        if (removed.error().kind == ErrorKind::KeyMissing)
            return gone(id);
        if (removed.error().kind != ErrorKind::Conflict)
            return tl::unexpected(removed.error());
    }
    return fail(ErrorKind::Contended, "the reservation " + printable(id) + " kept changing");
}

Result<SettledReservation> InventoryManager::settle(Call& call, const Bytes& id, bool sold, StockDoubt* doubt)
{
    if (doubt)
        *doubt = {StockDoubt::Step::ReservationTaken, {}, id, 0, {}, {}};
    const auto taken = take(call, id, doubt);
    if (!taken)
        return tl::unexpected(taken.error());
    SettledReservation out;
    out.reservation = *parseReservation(taken->key, taken->value);
    const Bytes sku = out.reservation.sku;
    const std::int64_t count = *out.reservation.quantity;
    note(doubt, StockDoubt::Step::ItemSettled, {}, {});
    if (doubt) {
        doubt->sku = sku;
        doubt->units = count;
    }
    auto item = changeBy(call, sku, {sold ? -count : 0, -count}, 0, doubt);
    if (!item) {
        Error error = item.error();
        error.detail += " The reservation is taken, and the item still counts its " + units(count)
            + " as reserved until it is reconciled.";
        return tl::unexpected(std::move(error));
    }
    out.item = std::move(*item);
    return out;
}

Result<SettledReservation> InventoryManager::commit(Call& call, const Bytes& id, StockDoubt* doubt)
{
    return settle(call, id, true, doubt);
}

Result<SettledReservation> InventoryManager::release(Call& call, const Bytes& id, StockDoubt* doubt)
{
    return settle(call, id, false, doubt);
}

Result<std::int64_t> InventoryManager::available(Call& call, const Bytes& sku)
{
    const auto entry = m_store.get(call, itemKey(sku));
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return fail(ErrorKind::NotFound, "there is no item " + printable(sku));
    const auto item = parseItem(itemKey(sku), entry->value);
    if (!item)
        return tl::unexpected(item.error());
    const auto have = item->available();
    if (!have)
        return fail(ErrorKind::BadData, "the available units of " + printable(sku) + " cannot be read");
    return *have;
}

Result<CasResult> InventoryManager::change(Call& call, const Bytes& sku, StockChange by)
{
    return changeBy(call, sku, by, by.quantity < 0 ? -by.quantity : 0, nullptr);
}

Result<StockVerdict> InventoryManager::check(Call& call, const StockDoubt& doubt)
{
    using Kind = StockVerdict::Kind;
    const bool ofItem
        = doubt.step == StockDoubt::Step::ItemRaised || doubt.step == StockDoubt::Step::ItemSettled;
    const auto now = m_store.get(call, ofItem ? itemKey(doubt.sku) : reservationKey(doubt.reservationId));
    if (!now)
        return tl::unexpected(now.error());
    const std::string count = units(doubt.units);
    const bool untouched = doubt.before && same(*now, *doubt.before);
    switch (doubt.step) {
    case StockDoubt::Step::None:
        return StockVerdict{Kind::NotApplied, "Nothing was sent."};
    case StockDoubt::Step::ItemRaised:
        if (now->value == doubt.wrote)
            return StockVerdict{Kind::Applied,
                "The item counts " + count + " as reserved, without a reservation: reconcile returns them."};
        if (untouched)
            return StockVerdict{Kind::NotApplied, "The item is as it was: nothing is reserved."};
        break;
    case StockDoubt::Step::ReservationWritten:
        if (now->exists())
            return StockVerdict{Kind::Applied, "The reservation is stored."};
        return StockVerdict{Kind::NotApplied,
            "There is no reservation, and the item counts " + count
                + " as reserved: reconcile returns them."};
    case StockDoubt::Step::ReservationTaken:
        if (untouched)
            return StockVerdict{Kind::NotApplied, "The reservation is as it was."};
        return StockVerdict{Kind::Unclear,
            "The reservation is no longer as it was read: this delete, its expiry or another operator took "
            "it. The "
            "item was not changed from here."};
    case StockDoubt::Step::ItemSettled:
        if (now->value == doubt.wrote)
            return StockVerdict{Kind::Applied, "The item was changed as asked."};
        if (untouched)
            return StockVerdict{Kind::NotApplied,
                "The item is as it was, and the reservation is taken: " + count
                    + " stay reserved until reconciled."};
        break;
    }
    return StockVerdict{Kind::Unclear,
        "Somebody changed the item since: what is stored does not tell whether this write happened."};
}

Result<std::optional<ReconcilePlan>> InventoryManager::plan(
    const Entry& entry, std::int64_t held, EpochMs nowMs)
{
    const auto item = parseItem(entry.key, entry.value);
    if (!item)
        return tl::unexpected(item.error());
    if (!item->hasReservations())
        return fail(ErrorKind::BadData,
            "a " + std::string(name(item->dialect)) + " item keeps no reservations to compare with");
    if (!item->reserved)
        return fail(ErrorKind::BadData, "the item's reserved units cannot be read");
    if (*item->reserved <= held)
        return std::optional<ReconcilePlan>();
    ReconcilePlan plan{item->sku, entry, *item->reserved, held, *item->reserved - held, {}};
    auto after = changeItem(entry.key, entry.value, {0, -plan.leaked}, nowMs);
    if (!after)
        return tl::unexpected(after.error());
    plan.after = std::move(*after);
    return std::optional(std::move(plan));
}

Result<Entry> InventoryManager::reconcile(Call& call, const ReconcilePlan& plan)
{
    const Bytes key = itemKey(plan.sku);
    const auto now = m_store.get(call, key);
    if (!now)
        return tl::unexpected(now.error());
    if (!same(*now, plan.item))
        return fail(ErrorKind::Conflict, "the item " + printable(plan.sku) + " changed since: look again");
    Put put;
    put.key = key;
    put.value = plan.after;
    put.ifMatch = now->version;
    {
        const KnownBefore known(call, *now);
        if (const auto written = m_store.put(call, put); !written)
            return tl::unexpected(written.error());
    }
    return m_store.get(call, key);
}

} // namespace norikv::client
