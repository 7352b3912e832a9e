// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes, their vectors and what is done to them, over a store in memory.
#include "tests/models/vectorfixture.h"
#include "tests/support/scratchfolder.h"

#include <QFile>

#include <future>

using namespace norikv;
using models::FeedState;
using models::VectorFeed;
using test::FakeStore;
using test::VectorBench;
using test::waitFor;

namespace {

TEST(VectorFeed, ReadsTheDocumentsFirstWithTheirWordsAndOrphans)
{
    VectorBench t;
    t.arc("arc", 30);
    t.documents({{"b", "about bees"}, {"a", "about ants"}});
    t.store.erase("doc:meta:b");
    t.store.plant("doc:meta:gone", R"({"title":"t","content":"c"})");
    t.load();
    EXPECT_EQ(t.feed->service(), VectorFeed::Service::Offered);
    EXPECT_TRUE(t.feed->listed());
    ASSERT_EQ(t.feed->indexes().size(), 2U);
    EXPECT_EQ(t.feed->chosen(), "documents");
    const auto& snapshot = *t.feed->snapshot();
    EXPECT_EQ(snapshot.matrix.ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(snapshot.complete());
    EXPECT_EQ(snapshot.metas[0].text, "about ants");
    EXPECT_EQ(snapshot.orphanVectors, (std::vector<std::string>{"b"}));
    EXPECT_EQ(snapshot.orphanMetas, (std::vector<std::string>{"gone"}));
    EXPECT_EQ(snapshot.find("b"), 1U);

    t.feed->choose("arc");
    EXPECT_EQ(t.feed->snapshot()->matrix.rows(), 0U);
    ASSERT_TRUE(t.rows(30));
    EXPECT_TRUE(t.feed->snapshot()->orphanVectors.empty()) << "nothing is stored beside such vectors";
    EXPECT_EQ(
        t.feed->mismatch(), QStringLiteral("This index has 2 dimensions, Hashing (spelling only) makes 64."));
}

TEST(VectorFeed, ReadsOnlyWhatCameSince)
{
    VectorBench t;
    t.arc("arc", 20);
    t.load();
    ASSERT_TRUE(t.rows(20));
    ASSERT_TRUE(t.store.insertVector(t.call, "arc", {"new", {0, 1}}));
    ASSERT_TRUE(t.store.deleteVector(t.call, "arc", "p3"));
    ASSERT_TRUE(t.store.deleteVector(t.call, "arc", "p4"));
    t.store.forget();
    t.feed->refresh();
    ASSERT_TRUE(t.rows(19));
    EXPECT_TRUE(t.feed->snapshot()->find("new"));
    EXPECT_FALSE(t.feed->snapshot()->find("p3"));
    EXPECT_EQ(t.store.count(FakeStore::Op::GetVector), 1U);
    t.feed->reload();
    ASSERT_TRUE(waitFor([&] { return t.store.count(FakeStore::Op::GetVector) == 20U; }));
    EXPECT_TRUE(t.loaded());
}

TEST(VectorFeed, SaysThatTheServerHasNoVectorsAndNoticesWhenItDoes)
{
    VectorBench t;
    t.store.offersVectors = false;
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->service() == VectorFeed::Service::NotOffered; }));
    EXPECT_TRUE(t.feed->indexes().empty());
    t.store.offersVectors = true;
    t.feed->refresh();
    EXPECT_TRUE(waitFor([&] { return t.feed->service() == VectorFeed::Service::Offered; }));
}

TEST(VectorFeed, FindsIdsBySearchingWhereTheServerCannotListThem)
{
    VectorBench t;
    t.arc("arc", 40);
    t.documents({{"x", "about bees"}, {"y", "about ants"}, {"z", "about bears"}});
    t.store.offersExplore = false;
    models::KnownKey key;
    key.key = "doc:meta:x";
    t.known = [key](const auto& visit, const std::stop_token&) { visit(key); };
    t.load();
    EXPECT_FALSE(t.feed->listed());
    EXPECT_EQ(t.feed->chosen(), "documents");
    ASSERT_TRUE(t.rows(3));
    EXPECT_EQ(t.feed->snapshot()->coverage, client::Coverage::KnownKeys);
    ASSERT_TRUE(t.feed->snapshot()->estimatedRows);
    EXPECT_NEAR(*t.feed->snapshot()->estimatedRows, 3, 0.5);
    EXPECT_EQ(t.feed->snapshot()->metas[0].text, "about bees");
    // One that nobody lists and no system uses, as a person names it.
    t.feed->addIndex({"arc", 0, client::Distance::Cosine, client::IndexType::Hnsw, 0});
    ASSERT_TRUE(waitFor([&] { return t.feed->index("arc") != nullptr; }));
    EXPECT_EQ(t.feed->index("arc")->dimensions, 2U);
    t.feed->choose("arc");
    EXPECT_TRUE(t.rows(40));
}

TEST(VectorFeed, ALoadCanBeCancelledAtOnce)
{
    VectorBench t;
    t.arc("arc", 10);
    std::promise<void> open;
    auto gate = open.get_future().share();
    t.store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::GetVector)
            gate.wait();
    };
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->load().state == FeedState::Loading; }));
    t.feed->cancelLoad();
    EXPECT_EQ(t.feed->load().state, FeedState::Idle);
    open.set_value();
    test::spin(50);
    EXPECT_EQ(t.feed->snapshot()->matrix.rows(), 0U);
    t.feed->reload();
    EXPECT_TRUE(t.rows(10));
}

TEST(VectorFeed, AServerLostInTheMiddleFailsTheLoadAndIsReadAgain)
{
    VectorBench t;
    t.arc("arc", 10);
    std::atomic<int> reads = 0;
    std::atomic<bool> breaks = true;
    t.store.before = [&](const FakeStore::Seen& seen) {
        if (!breaks || seen.op != FakeStore::Op::GetVector || ++reads < 5)
            return;
        t.store.always(FakeStore::Op::GetVector, FakeStore::Fault::Unreachable);
        t.clock.advance(std::chrono::seconds(1)); // what is tried again ends some time
    };
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->load().state == FeedState::Failed; }));
    EXPECT_EQ(t.feed->load().error.kind, client::ErrorKind::Unreachable);
    EXPECT_EQ(t.feed->snapshot()->matrix.rows(), 0U) << "half an index would look like all of it";
    breaks = false;
    t.store.calm();
    t.feed->refresh();
    EXPECT_TRUE(t.rows(10));
    EXPECT_EQ(t.feed->load().state, FeedState::Ready);
    // A moment without connection is not even seen.
    t.store.script(FakeStore::Op::GetVector, FakeStore::Fault::Unreachable, 3);
    t.feed->reload();
    ASSERT_TRUE(t.loaded());
    EXPECT_EQ(t.feed->snapshot()->matrix.rows(), 10U);
}

TEST(VectorFeed, IndexesAreMadeAndDropped)
{
    VectorBench t;
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->service() == VectorFeed::Service::Offered; }));
    t.feed->createSystems();
    ASSERT_TRUE(waitFor([&] { return t.feed->indexes().size() == 4; }));
    EXPECT_EQ(t.feed->index("user_prefs")->dimensions, 64U);
    ASSERT_TRUE(waitFor([&] { return t.feed->chosen() == "documents"; }));
    const auto count = t.outcomes.size();
    t.feed->createIndex({"documents", 8, client::Distance::Cosine, client::IndexType::Hnsw, 0});
    ASSERT_TRUE(t.acted(count + 1));
    EXPECT_FALSE(t.outcomes.back().ok) << "another length under the same name";
    t.feed->dropIndex("documents");
    ASSERT_TRUE(waitFor([&] { return t.feed->indexes().size() == 3; }));
    EXPECT_NE(t.feed->chosen(), "documents");
}

TEST(VectorFeed, TextsComeInWithTheirWordsAndGoWithUndo)
{
    VectorBench t;
    t.documents({{"a", "about ants"}, {"b", "about bees"}});
    t.load();
    t.feed->indexText("c", "Cats", "about cats", "animals");
    ASSERT_TRUE(t.rows(3));
    EXPECT_EQ(t.feed->snapshot()->metas[2].theme, "animals");
    EXPECT_EQ(t.store.value("doc:meta:c"), R"({"title":"Cats","content":"about cats","theme":"animals"})");

    t.store.plant("doc:meta:b", R"({"title": "kept as it is","content": "","x":1})");
    t.feed->deleteVectors({"b", "c", "nobody"});
    ASSERT_TRUE(t.rows(1));
    EXPECT_FALSE(t.store.value("doc:meta:b"));
    ASSERT_TRUE(t.feed->canUndoDelete());
    t.feed->undoDelete();
    ASSERT_TRUE(t.rows(3));
    EXPECT_EQ(t.store.value("doc:meta:b"), R"({"title": "kept as it is","content": "","x":1})");
    EXPECT_FALSE(t.feed->canUndoDelete());
    EXPECT_TRUE(*t.store.getVector(t.call, "documents", "c"));
}

TEST(VectorFeed, AnUnknownOutcomeIsLookedAt)
{
    VectorBench t;
    t.arc("arc", 3);
    t.load();
    t.store.script(FakeStore::Op::InsertVector, FakeStore::Fault::UnknownBeforeApply);
    t.feed->insertVector("q", {1, 1});
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().unknown);
    ASSERT_TRUE(t.outcomes.back().canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_EQ(t.said(), "q is not there: it was not stored.");
    t.store.script(FakeStore::Op::DeleteVector, FakeStore::Fault::UnknownAfterApply);
    t.feed->deleteVectors({"p1"});
    ASSERT_TRUE(t.acted(3));
    ASSERT_TRUE(t.feed->canUndoDelete()) << "what may be gone can be put back";
    t.feed->check();
    ASSERT_TRUE(t.acted(4));
    EXPECT_EQ(t.said(), "They are gone.");
}

TEST(VectorFeed, TheGuardAsksAndIsAnswered)
{
    VectorBench t;
    t.profile.guard = client::GuardMode::Confirm;
    t.arc("arc", 3);
    t.load();
    t.feed->deleteVectors({"p1"});
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().needsConsent);
    EXPECT_FALSE(t.feed->canUndoDelete());
    t.feed->repeatWithConsent();
    ASSERT_TRUE(t.rows(2));
    t.connection->setGuardMode(client::GuardMode::ReadOnly);
    t.feed->insertVector("q", {1, 1});
    ASSERT_TRUE(t.acted(3));
    EXPECT_FALSE(t.outcomes.back().ok);
    EXPECT_FALSE(*t.store.getVector(t.call, "arc", "q"));
}

TEST(VectorFeed, AnImportGoesPastBrokenRowsAndSaysWhich)
{
    VectorBench t;
    t.documents({});
    t.load();
    test::ScratchFolder folder;
    const QString path = QString::fromStdString(folder.file("texts.ndjson"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 300; ++i)
        file.write(
            QStringLiteral("{\"id\":\"d%1\",\"title\":\"T\",\"text\":\"text number %1\"}\n").arg(i).toUtf8());
    file.write("{\"id\":\"short\",\"vector\":[1,2]}\nnot json\n");
    file.close();
    t.feed->importFile(path);
    EXPECT_TRUE(t.feed->importing().running);
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().ok) << t.said();
    EXPECT_EQ(t.feed->importing().done, 300U);
    EXPECT_EQ(t.feed->importing().bad, 2U);
    EXPECT_NE(t.said().find("2 rows were left out"), std::string::npos) << t.said();
    EXPECT_FALSE(t.feed->canResumeImport());
    EXPECT_TRUE(t.rows(300)) << "the next look reads what came";
    EXPECT_EQ(t.store.value("doc:meta:d7"), R"({"title":"T","content":"text number 7"})");
}

TEST(VectorFeed, AnImportThatFailedGoesOnWhereItWas)
{
    VectorBench t;
    t.arc("arc", 1);
    t.load();
    test::ScratchFolder folder;
    const QString path = QString::fromStdString(folder.file("v.csv"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("id,x,y\n");
    for (int i = 0; i < 400; ++i)
        file.write(QStringLiteral("v%1,%1,1\n").arg(i).toUtf8());
    file.close();
    std::atomic<int> inserts = 0;
    t.store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::InsertVector && ++inserts == 200)
            t.store.always(FakeStore::Op::InsertVector, FakeStore::Fault::Unreachable);
    };
    t.feed->importFile(path);
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.outcomes.back().ok);
    ASSERT_TRUE(t.feed->canResumeImport());
    t.store.calm();
    t.feed->resumeImport();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().ok) << t.said();
    EXPECT_TRUE(t.rows(401));
    EXPECT_LT(t.feed->importing().done, 400U) << "what was stored is not stored again";
    EXPECT_FALSE(t.feed->canResumeImport());
}

TEST(VectorFeed, AnImportCanBeCancelled)
{
    VectorBench t;
    t.arc("arc", 1);
    t.load();
    std::atomic<bool> going = false;
    t.feed->import(QStringLiteral("endless"), [&](const models::TakeRow& take, models::ImportMeter&) {
        for (int i = 0; take(models::VectorRow{"e" + std::to_string(i), {1, 1}, {}, 0}); ++i)
            going = i > 500;
        return client::Result<void>();
    });
    ASSERT_TRUE(waitFor([&] { return going.load(); }));
    t.feed->cancelImport();
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().text.startsWith(QStringLiteral("Cancelled"))) << t.said();
    EXPECT_FALSE(t.feed->importing().running);
}

} // namespace
