// SPDX-License-Identifier: GPL-3.0-or-later
// The tenants page over a store in memory.
#include "tests/widgets/tenantbench.h"

#include "widgets/quotabar.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <gmock/gmock.h>

using namespace norikv;
using namespace norikv::widgets;
using client::Bytes;
using models::FeedState;
using models::QuotaFigures;
using models::TenantFeed;
using test::FakeStore;
using test::record;
using test::TenantBench;
using test::waitFor;
using Op = FakeStore::Op;

namespace {

TEST(TenantsPage, SaysThatItReadsAndThatThereIsNothingYet)
{
    TenantBench t;
    t.store.always(Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for tenants")));
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Failed; }));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    ASSERT_TRUE(t.shows(0));
    EXPECT_TRUE(t.says(QStringLiteral("No tenant yet")));
    EXPECT_TRUE(t.says(QStringLiteral("begins with “tenant:”")));
}

TEST(TenantsPage, NamesWhatToDoWhereKeysCannotBeListed)
{
    TenantBench t;
    t.store.offersExplore = false;
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    EXPECT_TRUE(t.says(QStringLiteral("cannot list its keys")));
}

TEST(TenantsPage, ShowsCardsClosestToALimitFirst)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    EXPECT_EQ(t.cardName(0), QStringLiteral("Acme Corp"));
    EXPECT_EQ(t.feed->selected(), "acme");
    EXPECT_EQ(t.cards().currentIndex().row(), 0);
    EXPECT_FALSE(t.page->grab().isNull());
    t.inPage<QComboBox>("tenantSort")->setCurrentIndex(1);
    t.inPage<QLineEdit>("tenantFilter")->setText(QStringLiteral("lobe"));
    ASSERT_EQ(t.cards().model()->rowCount(), 1);
    EXPECT_EQ(t.cardName(0), QStringLiteral("Globex"));
    EXPECT_EQ(t.feed->selected(), "acme") << "filtering is no choice";
}

TEST(TenantsPage, AHiddenPageIsFilledAsSoonAsItShows)
{
    TenantBench t;
    t.three();
    t.open();
    t.feed = std::make_unique<TenantFeed>(*t.dispatcher, *t.connection, t.clock);
    ASSERT_TRUE(waitFor([&] { return t.feed->tenants().size() == 3; }));
    t.page = std::make_unique<TenantsPage>(*t.feed, t.theme);
    t.page->show();
    EXPECT_EQ(t.cards().model()->rowCount(), 3) << "without waiting for the next change";
}

TEST(TenantsPage, IsUsableByKeyboard)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    t.page->focusFilter();
    t.cards().setFocus();
    QTest::keyClick(&t.cards(), Qt::Key_Right);
    EXPECT_EQ(t.feed->selected(), "globex");
    QTest::keyClick(&t.cards(), Qt::Key_End);
    EXPECT_EQ(t.feed->selected(), "initech");
    QSignalSpy opened(t.page.get(), &TenantsPage::keyActivated);
    QTest::keyClick(&t.cards(), Qt::Key_Return);
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened[0][0].toByteArray(), QByteArray("tenant-meta:initech"));
}

TEST(TenantsPage, KeepsTheSelectionWhileTenantsComeAndGo)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    t.feed->select("globex");
    t.plant("added", 9, record("Added", "free", "9"));
    ASSERT_TRUE(t.shows(4));
    EXPECT_EQ(t.feed->selected(), "globex");
    EXPECT_EQ(t.cards().currentIndex().data(models::KeyRole).toByteArray(), QByteArray("globex"));
    t.store.erase("tenant-meta:added");
    for (int i = 0; i < 9; ++i)
        t.store.erase("tenant:added:k" + std::to_string(i));
    ASSERT_TRUE(t.shows(3));
    EXPECT_EQ(t.feed->selected(), "globex");
}

TEST(TenantsPage, SaysWhenTheServerIsAwayAndBack)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    t.store.cut();
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("away")); }));
    EXPECT_EQ(t.cards().model()->rowCount(), 3);
    t.store.mend();
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("Connected again")); }));
}

TEST(TenantsPage, CreatesATenantAndRefusesAColonWhileTyping)
{
    TenantBench t;
    t.start();
    ASSERT_TRUE(t.shows(0));
    t.inPage<QPushButton>("createTenant")->click();
    auto* id = t.inPage<QLineEdit>("tenantId");
    auto* apply = t.inPage<QPushButton>("tenantApply");
    ASSERT_TRUE(id->isVisible());
    EXPECT_FALSE(apply->isEnabled());
    QTest::keyClicks(id, QStringLiteral("acme:eu"));
    EXPECT_FALSE(apply->isEnabled());
    EXPECT_TRUE(t.says(QStringLiteral("cannot hold \":\"")));
    QTest::keyClick(id, Qt::Key_Return);
    EXPECT_EQ(t.store.count(Op::Put), 0U);
    id->setText(QStringLiteral("acme"));
    t.inPage<QLineEdit>("tenantName")->setText(QStringLiteral("Acme <b>Corp</b>"));
    QTest::keyClick(id, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("was created")); }));
    ASSERT_TRUE(t.shows(1));
    EXPECT_EQ(t.cardName(0), QStringLiteral("Acme <b>Corp</b>"));
    EXPECT_FALSE(id->isVisible());
    EXPECT_EQ(client::parseTenant(*t.store.value("tenant-meta:acme"))->plan, "free");
}

TEST(TenantsPage, EscapeClosesTheFormAndWritesNothing)
{
    TenantBench t;
    t.start();
    ASSERT_TRUE(t.shows(0));
    t.inPage<QPushButton>("createTenant")->click();
    auto* id = t.inPage<QLineEdit>("tenantId");
    QTest::keyClicks(id, QStringLiteral("acme"));
    QTest::keyClick(id, Qt::Key_Escape);
    EXPECT_FALSE(id->isVisible());
    EXPECT_EQ(t.store.count(Op::Put), 0U);
}

TEST(TenantsPage, AsksInConfirmMode)
{
    TenantBench t;
    t.profile.guard = client::GuardMode::Confirm;
    t.start();
    ASSERT_TRUE(t.shows(0));
    t.feed->create("acme", QStringLiteral("A"), client::TenantPlan::Free);
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("Create tenant acme?")); }));
    Q_EMIT t.page->notices().actionTriggered();
    ASSERT_TRUE(waitFor([&] { return t.store.value("tenant-meta:acme").has_value(); }));
}

TEST(TenantsPage, FiveThousandTenantsScrollAndPaint)
{
    TenantBench t;
    for (int i = 0; i < 5000; ++i)
        t.store.plant("tenant-meta:t" + std::to_string(i), record("Tenant " + std::to_string(i)));
    t.start();
    ASSERT_TRUE(t.shows(5000));
    QElapsedTimer since;
    since.start();
    EXPECT_FALSE(t.page->grab().isNull());
    t.cards().scrollToBottom();
    EXPECT_FALSE(t.page->grab().isNull());
    RecordProperty("two_grabs_ms", std::to_string(since.elapsed()));
    EXPECT_LT(since.elapsed(), 2000);
    EXPECT_TRUE(t.cards().findChildren<QWidget*>().size() < 20) << "cards are painted, not made of widgets";
}

// The bar

TEST(QuotaBar, SaysWithoutColourWhatItShows)
{
    EXPECT_EQ(quotaTone({0.79, true, {}}), Tone::Ok);
    EXPECT_EQ(quotaTone({0.8, true, {}}), Tone::Warning);
    EXPECT_EQ(quotaTone({1.0, true, {}}), Tone::Warning) << "the limit itself is allowed";
    EXPECT_EQ(quotaTone({1.001, true, {}}), Tone::Danger);
    EXPECT_EQ(quotaTone({0, false, {}}), Tone::Muted);
    EXPECT_TRUE(quotaWord({0.9, true, {}}).endsWith(QStringLiteral("▲")));
    EXPECT_TRUE(quotaWord({1.2, true, {}}).endsWith(QStringLiteral("✕ over")));
    EXPECT_TRUE(quotaWord({0.999, true, {}}).startsWith(QStringLiteral("99"))) << "100 % is said only there";
    EXPECT_EQ(quotaWord({0.5, false, {}}), QString());
}

TEST(QuotaBar, ABarThatGoesOnIsToldApart)
{
    EXPECT_EQ(quotaCuts({1.2, true, {}}), 0);
    EXPECT_EQ(quotaCuts({1.21, true, {}}), 1);
    EXPECT_EQ(quotaCuts({2.0, true, {}}), 2);
    EXPECT_EQ(quotaCuts({3.0, true, {}}), 3);
    EXPECT_EQ(quotaCuts({1e300, true, {}}), 3);
    EXPECT_EQ(quotaCuts({5.0, false, {}}), 0) << "no limit, nothing to run over";
}

TEST(QuotaBar, PaintsTicksAndSurvivesAnything)
{
    const Theme theme(ThemePreference::Light);
    const Tokens& t = theme.tokens();
    const auto picture = [&](const QuotaFigures& quota, int width) {
        QImage image(std::max(width, 1), 12, QImage::Format_RGB32);
        image.fill(t.surface);
        QPainter painter(&image);
        paintQuotaBar(painter, QRectF(0, 0, width, 12), quota, t);
        return image;
    };
    const QImage half = picture({0.5, true, {}}, 240);
    EXPECT_EQ(half.pixelColor(60, 6), t.accent);
    EXPECT_EQ(half.pixelColor(180, 6), t.track);
    EXPECT_EQ(half.pixelColor(200, 1), t.text) << "the tick of 100 % stands out of the track";
    EXPECT_EQ(half.pixelColor(160, 1), t.muted) << "that of 80 %";
    EXPECT_EQ(picture({0.85, true, {}}, 240).pixelColor(20, 6), t.tone(Tone::Warning).strong);
    EXPECT_NE(picture({1.5, true, {}}, 240), picture({1.0, true, {}}, 240));
    EXPECT_EQ(picture({1.19, true, {}}, 240).pixelColor(236, 6), t.danger.strong) << "ends inside: not cut";
    EXPECT_EQ(picture({1.3, true, {}}, 240).pixelColor(235, 6), t.surface) << "cut by an arrow";
    EXPECT_EQ(picture({1.3, true, {}}, 240), picture({1.9, true, {}}, 240));
    EXPECT_NE(picture({1.9, true, {}}, 240), picture({2.0, true, {}}, 240));
    EXPECT_NE(picture({2.9, true, {}}, 240), picture({3.0, true, {}}, 240));
    for (const double share : {0.0, 1e-9, 9.99, 1e300})
        picture({share, true, {}}, 3);
    picture({0, false, {}}, 0);
}

} // namespace
