// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside the tenants page, over a store in memory.
#include "tests/widgets/tenantbench.h"

#include "widgets/inlineconfirm.h"
#include "widgets/quotabar.h"

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>

#include <gmock/gmock.h>

using namespace norikv;
using namespace norikv::widgets;
using client::Bytes;
using models::TenantFeed;
using test::FakeStore;
using test::record;
using test::TenantBench;
using test::waitFor;
using Op = FakeStore::Op;

namespace {

TEST(TenantInspector, ShowsUseAgainstLimits)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    const auto bars = t.inspector->findChildren<QuotaBar*>();
    ASSERT_EQ(bars.size(), 2);
    EXPECT_EQ(bars[0]->quota().text, QStringLiteral("9 / 10"));
    EXPECT_TRUE(bars[0]->accessibleName().contains(QStringLiteral("90")));
    EXPECT_TRUE(bars[0]->accessibleName().contains(QStringLiteral("▲")));
    t.feed->select("initech");
    EXPECT_EQ(bars[0]->quota().text, QStringLiteral("3, no limit"));
    EXPECT_FALSE(t.inspector->grab().isNull());
}

TEST(TenantInspector, SaysAtLeastWhereKeysAreNotListed)
{
    TenantBench t;
    t.store.offersExplore = false;
    t.profile.tenants = {"acme"};
    t.profile.counters = {"tenant:acme:k0"};
    t.plant("acme", 2, record("Acme"));
    t.start();
    ASSERT_TRUE(t.shows(1));
    const auto bars = t.inspector->findChildren<QuotaBar*>();
    ASSERT_TRUE(waitFor([&] { return bars[0]->quota().text == QStringLiteral("≥ 1 / 10"); }))
        << bars[0]->quota().text.toStdString();
    EXPECT_TRUE(t.says(QStringLiteral("at least"))) << "the header says so too";
}

TEST(TenantInspector, PreviewsAPlanAndAsksBeforeItIsOver)
{
    TenantBench t;
    t.plant("acme", 1003, record("Acme", "pro", "100000"));
    t.start();
    ASSERT_TRUE(t.shows(1));
    auto* plan = t.inInspector<QComboBox>("newPlan");
    auto* apply = t.inInspector<QPushButton>("applyPlan");
    auto* preview = t.inInspector<QLabel>("planPreview");
    EXPECT_EQ(plan->currentText(), QStringLiteral("pro"));
    plan->setCurrentIndex(0);
    EXPECT_TRUE(preview->text().startsWith(QStringLiteral("Downgrade to free: over by 3 keys")))
        << preview->text().toStdString();
    apply->click();
    auto* confirm = t.inspector->findChild<InlineConfirm*>();
    ASSERT_TRUE(confirm->isVisible());
    EXPECT_EQ(t.store.count(Op::Put), 0U);
    t.inInspector<QPushButton>("confirmAct")->click();
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("now on plan free")); }));
    ASSERT_TRUE(waitFor([&] { return !apply->isEnabled(); })) << "it is the plan now";
    plan->setCurrentIndex(2);
    EXPECT_TRUE(preview->text().contains(QStringLiteral("everything fits")));
    apply->click();
    ASSERT_TRUE(waitFor([&] { return t.notice().contains(QStringLiteral("enterprise")); }))
        << "nothing to ask";
}

TEST(TenantInspector, SaysWhoCannotReadTheMetadataAndRepairsIt)
{
    TenantBench t;
    t.plant("acme", 1, R"({"name": "A", "plan": "enterprise", "limits": {"max_keys": Infinity}})");
    t.start();
    ASSERT_TRUE(t.shows(1));
    auto* banner = t.inInspector<QLabel>("metadataBanner");
    ASSERT_TRUE(banner->isVisible());
    EXPECT_TRUE(banner->text().contains(QStringLiteral("TypeScript, Go and Java")));
    t.inInspector<QPushButton>("repair")->click();
    ASSERT_TRUE(waitFor([&] { return !banner->isVisible(); }));
    EXPECT_TRUE(t.store.value("tenant-meta:acme")->find("null") != Bytes::npos);
}

TEST(TenantInspector, ShowsWhatBreaksIsolationAndTheGoCounter)
{
    TenantBench t;
    t.plant("a", 1, record("A", "gold"));
    t.plant("a:b", 2, record("AB"));
    t.store.plant("tenant:a:usage", "7");
    t.start();
    ASSERT_TRUE(t.shows(2));
    t.feed->select("a");
    auto* isolation = t.inInspector<QLabel>("isolation");
    EXPECT_TRUE(isolation->text().contains(QStringLiteral("T5"))) << isolation->text().toStdString();
    EXPECT_TRUE(isolation->text().contains(QStringLiteral("T6")));
    EXPECT_TRUE(isolation->text().contains(QStringLiteral("could also be of tenant a:b")));
    t.feed->select("a:b");
    EXPECT_TRUE(isolation->text().contains(QStringLiteral("T2")));
    EXPECT_TRUE(isolation->text().contains(QStringLiteral("holds a colon")));
}

TEST(TenantInspector, ComparesShardsWithAnotherTenant)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    t.inInspector<QPushButton>("compareShards")->click();
    auto* overlap = t.inInspector<QLabel>("overlap");
    ASSERT_TRUE(waitFor([&] { return overlap->isVisible(); }));
    EXPECT_TRUE(overlap->text().startsWith(QStringLiteral("acme uses"))) << overlap->text().toStdString();
}

TEST(TenantInspector, AsksForTheLensAndForBulkWork)
{
    TenantBench t;
    t.three();
    t.start();
    ASSERT_TRUE(t.shows(3));
    QSignalSpy lens(t.inspector.get(), &TenantInspector::lensChosen);
    t.inInspector<QPushButton>("lens")->click();
    ASSERT_EQ(lens.count(), 1);
    EXPECT_EQ(lens[0][0].value<Bytes>(), "acme");
    QPushButton* remove = nullptr;
    for (auto* button : t.inspector->findChildren<QPushButton*>())
        remove = button->text() == QStringLiteral("Delete …") ? button : remove;
    ASSERT_TRUE(remove);
    EXPECT_FALSE(remove->isEnabled()) << "nobody would do it";
    std::optional<models::TenantBulk> bulk;
    QObject::connect(t.feed.get(), &TenantFeed::bulkRequested, t.feed.get(),
        [&](const models::TenantBulk& asked) { bulk = asked; });
    Q_EMIT t.feed->changed();
    ASSERT_TRUE(remove->isEnabled());
    remove->click();
    ASSERT_TRUE(waitFor([&] { return bulk.has_value(); }));
    EXPECT_EQ(bulk->kind, models::TenantBulk::Kind::Delete);
    EXPECT_EQ(bulk->keys.size(), 10U);
    EXPECT_EQ(t.store.count(Op::Remove), 0U);
}

} // namespace
