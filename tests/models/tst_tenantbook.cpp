// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantbook.h"

#include "models/tenantmodel.h"
#include "models/tenantwords.h"
#include "tests/models/waiting.h"
#include "tests/support/matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using client::Bytes;
using models::findTenant;
using models::TenantBook;
using models::TenantModel;
using models::TenantOrder;
using models::TenantState;
using testing::ElementsAre;

namespace {

client::Entry entry(const Bytes& key, const Bytes& value, bool keysOnly = false)
{
    client::Entry out;
    out.key = key;
    out.value = keysOnly ? Bytes() : value;
    out.valueSize = value.size();
    out.version = client::Version{0, 1};
    return out;
}

client::Entry record(const Bytes& id, const std::string& plan = "free", const std::string& maxKeys = "10")
{
    return entry("tenant-meta:" + id,
        R"({"id":")" + id + R"(","name":"N )" + id + R"(","plan":")" + plan
            + R"(","createdAt":1717142400000,"limits":{"maxKeys":)" + maxKeys + R"(,"maxStorageMB":1}})");
}

struct Book : testing::Test {
    TenantBook book;

    void key(const Bytes& key, std::size_t size = 1) { book.put(entry(key, Bytes(size, 'x'), true)); }
    TenantState tenant(const Bytes& id)
    {
        const auto sheet = book.sheet(0);
        const auto* found = findTenant(*sheet, id);
        EXPECT_TRUE(found) << id;
        return found ? *found : TenantState();
    }
    std::vector<Bytes> ids()
    {
        std::vector<Bytes> out;
        const auto sheet = book.sheet(0);
        for (const auto& tenant : *sheet)
            out.push_back(tenant.id());
        return out;
    }
    void complete()
    {
        book.beginScan();
        book.endScan(client::Coverage::Complete);
    }
};
using TenantBookTest = Book;

TEST_F(TenantBookTest, CountsKeysAgainstLimits)
{
    complete();
    book.put(record("acme"));
    for (int i = 0; i < 8; ++i)
        key("tenant:acme:k" + std::to_string(i), 100);
    const auto acme = tenant("acme");
    EXPECT_EQ(acme.keys(), 8U);
    EXPECT_DOUBLE_EQ(*acme.keyShare(), 0.8);
    EXPECT_DOUBLE_EQ(*acme.pressure(), 0.8);
    EXPECT_TRUE(acme.complete());
    EXPECT_EQ(models::keysText(acme), QStringLiteral("8 / 10"));
    EXPECT_EQ(models::planWord(acme), QStringLiteral("free"));
    EXPECT_EQ(models::createdText(acme), QStringLiteral("2024-05-31"));
}

TEST_F(TenantBookTest, AnOverwriteAndADeleteAreCountedOnce)
{
    complete();
    key("tenant:acme:k", 100);
    key("tenant:acme:k", 40);
    EXPECT_EQ(tenant("acme").bytes(), 13 + 40U);
    book.gone("tenant:acme:k");
    book.gone("tenant:acme:k");
    EXPECT_THAT(ids(), testing::IsEmpty()) << "nothing of it is left";
}

TEST_F(TenantBookTest, IsTheSameInWhateverOrderChangesCome)
{
    std::mt19937 random(5);
    complete();
    std::map<Bytes, std::size_t> stored;
    for (int i = 0; i < 3000; ++i) {
        const Bytes name = "tenant:t" + std::to_string(random() % 4) + ":k" + std::to_string(random() % 30);
        if (random() % 3 == 0) {
            book.gone(name);
            stored.erase(name);
        } else {
            stored[name] = random() % 500;
            key(name, stored[name]);
        }
    }
    client::TenantTally expected;
    for (const auto& [name, size] : stored)
        expected.add(name, size);
    for (const auto& [id, usage] : expected.tenants()) {
        EXPECT_EQ(tenant(id).usage().keys, usage.keys);
        EXPECT_EQ(tenant(id).usage().bytes, usage.bytes);
    }
}

TEST_F(TenantBookTest, UsageCountersAreReadAndNotCounted)
{
    complete();
    EXPECT_TRUE(TenantBook::needsValue("tenant:acme:usage"));
    EXPECT_TRUE(TenantBook::needsValue("tenant-meta:acme"));
    EXPECT_FALSE(TenantBook::needsValue("tenant:acme:x"));
    key("tenant:acme:a");
    book.put(entry("tenant:acme:usage", "7"));
    EXPECT_EQ(tenant("acme").keys(), 1U);
    EXPECT_EQ(tenant("acme").usage().counter, 7);
    book.put(entry("tenant:acme:usage", R"({"no":"counter"})"));
    EXPECT_EQ(tenant("acme").keys(), 2U) << "an ordinary key that is called usage";
    book.gone("tenant:acme:usage");
    EXPECT_EQ(tenant("acme").keys(), 1U);
}

TEST_F(TenantBookTest, AScanReplacesWhatWasKnownAtOnce)
{
    complete();
    key("tenant:old:k");
    book.beginScan();
    key("tenant:new:k");
    EXPECT_THAT(ids(), ElementsAre("old")) << "the picture stands while a scan is under way";
    book.endScan(client::Coverage::Complete);
    EXPECT_THAT(ids(), ElementsAre("new"));
}

TEST_F(TenantBookTest, AsksForARescanWhenIdsWithColonsComeAndGo)
{
    complete();
    book.put(record("a"));
    EXPECT_FALSE(book.takeRescan());
    book.put(record("a:b"));
    EXPECT_TRUE(book.takeRescan());
    EXPECT_FALSE(book.takeRescan());
    book.put(record("a:b", "pro"));
    EXPECT_FALSE(book.takeRescan()) << "only its plan changed";
    book.gone("tenant-meta:a");
    EXPECT_TRUE(book.takeRescan());
}

TEST_F(TenantBookTest, ShowsNamedTenantsWhateverIsStored)
{
    book.name("nobody", false);
    book.beginScan();
    book.endScan(client::Coverage::KnownKeys);
    EXPECT_THAT(ids(), ElementsAre("nobody"));
    EXPECT_EQ(models::planWord(tenant("nobody")), QStringLiteral("no metadata"));
    book.name("java", true);
    EXPECT_TRUE(book.takeRescan()) << "its keys were passed over";
    key("java:user:1");
    EXPECT_EQ(tenant("java").keys(), 1U);
    EXPECT_EQ(models::keysText(tenant("java")), QStringLiteral("≥ 1, limit unknown"));
}

TEST_F(TenantBookTest, TellsAFindingOnceItHasStoodForFiveSeconds)
{
    complete();
    key("tenant:ghost:k");
    book.sheet(1000);
    EXPECT_THAT(book.takeFindings(1000), testing::IsEmpty());
    book.sheet(4000);
    EXPECT_THAT(book.takeFindings(4000), testing::IsEmpty());
    book.sheet(6000);
    const auto told = book.takeFindings(6000);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].rule, "T3");
    EXPECT_EQ(told[0].firstSeenMs, 1000);
    EXPECT_THAT(book.takeFindings(9000), testing::IsEmpty()) << "told once";
    // Healed, and broken again: told again.
    book.put(record("ghost"));
    book.sheet(10'000);
    book.takeFindings(10'000);
    book.gone("tenant-meta:ghost");
    book.sheet(11'000);
    book.takeFindings(11'000);
    book.sheet(17'000);
    EXPECT_EQ(book.takeFindings(17'000).size(), 1U);
}

TEST_F(TenantBookTest, KeepsATrendOfBoundedLength)
{
    complete();
    book.put(record("acme", "free", "1000"));
    EpochMs now = 0;
    for (int i = 0; i < 400; ++i) {
        key("tenant:acme:k" + std::to_string(i));
        now += 2000;
        book.sample(now);
    }
    const auto acme = tenant("acme");
    EXPECT_LE(acme.keyTrend.size(), 121U);
    EXPECT_GE(acme.keyTrend.size(), 30U);
    EXPECT_LT(acme.keyTrend.front().used, acme.keyTrend.back().used);
    ASSERT_EQ(acme.keysFull.state, client::Exhaustion::State::Growing);
    // 600 keys are left at one in two seconds, counted from the last sample kept.
    const double left = 1000 - acme.keyTrend.back().used;
    EXPECT_NEAR(
        static_cast<double>(acme.keysFull.expectedMs - acme.keyTrend.back().atMs), left * 2000, 20'000);
    EXPECT_TRUE(models::exhaustionShort(acme, now).startsWith(QStringLiteral("full in about")))
        << models::exhaustionShort(acme, now).toStdString();
    EXPECT_TRUE(models::exhaustionText(acme, now).startsWith(QStringLiteral("Full around")));
}

TEST_F(TenantBookTest, SaysInWordsWhatItKnows)
{
    complete();
    book.put(record("calm"));
    key("tenant:calm:k");
    book.put(entry("tenant-meta:broken", "{"));
    key("tenant:broken:k");
    book.put(record("odd", "gold", "0"));
    key("tenant:odd:k");
    for (EpochMs now : {0, 2000, 4000})
        book.sample(now);
    EXPECT_EQ(models::exhaustionShort(tenant("calm"), 4000), QStringLiteral("not growing"));
    EXPECT_EQ(models::troubleText(tenant("calm")), QString());
    EXPECT_EQ(models::planWord(tenant("broken")), QStringLiteral("unreadable"));
    EXPECT_EQ(models::tenantName(tenant("broken")), QStringLiteral("broken"));
    EXPECT_EQ(models::planWord(tenant("odd")), QStringLiteral("gold"));
    EXPECT_EQ(models::troubleText(tenant("odd")), QStringLiteral("over its limit · unknown plan"));
    EXPECT_GT(*tenant("odd").keyShare(), 1) << "nothing is allowed";
}

struct Ordered : Book {
    TenantModel model;
    TenantOrder order{model};

    void fill()
    {
        complete();
        book.put(record("small", "free", "10"));
        key("tenant:small:a", 10);
        book.put(record("full", "free", "2"));
        key("tenant:full:a", 10);
        key("tenant:full:b", 10);
        book.put(record("large", "enterprise", "null"));
        key("tenant:large:a", 500'000);
        model.refresh(models::tenantRows(*book.sheet(0), 0));
    }
    std::vector<Bytes> shown()
    {
        std::vector<Bytes> out;
        for (int i = 0; i < order.rowCount(); ++i)
            out.push_back(order.record(i).id);
        return out;
    }
};
using TenantOrderTest = Ordered;

TEST_F(TenantOrderTest, SortsAndFilters)
{
    const test::ModelWatch watch(&order);
    fill();
    EXPECT_THAT(shown(), ElementsAre("full", "large", "small"));
    order.setOrder(TenantOrder::By::Name);
    EXPECT_THAT(shown(), ElementsAre("full", "large", "small"));
    order.setOrder(TenantOrder::By::Size);
    EXPECT_THAT(shown(), ElementsAre("large", "full", "small"));
    order.setText(QStringLiteral("N S"));
    EXPECT_THAT(shown(), ElementsAre("small"));
    EXPECT_EQ(order.rowOf("small"), 0);
    EXPECT_EQ(order.rowOf("full"), -1);
    EXPECT_EQ(order.rowOf("nobody"), -1);
    order.setText(QString());
    // A refresh changes, inserts and removes rows; it never resets.
    key("tenant:small:b", 900'000);
    book.gone("tenant:full:a");
    book.gone("tenant:full:b");
    book.gone("tenant-meta:full");
    book.put(record("added"));
    model.refresh(models::tenantRows(*book.sheet(0), 0));
    EXPECT_THAT(shown(), ElementsAre("small", "large", "added"));
}

TEST_F(TenantOrderTest, SaysAllOfACardToAScreenReader)
{
    fill();
    const QString words = order.index(0, 0).data(Qt::AccessibleTextRole).toString();
    EXPECT_EQ(words.toStdString(), "N full, plan free, keys 2 / 2, storage 46 B / 1.0 MB, watching growth");
}

TEST_F(TenantOrderTest, FiveThousandTenantsAreQuick)
{
    complete();
    for (int i = 0; i < 5000; ++i) {
        const Bytes id = "tenant" + std::to_string(i);
        book.put(record(id));
        key("tenant:" + id + ":k", std::size_t(i));
    }
    const auto sheet = book.sheet(0);
    QElapsedTimer since;
    const auto rows = models::tenantRows(*sheet, 0);
    since.start();
    model.refresh(rows);
    EXPECT_EQ(order.rowCount(), 5000);
    RecordProperty("first_ms", std::to_string(since.elapsed()));
    since.restart();
    model.refresh(rows);
    RecordProperty("refresh_ms", std::to_string(since.elapsed()));
    EXPECT_LT(since.elapsed(), 1000);
}

} // namespace
