// SPDX-License-Identifier: GPL-3.0-or-later
// The cache page and the rate-limits page, with something in them.
#include "tests/golden/goldenfixture.h"
#include "tests/models/feedfixture.h"

#include "widgets/cachepage.h"
#include "widgets/ratelimitspage.h"

#include <QTableView>

using namespace norikv;
using test::looksLike;
using test::waitFor;
using widgets::ThemePreference;

namespace {

constexpr EpochMs T = test::FakeClock::StartMs;

struct CacheBench : test::Bench {
    static constexpr std::size_t Reads = 6;
    std::unique_ptr<models::CacheFeed> feed;

    ~CacheBench() { feed.reset(); }
    void fill()
    {
        store.plant("user:1", R"({"name":"Ada"})");
        store.plant("user:2", R"({"name":"Grace"})");
        store.plant("product:kettle", "49.90");
        open();
        feed = std::make_unique<models::CacheFeed>(*dispatcher, *connection, clock, nullptr);
        for (const auto& [key, passed] : {std::pair{"user:1", 4}, {"user:2", 11}, {"product:kettle", 3},
                 {"user:1", 9}, {"user:1", 2}, {"product:kettle", 0}}) {
            std::optional<models::Outcome> outcome;
            const auto heard = QObject::connect(feed.get(), &models::PatternFeed::acted,
                [&](const models::Outcome& ended) { outcome = ended; });
            feed->get(key);
            EXPECT_TRUE(waitFor([&] { return outcome.has_value(); }));
            QObject::disconnect(heard);
            clock.advance(std::chrono::seconds(passed));
        }
        store.plant("user:2", R"({"name":"Grace Hopper"})");
    }
};

struct LimitsBench : test::Bench {
    std::unique_ptr<models::RateLimitFeed> feed;

    ~LimitsBench() { feed.reset(); }
    void limit(const char* identifier, const std::vector<int>& secondsAgo)
    {
        client::Bytes value = "[";
        for (const int ago : secondsAgo)
            value += (value.size() > 1 ? "," : "") + std::to_string(T - EpochMs(ago) * 1000);
        store.plant("ratelimit:" + client::Bytes(identifier), value + "]", 60'000);
    }
    void fill()
    {
        profile.rateLimits = {{"api:", {8, 60'000}}, {"login:", {3, 60'000}}};
        limit("api:acme", {50, 41, 33, 31, 12, 8});
        limit("api:globex", {44});
        limit("login:ada@example.com", {31, 20, 4});
        limit("login:mallory", {40, 39, 38, 37, 2});
        limit("mail:newsletter", {55, 30, 10, 5});
        store.plant("ratelimit:broken", "soon");
        open();
        feed = std::make_unique<models::RateLimitFeed>(*dispatcher, *connection, clock, nullptr);
        EXPECT_TRUE(waitFor([&] { return feed->all() == 6; }));
        feed->select("api:acme");
        EXPECT_TRUE(waitFor([&] { return feed->selectedRow().has_value(); }));
    }
};

class GoldenPages : public test::ThemedPicture { };

TEST_P(GoldenPages, Cache)
{
    // Each read is a bar of the strip, and so is a second: again, should one have ended among them.
    std::unique_ptr<CacheBench> b;
    int tries = 0;
    do {
        b = std::make_unique<CacheBench>();
        b->fill();
    } while (b->feed->seconds().size() != CacheBench::Reads && ++tries < 5);
    ASSERT_TRUE(waitFor([&] { return b->feed->seconds().size() == CacheBench::Reads + 1; }));
    b->feed->setPaused(true);
    ASSERT_TRUE(waitFor([&] {
        const auto& model = b->feed->model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row, models::CacheModel::State)
                    .data()
                    .toString()
                    .startsWith(QStringLiteral("stale")))
                return true;
        }
        return false;
    }));
    widgets::CachePage page(*b->feed, theme());
    show(page, 960, 640);
    EXPECT_TRUE(looksLike(page, named("cache")));
}

TEST_P(GoldenPages, CacheEmpty)
{
    CacheBench b;
    b.open();
    b.feed = std::make_unique<models::CacheFeed>(*b.dispatcher, *b.connection, b.clock, nullptr);
    widgets::CachePage page(*b.feed, theme());
    show(page, 960, 480);
    EXPECT_TRUE(looksLike(page, named("cache-empty")));
}

TEST_P(GoldenPages, RateLimits)
{
    LimitsBench b;
    b.fill();
    widgets::RateLimitsPage page(*b.feed, theme());
    show(page, 960, 620);
    EXPECT_TRUE(looksLike(page, named("ratelimits")));
}

INSTANTIATE_TEST_SUITE_P(Themes, GoldenPages, testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& tested) { return tested.param == ThemePreference::Dark ? "Dark" : "Light"; });

} // namespace
