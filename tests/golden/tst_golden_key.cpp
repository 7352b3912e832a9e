// SPDX-License-Identifier: GPL-3.0-or-later
// The key inspector in a dock of the usual width: each view of a value, the versions seen, the merge.
#include "tests/golden/goldenfixture.h"
#include "tests/models/feedfixture.h"

#include "client/decode/decode.h"
#include "client/placement.h"
#include "models/keyfeed.h"
#include "widgets/comparedialog.h"
#include "widgets/keyinspector.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTabBar>
#include <QTreeView>
#include <QtTest/QTest>

#include <thread>

using namespace norikv;
using namespace std::chrono_literals;
using models::KeyFeed;
using models::ViewMode;
using test::looksLike;
using test::waitFor;
using widgets::ThemePreference;

namespace {

constexpr int DockWidth = 360;
const client::Bytes session = "session:5f0d3c1e-2b7a-4a55-9d3f-0b6b4c1f7a21";
const client::Bytes before
    = R"({"userId":"u-1042","email":"ada@example.org","roles":["user"],"createdAt":1699998000000,)"
      R"("lastAccessedAt":1700000000000,"theme":"dark","balance":18446744073709551615})";
const client::Bytes theirs
    = R"({"userId":"u-1042","email":"ada@example.com","roles":["user","admin"],"createdAt":1699998000000,)"
      R"("lastAccessedAt":1700000090000,"theme":"dark","balance":18446744073709551615})";

class GoldenKey : public test::ThemedPicture {
protected:
    void open(const client::Bytes& key, const client::Bytes& value, std::uint64_t ttlMs = 0)
    {
        m_bench.store.led = {shardOf(key, 1024)};
        m_bench.store.idle = [] { std::this_thread::sleep_for(5ms); }; // it speaks even when nothing changes
        m_bench.store.plant(key, value, ttlMs);
        m_bench.open();
        m_feed = std::make_unique<KeyFeed>(*m_bench.dispatcher, *m_bench.connection, m_bench.clock);
        m_inspector = std::make_unique<widgets::KeyInspector>(*m_feed, m_bench.clock, theme());
        m_feed->open(key);
        ASSERT_TRUE(
            waitFor([&] { return m_feed->presenter().now().decoded && !m_feed->leader().isEmpty(); }));
        show(*m_inspector, DockWidth, 680);
        ASSERT_TRUE(waitFor([&] { return m_feed->live(); }));
        settle();
    }
    void tab(ViewMode mode)
    {
        m_feed->setMode(mode);
        ASSERT_TRUE(waitFor([&] { return m_feed->presenter().now().mode == mode; }));
    }
    template <class T> T* child(const char* name)
    {
        return m_inspector->findChild<T*>(QString::fromLatin1(name));
    }
    void settle()
    {
        test::spin(60);
        m_feed->refresh();
        test::spin(60);
        if (auto* focused = QApplication::focusWidget())
            focused->clearFocus();
        QCoreApplication::processEvents();
    }

    test::Bench m_bench;
    std::unique_ptr<KeyFeed> m_feed;
    std::unique_ptr<widgets::KeyInspector> m_inspector;
};

} // namespace

TEST_P(GoldenKey, Json)
{
    ASSERT_NO_FATAL_FAILURE(open(session, before, 2'484'000));
    EXPECT_TRUE(looksLike(*m_inspector, named("key-json")));
}

TEST_P(GoldenKey, TreeOfAWrappedValue)
{
    using enum client::Wrapping;
    const std::vector<client::WrapStep> chain{{Base64}, {Gzip}};
    ASSERT_NO_FATAL_FAILURE(open("cache:product:881",
        *client::encode(chain,
            R"({"sku":"881","tags":["new","sale"],"price":{"amount":1999,"currency":"EUR"},"stock":null})")));
    ASSERT_NO_FATAL_FAILURE(tab(ViewMode::Tree));
    child<QTreeView>("jsonTree")->expandAll();
    settle();
    EXPECT_TRUE(looksLike(*m_inspector, named("key-tree")));
}

TEST_P(GoldenKey, Hex)
{
    client::Bytes bytes;
    for (int i = 0; i < 700; ++i)
        bytes += static_cast<char>(i * 37 + i / 16);
    ASSERT_NO_FATAL_FAILURE(open("blob:index", bytes));
    EXPECT_TRUE(looksLike(*m_inspector, named("key-hex")));
}

TEST_P(GoldenKey, HistoryAndDifference)
{
    ASSERT_NO_FATAL_FAILURE(open(session, before, 2'484'000));
    m_bench.clock.advance(90s);
    m_bench.store.plant(session, theirs, 2'484'000);
    ASSERT_TRUE(waitFor([&] { return m_feed->entry().value == theirs; }));
    auto* tabs = child<QTabBar>("valueViews");
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(5).center());
    child<QPushButton>("compareWithNow")->click();
    ASSERT_TRUE(waitFor([&] { return child<QWidget>("diffView")->isVisible(); }));
    settle();
    EXPECT_TRUE(looksLike(*m_inspector, named("key-diff")));
}

TEST_P(GoldenKey, Merge)
{
    ASSERT_NO_FATAL_FAILURE(open(session, before, 2'484'000));
    child<QPushButton>("editValue")->click();
    auto* editor = child<QPlainTextEdit>("valueEditor");
    QString text = editor->toPlainText();
    text.replace(QStringLiteral("ada@example.org"), QStringLiteral("ada@lovelace.org"))
        .replace(QStringLiteral("\"dark\""), QStringLiteral("\"light\""));
    editor->setPlainText(text);
    m_bench.store.plant(session, theirs, 2'484'000);
    ASSERT_TRUE(waitFor([&] { return m_feed->moved(); }));
    for (auto* button : m_inspector->findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Merge …"))
            button->click();
    }
    ASSERT_TRUE(waitFor([&] { return child<QRadioButton>("mine0") != nullptr; }));
    child<QRadioButton>("mine0")->click();
    settle();
    EXPECT_TRUE(looksLike(*m_inspector, named("key-merge")));
}

TEST_P(GoldenKey, Edit)
{
    ASSERT_NO_FATAL_FAILURE(open(session, before, 2'484'000));
    child<QPushButton>("editValue")->click();
    settle();
    EXPECT_TRUE(looksLike(*m_inspector, named("key-edit")));
}

TEST_P(GoldenKey, CompareTwoKeys)
{
    m_bench.store.plant("session:a", before);
    m_bench.store.plant("session:b", theirs);
    m_bench.open();
    widgets::CompareDialog dialog(*m_bench.dispatcher, *m_bench.connection, "session:a", theme());
    dialog.findChild<QLineEdit*>(QStringLiteral("otherKey"))->setText(QStringLiteral("session:b"));
    dialog.findChild<QPushButton*>(QStringLiteral("compareNow"))->click();
    auto* diff = dialog.findChild<QWidget*>(QStringLiteral("diffView"));
    ASSERT_TRUE(waitFor([&] { return diff->accessibleDescription().startsWith(QStringLiteral("3 ")); }))
        << diff->accessibleDescription().toStdString();
    show(dialog, 920, 420);
    EXPECT_TRUE(looksLike(dialog, named("key-compare")));
}

INSTANTIATE_TEST_SUITE_P(Themes, GoldenKey, ::testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& tested) { return tested.param == ThemePreference::Dark ? "Dark" : "Light"; });
