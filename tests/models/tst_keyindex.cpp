// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyindex.h"
#include "tests/models/keyfixture.h"

#include <gmock/gmock.h>

#include <random>

using namespace norikv;
using namespace norikv::models;
using test::chunkOf;
using test::keyRow;
using test::keysOf;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

std::vector<std::string> shown(const KeyStore& store, const KeyFilter& filter, std::size_t from = 0)
{
    const auto matcher = KeyMatcher::make(filter);
    EXPECT_TRUE(matcher);
    return keysOf(store, matcher->select(store, from, {}));
}

KeyFilter filterOf(KeyFilter::Mode mode, const QString& text)
{
    KeyFilter filter;
    filter.mode = mode;
    filter.text = text;
    return filter;
}

using Mode = KeyFilter::Mode;

} // namespace

TEST(KeyIndex, GlobMeansWhatItSays)
{
    EXPECT_TRUE(globMatches("*", ""));
    EXPECT_TRUE(globMatches("user:*", "user:1"));
    EXPECT_FALSE(globMatches("user:*", "users:1"));
    EXPECT_TRUE(globMatches("*:shard:?", "a:shard:7"));
    EXPECT_FALSE(globMatches("*:shard:?", "a:shard:17"));
    EXPECT_TRUE(globMatches("a*b*c", "aXbYbZc"));
    EXPECT_FALSE(globMatches("a*b*c", "aXbYbZ"));
    EXPECT_TRUE(globMatches("u[a-c1]x", "ubx"));
    EXPECT_FALSE(globMatches("u[!a-c]x", "ubx"));
    EXPECT_TRUE(globMatches("u[!a-c]x", "udx"));
    EXPECT_TRUE(globMatches("a\\*b", "a*b"));
    EXPECT_FALSE(globMatches("a\\*b", "axb"));
    EXPECT_TRUE(globMatches("[", "["));
    EXPECT_FALSE(globMatches("", "a"));
    EXPECT_TRUE(globMatches("a*****", "a"));
}

TEST(KeyIndex, AMatchNeverReachesFromOneKeyIntoTheNext)
{
    KeyStore store;
    store.append(chunkOf({"ab", "ca", "cab", "dd"}));
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("bc"))), IsEmpty());
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("ab"))), ElementsAre("ab", "cab"));
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("d"))), ElementsAre("dd"));
    // From a position on, as rows come in.
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("a")), 2), ElementsAre("cab"));
}

TEST(KeyIndex, EveryModeFindsItsKeys)
{
    KeyStore store;
    store.append(chunkOf({"a\\b", "cart:1", "user:1", "user:2:x", std::string("z\x01", 2), "\xFFraw"}));
    EXPECT_THAT(
        shown(store, filterOf(Mode::Prefix, QStringLiteral("user:"))), ElementsAre("user:1", "user:2:x"));
    EXPECT_THAT(shown(store, filterOf(Mode::Glob, QStringLiteral("*:1"))), ElementsAre("cart:1", "user:1"));
    EXPECT_THAT(
        shown(store, filterOf(Mode::Glob, QStringLiteral("user:*"))), ElementsAre("user:1", "user:2:x"));
    EXPECT_THAT(shown(store, filterOf(Mode::Regex, QStringLiteral("^(cart|user):\\d$"))),
        ElementsAre("cart:1", "user:1"));
    // Bytes that are no text are found as they are shown.
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("\\x01"))),
        ElementsAre(std::string("z\x01", 2)));
    EXPECT_THAT(shown(store, filterOf(Mode::Prefix, QStringLiteral("\\xFF"))), ElementsAre("\xFFraw"));
    EXPECT_THAT(shown(store, filterOf(Mode::Regex, QStringLiteral("raw"))), ElementsAre("\xFFraw"));
    // A lone backslash means itself.
    EXPECT_THAT(shown(store, filterOf(Mode::Substring, QStringLiteral("\\"))), ElementsAre("a\\b"));
}

TEST(KeyIndex, ABadPatternIsSaidWithItsPlace)
{
    const auto made = KeyMatcher::make(filterOf(Mode::Regex, QStringLiteral("user:(")));
    ASSERT_FALSE(made);
    EXPECT_FALSE(made.error().message.isEmpty());
    EXPECT_EQ(made.error().offset, 6);
}

TEST(KeyIndex, KindsFavouritesAndExpiryNarrowTheList)
{
    KeyStore store;
    auto chunk = std::make_unique<KeyChunk>();
    KeyRow starred = keyRow("a");
    starred.flags = FavouriteFlag;
    chunk->add(starred);
    chunk->add(keyRow("leader:x"));
    chunk->add(keyRow("session:1", 1, 10, 5000));
    chunk->add(keyRow("session:2"));
    store.append(std::move(chunk));
    KeyFilter filter;
    filter.kinds = {client::KeyKind::Session, client::KeyKind::Lease};
    EXPECT_THAT(shown(store, filter), ElementsAre("leader:x", "session:1", "session:2"));
    filter.onlyWithoutExpiry = true;
    EXPECT_THAT(shown(store, filter), ElementsAre("leader:x", "session:2"));
    filter.text = QStringLiteral("sess");
    EXPECT_THAT(shown(store, filter), ElementsAre("session:2"));
    filter = {};
    filter.onlyFavourites = true;
    EXPECT_THAT(shown(store, filter), ElementsAre("a"));
}

TEST(KeyIndex, SortsAsAStableSortDoes)
{
    std::mt19937_64 random(7);
    KeyStore store;
    for (int c = 0; c < 3; ++c) {
        auto chunk = std::make_unique<KeyChunk>();
        for (int i = 0; i < 5000; ++i) {
            const auto wide = random();
            chunk->add(keyRow("k:" + std::to_string(100'000 + c * 5000 + i),
                i % 7 == 0 ? wide % (1ULL << 40) : wide % 9, std::uint32_t(wide % 100),
                i % 3 == 0 ? 0 : EpochMs(wide % 1'000'000)));
        }
        store.append(std::move(chunk));
    }
    for (const auto by :
        {KeyOrder::By::Kind, KeyOrder::By::Size, KeyOrder::By::Expiry, KeyOrder::By::Version}) {
        for (const bool descending : {false, true}) {
            const KeyOrder order{by, descending};
            auto peer = store.order();
            std::ranges::stable_sort(peer, KeyLess(store, order));
            EXPECT_EQ(sorted(store, store.order(), order, {}), peer) << int(by) << descending;
        }
    }
    auto down = sorted(store, store.order(), {KeyOrder::By::Key, true}, {});
    EXPECT_TRUE(std::ranges::is_sorted(down, KeyLess(store, {KeyOrder::By::Key, true})));
    // No expiry is later than any.
    const auto last = sorted(store, store.order(), {KeyOrder::By::Expiry, false}, {}).back();
    EXPECT_EQ(store.expiresAtMs(last), 0);
}

TEST(KeyIndex, StopsWhenAsked)
{
    KeyStore store;
    for (int c = 0; c < 4; ++c) {
        auto chunk = std::make_unique<KeyChunk>();
        for (std::size_t i = 0; i < KeyChunk::Capacity; ++i)
            chunk->add(keyRow("k:" + std::to_string(1'000'000 + c * 10'000 + int(i))));
        store.append(std::move(chunk));
    }
    std::stop_source stop;
    stop.request_stop();
    KeyProgress progress;
    const auto matcher = KeyMatcher::make(filterOf(Mode::Regex, QStringLiteral("k")));
    EXPECT_LT(matcher->select(store, 0, stop.get_token(), &progress).size(), store.size());
    EXPECT_EQ(progress.total, store.size());
}
