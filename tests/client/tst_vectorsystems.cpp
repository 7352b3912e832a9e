// SPDX-License-Identifier: GPL-3.0-or-later
// The document's three systems over a store in memory, and what lies beside their vectors.
#include "client/embed/hashing.h"
#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::client;
using test::FakeStore;

namespace {

struct VectorSystems : testing::Test {
    test::FakeClock clock;
    FakeStore store{clock};
    Call call;
    HashingEmbedder embedder{512};
};

TEST_F(VectorSystems, TheDocumentsSearchFindsByMeaningAndKeepsTheWords)
{
    SemanticSearch engine(store, embedder);
    EXPECT_EQ(engine.initialize(call), true);
    EXPECT_EQ(engine.initialize(call), false);
    ASSERT_TRUE(
        engine.indexDocument(call, "doc1", "Machine Learning", "Machine learning is a subset of AI..."));
    ASSERT_TRUE(engine.indexDocument(call, "doc2", "Deep Learning", "Deep learning uses neural networks..."));
    EXPECT_EQ(store.value("doc:meta:doc2"),
        R"({"title":"Deep Learning","content":"Deep learning uses neural networks..."})");
    const auto found = engine.search(call, "AI neural networks", 5);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->documents.size(), 2U);
    EXPECT_EQ(found->documents[0].id, "doc2");
    EXPECT_EQ(found->documents[0].meta.title, "Deep Learning");
    EXPECT_GT(found->documents[0].score, found->documents[1].score);
    EXPECT_EQ(found->withoutMeta, 0U);

    EXPECT_EQ(engine.deleteDocument(call, "doc1"), true);
    EXPECT_FALSE(store.value("doc:meta:doc1"));
    EXPECT_EQ(engine.deleteDocument(call, "doc1"), false);
    const auto indexes = store.listVectorIndexes(call);
    ASSERT_TRUE(indexes && indexes->size() == 1);
    EXPECT_EQ(indexes->front().name, "documents");
    EXPECT_EQ(indexes->front().distance, Distance::Cosine);
    EXPECT_EQ(indexes->front().type, IndexType::Hnsw);
    EXPECT_EQ(indexes->front().count, 1U);
}

TEST_F(VectorSystems, HitsWithoutWordsAreKeptAndCounted)
{
    SemanticSearch engine(store, embedder);
    ASSERT_TRUE(engine.initialize(call));
    for (const char* id : {"a", "b", "c"})
        ASSERT_TRUE(engine.indexDocument(call, id, id, "the same words"));
    store.erase("doc:meta:a");
    store.plant("doc:meta:b", "not json");
    auto found = engine.search(call, "the same words", 5);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->documents.size(), 3U);
    EXPECT_EQ(found->withoutMeta, 2U);
    // A server that is away is another thing than words that are not there.
    store.always(FakeStore::Op::GetMany, FakeStore::Fault::Unreachable);
    EXPECT_EQ(engine.search(call, "the same words", 5).error().kind, ErrorKind::Unreachable);
}

TEST_F(VectorSystems, WordsAreRewrittenInTheirDialectWithUnknownMembersKept)
{
    SemanticSearch engine(store, embedder);
    ASSERT_TRUE(engine.initialize(call));
    store.plant("doc:meta:p", R"({"title": "Old", "content": "x", "lang": "en"})");
    ASSERT_TRUE(engine.indexDocument(call, "p", "Café", "new", "travel"));
    EXPECT_EQ(store.value("doc:meta:p"),
        R"({"title": "Caf\u00e9", "content": "new", "lang": "en", "theme": "travel"})");
    store.plant("doc:meta:g", R"({"Title":"Old","Content":"x","Views":3})");
    ASSERT_TRUE(engine.indexDocument(call, "g", "New", "y"));
    EXPECT_EQ(store.value("doc:meta:g"), R"({"Title":"New","Content":"y","Views":3})");
    store.plant("doc:meta:bad", "[1]");
    EXPECT_EQ(engine.indexDocument(call, "bad", "t", "c").error().kind, ErrorKind::BadData);
    EXPECT_EQ(store.value("doc:meta:bad"), "[1]") << "what cannot be read is left alone";
    EXPECT_EQ(parseVectorMeta(VectorMetaKind::Document, R"({"Title":"T","Content":"C"})")->title, "T");
    EXPECT_EQ(vectorOfMetaKey(VectorMetaKind::Product, "product:meta:a:b"), "a:b");
    EXPECT_FALSE(vectorOfMetaKey(VectorMetaKind::Document, "doc:meta:"));
}

TEST_F(VectorSystems, EmptyTextAndAnotherIndexAreRefusedBeforeAnythingIsWritten)
{
    SemanticSearch engine(store, embedder);
    ASSERT_TRUE(engine.initialize(call));
    EXPECT_EQ(engine.indexDocument(call, "e", "", "  ").error().kind, ErrorKind::InvalidRequest);
    EXPECT_EQ(engine.search(call, "", 5).error().kind, ErrorKind::InvalidRequest);
    HashingEmbedder other(64);
    SemanticSearch wrong(store, other);
    EXPECT_EQ(wrong.initialize(call).error().kind, ErrorKind::InvalidRequest);
    EXPECT_EQ(wrong.indexDocument(call, "e", "a", "b").error().kind, ErrorKind::InvalidRequest);
    EXPECT_FALSE(store.value("doc:meta:e"));
}

TEST_F(VectorSystems, TheDocumentsShopRecommendsByWhatWasLiked)
{
    Recommendation engine(store, embedder);
    EXPECT_EQ(engine.initialize(call), true);
    EXPECT_EQ(engine.initialize(call), false);
    ASSERT_TRUE(engine.indexProduct(call, "prod1", "Running Shoes", "Lightweight", "Footwear"));
    ASSERT_TRUE(engine.indexProduct(call, "prod2", "Trail Shoes", "Durable", "Footwear"));
    ASSERT_TRUE(engine.indexProduct(call, "prod3", "Espresso Cup", "Porcelain", "Kitchen"));
    EXPECT_EQ(store.value("product:meta:prod1"),
        R"({"name":"Running Shoes","description":"Lightweight","category":"Footwear"})");
    EXPECT_TRUE(Recommendation::recommendations(store, call, "user123", 5)->empty());

    const auto first = Recommendation::recordInteraction(store, call, "user123", "prod1");
    ASSERT_TRUE(first && *first);
    EXPECT_EQ(**first, **store.getVector(call, "products", "prod1"));
    const auto recommended = Recommendation::recommendations(store, call, "user123", 5);
    ASSERT_TRUE(recommended);
    ASSERT_EQ(recommended->size(), 3U);
    EXPECT_EQ((*recommended)[0].id, "prod1");
    EXPECT_NEAR((*recommended)[0].score, 1, 1e-5);
    EXPECT_EQ((*recommended)[1].id, "prod2");

    // The next one moves the taste half way.
    const auto second = Recommendation::recordInteraction(store, call, "user123", "prod3");
    ASSERT_TRUE(second && *second);
    const auto& a = **first;
    const auto c = **store.getVector(call, "products", "prod3");
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_FLOAT_EQ((**second)[i], (a[i] + c[i]) / 2);
    EXPECT_EQ(**store.getVector(call, "user_prefs", "user123"), **second);

    const auto similar = Recommendation::similarProducts(store, call, "prod1", 1);
    ASSERT_TRUE(similar);
    ASSERT_EQ(similar->size(), 1U);
    EXPECT_EQ(similar->front().id, "prod2") << "itself is left out";
    EXPECT_TRUE(Recommendation::similarProducts(store, call, "nothing", 1)->empty());
    EXPECT_FALSE(*Recommendation::recordInteraction(store, call, "user123", "nothing"));
}

TEST_F(VectorSystems, InteractionsWeighHalfAQuarterAndSoOn)
{
    EXPECT_EQ(interactionWeights(3, true), (std::vector<double>{0.25, 0.25, 0.5}));
    EXPECT_EQ(interactionWeights(3, false), (std::vector<double>{0.125, 0.25, 0.5}));
    EXPECT_EQ(interactionWeights(1, true), (std::vector<double>{1}));
    EXPECT_TRUE(interactionWeights(0, true).empty());
    // As the moves themselves come out.
    const std::vector<float> x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
    EXPECT_EQ(movedPreference(movedPreference(movedPreference({}, x), y), z),
        (std::vector<float>{0.25F, 0.25F, 0.5F}));
}

TEST_F(VectorSystems, TheDocumentsThreeSentencesAreCheckedAndStored)
{
    // The threshold that tells them apart belongs to the embedder; this one knows spelling only.
    Deduplicator dedup(store, embedder, 0.5);
    EXPECT_EQ(dedup.initialize(call), true);
    const auto first = dedup.checkAndStore(call, "doc1", "The quick brown fox jumps over the lazy dog.");
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_FALSE(first->duplicate);
    EXPECT_TRUE(first->nearest.empty());
    const auto second = dedup.checkAndStore(call, "doc2", "A quick brown fox jumped over a lazy dog.");
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->duplicate) << second->similarity;
    EXPECT_EQ(second->of, "doc1");
    const auto third = dedup.checkAndStore(call, "doc3", "Machine learning is transforming industries.");
    ASSERT_TRUE(third);
    EXPECT_FALSE(third->duplicate);
    EXPECT_EQ(third->nearest, "doc1");
    EXPECT_LT(third->similarity, 0.5);

    EXPECT_TRUE(*store.getVector(call, "doc_fingerprints", "doc1"));
    EXPECT_FALSE(*store.getVector(call, "doc_fingerprints", "doc2")) << "a duplicate is not stored";
    EXPECT_TRUE(*store.getVector(call, "doc_fingerprints", "doc3"));
    EXPECT_EQ(dedup.remove(call, "doc1"), true);
    EXPECT_EQ(dedup.remove(call, "doc1"), false);
}

TEST_F(VectorSystems, ACheckWritesNothingAndLooksAtFive)
{
    Deduplicator dedup(store, embedder);
    ASSERT_TRUE(dedup.initialize(call));
    const std::vector<std::string> texts{
        "one cat", "two dogs", "three birds", "four fish", "five bees", "six ants"};
    for (const auto& text : texts)
        ASSERT_TRUE(dedup.checkAndStore(call, text, text));
    store.forget();
    const auto check = dedup.check(call, "two dogs");
    ASSERT_TRUE(check);
    EXPECT_TRUE(check->duplicate);
    EXPECT_EQ(check->of, "two dogs");
    EXPECT_EQ(check->looked.size(), DuplicateCandidates);
    EXPECT_EQ(store.count(FakeStore::Op::InsertVector), 0U);
    // Unknown is unknown: nothing is repeated.
    store.script(FakeStore::Op::InsertVector, FakeStore::Fault::UnknownAfterApply);
    EXPECT_EQ(
        dedup.checkAndStore(call, "new", "quite another thing").error().kind, ErrorKind::UnknownOutcome);
    EXPECT_EQ(store.count(FakeStore::Op::InsertVector), 1U);
}

} // namespace
