// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cataloguesource.h"

#include "tests/support/fakeclock.h"
#include "tests/support/matchers.h"

#include <QTemporaryDir>

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <thread>

namespace norikv::models {
namespace {

using client::Bytes;
using norikv::test::FakeClock;
using norikv::test::succeeds;
using Kind = KeyNews::Kind;

// A list as a window would keep it, fed on the source's thread.
class List {
public:
    explicit List(KeySource& source)
        : m_thread([this, &source](const std::stop_token& stop) {
            EXPECT_THAT(
                source.start([this](KeyNews news) { return take(std::move(news)); }, stop), succeeds());
        })
    {
    }

    template <class Condition> bool waitFor(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(20), condition);
    }

    std::map<Bytes, KeyRow> rows;
    std::vector<std::size_t> chunks;
    int begins = 0;
    int ends = 0;
    bool ordered = true;
    client::Coverage coverage = client::Coverage::None;
    std::string status;

private:
    bool take(KeyNews news)
    {
        const std::scoped_lock lock(m_mutex);
        switch (news.kind) {
        case Kind::Begins:
            ++begins;
            rows.clear();
            chunks.clear();
            break;
        case Kind::Rows:
            chunks.push_back(news.rows->size());
            for (std::size_t i = 0; i < news.rows->size(); ++i) {
                const Bytes key(news.rows->key(i));
                ordered = ordered && (rows.empty() || rows.rbegin()->first < key);
                rows[key] = news.rows->row(i);
            }
            break;
        case Kind::Ends:
            ++ends;
            coverage = news.coverage;
            status = news.status;
            EXPECT_TRUE(news.live);
            break;
        case Kind::Changes:
            if (!news.status.empty())
                status = news.status;
            for (auto& change : news.changes) {
                if (change.kind == KeyChange::Kind::Put)
                    rows[change.key] = change.row;
                else
                    rows.erase(change.key);
            }
            break;
        case Kind::Lost:
        case Kind::Resumed:
        case Kind::Refused:
            break;
        }
        m_changed.notify_all();
        return true;
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::jthread m_thread;
};

class CatalogueSourceTest : public testing::Test {
protected:
    QTemporaryDir temporary;
    FakeClock clock;
    std::string folder = temporary.path().toStdString();
    Catalogue catalogue{{folder, "c", 1024}, clock};
    CatalogueSource source{catalogue};

    void SetUp() override { catalogue.setKeeps(Catalogue::Keeps::Everything); }
    void see(const Bytes& key, client::Sighting::How how = client::Sighting::How::Read)
    {
        client::Sighting sighting;
        sighting.how = how;
        sighting.entry.key = key;
        sighting.entry.value = "12";
        sighting.entry.valueSize = 2;
        sighting.entry.version = client::Version{0, 9};
        catalogue.seen({&sighting, 1});
    }
};

TEST_F(CatalogueSourceTest, tellsTheWholeListInOrderAndThatItIsOnlyWhatIsKnown)
{
    std::vector<Bytes> keys;
    for (int i = 0; i < 20'000; ++i)
        keys.push_back("key:" + std::to_string(i));
    ASSERT_THAT(catalogue.add(keys), succeeds());
    ASSERT_THAT(catalogue.favourite("key:7", true), succeeds());
    List list(source);
    ASSERT_TRUE(list.waitFor([&] { return list.ends == 1; }));
    EXPECT_EQ(list.rows.size(), 20'000U);
    EXPECT_TRUE(list.ordered);
    EXPECT_EQ(list.chunks.front(), 256U);
    EXPECT_EQ(list.coverage, client::Coverage::KnownKeys);
    EXPECT_TRUE(list.status.empty()) << "the coverage says it";
    EXPECT_EQ(list.rows["key:7"].flags, FavouriteFlag);
    EXPECT_EQ(list.rows["key:8"].flags, 0);
}

TEST_F(CatalogueSourceTest, whatTheCatalogueLearnsIsHandedOn)
{
    ASSERT_THAT(catalogue.add({"a"}), succeeds());
    List list(source);
    ASSERT_TRUE(list.waitFor([&] { return list.ends == 1; }));
    see("api:requests");
    ASSERT_TRUE(list.waitFor([&] { return list.rows.contains("api:requests"); }));
    EXPECT_EQ(list.rows["api:requests"].kind, client::KeyKind::PossibleCounter);
    EXPECT_EQ(list.rows["api:requests"].size, 2U);
    see("a", client::Sighting::How::Missing);
    ASSERT_TRUE(list.waitFor([&] { return !list.rows.contains("a"); }));
    EXPECT_EQ(list.begins, 1);
}

TEST_F(CatalogueSourceTest, whatCouldNotBeNotedIsCountedAndSaidOnce)
{
    std::mutex mutex;
    QStringList said;
    catalogue.onNotice([&](const QString& text) {
        const std::scoped_lock lock(mutex);
        said << text;
    });
    ASSERT_THAT(catalogue.add({"a"}), succeeds());
    List list(source);
    ASSERT_TRUE(list.waitFor([&] { return list.ends == 1; }));
    // The writer stands still while far more is met than may wait.
    std::promise<void> standing, go;
    const auto id = catalogue.listen([&, first = true](const auto&) mutable {
        if (!std::exchange(first, false))
            return;
        standing.set_value();
        go.get_future().wait();
    });
    see("b");
    standing.get_future().wait();
    std::vector<client::Sighting> many(70'000);
    for (std::size_t i = 0; i < many.size(); ++i) {
        many[i].entry.key = "key:" + std::to_string(i);
        many[i].entry.version = client::Version{0, 9};
    }
    catalogue.seen(many);
    catalogue.seen(std::span(many).first(100));
    EXPECT_EQ(catalogue.dropped(), 70'000U + 100 - 65'536);
    go.set_value();
    ASSERT_THAT(catalogue.flush(), succeeds());
    catalogue.unlisten(id);
    ASSERT_TRUE(list.waitFor([&] { return list.status.find("4564") != std::string::npos; })) << list.status;
    catalogue.seen(many);
    ASSERT_THAT(catalogue.flush(), succeeds());
    const std::scoped_lock lock(mutex);
    ASSERT_EQ(said.size(), 1) << said.join('|').toStdString();
    EXPECT_TRUE(said.front().contains(QLatin1String("4564"))) << said.front().toStdString();
}

TEST_F(CatalogueSourceTest, nothingLearntDuringTheListIsMissed)
{
    std::vector<Bytes> keys;
    for (int i = 0; i < 20'000; ++i)
        keys.push_back("key:" + std::to_string(i));
    std::jthread adding([&] { EXPECT_THAT(catalogue.add(keys), succeeds()); });
    List list(source);
    EXPECT_TRUE(list.waitFor([&] { return list.rows.size() == 20'000U; }));
}

TEST_F(CatalogueSourceTest, endsWhenStoppedOrWhenNobodyListens)
{
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THAT(source.start([](KeyNews) { return true; }, stop.get_token()), succeeds());
    int told = 0;
    EXPECT_THAT(source.start([&](KeyNews) { return ++told < 2; }, {}), succeeds());
    EXPECT_EQ(told, 2);
}

} // namespace
} // namespace norikv::models
