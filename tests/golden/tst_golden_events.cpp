// SPDX-License-Identifier: GPL-3.0-or-later
// The events page: lanes over two working hours with a night between, an account at one of its events, and
// what that event changed.
#include "tests/golden/goldenfixture.h"
#include "tests/models/feedfixture.h"

#include "widgets/eventinspector.h"
#include "widgets/eventlanes.h"
#include "widgets/eventspage.h"

using namespace norikv;
using namespace std::chrono_literals;
using test::looksLike;
using test::waitFor;
using widgets::EventLane;
using widgets::EventMark;
using widgets::ThemePreference;

namespace {

constexpr EpochMs Morning = 1'700'000'000'000;
constexpr EpochMs Minute = 60'000;

class GoldenEvents : public test::ThemedPicture { };

EventLane lane(const char* name, const char* remark, bool wrong, std::vector<EventMark> marks)
{
    return {std::string("events:") + name + ":", QString::fromLatin1(name), QString::fromUtf8(remark),
        wrong, std::make_shared<const std::vector<EventMark>>(std::move(marks))};
}

} // namespace

TEST_P(GoldenEvents, Lanes)
{
    std::vector<EventMark> account;
    for (int i = 0; i < 12; ++i)
        account.push_back({Morning + i * 3 * Minute, i + 1, i == 0 ? 0 : 1 + i % 2});
    for (int i = 0; i < 9; ++i)
        account.push_back({Morning + 14 * 60 * Minute + i * 4 * Minute, 13 + i, 1 + i % 2});
    std::vector<EventMark> busy;
    for (int i = 0; i < 900; ++i)
        busy.push_back({Morning + i * 2500, i + 1, 3 + i % 3});
    widgets::EventLanes lanes(theme());
    show(lanes, 820, 200);
    lanes.setLanes({lane("account-1", "21 events", false, account), lane("orders", "900 events", false, busy),
                       lane("account-7", "3 events · E1 E6", true,
                           {{Morning + 10 * Minute, 1, 0}, {Morning + 12 * Minute, 3, 6},
                               {Morning + 14 * 60 * Minute + 30 * Minute, 4, 11}})},
        {});
    lanes.setCurrent("events:account-1:", 15);
    QCoreApplication::processEvents();
    EXPECT_TRUE(looksLike(lanes, named("events-lanes")));
}

TEST_P(GoldenEvents, Page)
{
    test::Bench bench;
    const auto event
        = [&](const std::string& aggregate, int version, const std::string& type, const std::string& data) {
              const auto number = std::to_string(version);
              bench.store.plant("events:" + aggregate + ":" + number,
                  R"({"id":"e)" + number + R"(","aggregateId":")" + aggregate + R"(","type":")" + type
                      + R"(","data":)" + data + R"(,"timestamp":)"
                      + std::to_string(Morning + version * Minute) + R"(,"version":)" + number + "}");
              bench.store.plant("events:meta:" + aggregate, R"({"version":)" + number + "}");
          };
    event("account-1", 1, "AccountOpened", "{}");
    event("account-1", 2, "MoneyDeposited", R"({"amount":100})");
    event("account-1", 3, "MoneyWithdrawn", R"({"amount":30})");
    event("account-1", 4, "MoneyDeposited", R"({"amount":5.5})");
    event("order-17", 1, "OrderPlaced", R"({"sku":"CHAIR-OAK","lines":[{"n":2}]})");
    event("order-17", 2, "OrderPaid", R"({"by":"card"})");
    bench.open();
    models::EventFeed feed(*bench.dispatcher, *bench.connection, bench.clock, nullptr);
    widgets::EventsPage page(feed, theme(), QString());
    widgets::EventInspector inspector(feed, theme());
    feed.select("account-1");
    show(page, 880, 700);
    auto& replay = feed.opened().replay;
    ASSERT_TRUE(waitFor([&] { return replay.count() == 4 && replay.moment().position == 4; }));
    replay.setPosition(3);
    ASSERT_TRUE(waitFor([&] {
        return replay.moment().position == 3 && feed.selectedEvent() && feed.selectedEvent()->number == 3
            && feed.model().rowCount() == 2;
    }));
    page.setReadOnly(false);
    show(page, 880, 700);
    EXPECT_TRUE(looksLike(page, named("events-page")));
    show(inspector, 320, 700);
    EXPECT_TRUE(looksLike(inspector, named("events-inspector")));
}

INSTANTIATE_TEST_SUITE_P(Theme, GoldenEvents, testing::Values(ThemePreference::Light, ThemePreference::Dark));
