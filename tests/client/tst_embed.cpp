// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/hashing.h"
#include "client/embed/tokenvectors.h"
#include "client/valuehash.h"
#include "tests/client/embedding.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace norikv::client {
namespace {

using test::cosine;
using test::failsWith;
using test::succeeds;
using test::vectorsOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Tokenizer::Kind;

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
    EXPECT_THAT(Tokenizer::make({}, {{'b', 'b', Kind::Space}, {'a', 'a', Kind::Space}}, {}),
        failsWith(ErrorKind::BadData));
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
    const auto vectors = vectorsOf(**made,
        {"ABC", "abc abc", "x",
            "\xC3\x84"
            "b x"});
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
        const std::vector<std::string> texts{"abc x! \xC3\x84"
                                             "b"};
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
    const auto vectors = vectorsOf(embedder,
        {"The quick brown fox", "the QUICK brown fox!", "A quick brown foxes", "Money in the bank"});
    EXPECT_EQ(vectors[0].size(), 256U);
    EXPECT_NEAR(cosine(vectors[0], vectors[0]), 1, 1e-6);
    EXPECT_NEAR(cosine(vectors[0], vectors[1]), 1, 1e-6);
    EXPECT_GT(cosine(vectors[0], vectors[2]), cosine(vectors[0], vectors[3]) + 0.3);
    const std::vector<std::string> empty{"fine", "..."};
    EXPECT_THAT(embedder.embed(empty, {}), failsWith(ErrorKind::InvalidRequest));
}

} // namespace
} // namespace norikv::client
