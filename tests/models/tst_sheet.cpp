// SPDX-License-Identifier: GPL-3.0-or-later
// Sheets of rows in order, how they are kept, and how the next one is shown without losing a person's place.
#include "models/sheetkeeper.h"
#include "models/sheetmodel.h"
#include "models/standingfindings.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace norikv;
using models::Sheet;
using models::SheetKeeper;
using models::StandingFindings;

namespace {

struct Row {
    std::string key;
    int rank = 0;
    bool operator==(const Row&) const = default;
};
bool byRank(const Row& a, const Row& b) { return std::tie(a.rank, a.key) < std::tie(b.rank, b.key); }
bool byKey(const Row& a, const Row& b) { return a.key < b.key; }

class RowModel final : public models::SheetModel<Row> {
public:
    int columnCount(const QModelIndex& = {}) const override { return 1; }

protected:
    QVariant cell(const Row& row, int, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(QString::fromStdString(row.key)) : QVariant();
    }
};

std::vector<Row> rowsOf(const Sheet<Row>& sheet)
{
    std::vector<Row> out;
    for (std::size_t i = 0; i < sheet.size(); ++i)
        out.push_back(sheet[i]);
    return out;
}

TEST(SheetKeeper, ShowsWhatASortedListWouldAfterAnyChange)
{
    std::mt19937 random(5);
    SheetKeeper<Row> keeper(byRank);
    std::map<std::string, Row> plain;
    bool (*order)(const Row&, const Row&) = byRank;
    int least = 0;
    RowModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    bool inPlace = false;
    bool moved = false;
    for (int step = 0; step < 300; ++step) {
        // Few changes to many rows, as a store does; sometimes very many, so that blocks fill and empty.
        const int changes = step % 40 == 0 ? 1500 : int(random() % 6);
        const auto before = rowsOf(model.sheet());
        for (int i = 0; i < changes; ++i) {
            const std::string key = "k" + std::to_string(random() % 3000);
            if (random() % 4 == 0) {
                keeper.erase(key);
                plain.erase(key);
            } else {
                const Row row{key, int(random() % 50)};
                keeper.put(row);
                plain[key] = row;
            }
        }
        if (step % 60 == 59) {
            order = order == byRank ? byKey : byRank;
            keeper.setOrder(order);
        }
        if (step % 90 == 89) {
            least = int(random() % 20);
            keeper.setFilter([least](const Row& row) { return row.rank >= least; });
        }
        const auto view = keeper.publish();
        EXPECT_FALSE(keeper.dirty());
        std::vector<Row> expected;
        for (const auto& [key, row] : plain) {
            if (row.rank >= least)
                expected.push_back(row);
        }
        std::ranges::sort(expected, order);
        ASSERT_EQ(rowsOf(view->sheet), expected) << "step " << step;
        EXPECT_EQ(view->all, plain.size());
        EXPECT_TRUE(!view->inPlace || before.size() == expected.size());
        (view->inPlace ? inPlace : moved) = true;
        model.show(view);
        ASSERT_EQ(rowsOf(model.sheet()), expected);
    }
    EXPECT_TRUE(inPlace && moved) << "both ways must have been gone";
}

TEST(SheetKeeper, ANextSheetSharesWhatDidNotChange)
{
    SheetKeeper<Row> keeper(byKey);
    for (int i = 0; i < 5000; ++i)
        keeper.put({"k" + std::to_string(10'000 + i), 1});
    const auto first = keeper.publish();
    keeper.put({"k12000", 2});
    const auto second = keeper.publish();
    EXPECT_TRUE(second->inPlace);
    EXPECT_EQ((Sheet<Row>::changedRange(first->sheet, second->sheet)),
        (std::pair<std::size_t, std::size_t>(2000, 2001)));
    EXPECT_EQ(first->sheet[2000].rank, 1) << "a sheet that is shown never changes";
    EXPECT_EQ(second->sheet[2000].rank, 2);
    EXPECT_EQ(first->sheet.ptr(4999), second->sheet.ptr(4999));
}

TEST(SheetModel, APersonsPlaceFollowsItsRow)
{
    SheetKeeper<Row> keeper(byRank);
    for (int i = 0; i < 10; ++i)
        keeper.put({"k" + std::to_string(i), i});
    RowModel model;
    model.show(keeper.publish());
    const QPersistentModelIndex chosen(model.index(3, 0));
    const QPersistentModelIndex doomed(model.index(5, 0));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    keeper.put({"k3", 100}); // to the end
    keeper.erase("k5");
    model.show(keeper.publish());
    EXPECT_EQ(chosen.row(), 8);
    EXPECT_EQ(chosen.data().toString(), QStringLiteral("k3"));
    EXPECT_FALSE(doomed.isValid());
    EXPECT_EQ(changes.size(), 0);
    keeper.put({"k3", 100}); // the same again: in place
    model.show(keeper.publish());
    ASSERT_EQ(changes.size(), 1);
    EXPECT_EQ(changes[0][0].toModelIndex().row(), 8);
    model.tick(2, 4);
    EXPECT_EQ(changes.size(), 2);
    model.tick(4, 99); // a view that was measured before rows went
    EXPECT_EQ(changes.size(), 2);
    EXPECT_EQ(resets.size(), 0);
}

client::Finding finding(const char* rule, const char* subject)
{
    return {rule, client::Severity::Suspect, subject, subject, "", 0, 0};
}

TEST(StandingFindings, AreToldOnceTheyStoodAndThenNowAndThen)
{
    StandingFindings standing;
    EXPECT_TRUE(standing.update({finding("I2", "MUG")}, 1000).empty())
        << "it could be an operation in flight";
    EXPECT_TRUE(standing.update({finding("I2", "MUG"), finding("I2", "PEN")}, 5999).empty());
    const auto told = standing.update({finding("I2", "MUG"), finding("I2", "PEN")}, 6000);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].subject, "MUG");
    EXPECT_EQ(told[0].firstSeenMs, 1000);
    std::size_t again = 0;
    for (EpochMs now = 6250; now <= 26'000; now += 250)
        again += standing.update({finding("I2", "MUG")}, now).size();
    EXPECT_GE(again, 2U) << "its last seen must move";
    EXPECT_LE(again, 20U) << "but it is told every few seconds only";
}

TEST(StandingFindings, WhatWentAndCameBackBeginsAnew)
{
    StandingFindings standing;
    EXPECT_TRUE(standing.update({finding("I2", "MUG")}, 1000).empty());
    EXPECT_TRUE(standing.update({}, 4000).empty());
    EXPECT_TRUE(standing.update({finding("I2", "MUG")}, 6500).empty());
    EXPECT_TRUE(standing.update({finding("I4", "MUG")}, 11'000).empty()) << "another rule is another finding";
    StandingFindings atOnce(std::chrono::milliseconds(0));
    EXPECT_EQ(atOnce.update({finding("L1", "x")}, 1).size(), 1U);
}

} // namespace
