// SPDX-License-Identifier: GPL-3.0-or-later
// The vectors panel in the real window on the real sandbox: the document's three systems clicked through, and
// a server without the service.
#include "tests/e2e/windowfixture.h"

#include "client/embed/embedder.h"
#include "models/vectorfeed.h"
#include "widgets/plots/vectormap.h"
#include "widgets/vectorresults.h"
#include "widgets/vectorspage.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableWidget>
#include <QtTest/qtestkeyboard.h>

#include <fstream>

namespace norikv::tests {
namespace {

class VectorJourney : public WindowTest {
protected:
    void openPanel(const LiveServer& live)
    {
        ASSERT_TRUE(live.ready());
        open({QString::fromStdString(live.target()), QStringLiteral("--panel"), QStringLiteral("vectors")});
        ASSERT_TRUE(waitFor([&] { return workspace() && online(); }));
    }
    models::VectorFeed& feed() { return workspace()->pattern<models::VectorFeed>(); }
    void createSystems()
    {
        ASSERT_TRUE(waitFor([&] { return feed().service() == models::VectorFeed::Service::Offered; }));
        ASSERT_TRUE(waitFor([&] { return feed().embedder() != nullptr; }))
            << "the built-in one needs no set-up";
        click("createSystems");
        ASSERT_TRUE(waitFor([&] { return feed().indexes().size() == 4; })) << everythingSaid().toStdString();
        ASSERT_TRUE(waitFor([&] { return feed().chosen() == "documents"; }));
    }
    void indexText(const char* id, const QString& title, const QString& text, std::size_t then)
    {
        click("indexText");
        type("textId", QString::fromLatin1(id));
        type("textTitle", title);
        type("textContent", text);
        click("storeText");
        ASSERT_TRUE(waitFor([&] { return feed().snapshot()->matrix.rows() == then; }))
            << everythingSaid().toStdString();
    }
};

TEST_F(VectorJourney, TheDocumentsThreeSystemsAreClickedThrough)
{
    const LiveServer server;
    openPanel(server);
    createSystems();
    // Semantic search, with the document's two texts.
    indexText(
        "doc1", QStringLiteral("Machine Learning"), QStringLiteral("Machine learning is a subset of AI"), 1);
    indexText(
        "doc2", QStringLiteral("Deep Learning"), QStringLiteral("Deep learning uses neural networks"), 2);
    type("searchText", QStringLiteral("AI neural networks"));
    QTest::keyClick(&the<QLineEdit>("searchText"), Qt::Key_Return);
    auto& results = the<widgets::VectorResults>("vectorResults");
    ASSERT_TRUE(waitFor([&] { return results.model()->rowCount() == 2; })) << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("server ")); }));
    EXPECT_EQ(window().figures()[QStringLiteral("recall")].toDouble(), 1.0);
    OtherClient other(server.seeds());
    EXPECT_NE(other.get("doc:meta:doc2").value.find("neural"), std::string::npos)
        << "another program reads the words where the document stores them";

    // Recommendation.
    the<QTabBar>("vectorTasks").setCurrentIndex(1);
    ASSERT_TRUE(waitFor([&] { return feed().chosen() == "products"; }));
    ASSERT_TRUE(waitFor([&] { return feed().load().state == models::FeedState::Ready; }));
    indexText("prod1", QStringLiteral("Running Shoes"), QStringLiteral("Lightweight footwear"), 1);
    indexText("prod2", QStringLiteral("Trail Shoes"), QStringLiteral("Durable footwear"), 2);
    type("recommendUser", QStringLiteral("user123"));
    QTest::keyClick(the<QComboBox>("recommendUser").lineEdit(), Qt::Key_Return);
    the<widgets::VectorResults>("recommendResults").setCurrentId("prod1");
    click("likeProduct");
    ASSERT_TRUE(waitFor([&] { return the<QTableWidget>("tastesTable").rowCount() == 1; }))
        << everythingSaid().toStdString();
    click("recommendStored");
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("stored preference of user123")); }))
        << everythingSaid().toStdString();
    EXPECT_TRUE(
        waitFor([&] { return the<widgets::VectorResults>("recommendResults").model()->rowCount() == 2; }));

    // Deduplication, with the document's three sentences.
    the<QTabBar>("vectorTasks").setCurrentIndex(2);
    ASSERT_TRUE(waitFor([&] { return feed().chosen() == "doc_fingerprints"; }));
    click("documentExample");
    auto& answers = the<QTableWidget>("answersTable");
    ASSERT_TRUE(waitFor([&] { return answers.rowCount() == 3; })) << everythingSaid().toStdString();
    EXPECT_EQ(answers.item(2, 1)->text(), QStringLiteral("new, stored"));
    EXPECT_EQ(answers.item(0, 1)->text(), QStringLiteral("new, stored"));
    EXPECT_TRUE(answers.item(1, 2)->toolTip().contains(QString::fromStdString(feed().embedder()->name())))
        << "whoever made the vectors is named beside the similarity";
    // Whether the second is a duplicate depends on the embedder; what is said and what is stored agree.
    const bool duplicate = answers.item(1, 1)->text() == QStringLiteral("duplicate of doc1");
    EXPECT_TRUE(waitFor([&] { return feed().snapshot()->matrix.rows() == (duplicate ? 2U : 3U); }));
}

TEST_F(VectorJourney, AFileIsImportedAndItsVectorsAreFound)
{
    const LiveServer server;
    openPanel(server);
    createSystems();
    const auto path = config / "texts.csv";
    std::ofstream(path) << "id,title,text,theme\nw1,Whales,Whales sing in the sea,sea\n"
                           "w2,Fish,Fish swim in the sea,sea\nf1,Foxes,A fox hunts at night,land\n";
    auto* page = window().findChild<widgets::VectorsPage*>();
    ASSERT_NE(page, nullptr);
    Q_EMIT page->importRequested(QString::fromStdString(path));
    ASSERT_TRUE(waitFor([&] { return feed().snapshot()->matrix.rows() == 3; }))
        << everythingSaid().toStdString();
    auto& map = the<plots::VectorMap>("vectorMap");
    EXPECT_TRUE(waitFor([&] {
        return map.accessibleDescription().startsWith(QStringLiteral("3 point(s) in 2 group(s)"));
    })) << map.accessibleDescription().toStdString();
    the<QSpinBox>("searchK").setValue(2);
    type("searchText", QStringLiteral("whales in the sea"));
    click("searchGo");
    auto& results = the<widgets::VectorResults>("vectorResults");
    ASSERT_TRUE(waitFor([&] { return results.model()->rowCount() == 2; })) << everythingSaid().toStdString();
    EXPECT_EQ(results.lines()[0].id, "w1");
}

TEST_F(VectorJourney, AServerWithoutTheServiceLeadsToTheSandbox)
{
    const LiveServer server({"--no-vector"});
    openPanel(server);
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("This server has no vector service")); }))
        << everythingSaid().toStdString();
    click("runOnSandbox");
    ASSERT_TRUE(waitFor([&] { return workspace() && workspace()->demo(); }, 60s))
        << everythingSaid().toStdString();
    EXPECT_EQ(window().currentPanel(), QStringLiteral("vectors"));
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("has no vector service")); }))
        << "it is labelled: " << everythingSaid().toStdString();
    ASSERT_TRUE(waitFor([&] { return feed().snapshot() && feed().snapshot()->matrix.rows() > 10; }, 60s))
        << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return window().figures().contains(QStringLiteral("recall")); }, 30s))
        << "a query is typed and answered: " << everythingSaid().toStdString();
}

} // namespace
} // namespace norikv::tests
