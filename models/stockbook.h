// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"
#include "models/leakmeter.h"
#include "models/sheetkeeper.h"
#include "models/standingfindings.h"

#include "client/audit/inventoryreading.h"
#include "client/profile.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace norikv::models {

/// One SKU as the board shows it: its item, and the sums of its reservations.
struct StockRow {
    client::Bytes key; ///< of the item
    client::ItemReading reading;
    std::uint32_t reservations = 0; ///< readable ones
    std::int64_t held = 0; ///< units of those
    std::int64_t leaked = 0; ///< reserved for nobody for at least 5 s
    std::string wrong; ///< rules that it breaks, e.g. "I3"; empty = none
    client::Severity worst = client::Severity::Info; ///< of those

    std::optional<std::int64_t> available() const
    {
        return reading.item ? reading.item->available() : std::nullopt;
    }
};

/// One reservation of the chosen SKU.
struct ReservationRow {
    client::Bytes key;
    client::ReservationReading reading;
};

struct StockFilter {
    std::string text; ///< part of the SKU, small letters
    bool onlyWrong = false;
    bool operator==(const StockFilter&) const = default;
};

enum class StockOrder { WorstFirst, Sku, FewestAvailable, MostReserved };

/// Sums over everything that is known.
struct StockTotals {
    std::uint64_t items = 0;
    std::uint64_t reservations = 0;
    std::int64_t available = 0;
    std::int64_t reserved = 0;
    std::int64_t leaked = 0;
    std::uint64_t wrong = 0; ///< SKUs that break a rule
};

/// What the feed is handed.
struct StockPiece {
    std::shared_ptr<const SheetView<StockRow>> items;
    client::Bytes chosen; ///< a SKU; empty = none
    std::shared_ptr<const SheetView<ReservationRow>> reservations; ///< of the chosen SKU
    StockTotals totals;
    std::vector<LeakMeter::Point> leak; ///< of the chosen SKU, oldest first
    std::vector<client::Finding> findings;

    std::size_t bytes() const
    {
        return items->bytes + reservations->bytes + sizeof(*this) + leak.size() * sizeof(LeakMeter::Point);
    }
};

/// Items and reservations as they are stored now, judged together, on the follower's thread.
class StockBook final : public EntryBook {
public:
    using Queue = ChunkQueue<std::shared_ptr<const StockPiece>>;
    StockBook(client::Profile profile, std::shared_ptr<Queue> queue);

    void put(const client::Entry& entry, const FollowStatus& status) override;
    void gone(const client::Bytes& key, Gone how, const FollowStatus& status) override;
    void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) override;
    void setHere(const client::Bytes& key, EpochMs expiresAtMs) override { m_setHere[key] = expiresAtMs; }
    void publish(const FollowStatus& status) override;
    /// The items that known reservations name.
    std::vector<client::Bytes> alsoAsk() const override;

    void setFilter(StockFilter filter);
    void setOrder(StockOrder order);
    /// Whose reservations and leak are published.
    void choose(const client::Bytes& sku);
    /// SKUs with leaked units, worst first: what "reconcile all" would look at.
    std::vector<client::Bytes> leaking() const;
    /// Keys of the reservations that name a SKU, in byte order.
    std::vector<client::Bytes> reservationsOf(const client::Bytes& sku) const;

private:
    void judge(const FollowStatus& status);
    void place(const client::Bytes& sku, const client::SkuReading& sums, EpochMs nowMs);

    const client::Profile m_profile;
    std::shared_ptr<Queue> m_queue;
    std::unordered_map<client::Bytes, client::ItemReading> m_items; ///< by SKU
    SheetKeeper<ReservationRow> m_reservations;
    SheetKeeper<StockRow> m_rows;
    std::map<client::Bytes, EpochMs> m_setHere;
    client::Bytes m_chosen;
    StockTotals m_totals;
    LeakMeter m_leaks;
    bool m_dirty = true;
    EpochMs m_judgedMs = 0;
    std::map<client::Bytes, std::pair<std::string, client::Severity>> m_wrong; ///< by SKU
    std::vector<client::Finding> m_findings; ///< of the last judgement
    StandingFindings m_standing;
};

} // namespace norikv::models
