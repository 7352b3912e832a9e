// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/recordmodel.h"
#include "tests/models/waiting.h"

#include <QItemSelectionModel>
#include <QSignalSpy>

#include <map>
#include <random>

using namespace norikv;
using test::ModelWatch;

namespace {

struct Row {
    int key = 0;
    int value = 0;
    bool operator==(const Row&) const = default;
};

class RowModel final : public models::RecordModel<Row> {
public:
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 2; }

protected:
    QVariant cell(const Row& row, int column, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(column == 0 ? row.key : row.value) : QVariant();
    }
};

void mergeInto(RowModel& model, std::vector<Row> next)
{
    model.merge(
        std::move(next), [](const Row& r) { return r.key; },
        [](const Row& a, const Row& b) { return !(a == b); });
}

/// What a view knows when it believes nothing but the signals.
class Mirror {
public:
    explicit Mirror(RowModel& model)
    {
        QObject::connect(&model, &QAbstractItemModel::rowsInserted, &m_context,
            [this, &model](const QModelIndex&, int first, int last) {
                for (int row = first; row <= last; ++row)
                    rows.insert(rows.begin() + row, model.record(row));
            });
        QObject::connect(&model, &QAbstractItemModel::rowsRemoved, &m_context,
            [this](const QModelIndex&, int first, int last) {
                rows.erase(rows.begin() + first, rows.begin() + last + 1);
            });
        QObject::connect(&model, &QAbstractItemModel::dataChanged, &m_context,
            [this, &model](const QModelIndex& first, const QModelIndex& last) {
                announced += last.row() - first.row() + 1;
                for (int row = first.row(); row <= last.row(); ++row)
                    rows[std::size_t(row)] = model.record(row);
            });
    }

    std::vector<Row> rows;
    int announced = 0;

private:
    QObject m_context;
};

std::vector<Row> mutated(const std::vector<Row>& rows, std::mt19937& random)
{
    std::map<int, int> by;
    for (const auto& row : rows)
        by[row.key] = row.value;
    const auto upTo = [&random](int most) { return int(random() % unsigned(most + 1)); };
    switch (upTo(9)) {
    case 0:
        by.clear();
        break;
    case 1: // a run of new neighbours
        for (int at = upTo(300), n = upTo(40); n > 0; --n)
            by.emplace(at + n, upTo(5));
        break;
    case 2: { // a run goes
        const int at = upTo(300);
        by.erase(by.lower_bound(at), by.lower_bound(at + upTo(60)));
        break;
    }
    default:
        break;
    }
    for (int n = upTo(6); n > 0; --n)
        by[upTo(340)] = upTo(5);
    for (int n = upTo(4); n > 0; --n)
        by.erase(upTo(340));
    std::vector<Row> out;
    for (const auto& [key, value] : by)
        out.push_back({key, value});
    return out;
}

} // namespace

// 2,000 merges of five changes and more each: over 10,000 mutations.
TEST(RecordModelMerge, RandomMergesKeepRowsAndSelections)
{
    const unsigned seed = 20240607;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    RowModel model;
    const ModelWatch watch(&model);
    Mirror mirror(model);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy layouts(&model, &QAbstractItemModel::layoutChanged);
    QItemSelectionModel selection(&model);
    std::map<int, QPersistentModelIndex> kept; // by key
    int mutations = 0;
    for (int round = 0; round < 2000; ++round) {
        const std::vector<Row> before = model.records();
        const std::vector<Row> next = mutated(before, random);
        std::map<int, int> was;
        for (const auto& row : before)
            was[row.key] = row.value;
        int changes = 0;
        for (const auto& row : next) {
            const auto old = was.find(row.key);
            changes += old != was.end() && old->second != row.value;
        }
        mutations += changes + int(before.size() > next.size() ? before.size() - next.size() : 0)
            + int(next.size() > before.size() ? next.size() - before.size() : 0);
        mirror.announced = 0;
        mergeInto(model, next);
        ASSERT_EQ(model.records(), next) << "round " << round;
        ASSERT_EQ(mirror.rows, next) << "round " << round;
        ASSERT_EQ(mirror.announced, changes) << "round " << round;
        for (const auto& [key, index] : kept) {
            const bool still = std::ranges::find(next, key, &Row::key) != next.end() && was.contains(key);
            ASSERT_EQ(index.isValid(), still) << "round " << round << ", key " << key;
            if (still) {
                ASSERT_EQ(model.record(index.row()).key, key) << "round " << round;
            }
        }
        std::erase_if(kept, [](const auto& entry) { return !entry.second.isValid(); });
        for (const auto& row : selection.selectedRows())
            ASSERT_TRUE(kept.contains(model.record(row.row()).key)) << "the selection moved to another row";
        if (kept.size() < 12 && !next.empty()) {
            const int row = int(random() % next.size());
            kept[next[std::size_t(row)].key] = model.index(row, 0);
            selection.select(model.index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }
    EXPECT_EQ(resets.count(), 0);
    EXPECT_EQ(layouts.count(), 0);
    EXPECT_GT(mutations, 10'000);
}

TEST(RecordModelMerge, NeighboursAreAnnouncedTogether)
{
    RowModel model;
    const ModelWatch watch(&model);
    mergeInto(model, {{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}});
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    mergeInto(model, {{1, 9}, {2, 9}, {3, 0}, {4, 0}, {5, 9}});
    ASSERT_EQ(changed.count(), 2);
    EXPECT_EQ(changed.at(0).at(0).toModelIndex().row(), 0);
    EXPECT_EQ(changed.at(0).at(1).toModelIndex().row(), 1);
    mergeInto(model, {{1, 9}, {2, 9}, {3, 0}, {4, 0}, {5, 9}});
    EXPECT_EQ(changed.count(), 2) << "what stays the same is not announced";
    mergeInto(model, {{5, 9}, {6, 1}, {7, 1}, {8, 1}});
    EXPECT_EQ(removed.count(), 1);
    EXPECT_EQ(inserted.count(), 1);
    mergeInto(model, {});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(RecordModelMerge, AnswersNothingForForeignIndexes)
{
    RowModel model;
    EXPECT_FALSE(model.data({}).isValid());
    mergeInto(model, {{1, 2}});
    EXPECT_EQ(model.index(0, 1).data(), 2);
    EXPECT_FALSE(model.index(0, 2).isValid());
    EXPECT_EQ(model.rowCount(model.index(0, 0)), 0);
}
