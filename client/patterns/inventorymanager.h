// SPDX-License-Identifier: GPL-3.0-or-later
// The pattern's operations by the write protocol of rulings 3, which the document's own code does not keep.
#pragma once

#include "client/clock.h"
#include "client/patterns/compareandset.h"
#include "client/patterns/inventory.h"

#include <functional>
#include <string>

namespace norikv::client {

/// A write whose outcome is unknown, for InventoryManager::check().
struct StockDoubt {
    enum class Step {
        None,
        ItemRaised, ///< reserve: the item's reserved units
        ReservationWritten, ///< reserve: the reservation, after the item was raised
        ReservationTaken, ///< commit or release: the delete that decides who wins
        ItemSettled, ///< commit or release: the item, after the reservation was taken
    };
    Step step = Step::None;
    Bytes sku;
    Bytes reservationId;
    std::int64_t units = 0;
    std::optional<Entry> before; ///< of the key that was written, as read; empty for a new reservation
    Bytes wrote; ///< empty for a delete
};

/// What a second look at a doubtful write shows.
struct StockVerdict {
    enum class Kind { Applied, NotApplied, Unclear };
    Kind kind = Kind::Unclear;
    std::string text; ///< one or two plain sentences: what is stored, and what that means
};

struct SettledReservation {
    Reservation reservation;
    CasResult item;
};

/// What a reconcile would change; made by plan(), carried out by reconcile().
struct ReconcilePlan {
    Bytes sku;
    Entry item; ///< as read
    std::int64_t reserved = 0;
    std::int64_t held = 0; ///< units of the reservations that can be read
    std::int64_t leaked = 0; ///< reserved - held, above 0
    Bytes after; ///< what would be stored
};

class InventoryManager {
public:
    struct Options {
        std::uint64_t ttlMs = ReservationTtlMs;
        CasLoop loop{CasPolicy::inventory(), realSleeper(), {}};
        std::function<Bytes()> newId; ///< a random UUID without it
    };
    InventoryManager(Store& store, const Clock& clock);
    InventoryManager(Store& store, const Clock& clock, Options options);

    /// InvalidRequest for a negative quantity or a SKU that would collide with reservations; Conflict when
    /// the item exists: an item that is in use is never overwritten.
    Result<void> createItem(Call& call, const Bytes& sku, std::int64_t quantity);
    /// The new reservation's id. InvalidRequest "Insufficient inventory: need n, have m"; NotFound without
    /// the item. The item is raised first: a crash after that leaks units, and never sells one twice. When
    /// the reservation cannot be written the item is lowered again.
    Result<Bytes> reserve(Call& call, const Bytes& sku, std::int64_t units, StockDoubt* doubt = nullptr);
    /// NotFound "the reservation is gone" when it expired or another operator settled it. Whoever deletes the
    /// version that was read wins and alone changes the item. NoriKV itself ignores that condition
    /// (wire-contract 2.5): there the reservation is read anew before each try, and two operators at the same
    /// moment can both win.
    Result<SettledReservation> commit(Call& call, const Bytes& id, StockDoubt* doubt = nullptr);
    Result<SettledReservation> release(Call& call, const Bytes& id, StockDoubt* doubt = nullptr);
    /// quantity - reserved.
    Result<std::int64_t> available(Call& call, const Bytes& sku);
    /// Adds to the stock, e.g. a delivery. Never below zero.
    Result<CasResult> change(Call& call, const Bytes& sku, StockChange change);

    /// Looks again where a write's outcome is unknown.
    Result<StockVerdict> check(Call& call, const StockDoubt& doubt);

    /// Nothing when no unit is leaked. `held` must come from reservations read after `item`.
    static Result<std::optional<ReconcilePlan>> plan(const Entry& item, std::int64_t held, EpochMs nowMs);
    /// Reads the item anew, writes the plan when it has not moved since, and reads back. Conflict when it
    /// moved.
    Result<Entry> reconcile(Call& call, const ReconcilePlan& plan);

private:
    Result<SettledReservation> settle(Call& call, const Bytes& id, bool sold, StockDoubt* doubt);
    Result<Entry> take(Call& call, const Bytes& id, StockDoubt* doubt);
    Result<CasResult> changeBy(
        Call& call, const Bytes& sku, StockChange change, std::int64_t need, StockDoubt* doubt);

    Store& m_store;
    const Clock& m_clock;
    const Options m_options;
};

} // namespace norikv::client
