// SPDX-License-Identifier: GPL-3.0-or-later
// The vectors page over a store in memory: typed, clicked, dragged and dropped.
#include "tests/widgets/vectorbench.h"
#include "widgets/embedderform.h"
#include "widgets/plots/frontierchart.h"
#include "widgets/plots/slopechart.h"
#include "widgets/plots/thresholdhistogram.h"
#include "widgets/plots/vectormap.h"
#include "widgets/vectorresults.h"

#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QUrl>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using test::FakeStore;
using test::VectorBench;
using test::waitFor;

namespace {

QString cell(QTableView& table, int row, int column)
{
    return table.model()->index(row, column).data().toString();
}

} // namespace

TEST(VectorsPage, WithoutTheServiceItSaysSoAndOffersTheSandbox)
{
    VectorBench t;
    t.store.offersVectors = false;
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("This server has no vector service")));
    QSignalSpy asked(t.page.get(), &Page::scenarioRequested);
    QTest::mouseClick(&t.find<QPushButton>("runOnSandbox"), Qt::LeftButton);
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0][0].toString(), QStringLiteral("vectors"));
}

TEST(VectorsPage, WithoutAnIndexItOffersTheDocumentsOnes)
{
    VectorBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No index yet")));
    QTest::mouseClick(&t.find<QPushButton>("createSystems"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return t.feed->indexes().size() == 4; }));
    EXPECT_TRUE(waitFor([&] { return t.feed->chosen() == "documents"; }));
    EXPECT_TRUE(waitFor([&] { return t.find<QComboBox>("indexChooser").count() == 4; }));
    client::Call call;
    const auto indexes = t.store.listVectorIndexes(call);
    ASSERT_TRUE(indexes);
    EXPECT_TRUE(std::ranges::all_of(*indexes, [](const auto& each) { return each.dimensions == 4; }));
}

TEST(VectorsPage, AFailureIsSaidAndTriedAgain)
{
    VectorBench t;
    t.documents();
    t.store.before
        = [&](const FakeStore::Seen&) { t.clock.advance(std::chrono::seconds(2)); }; // no try is long
    t.store.always(FakeStore::Op::ListIndexes, FakeStore::Fault::Unreachable);
    t.store.always(FakeStore::Op::ProbeVector, FakeStore::Fault::Unreachable);
    t.store.always(FakeStore::Op::SearchVectors, FakeStore::Fault::Unreachable);
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("could not be asked")));
    QPushButton* again = nullptr;
    ASSERT_TRUE(waitFor([&] { return (again = t.button(QStringLiteral("Try again"))) != nullptr; }));
    t.store.calm();
    QTest::mouseClick(again, Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] { return t.feed->snapshot() && t.feed->snapshot()->matrix.rows() == 12; }));
}

TEST(VectorsPage, ATypedTextIsSearchedAndItsRecallIsSaid)
{
    VectorBench t;
    t.startWithDocuments();
    auto& field = t.find<QLineEdit>("searchText");
    QTest::keyClicks(&field, QStringLiteral("whales in the sea"));
    t.find<QSpinBox>("searchK").setValue(4);
    QTest::keyClick(&field, Qt::Key_Return);
    auto& table = t.find<QTableView>("vectorResults");
    ASSERT_TRUE(waitFor([&] { return table.model()->rowCount() == 4; }));
    EXPECT_EQ(cell(table, 0, VectorResults::What), QStringLiteral("About sea1"));
    EXPECT_EQ(cell(table, 0, VectorResults::Exact), QStringLiteral("1"));
    EXPECT_EQ(table.model()->headerData(VectorResults::Score, Qt::Horizontal).toString(),
        QStringLiteral("similarity"));
    EXPECT_TRUE(t.says(QStringLiteral("Four words"))) << "the embedder names itself";
    EXPECT_EQ(t.page->figures()[QStringLiteral("recall")].toDouble(), 1.0);
    EXPECT_EQ(t.page->figures()[QStringLiteral("hits")].toInt(), 4);
    // The map has the query and its results.
    auto& map = t.find<plots::VectorMap>("vectorMap");
    EXPECT_TRUE(waitFor([&] { return map.accessibleDescription().contains(QStringLiteral("4 result")); }))
        << map.accessibleDescription().toStdString();
    // Enter on a line searches for what is near it.
    table.setFocus();
    table.setCurrentIndex(table.model()->index(0, 0));
    QTest::keyClick(&table, Qt::Key_Return);
    EXPECT_EQ(field.text(), QStringLiteral("sea1"));
    EXPECT_TRUE(waitFor([&] { return cell(table, 0, VectorResults::What) == QStringLiteral("About sea2"); }));
}

TEST(VectorsPage, MissedNeighboursStandInTheirPlaceAndHiddenHitsAreCounted)
{
    VectorBench t;
    t.store.hiddenFromSearch = {"sea2"};
    t.documents();
    t.vector("documents", "bare", {1, 0.1F, 0.1F, 0.09F});
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->snapshot() && t.feed->snapshot()->matrix.rows() == 13; }));
    t.find<QSpinBox>("searchK").setValue(4);
    QTest::keyClicks(&t.find<QLineEdit>("searchText"), QStringLiteral("fish"));
    QTest::mouseClick(&t.find<QPushButton>("searchGo"), Qt::LeftButton);
    auto& table = t.find<QTableView>("vectorResults");
    ASSERT_TRUE(waitFor([&] { return table.model()->rowCount() == 5; }));
    int missed = -1;
    for (int row = 0; row < 5; ++row) {
        if (cell(table, row, VectorResults::What) == QStringLiteral("About sea2"))
            missed = row;
    }
    ASSERT_GE(missed, 0);
    EXPECT_EQ(cell(table, missed, VectorResults::Rank), QStringLiteral("–"));
    EXPECT_EQ(cell(table, missed, VectorResults::Found), QStringLiteral("–"));
    EXPECT_TRUE(t.says(QStringLiteral("1 true neighbour(s) missed")));
    EXPECT_TRUE(t.says(QStringLiteral("1 hit(s) have no metadata")));
    EXPECT_LT(t.page->figures()[QStringLiteral("recall")].toDouble(), 1.0);
    EXPECT_TRUE(waitFor([&] {
        return t.find<plots::VectorMap>("vectorMap")
            .accessibleDescription()
            .contains(QStringLiteral("1 missed"));
    }));
    // The vector without metadata is told above, with its id.
    auto& orphans = t.find<QPushButton>("showOrphans");
    ASSERT_TRUE(waitFor([&] { return orphans.isVisible(); }));
    QTest::mouseClick(&orphans, Qt::LeftButton);
    auto& list = t.find<QTableWidget>("orphansTable");
    ASSERT_EQ(list.rowCount(), 1);
    EXPECT_EQ(list.item(0, 0)->text(), QStringLiteral("bare"));
}

TEST(VectorsPage, OtherDistancesShowTheRawDistance)
{
    VectorBench t;
    t.index("points", client::Distance::Euclidean, client::IndexType::BruteForce);
    t.vector("points", "a", {1, 0, 0, 0});
    t.vector("points", "b", {0, 1, 0, 0});
    t.start(false);
    ASSERT_TRUE(waitFor([&] { return t.feed->snapshot() && t.feed->snapshot()->matrix.rows() == 2; }));
    EXPECT_TRUE(t.says(QStringLiteral("makes vectors of them"))) << "why texts cannot be searched with";
    EXPECT_FALSE(t.find<QPushButton>("searchGo").isEnabled());
    t.find<QComboBox>("searchBy").setCurrentIndex(2);
    auto& field = t.find<QLineEdit>("searchText");
    QTest::keyClicks(&field, QStringLiteral("1, zero"));
    EXPECT_FALSE(t.find<QPushButton>("searchGo").isEnabled());
    field.setText(QStringLiteral("[1, 0 0, 0]"));
    QTest::keyClick(&field, Qt::Key_Return);
    auto& table = t.find<QTableView>("vectorResults");
    ASSERT_TRUE(waitFor([&] { return table.model()->rowCount() == 2; }));
    EXPECT_EQ(table.model()->headerData(VectorResults::Score, Qt::Horizontal).toString(),
        QStringLiteral("distance"));
    EXPECT_TRUE(table.model()
                    ->headerData(VectorResults::Score, Qt::Horizontal, Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("raw distance")));
    EXPECT_EQ(cell(table, 1, VectorResults::Score), QStringLiteral("1.41"));
}

TEST(VectorsPage, TheFrontierIsMeasuredAndItsAdviceTaken)
{
    VectorBench t;
    t.startWithDocuments();
    t.find<QSpinBox>("searchK").setValue(3);
    QTest::keyClicks(&t.find<QLineEdit>("searchText"), QStringLiteral("fish"));
    t.find<QTabBar>("searchViews").setCurrentIndex(1);
    QTest::mouseClick(&t.find<QPushButton>("measureFrontier"), Qt::LeftButton);
    auto& use = t.find<QPushButton>("useSuggested");
    ASSERT_TRUE(waitFor([&] { return use.isVisible(); }));
    EXPECT_EQ(use.text(), QStringLiteral("Use k' = 3")) << "the store is exact: no more is needed";
    auto& chart = t.find<plots::FrontierChart>("frontierChart");
    ASSERT_TRUE(waitFor([&] { return chart.asTable().rows.size() == 4; })) << "3, 6, 12 and 24";
    Q_EMIT chart.askedChosen(6);
    EXPECT_EQ(t.find<QComboBox>("searchOverFetch").currentData().toInt(), 2);
    EXPECT_TRUE(waitFor([&] { return t.find<QTableView>("vectorResults").model()->rowCount() == 3; }));
    EXPECT_TRUE(t.says(QStringLiteral("asked for 6")));
}

TEST(VectorsPage, RanksAreComparedWithTheExactAnswer)
{
    VectorBench t;
    t.store.hiddenFromSearch = {"sea1"};
    t.startWithDocuments();
    t.find<QSpinBox>("searchK").setValue(3);
    auto& field = t.find<QLineEdit>("searchText");
    QTest::keyClicks(&field, QStringLiteral("fish"));
    QTest::keyClick(&field, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return t.page->figures().contains(QStringLiteral("hits")); }));
    t.find<QTabBar>("searchViews").setCurrentIndex(2);
    EXPECT_TRUE(t.says(QStringLiteral("are in both lists")));
    const auto table = t.find<plots::SlopeChart>("slopeChart").asTable();
    const auto alone = std::ranges::find_if(
        table.rows, [](const QStringList& row) { return row[0] == QStringLiteral("About sea1"); });
    ASSERT_NE(alone, table.rows.end());
    EXPECT_EQ((*alone)[1], QString()) << "the server did not give it";
    EXPECT_EQ((*alone)[2], QStringLiteral("1"));
}

TEST(VectorsPage, AnIndexIsMadeFilledAndDroppedByItsName)
{
    VectorBench t;
    t.startWithDocuments();
    QTest::mouseClick(&t.find<QPushButton>("newIndex"), Qt::LeftButton);
    auto& name = t.find<QLineEdit>("newIndexName");
    EXPECT_EQ(t.find<QSpinBox>("newIndexDimensions").value(), 4) << "as many as the embedder gives";
    QTest::keyClicks(&name, QStringLiteral("documents"));
    EXPECT_FALSE(t.find<QPushButton>("createIndex").isEnabled()) << "there is one of this name";
    QTest::keyClicks(&name, QStringLiteral("2"));
    QTest::keyClick(&name, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return t.feed->chosen() == "documents2"; }));
    QTest::mouseClick(&t.find<QPushButton>("indexText"), Qt::LeftButton);
    QTest::keyClicks(&t.find<QLineEdit>("textId"), QStringLiteral("doc1"));
    EXPECT_FALSE(t.find<QPushButton>("storeText").isEnabled()) << "no text yet";
    QTest::keyClicks(&t.find<QLineEdit>("textTitle"), QStringLiteral("Machine Learning"));
    QTest::keyClicks(
        &t.find<QPlainTextEdit>("textContent"), QStringLiteral("Machine learning is a subset of AI"));
    QTest::mouseClick(&t.find<QPushButton>("storeText"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return t.feed->snapshot()->matrix.rows() == 1; }));
    EXPECT_TRUE(waitFor([&] { return t.store.value("doc:meta:doc1").has_value(); }));
    t.page->findChild<QAction*>(QStringLiteral("dropIndexAction"))->trigger();
    auto& typed = t.find<QLineEdit>("dropTyped");
    QTest::keyClicks(&typed, QStringLiteral("documents"));
    EXPECT_FALSE(t.find<QPushButton>("dropIndex").isEnabled());
    QTest::keyClicks(&typed, QStringLiteral("2"));
    QTest::mouseClick(&t.find<QPushButton>("dropIndex"), Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] { return t.feed->index("documents2") == nullptr; }));
    EXPECT_TRUE(waitFor([&] { return t.feed->chosen() == "documents"; }));
}

TEST(VectorsPage, LikesMoveThePreferenceAndTheirWeightsAreShown)
{
    VectorBench t;
    t.index("products");
    t.index("user_prefs");
    t.vector("products", "prod1", {0, 1, 0, 0.1F}, "Running Shoes", "Footwear");
    t.vector("products", "prod2", {0, 1, 0.2F, 0.1F}, "Trail Shoes", "Footwear");
    t.vector("products", "prod3", {1, 0, 0, 0.1F}, "Aquarium", "Pets");
    t.start();
    t.page->setTask(VectorsPage::Recommend);
    auto& list = t.find<VectorResults>("recommendResults");
    ASSERT_TRUE(waitFor([&] { return list.model()->rowCount() == 3; })) << "all products, to choose from";
    auto& user = *t.find<QComboBox>("recommendUser").lineEdit();
    QTest::keyClicks(&user, QStringLiteral("user123"));
    QTest::keyClick(&user, Qt::Key_Return);
    list.setFocus();
    list.setCurrentId("prod1");
    ASSERT_TRUE(waitFor([&] { return t.find<QPushButton>("likeProduct").isEnabled(); }));
    QTest::keyClick(&list, Qt::Key_L);
    auto& tastes = t.find<QTableWidget>("tastesTable");
    ASSERT_TRUE(waitFor([&] { return tastes.rowCount() == 1; }));
    // Dropped on Like, as a drag would.
    auto& like = t.find<QPushButton>("likeProduct");
    QMimeData dragged;
    dragged.setData(VectorResults::mimeType(), "prod2");
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&like, &enter);
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&like, &drop);
    ASSERT_TRUE(waitFor([&] { return tastes.rowCount() == 2; }));
    EXPECT_NEAR(tastes.item(0, 2)->data(Qt::DisplayRole).toDouble(), 0.5, 1e-6);
    EXPECT_NEAR(tastes.item(1, 2)->data(Qt::DisplayRole).toDouble(), 0.5, 1e-6);
    client::Call call;
    const auto stored = t.store.getVector(call, "user_prefs", "user123");
    ASSERT_TRUE(stored && *stored);
    QTest::mouseClick(&t.find<QPushButton>("recommendStored"), Qt::LeftButton);
    ASSERT_TRUE(t.says(QStringLiteral("Nearest to the stored preference of user123")));
    ASSERT_TRUE(
        waitFor([&] { return list.model()->rowCount() == 3 && !list.isColumnHidden(VectorResults::Score); }));
    EXPECT_EQ(cell(list, 2, VectorResults::What), QStringLiteral("Aquarium"));
    list.setCurrentId("prod1");
    QTest::mouseClick(&t.find<QPushButton>("recommendSimilar"), Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] { return list.model()->rowCount() == 2; })) << "itself is left out";
    EXPECT_EQ(cell(list, 0, VectorResults::What), QStringLiteral("Trail Shoes"));
    t.page->setReadOnly(true);
    EXPECT_FALSE(like.isEnabled());
}

TEST(VectorsPage, DuplicatesAreReviewedMergedAndPutBack)
{
    VectorBench t;
    t.index("doc_fingerprints");
    t.vector(
        "doc_fingerprints", "a", {1, 0, 0, 0.1F}, "Whales sing", "", "Whales sing. They do so for hours.");
    t.vector(
        "doc_fingerprints", "b", {1, 0, 0.05F, 0.1F}, "Whales sing", "", "Whales sing. They do it all day.");
    t.vector("doc_fingerprints", "c", {0, 1, 0, 0.1F}, "Foxes run", "", "Foxes run.");
    t.vector("doc_fingerprints", "d", {0, 1, 0.3F, 0.1F}, "Dogs run", "", "Dogs run.");
    t.start();
    t.page->setTask(VectorsPage::Duplicates);
    auto& pairs = t.find<QTableView>("pairsTable");
    ASSERT_TRUE(waitFor([&] { return pairs.model()->rowCount() == 2; }));
    EXPECT_TRUE(t.says(QStringLiteral("2 pair(s) in 2 group(s)")));
    auto& histogram = t.find<plots::ThresholdHistogram>("thresholdHistogram");
    histogram.setFocus();
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(&histogram, Qt::Key_Right);
    ASSERT_TRUE(waitFor([&] { return pairs.model()->rowCount() == 1; })) << "only the nearer pair is left";
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(&histogram, Qt::Key_Left);
    ASSERT_TRUE(waitFor([&] { return pairs.model()->rowCount() == 2; }));
    pairs.setFocus();
    pairs.setCurrentIndex(pairs.model()->index(0, 0));
    QTest::keyClick(&pairs, Qt::Key_J);
    EXPECT_EQ(pairs.currentIndex().row(), 1);
    QTest::keyClick(&pairs, Qt::Key_B);
    ASSERT_TRUE(waitFor([&] { return cell(pairs, 1, 3) == QStringLiteral("both stay"); }));
    QTest::keyClick(&pairs, Qt::Key_K);
    EXPECT_EQ(pairs.currentIndex().row(), 0);
    QTest::keyClick(&pairs, Qt::Key_M);
    auto* merge = t.button(QStringLiteral("Merge"));
    ASSERT_NE(merge, nullptr) << "it asks first";
    QTest::mouseClick(merge, Qt::LeftButton);
    client::Call call;
    ASSERT_TRUE(waitFor([&] {
        const auto gone = t.store.getVector(call, "doc_fingerprints", "b");
        return gone && !*gone;
    }));
    auto& undo = t.find<QPushButton>("pairUndo");
    ASSERT_TRUE(waitFor([&] { return undo.isVisible(); }));
    EXPECT_TRUE(t.says(QStringLiteral("50 % are duplicates")));
    QTest::mouseClick(&undo, Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] {
        const auto back = t.store.getVector(call, "doc_fingerprints", "b");
        return back && *back && t.store.value("doc:meta:b").has_value();
    }));
}

TEST(VectorsPage, TheDocumentsThreeSentencesAreOneClick)
{
    VectorBench t;
    t.index("doc_fingerprints");
    t.start();
    t.page->setTask(VectorsPage::Duplicates);
    auto& example = t.find<QPushButton>("documentExample");
    ASSERT_TRUE(waitFor([&] { return example.isVisible() && example.isEnabled(); }));
    QTest::mouseClick(&example, Qt::LeftButton);
    auto& answers = t.find<QTableWidget>("answersTable");
    ASSERT_TRUE(waitFor([&] { return answers.rowCount() == 3; }));
    EXPECT_EQ(answers.item(0, 1)->text(), QStringLiteral("new, stored"));
    EXPECT_EQ(answers.item(1, 1)->text(), QStringLiteral("duplicate of doc1"));
    EXPECT_EQ(answers.item(2, 1)->text(), QStringLiteral("new, stored"));
    EXPECT_TRUE(answers.item(1, 2)->toolTip().contains(QStringLiteral("Four words"))) << "by which embedder";
}

TEST(VectorsPage, AClickOnTheMapShowsTheTrueNeighboursAndABoxDeletes)
{
    VectorBench t;
    t.startWithDocuments();
    auto& map = t.find<plots::VectorMap>("vectorMap");
    ASSERT_TRUE(waitFor([&] { return map.accessibleDescription().startsWith(QStringLiteral("12 point")); }));
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.placeOf(0).toPoint());
    EXPECT_TRUE(t.says(QStringLiteral("Nearest to About animals")));
    map.setChosen({0, 1});
    Q_EMIT map.chosenChanged();
    ASSERT_TRUE(t.says(QStringLiteral("2 chosen")));
    QTest::mouseClick(&t.find<QPushButton>("mapDelete"), Qt::LeftButton);
    auto* sure = t.button(QStringLiteral("Delete"));
    ASSERT_NE(sure, nullptr) << "it asks first";
    QTest::mouseClick(sure, Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] { return t.feed->snapshot()->matrix.rows() == 10; }));
}

TEST(VectorsPage, TheEmbedderIsChosenAndItsKeyStaysOutOfTheSettings)
{
    VectorBench t;
    t.startWithDocuments();
    EXPECT_EQ(t.find<QPushButton>("embedder").text(), QStringLiteral("Texts by: Four words"));
    QTest::mouseClick(&t.find<QPushButton>("embedder"), Qt::LeftButton);
    auto& form = t.find<EmbedderForm>("embedderForm");
    ASSERT_TRUE(form.isVisible());
    t.find<QComboBox>("embedderKind").setCurrentIndex(1);
    EXPECT_FALSE(t.find<QPushButton>("embedderApply").isEnabled()) << "an endpoint has an address";
    QTest::keyClicks(&t.find<QLineEdit>("embedderUrl"), QStringLiteral("http://localhost:11434"));
    QTest::keyClicks(&t.find<QLineEdit>("embedderModel"), QStringLiteral("nomic"));
    QTest::keyClicks(&t.find<QLineEdit>("embedderKey"), QStringLiteral("sk-secret"));
    EXPECT_EQ(t.find<QLineEdit>("embedderKey").echoMode(), QLineEdit::Password);
    client::EmbedderSettings chosen;
    QString key;
    QObject::connect(t.page.get(), &VectorsPage::embedderChosen, t.page.get(),
        [&](const client::EmbedderSettings& settings, const QString& given) {
            chosen = settings;
            key = given;
        });
    QTest::mouseClick(&t.find<QPushButton>("embedderApply"), Qt::LeftButton);
    EXPECT_EQ(chosen.kind, client::EmbedderSettings::Kind::Endpoint);
    EXPECT_EQ(chosen.url, "http://localhost:11434");
    EXPECT_EQ(chosen.model, "nomic");
    EXPECT_EQ(key, QStringLiteral("sk-secret"));
    EXPECT_EQ(chosen.keyVariable, "");
    t.page->setEmbedderProblem(QStringLiteral("No connection to localhost:11434."));
    EXPECT_TRUE(t.says(QStringLiteral("No connection to localhost")));
    t.page->setEmbedderProblem({});
    EXPECT_FALSE(form.isVisible());
    t.feed->setEmbedder(nullptr);
    EXPECT_EQ(t.find<QPushButton>("embedder").text(), QStringLiteral("Texts by: nothing"));
}

TEST(VectorsPage, AFileIsDroppedAndReadOnlyTakesNone)
{
    VectorBench t;
    t.startWithDocuments();
    QSignalSpy asked(t.page.get(), &VectorsPage::importRequested);
    const auto drop = [&] {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/data/texts.csv"))});
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        enter.setAccepted(false);
        QCoreApplication::sendEvent(t.page.get(), &enter);
        if (!enter.isAccepted())
            return;
        QDropEvent dropped(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(t.page.get(), &dropped);
    };
    drop();
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0][0].toString(), QStringLiteral("/data/texts.csv"));
    t.page->setReadOnly(true);
    drop();
    EXPECT_EQ(asked.size(), 1);
    for (const char* name : {"newIndex", "indexText", "importVectors"})
        EXPECT_FALSE(t.find<QPushButton>(name).isEnabled()) << name;
}

TEST(VectorsPage, ThePlaceIsKept)
{
    VectorBench t;
    t.startWithDocuments();
    t.find<QLineEdit>("searchText").setText(QStringLiteral("whales"));
    t.find<QSpinBox>("searchK").setValue(25);
    t.page->setTask(VectorsPage::Duplicates);
    const QVariantMap place = t.page->place();
    VectorBench again;
    again.documents();
    again.start();
    again.page->setPlace(place);
    EXPECT_EQ(again.page->task(), VectorsPage::Duplicates);
    EXPECT_EQ(again.find<QLineEdit>("searchText").text(), QStringLiteral("whales"));
    EXPECT_EQ(again.find<QSpinBox>("searchK").value(), 25);
}
