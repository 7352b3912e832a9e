// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/vectors.h"
#include "client/embed/hashing.h"
#include "client/embed/tokenvectors.h"
#include "client/embeddedfiles.h"
#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"
#include "client/valuehash.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <sstream>

namespace norikv::client {
namespace {

using test::failsWith;
using test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Tokenizer::Kind;

double cosine(const std::vector<float>& a, const std::vector<float>& b)
{
    const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    return dot
        / std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0)
            * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
}

std::vector<std::vector<float>> vectorsOf(Embedder& embedder, const std::vector<std::string>& texts)
{
    auto vectors = embedder.embed(texts, {});
    EXPECT_THAT(vectors, succeeds());
    return vectors ? std::move(*vectors) : std::vector(texts.size(), std::vector<float>(1));
}

/// A table of two dimensions, so small that a change of any byte can be tried.
std::string smallTable()
{
    const std::vector<std::string> pieces{"ab", "##c", "x", "!"};
    std::string bytes = "NVTOKEN1";
    const auto put = [&](auto value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
    for (const std::uint32_t size : {2U, 4U, 2U, 1U}) // dimensions, pieces, ranges, folds
        put(size);
    std::string vocabulary;
    for (const auto& piece : pieces)
        vocabulary += static_cast<char>(piece.size()) + piece;
    put(std::uint64_t{vocabulary.size()});
    for (const float scale : {1.0F, 1.0F, 0.5F, 1.0F})
        put(scale);
    for (const std::uint32_t value : {0x20U, 0x20U, 1U, 0x21U, 0x21U, 3U}) // a space; an exclamation mark
        put(value);
    for (const std::uint32_t value : {0xC4U, 1U, std::uint32_t{'a'}, 0U, 0U})
        put(value);
    bytes += vocabulary;
    for (const int number : {3, 0, 0, 4, 10, 0, 0, 0})
        put(static_cast<std::int8_t>(number));
    put(valueHash(bytes));
    return bytes;
}

TEST(Tokenizer, CutsWordsIntoTheLongestKnownPieces)
{
    const auto made = Tokenizer::make({"play", "##ing", "##in", "##s", ".", "a", "é"},
        {{' ', ' ', Kind::Space}, {'.', '.', Kind::Alone}, {0x301, 0x301, Kind::Drop}}, {{0xC1, 1, {'a'}}});
    ASSERT_THAT(made, succeeds());
    const auto cut = [&](std::string_view text) {
        std::vector<std::uint32_t> out;
        EXPECT_EQ(made->pieces(text, 0, text.size(), out), text.size());
        return out;
    };
    EXPECT_THAT(cut("Playing plays."), ElementsAre(0, 1, 0, 3, 4));
    EXPECT_THAT(cut("played"), IsEmpty()) << "a word that cannot be cut to its end is not known at all";
    EXPECT_THAT(cut("\xC3\x81"), ElementsAre(5)) << "an accent is folded away";
    EXPECT_THAT(cut("a\xCC\x81 \xFF\xC3 a"), ElementsAre(5, 5)) << "marks and broken UTF-8 are left out";
    EXPECT_THAT(cut("\xC3\xA9"), ElementsAre(6)) << "what no fold names stays";
    EXPECT_THAT(cut(""), IsEmpty());
    EXPECT_THAT(cut(std::string(1'000'000, 'a')), IsEmpty());
    std::vector<std::uint32_t> out;
    EXPECT_EQ(made->pieces("play play play", 0, 3, out), 5U) << "stops behind the word it is in";
}

TEST(Tokenizer, RefusesTablesOutOfOrder)
{
    EXPECT_THAT(
        Tokenizer::make({}, {{'b', 'b', Kind::Space}, {'a', 'a', Kind::Space}}, {}), failsWith(ErrorKind::BadData));
    EXPECT_THAT(Tokenizer::make({}, {{'b', 'a', Kind::Space}}, {}), failsWith(ErrorKind::BadData));
    EXPECT_THAT(Tokenizer::make({}, {}, {{'a', 4, {}}}), failsWith(ErrorKind::BadData));
    EXPECT_THAT(Tokenizer::make({}, {}, {{'a', 1, {}}, {'a', 1, {}}}), failsWith(ErrorKind::BadData));
}

TEST(TokenVectors, SumsThePiecesOfATextToLengthOne)
{
    const std::string table = smallTable();
    const auto made = TokenVectors::fromBytes(table, "Small");
    ASSERT_THAT(made, succeeds());
    EXPECT_EQ((*made)->dimensions(), 2U);
    const auto vectors = vectorsOf(**made, {"ABC", "abc abc", "x", "\xC3\x84" "b x"});
    EXPECT_THAT(vectors[0], ElementsAre(0.6F, 0.8F));
    EXPECT_THAT(vectors[1], ElementsAre(0.6F, 0.8F));
    EXPECT_THAT(vectors[2], ElementsAre(1.0F, 0.0F));
    EXPECT_THAT(vectors[3], ElementsAre(1.0F, 0.0F));
}

TEST(TokenVectors, NamesTheTextThatHasNothing)
{
    const std::string table = smallTable();
    const auto made = TokenVectors::fromBytes(table, "Small");
    ASSERT_THAT(made, succeeds());
    for (const std::string nothing : {"", " \t\n", "?", "!"}) {
        const std::vector<std::string> texts{"x", nothing};
        const auto result = (*made)->embed(texts, {});
        ASSERT_THAT(result, failsWith(ErrorKind::InvalidRequest)) << nothing;
        EXPECT_THAT(result.error().message, HasSubstr("text 2"));
    }
}

TEST(TokenVectors, EveryDamagedByteIsAnError)
{
    const std::string whole = smallTable();
    ASSERT_THAT(TokenVectors::fromBytes(whole, "Small"), succeeds());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
        EXPECT_THAT(TokenVectors::fromBytes(damaged, "Small"), failsWith(ErrorKind::BadData)) << "byte " << i;
        EXPECT_THAT(TokenVectors::fromBytes(std::string_view(whole).substr(0, i), "Small"),
            failsWith(ErrorKind::BadData));
    }
    EXPECT_THAT(TokenVectors::fromBytes(whole + "x", "Small"), failsWith(ErrorKind::BadData));
}

TEST(TokenVectors, SurviveAnythingWithAGoodChecksum)
{
    std::mt19937 random(7);
    const std::string whole = smallTable();
    int accepted = 0;
    for (int round = 0; round < 5000; ++round) {
        std::string bytes = whole.substr(0, whole.size() - 8);
        for (auto changes = 1 + random() % 4; changes > 0; --changes)
            bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random());
        const std::uint64_t hash = valueHash(bytes);
        bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
        const auto made = TokenVectors::fromBytes(bytes, "Fuzzed");
        if (!made)
            continue;
        ++accepted;
        const std::vector<std::string> texts{"abc x! \xC3\x84" "b"};
        (void)(*made)->embed(texts, {});
    }
    EXPECT_GT(accepted, 100);
    for (int round = 0; round < 2000; ++round) {
        std::string noise(random() % 300, '\0');
        std::ranges::generate(noise, [&] { return static_cast<char>(random()); });
        EXPECT_THAT(TokenVectors::fromBytes("NVTOKEN1" + noise, "Noise"), failsWith(ErrorKind::BadData));
    }
}

TEST(Hashing, KnowsSpellingOnly)
{
    HashingEmbedder embedder(256);
    const auto vectors = vectorsOf(
        embedder, {"The quick brown fox", "the QUICK brown fox!", "A quick brown foxes", "Money in the bank"});
    EXPECT_EQ(vectors[0].size(), 256U);
    EXPECT_NEAR(cosine(vectors[0], vectors[0]), 1, 1e-6);
    EXPECT_NEAR(cosine(vectors[0], vectors[1]), 1, 1e-6);
    EXPECT_GT(cosine(vectors[0], vectors[2]), cosine(vectors[0], vectors[3]) + 0.3);
    const std::vector<std::string> empty{"fine", "..."};
    EXPECT_THAT(embedder.embed(empty, {}), failsWith(ErrorKind::InvalidRequest));
}

class BuiltIn : public testing::Test {
protected:
    static void SetUpTestSuite() { m_embedder = makeBuiltInEmbedder().value().release(); }
    static void TearDownTestSuite() { delete std::exchange(m_embedder, nullptr); }

    static TokenVectors* m_embedder;
};
TokenVectors* BuiltIn::m_embedder = nullptr;

TEST_F(BuiltIn, TakesTextsOfAMegabyteAndEndsWhenStopped)
{
    std::string text;
    while (text.size() < 1'000'000)
        text += "Rivers carry salt to the sea, and clouds carry none of it back. ";
    const std::vector<std::string> texts{text, "Rivers carry salt to the sea, and clouds carry none of it back."};
    const auto vectors = vectorsOf(*m_embedder, texts);
    EXPECT_GT(cosine(vectors[0], vectors[1]), 0.999);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THAT(m_embedder->embed(texts, stop.get_token()), failsWith(ErrorKind::Cancelled));
}

TEST_F(BuiltIn, EveryDamageOfTheTableIsFound)
{
    std::string whole(embeddedTokenVectors());
    std::mt19937 random(3);
    for (int round = 0; round < 20; ++round) {
        const std::size_t at = random() % whole.size();
        const char before = std::exchange(whole[at], static_cast<char>(whole[at] + 1));
        EXPECT_THAT(TokenVectors::fromBytes(whole, "Damaged"), failsWith(ErrorKind::BadData));
        whole[at] = before;
    }
}

TEST_F(BuiltIn, FindsTheSameThingInOtherWords)
{
    const auto vectors = vectorsOf(*m_embedder,
        {"How can I fly cheaply?", "Affordable air travel", "A recipe for bread with yeast", "AI neural networks",
            "Deep Learning Deep learning uses neural networks...",
            "Machine Learning Machine learning is a subset of AI..."});
    EXPECT_GT(cosine(vectors[0], vectors[1]), cosine(vectors[0], vectors[2]) + 0.2);
    EXPECT_GT(cosine(vectors[3], vectors[4]), cosine(vectors[3], vectors[2]) + 0.2);
    EXPECT_GT(cosine(vectors[3], vectors[5]), cosine(vectors[3], vectors[2]) + 0.2);
}

/// Ranks with the mean for ties.
std::vector<double> ranks(const std::vector<double>& values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> out(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]])
            ++last;
        for (std::size_t i = first; i <= last; ++i)
            out[order[i]] = static_cast<double>(first + last) / 2;
        first = last + 1;
    }
    return out;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b)
{
    const auto ra = ranks(a), rb = ranks(b);
    const double mean = static_cast<double>(a.size() - 1) / 2;
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < ra.size(); ++i) {
        ab += (ra[i] - mean) * (rb[i] - mean);
        aa += (ra[i] - mean) * (ra[i] - mean);
        bb += (rb[i] - mean) * (rb[i] - mean);
    }
    return ab / std::sqrt(aa * bb);
}

/// Lines of score, sentence and sentence, parted by tabulators: ours, or any other file of that form.
struct Pairs {
    std::vector<double> scores;
    std::vector<std::string> left, right;
};
Pairs readPairs(const std::string& path)
{
    Pairs pairs;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream cells(line);
        std::string score, left, right;
        if (std::getline(cells, score, '\t') && std::getline(cells, left, '\t') && std::getline(cells, right)) {
            pairs.scores.push_back(std::stod(score));
            pairs.left.push_back(left);
            pairs.right.push_back(right);
        }
    }
    return pairs;
}

double quality(Embedder& embedder, const Pairs& pairs)
{
    const auto left = vectorsOf(embedder, pairs.left), right = vectorsOf(embedder, pairs.right);
    std::vector<double> similarities;
    for (std::size_t i = 0; i < left.size(); ++i)
        similarities.push_back(cosine(left[i], right[i]));
    return spearman(pairs.scores, similarities);
}

TEST_F(BuiltIn, JudgesSimilarityFarBetterThanSpellingDoes)
{
    const char* const other = std::getenv("NORIKV_SENTENCE_PAIRS");
    const Pairs pairs = readPairs(other ? other : NORIKV_TEST_DATA "/sentence-pairs.tsv");
    ASSERT_GE(pairs.scores.size(), 100U);
    HashingEmbedder hashing(m_embedder->dimensions());
    const double ours = quality(*m_embedder, pairs);
    const double spelling = quality(hashing, pairs);
    std::cout << "Spearman over " << pairs.scores.size() << " pairs: " << m_embedder->name() << " " << ours << ", "
              << hashing.name() << " " << spelling << "\n";
    if (!other) {
        EXPECT_GT(ours, 0.75);
        EXPECT_GT(ours, spelling + 0.15);
    }
}

TEST_F(BuiltIn, TellsTheDocumentsThreeSentencesApart)
{
    const auto vectors = vectorsOf(*m_embedder,
        {"The quick brown fox jumps over the lazy dog.", "A quick brown fox jumped over a lazy dog.",
            "Machine learning is transforming industries."});
    std::cout << "doc2 to doc1: " << cosine(vectors[0], vectors[1])
              << ", doc3 to doc1: " << cosine(vectors[0], vectors[2]) << "\n";
    EXPECT_GE(cosine(vectors[0], vectors[1]), 0.95);
    EXPECT_LT(cosine(vectors[0], vectors[2]), 0.5);
    EXPECT_LT(cosine(vectors[1], vectors[2]), 0.5);
}

TEST_F(BuiltIn, DemoTextsHaveThemesAndNearDuplicatesThatAreFound)
{
    const auto demo = demo::demoTexts();
    ASSERT_THAT(demo, succeeds());
    std::set<std::string> ids, themes;
    std::vector<std::string> texts;
    for (const auto& text : demo->texts) {
        EXPECT_TRUE(ids.insert(text.id).second) << text.id;
        themes.insert(text.theme);
        EXPECT_FALSE(text.title.empty() || text.content.size() < 80) << text.id;
        texts.push_back(text.title + " " + text.content);
    }
    EXPECT_EQ(texts.size(), 308U);
    EXPECT_EQ(themes.size(), 12U);
    const auto vectors = vectorsOf(*m_embedder, texts);
    std::size_t copies = 0, found = 0, falsely = 0, sameTheme = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::size_t nearest = i == 0 ? 1 : 0;
        for (std::size_t j = 0; j < texts.size(); ++j) {
            if (j != i && cosine(vectors[i], vectors[j]) > cosine(vectors[i], vectors[nearest]))
                nearest = j;
        }
        const auto& text = demo->texts[i];
        const auto& other = demo->texts[nearest];
        sameTheme += text.theme == other.theme;
        const bool alike = cosine(vectors[i], vectors[nearest]) >= 0.95;
        copies += !text.nearId.empty();
        found += alike && text.nearId == other.id;
        falsely += alike && text.nearId != other.id && other.nearId != text.id;
    }
    EXPECT_EQ(copies, 20U);
    EXPECT_EQ(found, 20U) << "each reworded copy is a duplicate at the document's threshold";
    EXPECT_EQ(falsely, 0U) << "and nothing else is";
    EXPECT_GE(sameTheme, texts.size() * 8 / 10);

    std::set<std::string> products;
    for (const auto& product : demo->products)
        products.insert(product.id);
    EXPECT_EQ(products.size(), demo->products.size());
    EXPECT_GE(products.size(), 60U);
    EXPECT_GE(demo->users.size(), 5U);
    for (const auto& user : demo->users) {
        EXPECT_FALSE(user.likes.empty()) << user.id;
        for (const auto& like : user.likes)
            EXPECT_TRUE(products.contains(like)) << user.id << " likes " << like;
    }
}

TEST_F(BuiltIn, TheDemoIsPutInOnceByTheDocumentsThreeSystems)
{
    test::FakeClock clock;
    test::FakeStore store(clock);
    Call call;
    std::vector<std::size_t> steps;
    std::size_t total = 0;
    const auto progress = [&](std::size_t done, std::size_t all) {
        steps.push_back(done);
        total = all;
    };
    ASSERT_THAT(demo::seedVectors(store, call, *m_embedder, progress), succeeds());
    EXPECT_EQ(steps.size(), total);
    EXPECT_TRUE(std::ranges::is_sorted(steps));
    const auto counts = [&] {
        std::map<std::string, std::uint64_t> out;
        for (const auto& index : store.listVectorIndexes(call).value())
            out[index.name] = index.count;
        return out;
    };
    const std::map<std::string, std::uint64_t> expected{
        {DocumentIndex, 308}, {FingerprintIndex, 288}, {ProductIndex, 62}, {PreferenceIndex, 8}};
    EXPECT_EQ(counts(), expected) << "no reworded copy is stored as a fingerprint of its own";
    const auto taste = store.getVector(call, PreferenceIndex, "ada");
    ASSERT_THAT(demo::seedVectors(store, call, *m_embedder), succeeds());
    EXPECT_EQ(counts(), expected);
    EXPECT_EQ(*store.getVector(call, PreferenceIndex, "ada"), *taste) << "what is there stays";

    const auto found = SemanticSearch(store, *m_embedder).search(call, "a loaf baked at home", 3);
    ASSERT_THAT(found, succeeds());
    EXPECT_EQ(found->withoutMeta, 0U);
    EXPECT_EQ(found->documents.at(0).meta.theme, "cooking");
}

} // namespace
} // namespace norikv::client
