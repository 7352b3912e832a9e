// SPDX-License-Identifier: GPL-3.0-or-later
// Search, map, duplicates and recommendation: the tasks on one feed of vectors.
#include "models/vectorduplicatefeed.h"
#include "models/vectormapfeed.h"
#include "models/vectorrecommendfeed.h"
#include "models/vectorsearchfeed.h"

#include "client/patterns/recommendation.h"
#include "tests/models/vectorfixture.h"

#include <QSignalSpy>

#include <future>

using namespace norikv;
using models::CompareWith;
using models::DuplicatePair;
using models::VectorDuplicateFeed;
using models::VectorMapFeed;
using models::VectorPicture;
using models::VectorRecommendFeed;
using models::VectorSearchFeed;
using test::FakeStore;
using test::VectorBench;
using test::waitFor;

namespace {

struct Search : VectorBench {
    std::unique_ptr<VectorSearchFeed> search;
    ~Search() { search.reset(); }
    void begin()
    {
        load();
        search = std::make_unique<VectorSearchFeed>(*feed);
    }
    const models::VectorResult* answer(const models::VectorQuery& query)
    {
        const auto before = search->result();
        search->search(query);
        const bool ended = waitFor([&] { return !search->searching(); });
        return ended && search->result() != before ? search->result().get() : nullptr;
    }
};

models::VectorQuery byId(const std::string& id, std::uint32_t k = 3)
{
    models::VectorQuery query;
    query.id = id;
    query.k = k;
    return query;
}

TEST(VectorSearchFeed, MissedNeighboursStandInTheirPlace)
{
    Search t;
    t.arc("arc", 20);
    t.store.hiddenFromSearch = {"p2"};
    t.begin();
    const auto* found = t.answer(byId("p0", 4)); // true: p1 p2 p3 p4
    ASSERT_TRUE(found);
    ASSERT_EQ(found->hits.size(), 5U);
    EXPECT_EQ(found->given, 4U);
    EXPECT_EQ(found->missed, 1U);
    EXPECT_EQ(found->hits[0].id, "p1");
    EXPECT_EQ(found->hits[0].serverRank, 1U);
    EXPECT_TRUE(found->hits[1].missed());
    EXPECT_EQ(found->hits[1].id, "p2");
    EXPECT_EQ(found->hits[1].exactRank, 2U);
    EXPECT_FALSE(found->hits[1].serverRank);
    EXPECT_EQ(found->hits[2].id, "p3");
    EXPECT_EQ(found->hits[2].rank, 2U);
    EXPECT_EQ(found->hits[2].exactRank, 3U);
    EXPECT_DOUBLE_EQ(*found->recall, 0.75);
    EXPECT_TRUE(found->complete);
    EXPECT_NEAR(*found->hits[0].similarity, 1 - found->hits[0].distance, 1e-6);
    EXPECT_EQ(found->ids(), (std::vector<std::string>{"p1", "p3", "p4", "p5"}));

    t.store.hiddenFromSearch.clear();
    found = t.answer(byId("p0", 4));
    ASSERT_TRUE(found);
    EXPECT_DOUBLE_EQ(*found->recall, 1);
    EXPECT_EQ(found->missed, 0U);
    // The same question again: before and after.
    ASSERT_TRUE(t.search->canCompareBefore());
    t.search->compare({.what = CompareWith::What::Before});
    ASSERT_TRUE(t.search->comparison());
    EXPECT_EQ(t.search->comparison()->disagreement.shared, 3U);
}

TEST(VectorSearchFeed, TextsAreEmbeddedAndHitsWithoutWordsCounted)
{
    Search t;
    t.documents({{"a", "ants walk in lines"}, {"b", "bees fly to flowers"}, {"c", "cats sleep all day"}});
    t.store.erase("doc:meta:b");
    t.begin();
    models::VectorQuery query;
    query.text = "bees and flowers";
    query.k = 2;
    const auto* found = t.answer(query);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->hits[0].id, "b");
    EXPECT_FALSE(found->hits[0].meta.stored);
    EXPECT_TRUE(found->hits[1].meta.stored);
    EXPECT_EQ(found->withoutMeta, 1U);
    EXPECT_EQ(found->embedder, t.embedder->name());
}

TEST(VectorSearchFeed, OnlyCosineHasSimilarities)
{
    Search t;
    t.arc("arc", 10, client::Distance::Euclidean);
    t.begin();
    const auto* found = t.answer(byId("p4"));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->hits[0].similarity);
    EXPECT_DOUBLE_EQ(*found->recall, 1);
}

TEST(VectorSearchFeed, WrongLengthsAreRefusedHereAndErrorsKept)
{
    Search t;
    t.arc("arc", 10);
    t.begin();
    models::VectorQuery query;
    query.text = "words of another length";
    EXPECT_FALSE(t.answer(query));
    ASSERT_TRUE(t.search->error());
    EXPECT_EQ(t.search->error()->kind, client::ErrorKind::InvalidRequest);
    EXPECT_NE(t.search->error()->message.find("2 dimensions"), std::string::npos);
    EXPECT_EQ(t.store.count(FakeStore::Op::SearchVectors), 0U);
    ASSERT_TRUE(t.answer(byId("p1")));
    EXPECT_FALSE(t.search->error());
    t.store.always(FakeStore::Op::SearchVectors, FakeStore::Fault::Timeout);
    EXPECT_FALSE(t.answer(byId("p2")));
    EXPECT_EQ(t.search->error()->kind, client::ErrorKind::Timeout);
    EXPECT_TRUE(t.search->result()) << "the last answer stays";
    EXPECT_FALSE(t.answer({}));
    EXPECT_EQ(t.search->error()->kind, client::ErrorKind::InvalidRequest);
}

TEST(VectorSearchFeed, AnIdThatCameSinceIsNoReasonToCallTheListComplete)
{
    Search t;
    t.arc("arc", 10);
    t.begin();
    ASSERT_TRUE(t.store.insertVector(t.call, "arc", {"new", {1, 0.001F}}));
    const auto* found = t.answer(byId("p0"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->hits[0].id, "new");
    EXPECT_FALSE(found->complete);
    ASSERT_TRUE(t.rows(11)) << "it is read at once";
    found = t.answer(byId("p0"));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->complete);
    EXPECT_DOUBLE_EQ(*found->recall, 1);
}

TEST(VectorSearchFeed, TheNewestSearchWins)
{
    Search t;
    t.arc("arc", 10);
    t.begin();
    std::promise<void> open;
    auto gate = open.get_future().share();
    std::atomic<int> searches = 0;
    t.store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::SearchVectors && searches++ == 0)
            gate.wait();
    };
    t.search->search(byId("p1"));
    ASSERT_TRUE(waitFor([&] { return searches == 1; }));
    t.search->search(byId("p8"));
    ASSERT_TRUE(waitFor([&] { return !t.search->searching(); }));
    open.set_value();
    test::spin(50);
    EXPECT_EQ(t.search->result()->query.id, "p8");
}

TEST(VectorSearchFeed, TheFrontierFindsTheOverFetchThatIsEnough)
{
    Search t;
    t.arc("arc", 40);
    t.begin();
    t.search->measureFrontier(2);
    ASSERT_TRUE(waitFor([&] { return t.search->frontier().points.size() == 4; }));
    EXPECT_EQ(t.search->frontier().suggested, 2U) << "an exact store needs no more";
    EXPECT_EQ(t.search->frontier().points[3].asked, 16U);
    EXPECT_DOUBLE_EQ(t.search->frontier().points[0].recall, 1);
    EXPECT_EQ(t.search->frontier().points[0].queries, 40U);
    t.store.hiddenFromSearch = {"p1"};
    t.search->measureFrontier(2);
    ASSERT_TRUE(waitFor([&] { return t.search->frontier().points.size() == 4; }));
    EXPECT_LT(t.search->frontier().points[3].recall, 1);
    t.store.always(FakeStore::Op::SearchVectors, FakeStore::Fault::Timeout);
    t.search->measureFrontier(2);
    ASSERT_TRUE(waitFor([&] { return t.search->frontier().error.has_value(); }));
}

TEST(VectorSearchFeed, ComparesWithTheExactListAndAnotherIndex)
{
    Search t;
    t.arc("arc", 20);
    t.arc("brute", 20);
    t.store.hiddenFromSearch = {"p2"};
    t.begin();
    ASSERT_TRUE(t.answer(byId("p0")));
    t.search->compare({.what = CompareWith::What::Exact});
    ASSERT_TRUE(waitFor([&] { return t.search->comparison().has_value(); }));
    const auto lines = t.search->comparison()->disagreement.lines;
    ASSERT_EQ(lines.size(), 4U); // p1 p3 p4 here, p1 p2 p3 there
    EXPECT_EQ(lines[1], (client::RankLine{"p3", 2, 3}));
    EXPECT_EQ(lines[3], (client::RankLine{"p2", {}, 2}));
    t.search->compare({.what = CompareWith::What::OtherIndex, .index = "nothing"});
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.outcomes.back().ok);
    t.search->compare({.what = CompareWith::What::OtherIndex, .index = "brute"});
    ASSERT_TRUE(waitFor([&] { return t.search->comparison()->right == QStringLiteral("brute"); }));
    QSignalSpy neighbours(t.search.get(), &VectorSearchFeed::neighboursFound);
    t.search->findNeighbours(*t.feed->snapshot()->find("p0"), 2);
    ASSERT_TRUE(waitFor([&] { return neighbours.count() == 1; }));
    EXPECT_EQ(neighbours[0][1].value<std::vector<std::size_t>>().size(), 2U);
}

TEST(VectorMapFeed, DrawsAtOnceThenBetterAndTheSameAgain)
{
    VectorBench t;
    t.arc("arc", 60);
    t.load();
    VectorMapFeed map(*t.feed);
    ASSERT_TRUE(waitFor([&] { return map.picture() && map.picture()->meanTrust >= 0; }));
    EXPECT_EQ(map.picture()->layout, VectorPicture::Layout::Pca);
    EXPECT_EQ(map.picture()->rows.size(), 60U);
    EXPECT_EQ(map.picture()->clusters.size(), 60U);
    EXPECT_GT(map.picture()->explained, 0.99);
    EXPECT_GT(map.picture()->meanTrust, 0.9);
    const auto plain = map.picture();

    std::vector<VectorMapFeed::Place> places;
    QObject::connect(&map, &VectorMapFeed::placed, &map,
        [&](int, const std::vector<VectorMapFeed::Place>& told) { places = told; });
    map.place(1, {{1, 0}, {1, 2, 3}});
    ASSERT_TRUE(waitFor([&] { return places.size() == 2; }));
    EXPECT_NEAR(places[0].x, plain->x[0], 1e-4); // p0 is (1, 0)
    EXPECT_FALSE(places[1].known) << "another length";

    map.setLayout(VectorPicture::Layout::Neighbours);
    EXPECT_TRUE(map.progress().running);
    ASSERT_TRUE(waitFor([&] { return map.picture()->layout == VectorPicture::Layout::Neighbours; }));
    EXPECT_FALSE(map.progress().running);
    const auto laid = map.picture();
    places.clear();
    map.place(1, {{1, 0}});
    ASSERT_TRUE(waitFor([&] { return places.size() == 1; }));
    EXPECT_TRUE(places[0].known);
    map.setLayout(VectorPicture::Layout::Pca);
    ASSERT_TRUE(waitFor([&] { return map.picture()->layout == VectorPicture::Layout::Pca; }));
    EXPECT_EQ(map.picture()->x, plain->x);
    map.setLayout(VectorPicture::Layout::Neighbours);
    ASSERT_TRUE(waitFor([&] { return map.picture()->layout == VectorPicture::Layout::Neighbours; }));
    EXPECT_EQ(map.picture()->x, laid->x) << "the same vectors, the same picture";

    t.feed->choose("");
    EXPECT_FALSE(map.picture());
}

struct Duplicates : VectorBench {
    std::unique_ptr<VectorDuplicateFeed> duplicates;
    ~Duplicates() { duplicates.reset(); }
    void begin()
    {
        documents(
            {{"a", "the cat sat on the mat"}, {"b", "the cat sat on the mat!"}, {"c", "the cat sat on a mat"},
                {"x", "stock prices fell sharply on monday"}, {"y", "how to bake bread at home"}});
        load();
        duplicates = std::make_unique<VectorDuplicateFeed>(*feed);
        duplicates->setThreshold(0.8);
        duplicates->setWatched(true);
        ASSERT_TRUE(waitFor([&] { return duplicates->view() && !duplicates->view()->pairs.empty(); }));
    }
};

TEST(VectorDuplicateFeed, ShowsPairsAndClustersAtTheThreshold)
{
    Duplicates t;
    t.begin();
    const auto view = t.duplicates->view();
    EXPECT_EQ(view->examined, 5U);
    std::size_t counted = 0;
    for (const auto count : view->counts)
        counted += count;
    EXPECT_EQ(counted, 5U);
    EXPECT_NEAR(view->from + view->width * static_cast<double>(view->counts.size()), 1, 1e-6);
    EXPECT_EQ(view->clusters, (std::vector<std::vector<std::string>>{{"a", "b", "c"}}));
    EXPECT_EQ(view->rowsInClusters, 3U);
    EXPECT_TRUE(std::ranges::is_sorted(view->pairs, std::ranges::greater{}, &DuplicatePair::similarity));
    t.duplicates->setThreshold(1.0);
    EXPECT_TRUE(waitFor([&] { return t.duplicates->view()->threshold == 1.0; }));
    EXPECT_LT(t.duplicates->view()->pairs.size(), view->pairs.size());
    t.duplicates->setThreshold(-1);
    EXPECT_TRUE(waitFor([&] { return t.duplicates->view()->pairs.size() == 10; })) << "five rows: ten pairs";
}

TEST(VectorDuplicateFeed, LabelsGivePrecisionAndMergingCanBeUndone)
{
    Duplicates t;
    t.begin();
    const auto pairs = t.duplicates->view()->pairs;
    t.duplicates->label(pairs[1], DuplicatePair::Label::Different);
    t.duplicates->label(pairs[2], DuplicatePair::Label::Ignored);
    t.duplicates->merge(pairs[0], pairs[0].a);
    ASSERT_TRUE(t.rows(4));
    EXPECT_FALSE(*t.store.getVector(t.call, "documents", pairs[0].b));
    ASSERT_TRUE(waitFor([&] { return t.duplicates->view()->examined == 4; }));
    ASSERT_TRUE(t.duplicates->view()->precision);
    EXPECT_DOUBLE_EQ(*t.duplicates->view()->precision, 0.5);
    t.feed->undoDelete();
    ASSERT_TRUE(t.rows(5));
    ASSERT_TRUE(waitFor([&] { return t.duplicates->view()->examined == 5; }));
    EXPECT_EQ(t.duplicates->view()->pairs[0].label, DuplicatePair::Label::Duplicates);
    EXPECT_TRUE(t.store.value("doc:meta:" + pairs[0].b));
}

TEST(VectorDuplicateFeed, ChecksATextAndStoresWhatIsNew)
{
    Duplicates t;
    t.begin();
    t.duplicates->check("anything");
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.outcomes.back().ok) << "there is no doc_fingerprints yet";
    t.feed->createSystems();
    ASSERT_TRUE(t.acted(2));
    t.duplicates->checkAndStore("one", "the quick brown fox jumps over the lazy dog");
    ASSERT_TRUE(waitFor([&] { return t.duplicates->answers().size() == 1; }));
    EXPECT_TRUE(t.duplicates->answers()[0].stored);
    t.duplicates->checkAndStore("two", "the quick brown fox jumps over the lazy dog");
    ASSERT_TRUE(waitFor([&] { return t.duplicates->answers().size() == 2; }));
    EXPECT_EQ(t.duplicates->answers()[0].check.of, "one");
    EXPECT_FALSE(t.duplicates->answers()[0].stored);
    t.duplicates->check("something else entirely");
    ASSERT_TRUE(waitFor([&] { return t.duplicates->answers().size() == 3; }));
    EXPECT_FALSE(t.duplicates->answers()[0].check.duplicate);
    EXPECT_EQ(t.duplicates->answers()[0].embedder, t.embedder->name());
}

TEST(VectorRecommendFeed, LikesMoveTheTasteAndTheMeanForgetsNone)
{
    VectorBench t;
    client::Recommendation engine(t.store, *t.embedder);
    ASSERT_TRUE(engine.initialize(t.call));
    for (const auto& [id, name] :
        std::vector<std::pair<std::string, std::string>>{{"shoe1", "running shoes red"},
            {"shoe2", "running shoes blue"}, {"cup", "porcelain cup"}, {"pan", "iron frying pan"}})
        ASSERT_TRUE(engine.indexProduct(t.call, id, name, "", ""));
    t.start();
    VectorRecommendFeed recommend(*t.feed);
    recommend.setUser("ann");
    recommend.recommend(VectorRecommendFeed::By::Stored);
    EXPECT_TRUE(recommend.error()) << "no taste yet";
    recommend.like("shoe1");
    ASSERT_TRUE(waitFor([&] { return recommend.tastes().size() == 1; }));
    recommend.like("cup");
    ASSERT_TRUE(waitFor([&] { return recommend.tastes().size() == 2; }));
    recommend.like("pan");
    ASSERT_TRUE(waitFor([&] { return recommend.tastes().size() == 3; }));
    EXPECT_DOUBLE_EQ(recommend.tastes()[0].storedWeight, 0.25);
    EXPECT_DOUBLE_EQ(recommend.tastes()[2].storedWeight, 0.5);
    EXPECT_DOUBLE_EQ(recommend.tastes()[0].meanWeight, 1.0 / 3);
    EXPECT_EQ(recommend.path().size(), 3U);
    EXPECT_EQ(recommend.preference(), *t.store.getVector(t.call, "user_prefs", "ann"));
    EXPECT_TRUE(waitFor([&] { return recommend.users() == std::vector<std::string>{"ann"}; }));

    recommend.recommend(VectorRecommendFeed::By::Stored, 4);
    ASSERT_TRUE(waitFor([&] { return recommend.list().size() == 4; }));
    EXPECT_EQ(recommend.list()[0].id, "pan");
    EXPECT_TRUE(recommend.list()[0].liked);
    EXPECT_EQ(recommend.list()[0].meta.title, "iron frying pan");
    recommend.similar("shoe1", 2);
    ASSERT_TRUE(waitFor([&] { return recommend.list().size() == 2; }));
    EXPECT_EQ(recommend.list()[0].id, "shoe2") << "itself is left out";
    // Diversity re-ranks without asking the server.
    const auto asked = t.store.count(FakeStore::Op::SearchVectors);
    recommend.recommend(VectorRecommendFeed::By::TrueMean, 4);
    ASSERT_TRUE(waitFor([&] { return recommend.list().size() == 4; }));
    recommend.setDiversity(1);
    EXPECT_EQ(recommend.list()[0].serverRank, 1U);
    EXPECT_EQ(t.store.count(FakeStore::Op::SearchVectors), asked + 1);

    recommend.dislike("shoe2");
    ASSERT_TRUE(waitFor([&] { return recommend.tastes().size() == 4; }));
    EXPECT_DOUBLE_EQ(recommend.tastes()[3].meanWeight, -0.25);
    EXPECT_DOUBLE_EQ(recommend.tastes()[3].storedWeight, 0);
    recommend.forget("shoe2");
    EXPECT_EQ(recommend.tastes().size(), 3U);
    recommend.like("nothing");
    ASSERT_TRUE(t.acted(4));
    EXPECT_EQ(t.said(), "There is no product nothing; nothing was stored.");
    EXPECT_EQ(recommend.tastes().size(), 3U);
}

} // namespace
