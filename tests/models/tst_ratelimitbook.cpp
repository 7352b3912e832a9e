// SPDX-License-Identifier: GPL-3.0-or-later
// Rate limits as the window gets them: the book alone, its model, and the feed over a store in memory.
#include "models/ratelimitfeed.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>

#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using namespace std::chrono_literals;
using client::Bytes;
using client::RateLimit;
using models::FeedState;
using models::RateLimitBook;
using models::RateLimitFeed;
using models::RateLimitModel;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;
constexpr EpochMs Window = 30'000;

Bytes times(const std::vector<EpochMs>& offsets)
{
    Bytes out = "[";
    for (const EpochMs offset : offsets)
        out += (out.size() > 1 ? "," : "") + std::to_string(T + offset);
    return out + "]";
}

/// A book with a clock of its own, and the model that shows what it publishes.
struct Book {
    std::shared_ptr<RateLimitBook::Queue> queue = std::make_shared<RateLimitBook::Queue>();
    RateLimitBook book;
    RateLimitModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    EpochMs now = T;
    std::vector<std::string> rules; ///< of findings told so far
    std::size_t full = 0;

    explicit Book(client::RateLimits limits = {{"in:", {3, Window}}})
        : book(std::move(limits), queue)
    {
    }
    models::FollowStatus status() const { return {client::Coverage::Complete, true, now, 0}; }
    void put(const Bytes& id, const Bytes& value, std::optional<EpochMs> expiresAt = T + Window)
    {
        client::Entry entry;
        entry.key = client::rateLimitKey(id);
        entry.value = value;
        entry.version = client::Version{0, ++m_index};
        entry.expiresAtMs = expiresAt;
        entry.provenance = client::TtlProvenance::Server;
        book.put(entry, status());
    }
    void gone(const Bytes& id)
    {
        book.gone(client::rateLimitKey(id), RateLimitBook::Gone::Deleted, status());
    }
    void show()
    {
        book.publish(status());
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk) {
                model.setNow(now);
                model.show(piece->view);
                full = piece->full;
                for (const auto& finding : piece->findings)
                    rules.push_back(finding.rule + " " + finding.subject);
            }
        }
    }
    std::vector<std::string> ids() const
    {
        std::vector<std::string> out;
        for (int row = 0; row < model.rowCount(); ++row)
            out.push_back(*client::identifierOf(model.record(row).key));
        return out;
    }
    QString text(int row, int column) const { return model.index(row, column).data().toString(); }

private:
    std::uint64_t m_index = 0;
};

TEST(RateLimitBook, TheHighestPressureComesFirstAndFiltersNarrow)
{
    Book t;
    t.put("in:low", times({-1000}));
    t.put("in:full", times({-25'000, -2000, -1000}));
    t.put("other", times({-3000, -2000, -1000, 0}));
    t.put("in:odd", "<b>");
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"in:full", "in:low", "other", "in:odd"}));
    EXPECT_EQ(t.full, 1U);
    EXPECT_EQ(t.text(0, RateLimitModel::Used), QStringLiteral("3 of 3"));
    EXPECT_EQ(t.text(0, RateLimitModel::Next), QStringLiteral("in 5 s"));
    EXPECT_EQ(t.text(0, RateLimitModel::State), QStringLiteral("full"));
    EXPECT_EQ(t.text(1, RateLimitModel::Next), QStringLiteral("passes"));
    EXPECT_EQ(t.text(1, RateLimitModel::Limit), QStringLiteral("3 in 30 s"));
    EXPECT_EQ(t.text(2, RateLimitModel::Limit), QStringLiteral("≈ 100 in 1 min"));
    EXPECT_EQ(t.text(3, RateLimitModel::State), QStringLiteral("not readable"));
    models::RateLimitFilter filter;
    filter.onlyFull = true;
    t.book.setFilter(filter);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"in:full"}));
    filter = {};
    filter.text = "othe";
    t.book.setFilter(filter);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"other"}));
    t.book.setFilter({});
    t.book.setOrder(models::RateLimitOrder::Identifier);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"in:full", "in:low", "in:odd", "other"}));
}

TEST(RateLimitBook, TimeAloneMakesRoomAndThenAKeyOutlivesItsWindow)
{
    Book t;
    t.put("in:a", times({-25'000, -2000, -1000}), T + 29'000);
    t.show();
    EXPECT_EQ(t.full, 1U);
    t.now = T + 4999;
    t.show();
    EXPECT_EQ(t.text(0, RateLimitModel::Used), QStringLiteral("3 of 3"));
    t.now = T + 6000;
    t.show();
    EXPECT_EQ(t.text(0, RateLimitModel::Used), QStringLiteral("2 of 3"));
    EXPECT_EQ(t.full, 0U);
    t.now = T + 33'000;
    t.show();
    EXPECT_EQ(t.text(0, RateLimitModel::Used), QStringLiteral("0 of 3"));
    EXPECT_EQ(t.model.record(0).wrong, "R4");
    EXPECT_TRUE(t.rules.empty()) << "it must stand for five seconds";
    t.now = T + 39'000;
    t.show();
    EXPECT_EQ(t.rules, (std::vector<std::string>{"R4 in:a"}));
    t.gone("in:a");
    t.show();
    EXPECT_EQ(t.model.rowCount(), 0);
}

TEST(RateLimitBook, OverwrittenRequestsAreToldAndAResetForgetsThem)
{
    Book t;
    for (EpochMs i = 0; i < 5; ++i)
        t.put("in:a", times({i}));
    for (EpochMs i = 0; i < 5; ++i) {
        if (i == 3)
            t.gone("in:b");
        t.put("in:b", times({i}));
    }
    t.show();
    EXPECT_EQ(t.model.record(0).wrong, "R1");
    EXPECT_EQ(t.model.record(1).wrong, "");
    t.now = T + 6000;
    t.show();
    EXPECT_EQ(t.rules, (std::vector<std::string>{"R1 in:a"}));
    Book other;
    other.put("in:a", times({0, 1}));
    other.book.interrupted();
    other.put("in:a", times({2, 3}));
    other.show();
    EXPECT_EQ(other.model.record(0).wrong, "") << "what was before may have been reset unseen";
}

TEST(RateLimitBook, AnotherLimitHoldsForEveryRowAtOnce)
{
    Book t;
    t.put("in:a", times({-3000, -2000, -1000}));
    t.put("other", times({-3000, -2000, -1000}));
    t.show();
    EXPECT_EQ(t.full, 1U);
    t.book.setLimits({{"in:", {2, Window}}, {"oth", {9, 2500}}});
    t.show();
    ASSERT_EQ(t.ids(), (std::vector<std::string>{"in:a", "other"}));
    EXPECT_EQ(t.model.record(0).wrong, "R1");
    EXPECT_EQ(t.model.record(0).worst, client::Severity::Certain) << "set by a person";
    EXPECT_EQ(t.text(1, RateLimitModel::Used), QStringLiteral("2 of 9"));
    t.book.setLimits({{"in:", {10, Window}}});
    t.show();
    EXPECT_EQ(t.model.record(0).wrong, "");
}

TEST(RateLimitBook, AListWithoutARateLimitDropsIt)
{
    Book t;
    t.put("in:a", times({0}));
    t.put("in:b", times({0}));
    t.book.listed([](std::string_view key) { return key == "ratelimit:in:b"; }, t.status());
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"in:b"}));
}

TEST(RateLimitBook, WhatIsShownEqualsAPlainSortedListThroughThousandsOfChanges)
{
    std::mt19937 random(5);
    Book t({{"", {10, Window}}});
    std::map<Bytes, std::vector<EpochMs>> all;
    for (int step = 0; step < 3000; ++step) {
        const Bytes id = "k" + std::to_string(random() % 60);
        if (random() % 9 == 0) {
            t.gone(id);
            all.erase(id);
        } else {
            std::vector<EpochMs> list;
            for (EpochMs i = 0, n = random() % 9; i < n; ++i)
                list.push_back(t.now - T - 8000 + i * 800);
            t.put(id, times(list), t.now + Window);
            all[id] = list;
        }
        if (step % 40 != 0)
            continue;
        t.now += 1000;
        t.show();
        std::vector<std::pair<int, std::string>> plain;
        for (const auto& [key, list] : all) {
            const auto used
                = std::ranges::count_if(list, [&](EpochMs ts) { return T + ts > t.now - Window; });
            plain.emplace_back(-static_cast<int>(used), key);
        }
        std::ranges::sort(plain);
        std::vector<std::string> expected;
        for (const auto& [used, id2] : plain)
            expected.push_back(id2);
        ASSERT_EQ(t.ids(), expected) << step;
    }
}

struct Feed : Bench {
    std::unique_ptr<RateLimitFeed> feed;
    std::vector<models::Outcome> outcomes;
    std::vector<client::Finding> findings;

    ~Feed() { feed.reset(); }
    void start()
    {
        profile.rateLimits["in:"] = {3, Window};
        store.idle = [this] {
            clock.advance(20ms);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<RateLimitFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &RateLimitFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
        QObject::connect(feed.get(), &RateLimitFeed::found, feed.get(),
            [this](const client::Finding& finding) { findings.push_back(finding); });
    }
    bool acted(std::size_t count)
    {
        return waitFor([&] { return outcomes.size() >= count; });
    }
};

TEST(RateLimitFeed, LookingWritesNothingAndActionsDoWhatTheySay)
{
    Feed t;
    t.store.plant("ratelimit:in:a", times({-2, -1}), Window);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 1 && t.feed->selectedRow(); }));
    t.feed->select("in:a");
    t.feed->select("in:b");
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0U);
    t.feed->checkLimit("in:a");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes[0].text.contains(QStringLiteral("passes; 0 are left")))
        << t.outcomes[0].text.toStdString();
    const auto puts = t.store.count(FakeStore::Op::Put);
    t.feed->checkLimit("in:a");
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes[1].text.contains(QStringLiteral("refused")));
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), puts);
    t.feed->reset("ratelimit:in:a");
    ASSERT_TRUE(t.acted(3));
    EXPECT_FALSE(t.store.value("ratelimit:in:a"));
    EXPECT_TRUE(waitFor([&] { return t.feed->all() == 0; }));
}

TEST(RateLimitFeed, LimitsSetHereAreHeldToAndKeptAsPlainValues)
{
    Feed t;
    t.store.plant("ratelimit:in:a", times({-2, -1}), Window);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->selectedRow().has_value(); }));
    t.feed->setLimit("in:", {1, 60'000});
    EXPECT_FALSE(t.feed->selectedRow()->state.passes) << "at once";
    EXPECT_TRUE(waitFor([&] { return t.feed->full() == 1 && t.feed->wrong() == 1; }));
    t.feed->setLimit("\xFFx", {7, 500});
    const QVariantMap kept = t.feed->ownLimits();
    t.feed->forgetLimit("in:");
    EXPECT_EQ(t.feed->limits().at("in:"), (RateLimit{3, 30'000})) << "the profile's is back";
    t.feed->setOwnLimits(kept);
    EXPECT_EQ(t.feed->limits().at("in:"), (RateLimit{1, 60'000}));
    EXPECT_EQ(t.feed->limits().at("\xFFx"), (RateLimit{7, 500}));
    t.feed->setOwnLimits({{QStringLiteral("a"), 7}, {QStringLiteral("b"), QVariantList{0, 5}},
        {QStringLiteral("c"), QVariantList{5, QStringLiteral("x")}}});
    EXPECT_EQ(t.feed->limits().size(), 1U) << "what is no limit is left out";
}

TEST(RateLimitFeed, TheProfileIsToldWhatIsSetHereButNotWhatIsTried)
{
    Feed t;
    t.start();
    using Told = std::map<client::Bytes, std::optional<RateLimit>>;
    Told told;
    QObject::connect(t.feed.get(), &RateLimitFeed::profileLimit,
        [&](const client::Bytes& prefix, const std::optional<RateLimit>& limit) { told[prefix] = limit; });
    t.feed->setLimit("in:", {1, 60'000});
    t.feed->setLimit("out:", {2, 500});
    t.feed->tryLimit("burst:", {5, 1000});
    EXPECT_EQ(told, (Told{{"in:", RateLimit{1, 60'000}}, {"out:", RateLimit{2, 500}}}));
    EXPECT_EQ(t.feed->limits().at("burst:"), (RateLimit{5, 1000}));
    const QVariantMap kept = t.feed->ownLimits();
    EXPECT_EQ(kept.keys(), (QStringList{QStringLiteral("in:"), QStringLiteral("out:")}));
    for (const char* prefix : {"in:", "out:", "burst:"})
        t.feed->forgetLimit(prefix);
    EXPECT_EQ(told, (Told{{"in:", RateLimit{3, 30'000}}, {"out:", std::nullopt}}))
        << "the profile's own comes back";
    // Where the profile keeps them the page's place does not: what an older place has moves over.
    t.feed->keepInProfile();
    told.clear();
    t.feed->setOwnLimits(kept);
    EXPECT_EQ(told, (Told{{"in:", RateLimit{1, 60'000}}, {"out:", RateLimit{2, 500}}}));
    EXPECT_TRUE(t.feed->ownLimits().isEmpty());
}

TEST(RateLimitFeed, ABurstClosesItsBooks)
{
    Feed t;
    t.start();
    client::demo::BurstPlan plan;
    plan.identifier = "in:burst";
    plan.limit = {3, 30'000};
    plan.clients = 4;
    plan.requestsEach = 3;
    t.feed->startBurst(plan);
    EXPECT_TRUE(t.feed->bursting());
    ASSERT_TRUE(t.acted(1));
    ASSERT_TRUE(t.feed->burst()) << t.outcomes[0].text.toStdString();
    EXPECT_EQ(t.feed->burst()->sent, 12);
    EXPECT_LE(t.feed->burst()->admitted, 3);
    EXPECT_FALSE(t.feed->bursting());
    t.feed->startBurst(plan);
    ASSERT_TRUE(t.acted(2));
    EXPECT_FALSE(t.outcomes[1].ok) << "its identifier is in use";
    plan.identifier = "in:long";
    plan.spacing = 1h;
    t.feed->startBurst(plan);
    t.feed->stopBurst();
    ASSERT_TRUE(t.acted(3));
    EXPECT_FALSE(t.feed->bursting());
}

TEST(RateLimitFeed, AnUnknownOutcomeCanBeChecked)
{
    Feed t;
    t.store.plant("ratelimit:in:a", "[]", Window);
    t.start();
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    t.feed->checkLimit("in:a");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().unknown);
    ASSERT_TRUE(t.outcomes.back().canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().ok);
}

TEST(RateLimitFeed, RequestsThatOverwriteOneAnotherBecomeAFinding)
{
    Feed t;
    t.store.plant("ratelimit:in:a", times({0}), Window);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 1 && t.feed->live(); }));
    for (EpochMs i = 1; i < 5; ++i)
        t.store.plant("ratelimit:in:a", times({i}), Window);
    EXPECT_TRUE(waitFor([&] {
        return std::ranges::any_of(
            t.findings, [](const auto& f) { return f.rule == "R1" && f.subject == "in:a"; });
    }));
}

} // namespace
