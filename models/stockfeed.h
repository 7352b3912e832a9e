// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"
#include "models/stockbook.h"
#include "models/stockmodel.h"

#include "client/demo/inventoryrace.h"
#include "client/patterns/inventorymanager.h"

namespace norikv::models {

/// What the inventory page shows, and what can be done to stock and reservations, by the write protocol of
/// InventoryManager.
class StockFeed final : public PatternFeed {
    Q_OBJECT
public:
    StockFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~StockFeed() override;
    bool judges(const std::string& rule) const override { return rule.starts_with('I'); }

    StockModel& model() { return m_model; }
    ReservationModel& reservations() { return m_reservations; }
    const StockTotals& totals() const { return m_totals; }
    const std::vector<LeakMeter::Point>& leak() const { return m_leak; } ///< of the selected SKU
    /// The time to live that a new reservation gets.
    std::uint64_t ttlMs() const;

    const StockFilter& filter() const { return m_filter; }
    void setFilter(const StockFilter& filter);
    void setOrder(StockOrder order);

    /// A SKU, or the key of an item or of a reservation.
    void select(const client::Bytes& subject);
    const client::Bytes& selected() const { return m_selected; } ///< SKU; empty = none
    /// As last read; stays while it is filtered out.
    const std::optional<StockRow>& selectedRow() const { return m_selectedRow; }

    // Actions; each ends in acted(). SKUs and ids as stored.
    void createItem(const client::Bytes& sku, qint64 quantity);
    void reserve(const client::Bytes& sku, qint64 units);
    void commit(const client::Bytes& id) { settle(id, true); }
    void release(const client::Bytes& id) { settle(id, false); }
    /// A delivery, or with a negative number a loss.
    void deliver(const client::Bytes& sku, qint64 units);

    /// Gives leaked units back: first a dry run, planned() tells what would change; a person confirms by
    /// reconcile(). Empty = every SKU that leaks.
    void planReconcile(const std::vector<client::Bytes>& skus);
    void reconcile(const std::vector<client::ReconcilePlan>& plans);
    QString fixTitle(const client::Finding& finding) const override;
    void fix(const client::Finding& finding) override;

    /// A closed run with buyers of our own, for a new item (an empty SKU gets a name); ends in raced().
    void race(client::demo::InventoryRacePlan plan);
    bool racing() const { return m_race.running(); }

Q_SIGNALS:
    void attempted(const QString& text); ///< one try of a compare-and-set loop, as it ends
    void planned(const std::vector<norikv::client::ReconcilePlan>& plans);
    void raced(const norikv::client::demo::InventoryRaceResult& result);

private:
    void take(std::shared_ptr<const StockPiece> piece);
    void settle(const client::Bytes& id, bool sold);
    void checkDoubt(const QString& action, const client::StockDoubt& doubt);
    client::InventoryManager::Options options();

    StockModel m_model;
    ReservationModel m_reservations;
    StockTotals m_totals;
    std::vector<LeakMeter::Point> m_leak;
    StockFilter m_filter;
    StockOrder m_order = StockOrder::WorstFirst;
    client::Bytes m_selected;
    bool m_chosen = false; ///< by a person; until then the first row is shown
    std::optional<StockRow> m_selectedRow;
    std::shared_ptr<StockBook> m_book;
    Job m_requestJob, m_lookJob, m_race;
};

} // namespace norikv::models
