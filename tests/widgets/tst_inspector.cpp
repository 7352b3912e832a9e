// SPDX-License-Identifier: GPL-3.0-or-later
// The key inspector beyond showing and saving: layers, views, versions, two people at one key.
#include "client/decode/decode.h"
#include "models/keyfeed.h"
#include "models/text.h"
#include "tests/models/feedfixture.h"
#include "widgets/comparedialog.h"
#include "widgets/diffview.h"
#include "widgets/imageview.h"
#include "widgets/keyinspector.h"
#include "widgets/noticebar.h"
#include "widgets/theme.h"
#include "widgets/valueview.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::KeyFeed;
using models::ViewMode;
using test::Bench;
using test::FakeStore;
using test::spin;
using test::waitFor;
using Op = FakeStore::Op;
using enum client::Wrapping;

namespace {

/// One person at one key.
struct Person {
    KeyFeed feed;
    KeyInspector page;

    Person(Bench& bench, const Theme& theme)
        : feed(*bench.dispatcher, *bench.connection, bench.clock)
        , page(feed, bench.clock, theme)
    {
        page.resize(360, 700);
        page.show();
        page.activateWindow();
    }
    template <class T> T* child(const char* name) { return page.findChild<T*>(QString::fromLatin1(name)); }
    [[nodiscard]] bool open(const client::Bytes& key, KeyFeed::State state = KeyFeed::State::Ready)
    {
        feed.open(key);
        return waitFor([&] { return feed.state() == state && feed.presenter().now().decoded; });
    }
    [[nodiscard]] bool shows(ViewMode mode)
    {
        return waitFor([&] { return feed.presenter().now().mode == mode && feed.presenter().now().decoded; });
    }
    QPlainTextEdit* editor() { return child<QPlainTextEdit>("valueEditor"); }
    void edit()
    {
        child<QPushButton>("editValue")->click();
        EXPECT_TRUE(waitFor([&] { return page.editing(); }));
    }
    void save() { child<QPushButton>("saveValue")->click(); }
    QString notice() { return page.findChild<NoticeBar*>()->text(); }
    bool noticed(const char* part)
    {
        return waitFor([&] { return notice().contains(QLatin1String(part)); });
    }
    QPushButton* button(const char* text)
    {
        for (auto* b : page.findChildren<QPushButton*>()) {
            if (b->text() == QString::fromUtf8(text) && b->isVisible())
                return b;
        }
        return nullptr;
    }
    QStringList chips()
    {
        QStringList out;
        for (auto* chip : page.findChildren<QToolButton*>()) {
            if (chip->property("role").toString() == QStringLiteral("chip") && chip->isVisible())
                out << chip->text().section(QLatin1Char(' '), 0, 0);
        }
        return out;
    }
    void tab(int index)
    {
        auto* tabs = child<QTabBar>("valueViews");
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(index).center());
    }
};

struct InspectorBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<Person> one, two;

    InspectorBench() { theme.setReducedMotion(true); }
    ~InspectorBench()
    {
        two.reset();
        one.reset();
    }
    Person& start()
    {
        open();
        one = std::make_unique<Person>(*this, theme);
        return *one;
    }
    Person& join()
    {
        two = std::make_unique<Person>(*this, theme);
        return *two;
    }
};

QAction* action(QToolButton* button, const char* text)
{
    for (auto* a : button->menu()->actions()) {
        if (a->text() == QLatin1String(text))
            return a;
    }
    return nullptr;
}

void replaceText(QPlainTextEdit* editor, const char* from, const char* to)
{
    editor->setPlainText(editor->toPlainText().replace(QLatin1String(from), QLatin1String(to)));
}

} // namespace

TEST(InspectorTest, LayersAreChipsThatCanBeLeftOn)
{
    InspectorBench b;
    b.store.plant("k", *client::encode(std::vector<client::WrapStep>{{Base64}, {Gzip}}, R"({"a":1})"));
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    ASSERT_TRUE(p.shows(ViewMode::Json));
    EXPECT_EQ(p.chips(), QStringList({QStringLiteral("base64"), QStringLiteral("gzip")}));
    for (auto* chip : p.page.findChildren<QToolButton*>()) {
        if (chip->text().startsWith(QStringLiteral("gzip")))
            QTest::mouseClick(chip, Qt::LeftButton);
    }
    ASSERT_TRUE(waitFor([&] { return p.chips() == QStringList({QStringLiteral("base64")}); }));
    ASSERT_TRUE(p.shows(ViewMode::Hex)) << "what is left is binary";
    action(p.child<QToolButton>("addLayer"), "gzip")->trigger();
    ASSERT_TRUE(p.shows(ViewMode::Json));
    EXPECT_EQ(p.chips().size(), 2);
    action(p.child<QToolButton>("addLayer"), "zstd")->trigger();
    ASSERT_TRUE(waitFor([&] { return p.feed.presenter().now().decoded->problem.has_value(); }));
    EXPECT_TRUE(p.feed.view().remark.contains(QStringLiteral("zstd"))) << "and says why not";
    action(p.child<QToolButton>("valueForm"), "Automatic")->trigger();
    ASSERT_TRUE(waitFor([&] { return p.chips().size() == 2; }));
    EXPECT_EQ(b.store.count(Op::Put), 0U);
}

TEST(InspectorTest, AnEditGoesBackIntoItsLayers)
{
    InspectorBench b;
    const std::vector<client::WrapStep> chain{{Zstd}};
    b.store.plant("k", *client::encode(chain, R"({"a":1})"));
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    p.edit();
    replaceText(p.editor(), "1", "2");
    p.save();
    ASSERT_TRUE(p.noticed("was saved"));
    EXPECT_EQ(client::decode(*b.store.value("k")).bytes, R"({"a":2})");
    EXPECT_EQ(client::decode(*b.store.value("k")).chain, chain);
    p.edit();
    p.editor()->setPlainText(QStringLiteral("{\"a\":"));
    p.save();
    ASSERT_TRUE(p.noticed("not valid"));
    EXPECT_TRUE(p.page.editing());
    EXPECT_EQ(client::decode(*b.store.value("k")).bytes, R"({"a":2})") << "nothing was written";
    p.button("Save as it is")->click();
    ASSERT_TRUE(p.noticed("was saved"));
    EXPECT_EQ(client::decode(*b.store.value("k")).bytes, "{\"a\":");
}

TEST(InspectorTest, ViewsByKeyboard)
{
    InspectorBench b;
    b.store.plant("k", R"({"a":{"b":[1,2]}})");
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    ASSERT_TRUE(p.shows(ViewMode::Json));
    auto* tabs = p.child<QTabBar>("valueViews");
    tabs->setFocus();
    ASSERT_TRUE(waitFor([&] { return tabs->hasFocus(); }));
    QTest::keyClick(tabs, Qt::Key_Right);
    ASSERT_TRUE(p.shows(ViewMode::Tree));
    auto* tree = p.child<QTreeView>("jsonTree");
    EXPECT_TRUE(tree->isVisible());
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QTest::keyClick(tree, Qt::Key_Right);
    EXPECT_TRUE(tree->isExpanded(tree->model()->index(0, 0)));
    p.feed.refresh();
    spin(50);
    EXPECT_TRUE(tree->isExpanded(tree->model()->index(0, 0))) << "reading the same again moves nothing";
    tabs->setFocus();
    QTest::keyClick(tabs, Qt::Key_Right);
    ASSERT_TRUE(p.shows(ViewMode::Hex));
    QTest::keyClick(tabs, Qt::Key_Right);
    EXPECT_TRUE(p.child<QTableView>("keyHistory")->isVisible()) << "no picture: its tab is skipped";
    // Every button is reached by Tab and has a name.
    for (auto* widget : p.page.findChildren<QAbstractButton*>()) {
        if (widget->isVisible() && widget->isEnabled()) {
            EXPECT_FALSE(widget->text().isEmpty() && widget->accessibleName().isEmpty());
        }
    }
}

TEST(InspectorTest, TheHeadEmitsIntents)
{
    InspectorBench b;
    b.store.plant("session:1", "{}");
    b.store.plant("plain", "x");
    auto& p = b.start();
    ASSERT_TRUE(p.open("session:1"));
    QSignalSpy panel(&p.page, &KeyInspector::openInPanelRequested);
    QSignalSpy star(&p.page, &KeyInspector::favouriteToggled);
    p.child<QPushButton>("openInPanel")->click();
    ASSERT_EQ(panel.count(), 1);
    EXPECT_EQ(panel[0][1].toByteArray(), "session:1");
    p.child<QToolButton>("favourite")->click();
    ASSERT_EQ(star.count(), 1);
    EXPECT_TRUE(star[0][1].toBool());
    p.page.setFavourite(false);
    EXPECT_EQ(star.count(), 1) << "told from outside is no wish";
    p.child<QToolButton>("watchKey")->click();
    EXPECT_FALSE(p.feed.following());
    p.child<QToolButton>("watchKey")->click();
    EXPECT_TRUE(p.feed.following());
    action(p.child<QToolButton>("copyMenu"), "Stored bytes as hex")->trigger();
    ASSERT_TRUE(waitFor([] { return QApplication::clipboard()->text() == QStringLiteral("7b 7d"); }));
    action(p.child<QToolButton>("copyMenu"), "Key")->trigger();
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("session:1"));
    ASSERT_TRUE(p.open("plain"));
    EXPECT_FALSE(p.child<QPushButton>("openInPanel")->isVisible());
    action(p.child<QToolButton>("copyMenu"), "Value as JSON")->trigger();
    ASSERT_TRUE(waitFor([] { return QApplication::clipboard()->text() == QStringLiteral("\"x\""); }));
}

TEST(InspectorTest, VersionsSeenAreComparedWithNow)
{
    InspectorBench b;
    b.store.plant("k", "one\ntwo\n");
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    p.tab(5);
    EXPECT_FALSE(p.child<QPushButton>("compareWithNow")->isEnabled()) << "nothing to compare with yet";
    b.store.plant("k", "one\n2\n");
    ASSERT_TRUE(waitFor([&] { return p.feed.entry().value == "one\n2\n"; }));
    EXPECT_EQ(p.feed.history().rowCount(), 2);
    p.child<QPushButton>("compareWithNow")->click();
    auto* diff = p.child<DiffView>("diffView");
    ASSERT_TRUE(waitFor([&] { return diff->isVisible(); }));
    EXPECT_EQ(diff->accessibleDescription(), QStringLiteral("1 lines removed, 1 added"));
    EXPECT_EQ(diff->nextChange(0, 1), 1);
    EXPECT_EQ(diff->nextChange(1, 1), -1);
}

TEST(InspectorTest, TwoEditorsMerge)
{
    InspectorBench b;
    b.store.plant("k", R"({"a":1,"b":1,"c":1})", 60'000);
    auto& one = b.start();
    auto& two = b.join();
    ASSERT_TRUE(one.open("k"));
    ASSERT_TRUE(two.open("k"));
    one.edit();
    two.edit();
    replaceText(one.editor(), "\"a\": 1", "\"a\": 10");
    replaceText(one.editor(), "\"c\": 1", "\"c\": 10");
    replaceText(two.editor(), "\"b\": 1", "\"b\": 20");
    replaceText(two.editor(), "\"c\": 1", "\"c\": 20");
    one.save();
    ASSERT_TRUE(one.noticed("was saved"));
    two.save(); // too late, whether it heard of the other yet or not
    ASSERT_TRUE(waitFor([&] { return two.button("Merge …") != nullptr && two.feed.moved(); }));
    EXPECT_TRUE(two.page.editing());
    EXPECT_TRUE(two.editor()->toPlainText().contains(QStringLiteral("\"b\": 20"))) << "the edit is untouched";
    two.button("Merge …")->click();
    ASSERT_TRUE(waitFor([&] { return two.child<QRadioButton>("mine0") != nullptr; }));
    EXPECT_FALSE(two.child<QPushButton>("useMerged")->isEnabled()) << "nothing is chosen in advance";
    EXPECT_EQ(two.child<QRadioButton>("mine1"), nullptr) << "only c is in conflict";
    two.child<QRadioButton>("mine0")->click();
    two.child<QPushButton>("useMerged")->click();
    EXPECT_TRUE(two.page.editing());
    const auto puts = b.store.count(Op::Put);
    spin(30);
    EXPECT_EQ(b.store.count(Op::Put), puts) << "merging writes nothing";
    two.save();
    ASSERT_TRUE(waitFor([&] { return !two.page.editing(); }));
    EXPECT_EQ(b.store.value("k"), R"({"a":10,"b":20,"c":20})");
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, b.clock.nowMs() + 60'000);
    for (const auto& seen : b.store.seen())
        EXPECT_TRUE(seen.op != Op::Put || seen.cas);
}

// Theirs moves on while one is choosing: the save compares with what was merged, and so finds out.
TEST(InspectorTest, AThirdWriteDuringTheMergeIsNotOverwritten)
{
    InspectorBench b;
    b.store.plant("k", "1\n2\n3\n4\n5\n");
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    p.edit();
    p.editor()->setPlainText(QStringLiteral("mine\n2\n3\n4\n5\n"));
    b.store.plant("k", "1\n2\n3\n4\ntheirs\n");
    ASSERT_TRUE(waitFor([&] { return p.button("Merge …") != nullptr; }));
    p.button("Merge …")->click();
    ASSERT_TRUE(waitFor([&] { return p.child<QPushButton>("useMerged")->isVisible(); }));
    b.store.plant("k", "1\n2\nthird\n4\ntheirs\n");
    ASSERT_TRUE(
        waitFor([&] { return p.feed.newer() && p.feed.newer()->value == "1\n2\nthird\n4\ntheirs\n"; }));
    p.child<QPushButton>("useMerged")->click();
    EXPECT_EQ(p.editor()->toPlainText(), QStringLiteral("mine\n2\n3\n4\ntheirs\n"));
    p.save();
    ASSERT_TRUE(p.noticed("Could not save"));
    EXPECT_EQ(b.store.value("k"), "1\n2\nthird\n4\ntheirs\n");
    ASSERT_TRUE(waitFor([&] { return p.button("Merge …") != nullptr && p.feed.moved(); }));
    p.button("Merge …")->click();
    ASSERT_TRUE(waitFor([&] { return p.child<QPushButton>("useMerged")->isVisible(); }));
    p.child<QPushButton>("useMerged")->click();
    p.save();
    ASSERT_TRUE(waitFor([&] { return !p.page.editing(); }));
    EXPECT_EQ(b.store.value("k"), "mine\n2\nthird\n4\ntheirs\n");
}

TEST(InspectorTest, DeletedWhileEdited)
{
    InspectorBench b;
    b.store.plant("k", "v");
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    p.edit();
    p.editor()->setPlainText(QStringLiteral("mine"));
    b.store.erase("k");
    ASSERT_TRUE(p.noticed("was deleted while you edit"));
    EXPECT_TRUE(p.page.editing());
    EXPECT_EQ(p.editor()->toPlainText(), QStringLiteral("mine"));
    p.save(); // not on purpose yet: the version it compares with is gone
    ASSERT_TRUE(p.noticed("Could not save"));
    EXPECT_FALSE(b.store.value("k"));
    ASSERT_TRUE(waitFor([&] { return p.feed.newer().has_value(); }));
    p.button("Merge …")->click();
    ASSERT_TRUE(waitFor([&] { return p.button("Create it again") != nullptr; }));
    p.button("Create it again")->click();
    p.save();
    ASSERT_TRUE(waitFor([&] { return !p.page.editing(); }));
    EXPECT_EQ(b.store.value("k"), "mine");
}

TEST(InspectorTest, TheSaveBarSaysWhatASaveDoes)
{
    InspectorBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("k", "v", 60'000);
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    p.edit();
    auto* summary = p.child<QLabel>("saveSummary");
    EXPECT_TRUE(summary->text().contains(QStringLiteral("version 1"))) << summary->text().toStdString();
    EXPECT_TRUE(summary->text().contains(QStringLiteral("asks first")));
    EXPECT_TRUE(summary->text().contains(QStringLiteral("told by the server")));
    auto* ttl = p.child<QComboBox>("ttlChoice");
    ttl->setCurrentIndex(1);
    EXPECT_TRUE(summary->text().contains(QStringLiteral("never expires")));
    ttl->setCurrentIndex(2);
    EXPECT_TRUE(summary->text().contains(QStringLiteral("expires in 1")));
}

TEST(InspectorTest, PicturesAreReadByTheirOwnReaderOnly)
{
    InspectorBench b;
    QImage image(40, 20, QImage::Format_RGB32);
    image.fill(Qt::red);
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    const client::Bytes good = models::fromQt(png);
    b.store.plant("good", good);
    b.store.plant("cut", good.substr(0, 40));
    client::Bytes bomb = good;
    bomb.replace(16, 8, std::string("\x00\x00\xff\xff\x00\x00\xff\xff", 8)); // claims 65,535 x 65,535
    b.store.plant("bomb", bomb);
    b.store.plant(
        "svg", "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>");
    auto& p = b.start();
    ASSERT_TRUE(p.open("good"));
    auto* view = p.child<ImageView>("imageView");
    ASSERT_TRUE(waitFor([&] { return !view->image().isNull(); }));
    EXPECT_EQ(view->image().size(), QSize(40, 20));
    EXPECT_EQ(view->remark(), QStringLiteral("40 × 20 pixels"));
    for (const char* key : {"cut", "bomb"}) {
        ASSERT_TRUE(p.open(key));
        ASSERT_TRUE(waitFor([&] { return !view->remark().isEmpty() && view->image().isNull(); })) << key;
    }
    ASSERT_TRUE(p.open("svg"));
    ASSERT_TRUE(p.shows(ViewMode::Text));
    EXPECT_FALSE(p.child<QTabBar>("valueViews")->isTabVisible(int(ViewMode::Image))) << "never drawn";
}

TEST(InspectorTest, HostileValuesAreShownAsTextInEveryView)
{
    InspectorBench b;
    const client::Bytes values[] = {"<img src='file:///etc/hostname'><b>bold</b>",
        "{\"<img src='file:///etc/hostname'>\":\"\xE2\x80\xAEgnp.exe\",\"nul\":\"\\u0000\"}",
        std::string("\x1b[31mred\x07\x00", 10),
        "a\xE2\x80\xAE"
        "b\xE2\x80\x8B"
        "c"};
    int n = 0;
    for (const auto& value : values)
        b.store.plant("k" + std::to_string(n++), value);
    auto& p = b.start();
    for (int i = 0; i < n; ++i) {
        ASSERT_TRUE(p.open("k" + std::to_string(i)));
        for (const auto mode : {ViewMode::Text, ViewMode::Json, ViewMode::Tree, ViewMode::Hex}) {
            p.feed.setMode(mode);
            ASSERT_TRUE(p.shows(mode));
            for (const QString& line : p.feed.view().lines) {
                for (const QChar c : line)
                    ASSERT_FALSE(
                        c.category() == QChar::Other_Control || c == QChar(0x202E) || c == QChar(0x200B));
            }
            p.page.grab();
        }
        for (const auto* label : p.page.findChildren<QLabel*>())
            EXPECT_EQ(label->textFormat(), Qt::PlainText);
    }
}

TEST(InspectorTest, DeepJsonFallsBackWithAWord)
{
    InspectorBench b;
    b.store.plant("deep", std::string(10'000, '[') + std::string(10'000, ']'));
    b.store.plant("brackets", std::string(1024 * 1024, '['));
    auto& p = b.start();
    for (const char* key : {"deep", "brackets"}) {
        ASSERT_TRUE(p.open(key));
        for (const auto mode : {ViewMode::Json, ViewMode::Tree}) {
            p.feed.setMode(mode);
            ASSERT_TRUE(p.shows(mode));
            EXPECT_FALSE(p.feed.view().remark.isEmpty());
            EXPECT_FALSE(p.feed.view().lines.empty());
            p.page.grab();
        }
    }
}

TEST(InspectorTest, TwoKeysSideBySide)
{
    InspectorBench b;
    b.store.plant("a", R"({"x":1,"y":2})");
    b.store.plant("b", R"({"x":1,"y":3})");
    auto& p = b.start();
    ASSERT_TRUE(p.open("a"));
    p.child<QPushButton>("compareKey")->click();
    auto* dialog = p.page.findChild<CompareDialog*>();
    ASSERT_TRUE(dialog);
    auto* other = dialog->findChild<QLineEdit*>(QStringLiteral("otherKey"));
    auto* go = dialog->findChild<QPushButton*>(QStringLiteral("compareNow"));
    EXPECT_FALSE(go->isEnabled());
    QTest::keyClicks(other, QStringLiteral("b"));
    QTest::keyClick(other, Qt::Key_Return);
    auto* diff = dialog->findChild<DiffView*>();
    ASSERT_TRUE(
        waitFor([&] { return diff->accessibleDescription() == QStringLiteral("1 lines removed, 1 added"); }));
    other->setText(QStringLiteral("nothing"));
    go->click();
    ASSERT_TRUE(waitFor([&] {
        for (auto* label : dialog->findChildren<QLabel*>()) {
            if (label->text().contains(QStringLiteral("nothing is missing")))
                return true;
        }
        return false;
    }));
    other->setText(QStringLiteral("bad\\x"));
    EXPECT_FALSE(go->isEnabled());
}

TEST(InspectorTest, FitsANarrowDock)
{
    InspectorBench b;
    b.store.plant("k", std::string(700, '\xff'), 60'000);
    auto& p = b.start();
    ASSERT_TRUE(p.open("k"));
    EXPECT_LE(p.page.minimumSizeHint().width(), 300);
    p.page.resize(300, 600);
    ASSERT_TRUE(waitFor([&] { return p.feed.view().lines.size() == 88; })) << "eight bytes a row";
    EXPECT_LE(QFontMetrics(Theme::monoFont()).averageCharWidth() * int(p.feed.view().lines.widest()), 360);
    p.page.resize(900, 600);
    ASSERT_TRUE(waitFor([&] { return p.feed.view().lines.size() == 44; }));
}
