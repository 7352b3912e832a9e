// SPDX-License-Identifier: GPL-3.0-or-later
// Painted parts of the pattern pages: the stock board with its bars, and the minutes that sessions end in.
#include "tests/golden/goldenfixture.h"

#include "models/stockbook.h"
#include "models/stockmodel.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/delegates/stockbardelegate.h"
#include "widgets/expirystrip.h"
#include "widgets/tables.h"

#include <QHeaderView>
#include <QTableView>

using namespace norikv;
using models::ReservationModel;
using models::StockBook;
using models::StockModel;
using test::looksLike;
using widgets::ThemePreference;

namespace {

constexpr EpochMs Now = 1'700'000'000'000;

class GoldenStock : public test::ThemedPicture {
protected:
    std::shared_ptr<StockBook::Queue> queue = std::make_shared<StockBook::Queue>();
    StockBook book{{}, queue};
    StockModel board;
    ReservationModel reservations;

    void put(const std::string& key, const std::string& value, EpochMs expiresAt = 0)
    {
        client::Entry entry;
        entry.key = key;
        entry.value = value;
        entry.version = client::Version{0, 1};
        if (expiresAt != 0) {
            entry.expiresAtMs = expiresAt;
            entry.provenance = client::TtlProvenance::Server;
        }
        book.put(entry, {client::Coverage::Complete, true, Now, 0});
    }
    void item(const std::string& sku, int quantity, int reserved, EpochMs changed = Now - 4000)
    {
        put("inventory:" + sku,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
                + std::to_string(reserved) + R"(,"lastUpdated":)" + std::to_string(changed) + "}");
    }
    void reservation(const std::string& id, const std::string& sku, int units, EpochMs left)
    {
        put("inventory:reservation:" + id,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(units) + R"(,"createdAt":)"
                + std::to_string(Now + left - 600'000) + "}",
            Now + left);
    }
    void publish(EpochMs after)
    {
        book.publish({client::Coverage::Complete, true, Now + after, 0});
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk) {
                board.show(piece->items);
                reservations.setNow(Now + after);
                reservations.show(piece->reservations);
            }
        }
    }
    QTableView* table(QAbstractItemModel& model, int stretched)
    {
        auto* view = new QTableView;
        view->setModel(&model);
        widgets::styleTable(*view);
        view->horizontalHeader()->setStretchLastSection(false);
        view->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
        return view;
    }
};

TEST_P(GoldenStock, Board)
{
    item("CHAIR-OAK", 80, 12);
    reservation("a", "CHAIR-OAK", 12, 300'000);
    item("DESK", 24, 18);
    reservation("b", "DESK", 6, 200'000);
    item("LAMP", 40, 0);
    item("TEAPOT", 30, 7, Now - 3'600'000);
    item("TICKET", 5, 8);
    put("inventory:broken", "no json");
    put("inventory:GO", R"({"SKU":"GO","Quantity":10,"Reserved":4})");
    publish(0);
    publish(6000);
    std::unique_ptr<QTableView> view(table(board, StockModel::Bar));
    view->setItemDelegateForColumn(StockModel::Bar, new widgets::StockBarDelegate(theme(), view.get()));
    auto* numbers = new widgets::NumberDelegate(view.get());
    for (const int column : {StockModel::Available, StockModel::Reserved, StockModel::Held})
        view->setItemDelegateForColumn(column, numbers);
    view->setItemDelegateForColumn(
        StockModel::State, new widgets::OutcomeDelegate(theme(), models::ToneRole, -1, view.get()));
    view->horizontalHeader()->resizeSection(StockModel::State, 190);
    view->horizontalHeader()->resizeSection(StockModel::Held, 120);
    show(*view, 860, 250);
    EXPECT_TRUE(looksLike(*view, named("stock-board")));
}

TEST_P(GoldenStock, Reservations)
{
    item("MUG", 80, 6);
    reservation("3f0c8d2e-soon", "MUG", 2, 24'000);
    reservation("91ab77c0-held", "MUG", 3, 540'000);
    reservation("e77d0a12-over", "MUG", 1, -20'000);
    book.choose("MUG");
    publish(0);
    reservations.setTtl(600'000);
    std::unique_ptr<QTableView> view(table(reservations, ReservationModel::Id));
    view->setItemDelegateForColumn(ReservationModel::EndsIn,
        new widgets::CountdownDelegate(theme(), ReservationModel::LeftRole, view.get()));
    view->setItemDelegateForColumn(
        ReservationModel::State, new widgets::OutcomeDelegate(theme(), models::ToneRole, -1, view.get()));
    view->horizontalHeader()->resizeSection(ReservationModel::State, 190);
    view->horizontalHeader()->resizeSection(ReservationModel::Created, 126);
    view->horizontalHeader()->resizeSection(ReservationModel::EndsIn, 130);
    show(*view, 860, 140);
    EXPECT_TRUE(looksLike(*view, named("stock-reservations")));
}

TEST_P(GoldenStock, MinutesThatSessionsEndIn)
{
    models::SessionStrip strip;
    strip.roles = {"user", "editor", "admin"};
    int alive = 0;
    for (std::size_t role = 0; role < strip.roles.size(); ++role) {
        std::vector<int> counts;
        for (int minute = 0; minute <= models::SessionStrip::Minutes; ++minute) {
            counts.push_back((minute * 7 + int(role) * 5) % 11 * (role == 0 ? 3 : 1));
            alive += counts.back();
        }
        strip.counts.push_back(std::move(counts));
    }
    for (int minute = 0; minute <= models::SessionStrip::Minutes; ++minute) {
        strip.alive.push_back(alive);
        for (const auto& counts : strip.counts)
            alive -= counts[std::size_t(minute)];
    }
    widgets::ExpiryStrip widget(theme());
    widget.setStrip(strip);
    widget.setChosen(QStringLiteral("editor"), 12);
    show(widget, 820, widget.sizeHint().height());
    EXPECT_TRUE(looksLike(widget, named("session-minutes")));
}

INSTANTIATE_TEST_SUITE_P(Theme, GoldenStock, testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& tested) { return tested.param == ThemePreference::Dark ? "Dark" : "Light"; });

} // namespace
