// SPDX-License-Identifier: GPL-3.0-or-later
// The cache page over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/cachepage.h"
#include "widgets/hitstrip.h"
#include "widgets/theme.h"
#include "widgets/ttlcurve.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using models::CacheFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;

namespace {

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<CacheFeed> feed;
    std::unique_ptr<CachePage> page;

    ~PageBench()
    {
        page.reset();
        feed.reset();
    }
    void start()
    {
        open();
        feed = std::make_unique<CacheFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<CachePage>(*feed, theme);
        page->resize(960, 700);
        page->show();
    }
    template <class W> W& the(const char* name) { return *page->findChild<W*>(QString::fromLatin1(name)); }
    bool says(const QString& text)
    {
        return waitFor([&] {
            const auto labels = page->findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        });
    }
    void get(const char* key)
    {
        the<QLineEdit>("cacheKey").setText(QString::fromLatin1(key));
        QTest::keyClick(&the<QLineEdit>("cacheKey"), Qt::Key_Return);
    }
};

TEST(CachePage, IsEmptyUntilAKeyIsReadAndThenShowsIt)
{
    PageBench t;
    t.store.plant("user:1", "Ann");
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Nothing cached yet")));
    t.get("user:1");
    auto& table = t.the<QTableView>("cacheTable");
    ASSERT_TRUE(waitFor([&] { return table.isVisible() && table.model()->rowCount() == 1; }));
    EXPECT_FALSE(t.page->grab().isNull());
    EXPECT_TRUE(t.says(QStringLiteral("compared with the server")));
    QSignalSpy opened(t.page.get(), &Page::keyActivated);
    table.setFocus();
    ASSERT_TRUE(waitFor([&] { return table.currentIndex().isValid(); }));
    QTest::keyClick(&table, Qt::Key_Return);
    ASSERT_EQ(opened.size(), 1);
    EXPECT_EQ(opened[0][0].toByteArray(), QByteArray("user:1"));
    t.the<QPushButton>("invalidate").click();
    EXPECT_TRUE(waitFor([&] { return table.model()->rowCount() == 0; }));
}

TEST(CachePage, PutAndDeleteGoToTheServerAndAreGreyWhileReadOnly)
{
    PageBench t;
    t.start();
    t.the<QLineEdit>("cacheKey").setText(QStringLiteral("k"));
    t.the<QLineEdit>("cacheValue").setText(QStringLiteral("v"));
    t.the<QPushButton>("cachePut").click();
    ASSERT_TRUE(waitFor([&] { return t.store.value("k") == "v"; }));
    t.page->setReadOnly(true);
    EXPECT_FALSE(t.the<QPushButton>("cachePut").isEnabled());
    EXPECT_FALSE(t.the<QPushButton>("cacheDelete").isEnabled());
    EXPECT_TRUE(t.the<QPushButton>("cacheGet").isEnabled());
    t.page->setReadOnly(false);
    t.the<QPushButton>("cacheDelete").click();
    EXPECT_TRUE(waitFor([&] { return !t.store.value("k"); }));
}

TEST(CachePage, SettingsTakeEffectAtOnce)
{
    PageBench t;
    t.store.plant("a", "1");
    t.start();
    t.get("a");
    ASSERT_TRUE(waitFor([&] { return t.feed->stats().size == 1; }));
    auto& ttl = t.the<QComboBox>("cacheTtl");
    ttl.setCurrentIndex(ttl.findData(qulonglong(5000)));
    Q_EMIT ttl.activated(ttl.currentIndex());
    EXPECT_EQ(t.feed->options().ttlMs, 5000U);
    t.the<QSpinBox>("cacheSize").setValue(7);
    EXPECT_EQ(t.feed->options().maxEntries, 7U);
    t.feed->setOptions({12'345, 7, true});
    EXPECT_EQ(ttl.currentData().toULongLong(), 12'345U) << "one set elsewhere is shown too";
}

TEST(CachePage, AStampedeSaysWhatReachedTheServer)
{
    PageBench t;
    t.store.plant("a", "1");
    t.start();
    t.get("a");
    auto& button = t.the<QPushButton>("stampede");
    ASSERT_TRUE(waitFor([&] { return button.isEnabled(); }));
    button.click();
    EXPECT_TRUE(t.says(QStringLiteral("with single flight 1")))
        << t.the<QLabel>("stampedeVerdict").text().toStdString();
    EXPECT_TRUE(button.isEnabled());
}

TEST(CacheCharts, SurviveAnythingAndSpeak)
{
    Theme theme{ThemePreference::Dark};
    HitStrip strip(theme);
    strip.resize(400, 96);
    EXPECT_FALSE(strip.grab().isNull());
    strip.setSeconds({{3, 1, 2}, {0, 0, 0}, {4'000'000'000U, 0, 0}});
    EXPECT_FALSE(strip.grab().isNull());
    EXPECT_TRUE(strip.accessibleDescription().contains(QStringLiteral("4000000000")));
    TtlCurve curve(theme);
    curve.resize(300, 96);
    EXPECT_FALSE(curve.grab().isNull());
    curve.setPoints({{1000, 5, 0}}, 1000);
    EXPECT_FALSE(curve.grab().isNull());
    curve.setPoints({{1000, 5, 0}, {60'000, 0.5, 1}}, 60'000);
    EXPECT_FALSE(curve.grab().isNull());
    EXPECT_TRUE(curve.accessibleDescription().contains(QStringLiteral("1 min")));
}

} // namespace
