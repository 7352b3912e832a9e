// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/feedfixture.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include "models/journalfeed.h"

#include <QSignalSpy>

#include <random>

using namespace norikv;
using client::JournalEntry;
using client::UndoReport;
using client::WriteKind;
using client::WriteStatus;
using models::JournalFeed;
using models::JournalModel;
using test::Bench;
using test::waitFor;

namespace {

JournalEntry entry(std::uint64_t id, const client::Bytes& key, WriteStatus status = WriteStatus::Ok)
{
    JournalEntry out;
    out.id = id;
    out.atMs = test::FakeClock::StartMs + static_cast<EpochMs>(id);
    out.key = out.before.key = out.after.key = key;
    out.before.value = "old";
    out.before.version = client::Version{0, 1};
    out.after.value = "new";
    out.status = status;
    out.why = "keys";
    return out;
}

QString cell(const JournalModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

struct JournalBench : Bench {
    test::ScratchFolder folder;
    client::Journal journal{folder.file("journal.ndjson"), clock};
    std::unique_ptr<JournalFeed> feed;

    ~JournalBench() { feed.reset(); }
    void start()
    {
        connection
            = client::Connection::over(store, profile, clock, client::Recorders(trace, nullptr, &journal));
        dispatcher = std::make_unique<models::Dispatcher>(2);
        feed = std::make_unique<JournalFeed>(*dispatcher, *connection, journal, clock);
    }
    void put(const client::Bytes& key, const client::Bytes& value)
    {
        client::Call call;
        call.why = "keys";
        ASSERT_THAT(connection->store().put(call, {.key = key, .value = value}), test::succeeds());
        feed->collect();
    }
};

} // namespace

TEST(JournalModel, NewestFirstAndChangedInPlace)
{
    JournalModel model;
    const test::ModelWatch watch(&model);
    model.merge({entry(1, "a"), entry(3, "c", WriteStatus::Pending), entry(2, "b")});
    ASSERT_EQ(model.rowCount(), 3);
    EXPECT_EQ(cell(model, 0, JournalModel::Key), "c");
    EXPECT_EQ(cell(model, 0, JournalModel::Status), "pending");
    EXPECT_EQ(cell(model, 2, JournalModel::Key), "a");
    EXPECT_EQ(cell(model, 2, JournalModel::Before), "old");
    QSignalSpy changed(&model, &JournalModel::dataChanged);
    QSignalSpy reset(&model, &JournalModel::modelReset);
    model.merge({entry(3, "c")});
    EXPECT_EQ(cell(model, 0, JournalModel::Status), "ok");
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(reset.count(), 0);
}

TEST(JournalModel, TellsMissingFromEmptyAndClipsTheRest)
{
    JournalModel model;
    JournalEntry created = entry(1, "a");
    created.before = {};
    created.after.value.clear();
    JournalEntry removed = entry(2, "b");
    removed.kind = WriteKind::Remove;
    removed.before.value = std::string(1000, 'x');
    removed.before.valueSize = 1'000'000;
    model.merge({created, removed});
    EXPECT_EQ(cell(model, 1, JournalModel::Before), "missing");
    EXPECT_EQ(cell(model, 1, JournalModel::After), "empty");
    EXPECT_EQ(cell(model, 0, JournalModel::After), "missing");
    EXPECT_LT(cell(model, 0, JournalModel::Before).size(), 130);
    EXPECT_TRUE(cell(model, 0, JournalModel::Before).endsWith(QStringLiteral("…")));
}

TEST(JournalModel, FiltersByAnyColumnWithoutAReset)
{
    JournalModel model;
    model.merge({entry(1, "user:1"), entry(2, "user:2", WriteStatus::Failed), entry(3, "other")});
    QSignalSpy reset(&model, &JournalModel::modelReset);
    model.setFilter(QStringLiteral("USER"));
    EXPECT_EQ(model.rowCount(), 2);
    model.setFilter(QStringLiteral("failed"));
    EXPECT_EQ(model.rowCount(), 1);
    model.merge({entry(4, "user:4")});
    EXPECT_EQ(model.rowCount(), 1);
    model.setFilter({});
    EXPECT_EQ(model.rowCount(), 4);
    EXPECT_EQ(reset.count(), 0);
}

TEST(JournalModel, KnowsWhatCanBeUndone)
{
    JournalModel model;
    EXPECT_EQ(model.lastUndoable(), nullptr);
    model.merge({entry(1, "a"), entry(2, "b"), entry(3, "c", WriteStatus::Failed),
        entry(4, "d", WriteStatus::Pending)});
    EXPECT_EQ(model.lastUndoable()->id, 2U);
    JournalEntry undo = entry(5, "b");
    undo.undoes = 2;
    model.merge({undo});
    EXPECT_EQ(model.lastUndoable()->id, 1U);
    EXPECT_EQ(cell(model, 3, JournalModel::Status), "undone");
    EXPECT_EQ(cell(model, 0, JournalModel::Why), "undo");
    EXPECT_FALSE(model.undoable(undo));

    JournalEntry bulk = entry(6, {});
    bulk.kind = WriteKind::Bulk;
    bulk.file = "/undo/a.ndjson";
    model.merge({bulk});
    EXPECT_EQ(model.lastUndoable()->id, 6U);
    JournalEntry back = entry(7, "/undo/a.ndjson");
    back.kind = WriteKind::Bulk;
    back.undoes = 1;
    model.merge({back});
    EXPECT_EQ(model.lastUndoable()->id, 1U);
}

TEST(JournalModel, SurvivesTenThousandRandomChanges)
{
    JournalModel model;
    const test::ModelWatch watch(&model);
    std::mt19937 random{17};
    for (int round = 0; round < 100; ++round) {
        std::vector<JournalEntry> some;
        for (int i = 0; i < 100; ++i)
            some.push_back(entry(random() % 200 + 1, "k" + std::to_string(random() % 50),
                static_cast<WriteStatus>(random() % 4)));
        model.merge(std::move(some));
        if (random() % 7 == 0)
            model.setFilter(random() % 2 == 0 ? QStringLiteral("k1") : QString());
    }
    model.setFilter({});
    EXPECT_EQ(model.rowCount(), 200);
    for (int row = 1; row < model.rowCount(); ++row)
        ASSERT_GT(model.record(row - 1).id, model.record(row).id);
}

TEST(JournalModel, StaysWithinItsLimit)
{
    JournalModel model;
    std::uint64_t id = 0;
    for (int round = 0; round < 12; ++round) {
        std::vector<JournalEntry> some;
        for (int i = 0; i < 500; ++i)
            some.push_back(entry(++id, "k"));
        model.merge(std::move(some));
    }
    EXPECT_EQ(model.rowCount(), int(JournalModel::Limit));
    EXPECT_EQ(model.record(0).id, id);
}

TEST(JournalFeed, ShowsWritesAndTakesTheLastOneBack)
{
    JournalBench bench;
    bench.store.plant("k", "old");
    bench.start();
    bench.put("k", "new");
    ASSERT_EQ(bench.feed->model().rowCount(), 1);
    std::optional<UndoReport> report;
    QObject::connect(
        bench.feed.get(), &JournalFeed::undone, bench.feed.get(), [&](const UndoReport& r) { report = r; });
    bench.feed->undo(bench.feed->model().lastUndoable()->id);
    ASSERT_TRUE(waitFor([&] { return report.has_value(); }));
    EXPECT_EQ(report->what, UndoReport::What::Restored);
    EXPECT_EQ(bench.store.value("k"), "old");
    EXPECT_EQ(bench.feed->model().rowCount(), 2);
    EXPECT_EQ(bench.feed->model().lastUndoable(), nullptr);

    const auto text = models::undoText(*report);
    EXPECT_TRUE(text.good);
    ASSERT_EQ(text.steps.size(), 3);
    EXPECT_TRUE(text.steps[0].startsWith(QStringLiteral("Read again: \"new\"")));
    EXPECT_TRUE(text.steps[1].startsWith(QStringLiteral("Compared:")));
    EXPECT_TRUE(text.steps[2].startsWith(QStringLiteral("Verified: \"old\"")));
    EXPECT_TRUE(text.bestEffort.startsWith(QStringLiteral("Best effort")));
}

TEST(JournalFeed, ShowsBothValuesWhenSomebodyWroteSince)
{
    JournalBench bench;
    bench.store.plant("k", "old");
    bench.start();
    bench.put("k", "new");
    bench.store.plant("k", "theirs");
    std::optional<UndoReport> report;
    QObject::connect(
        bench.feed.get(), &JournalFeed::undone, bench.feed.get(), [&](const UndoReport& r) { report = r; });
    bench.feed->undo(bench.feed->model().lastUndoable()->id);
    ASSERT_TRUE(waitFor([&] { return report.has_value(); }));
    auto text = models::undoText(*report);
    EXPECT_TRUE(text.mayForce);
    EXPECT_EQ(text.before, "\"old\"");
    EXPECT_EQ(text.found, "\"theirs\"");
    EXPECT_EQ(bench.store.value("k"), "theirs");
    report.reset();
    bench.feed->undo(bench.feed->model().lastUndoable()->id, true);
    ASSERT_TRUE(waitFor([&] { return report.has_value(); }));
    EXPECT_EQ(bench.store.value("k"), "old");
}

TEST(JournalFeed, OlderWritesAreThereAfterARestartAndDamageIsTold)
{
    JournalBench bench;
    {
        client::Journal before(bench.journal.path(), bench.clock);
        JournalEntry old = entry(0, "k");
        ASSERT_TRUE(before.begin(old));
    }
    std::ofstream(bench.journal.path(), std::ios::app) << "damage\n";
    bench.clock.advance(std::chrono::seconds(1));
    client::Journal later(bench.journal.path(), bench.clock);
    bench.open();
    JournalFeed feed(*bench.dispatcher, *bench.connection, later, bench.clock);
    ASSERT_TRUE(waitFor([&] { return feed.model().rowCount() == 1; }));
    EXPECT_EQ(feed.damaged(), 1U);
    EXPECT_EQ(feed.model().record(0).status, WriteStatus::Unknown);
}

TEST(JournalFeed, ReadOnlyUndoReachesNothing)
{
    JournalBench bench;
    bench.store.plant("k", "old");
    bench.start();
    bench.put("k", "new");
    bench.connection->setGuardMode(client::GuardMode::ReadOnly);
    bench.store.forget();
    QSignalSpy failed(bench.feed.get(), &JournalFeed::failed);
    bench.feed->undo(bench.feed->model().lastUndoable()->id);
    ASSERT_TRUE(waitFor([&] { return failed.count() == 1; }));
    EXPECT_TRUE(failed[0][0].toString().contains(QStringLiteral("read-only")));
    EXPECT_EQ(
        bench.store.count(test::FakeStore::Op::Put) + bench.store.count(test::FakeStore::Op::Remove), 0U);
}

TEST(JournalFeed, ExportsLinesThatReadBackAndAScript)
{
    JournalBench bench;
    bench.start();
    bench.put("k\xff", "va'lue");
    bench.put("other", std::string(100'000, 'x'));
    QSignalSpy exported(bench.feed.get(), &JournalFeed::exported);
    const std::string lines = bench.folder.file("out.ndjson");
    const std::string script = bench.folder.file("out.sh");
    bench.feed->exportTo(QString::fromStdString(lines), JournalFeed::Format::Ndjson, {});
    ASSERT_TRUE(waitFor([&] { return exported.count() == 1; }));
    bench.clock.advance(std::chrono::seconds(1));
    client::Journal again(lines, bench.clock);
    ASSERT_THAT(again.load(), test::succeeds());
    const auto taken = again.take();
    ASSERT_EQ(taken.entries.size(), 2U);
    EXPECT_EQ(taken.entries[0].key, "k\xff");
    EXPECT_EQ(taken.entries[0].status, WriteStatus::Ok);
    bench.feed->exportTo(QString::fromStdString(script), JournalFeed::Format::Script, {"h:7447", {}});
    ASSERT_TRUE(waitFor([&] { return exported.count() == 2; }));
    const std::string text = test::readFile(script);
    EXPECT_THAT(text, testing::HasSubstr("norikv.v1.Kv/Put"));
    EXPECT_THAT(text, testing::HasSubstr("# left out: other"));
}
