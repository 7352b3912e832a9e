// SPDX-License-Identifier: GPL-3.0-or-later
// The rate-limits page over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/burstbox.h"
#include "widgets/limitseditor.h"
#include "widgets/ratelimitinspector.h"
#include "widgets/ratelimitspage.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::RateLimitFeed;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;
constexpr EpochMs Hour = 3'600'000; // a window that does not run out while a test runs

client::Bytes times(const std::vector<EpochMs>& offsets)
{
    client::Bytes out = "[";
    for (const EpochMs offset : offsets)
        out += (out.size() > 1 ? "," : "") + std::to_string(T + offset);
    return out + "]";
}

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<RateLimitFeed> feed;
    std::unique_ptr<RateLimitsPage> page;
    std::unique_ptr<RateLimitInspector> inspector;

    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void start()
    {
        profile.rateLimits["in:"] = {3, Hour};
        store.idle = [this] {
            clock.advance(20ms);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<RateLimitFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<RateLimitsPage>(*feed, theme);
        inspector = std::make_unique<RateLimitInspector>(*feed, theme);
        QObject::connect(
            inspector.get(), &RateLimitInspector::limitRequested, page.get(), &RateLimitsPage::editLimit);
        page->resize(900, 800);
        page->show();
        inspector->show();
    }
    bool says(const QString& text) { return says(*page, text); }
    bool says(QWidget& where, const QString& text)
    {
        return waitFor([&] {
            const auto labels = where.findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        });
    }
    QTableView& table() { return *page->findChild<QTableView*>(QStringLiteral("rateLimitsTable")); }
    bool rows(int count)
    {
        return waitFor([&] { return table().model()->rowCount() == count; });
    }
    template <class W> W* in(QWidget& where, const char* name)
    {
        return where.findChild<W*>(QString::fromLatin1(name));
    }
};

TEST(RateLimitsPage, SaysThatItReadsWhyItFailedAndThatThereIsNothing)
{
    PageBench t;
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for rate limits")));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    EXPECT_TRUE(t.says(QStringLiteral("No rate limit yet")));
    EXPECT_FALSE(t.page->grab().isNull());
}

TEST(RateLimitsPage, ThePressureOrdersAndChipsAndTextFilter)
{
    PageBench t;
    t.store.plant("ratelimit:in:<b>low</b>", times({-5}), Hour);
    t.store.plant("ratelimit:in:full", times({-9, -5, -1}), Hour);
    t.store.plant("ratelimit:in:ahead", times({-9, 1'800'000}), Hour);
    t.store.plant("ratelimit:go:28333333", "7", Hour);
    t.start();
    ASSERT_TRUE(t.rows(4));
    EXPECT_EQ(t.table().model()->index(0, 0).data().toString(), QStringLiteral("in:full"));
    EXPECT_TRUE(t.says(QStringLiteral("3 of 3 used, 0 remaining. The next request would be refused")));
    t.in<QPushButton>(*t.page, "onlyFull")->click();
    ASSERT_TRUE(t.rows(1));
    t.in<QPushButton>(*t.page, "onlyFull")->click();
    ASSERT_TRUE(t.rows(4));
    t.in<QPushButton>(*t.page, "onlyWrong")->click();
    ASSERT_TRUE(t.rows(1)) << "R2: one is ahead";
    EXPECT_EQ(t.table().model()->index(0, 0).data().toString(), QStringLiteral("in:ahead"));
    t.in<QPushButton>(*t.page, "onlyWrong")->click();
    ASSERT_TRUE(t.rows(4));
    t.page->focusFilter();
    QTest::keyClicks(t.in<QLineEdit>(*t.page, "rateLimitFilter"), QStringLiteral("<B>"));
    ASSERT_TRUE(t.rows(1));
    EXPECT_FALSE(t.page->grab().isNull());
}

TEST(RateLimitsPage, EveryKindOfRecordIsPaintedAndReadAsATable)
{
    PageBench t;
    std::vector<EpochMs> many;
    for (EpochMs i = 5000; i > 0; --i)
        many.push_back(-i * 100);
    t.store.plant("ratelimit:in:many", times(many), Hour);
    t.store.plant("ratelimit:in:none", "[]", Hour);
    t.store.plant("ratelimit:in:odd", "<b>", Hour);
    t.store.plant("ratelimit:in:j", R"({"windowStart":)" + std::to_string(T - 9) + R"(,"count":2})", Hour);
    t.store.plant("ratelimit:go:28333333", "7", Hour);
    t.start();
    ASSERT_TRUE(t.rows(5));
    for (const char* id : {"in:many", "in:none", "in:odd", "in:j", "go:28333333", "gone"}) {
        t.feed->select(id);
        QTest::qWait(5);
        EXPECT_FALSE(t.page->grab().isNull()) << id;
        EXPECT_FALSE(t.inspector->grab().isNull()) << id;
    }
    t.feed->select("in:many");
    t.page->toggleTable();
    auto* list = t.in<QTableWidget>(*t.page, "windowTimes");
    EXPECT_TRUE(waitFor([&] { return list->rowCount() == 1000; })) << "the newest";
    EXPECT_TRUE(list->isVisible());
    t.page->toggleTable();
    EXPECT_FALSE(list->isVisible());
}

TEST(RateLimitsPage, TheInspectorChecksAndResets)
{
    PageBench t;
    t.store.plant("ratelimit:in:a", times({-5}), Hour);
    t.store.plant("ratelimit:go:28333333", "7", Hour);
    t.start();
    ASSERT_TRUE(t.rows(2));
    t.feed->select("in:a");
    ASSERT_TRUE(t.says(*t.inspector, QStringLiteral("would pass; 2 are left")));
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0U) << "looking counts nothing";
    t.in<QPushButton>(*t.inspector, "checkLimit")->click();
    ASSERT_TRUE(t.says(*t.inspector, QStringLiteral("would pass, and be the last")));
    t.in<QPushButton>(*t.inspector, "resetLimit")->click();
    EXPECT_TRUE(waitFor([&] { return !t.store.value("ratelimit:in:a"); }));
    EXPECT_TRUE(t.rows(1));
    t.feed->select("go:28333333");
    EXPECT_TRUE(waitFor([&] { return !t.in<QPushButton>(*t.inspector, "checkLimit")->isEnabled(); }))
        << "only Go clients count in a bucket";
}

TEST(RateLimitsPage, ALimitIsSetForAPrefixKeptAndForgotten)
{
    PageBench t;
    t.store.plant("ratelimit:out:a", times({-5, -4}), Hour);
    t.start();
    ASSERT_TRUE(t.rows(1));
    ASSERT_TRUE(waitFor([&] { return t.feed->selectedRow().has_value(); }));
    t.in<QPushButton>(*t.inspector, "editLimit")->click();
    auto& editor = *t.page->findChild<LimitsEditor*>();
    EXPECT_TRUE(editor.isVisible());
    EXPECT_EQ(t.in<QLineEdit>(editor, "limitPrefix")->text(), QStringLiteral("out:"));
    t.in<QSpinBox>(editor, "limitMost")->setValue(2);
    t.in<QDoubleSpinBox>(editor, "limitWindow")->setValue(3600);
    t.in<QPushButton>(editor, "setLimit")->click();
    EXPECT_TRUE(t.says(QStringLiteral("2 of 2 used")));
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0U);
    t.page->resize(900, 560);
    EXPECT_TRUE(waitFor([&] { return !t.in<QLabel>(*t.page, "windowWords")->isVisible(); }))
        << "on a low page the window makes way";
    t.page->resize(900, 800);
    EXPECT_TRUE(waitFor([&] { return t.in<QLabel>(*t.page, "windowWords")->isVisible(); }));
    const QVariantMap place = t.page->place();
    t.in<QPushButton>(editor, "forgetLimit")->click();
    EXPECT_TRUE(t.says(QStringLiteral("2 of 100 used")));
    t.page->setPlace(place);
    EXPECT_TRUE(t.says(QStringLiteral("2 of 2 used")));
}

TEST(RateLimitsPage, ABurstTellsWhatWasLetInAndIsGreyWhileReadOnly)
{
    PageBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No rate limit yet")));
    t.in<QPushButton>(*t.page, "openBurst")->click();
    auto& box = *t.page->findChild<BurstBox*>();
    t.page->setReadOnly(true);
    EXPECT_FALSE(t.in<QPushButton>(box, "sendBurst")->isEnabled());
    t.page->setReadOnly(false);
    t.in<QSpinBox>(box, "burstClients")->setValue(3);
    t.in<QSpinBox>(box, "burstEach")->setValue(4);
    t.in<QSpinBox>(box, "burstLimit")->setValue(5);
    t.in<QSpinBox>(box, "burstPace")->setValue(0);
    t.in<QPushButton>(box, "sendBurst")->click();
    EXPECT_TRUE(t.says(box, QStringLiteral("of 12; the limit allows 5")));
    EXPECT_TRUE(t.rows(1));
    EXPECT_FALSE(t.page->grab().isNull());
}

} // namespace
