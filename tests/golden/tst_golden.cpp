// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures from fixtures and a fake clock, never from the demo.
#include "tests/golden/picture.h"
#include "tests/models/feedfixture.h"
#include "tests/support/scratchfolder.h"

#include "client/placement.h"
#include "models/counterfeed.h"
#include "models/findingsmodel.h"
#include "models/journalfeed.h"
#include "models/keysfeed.h"
#include "models/operationsmodel.h"
#include "models/scansource.h"
#include "models/tenantfeed.h"
#include "widgets/bulkdialog.h"
#include "widgets/connectiondialog.h"
#include "widgets/counterinspector.h"
#include "widgets/counterspage.h"
#include "widgets/findingspanel.h"
#include "widgets/importdialog.h"
#include "widgets/journalpanel.h"
#include "widgets/keyspage.h"
#include "widgets/operationspanel.h"
#include "widgets/startpage.h"
#include "widgets/tenantinspector.h"
#include "widgets/tenantspage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace norikv;
using namespace std::chrono_literals;
using models::CounterFeed;
using models::FeedState;
using test::Bench;
using test::FakeStore;
using test::looksLike;
using test::waitFor;
using widgets::Theme;
using widgets::ThemePreference;

namespace {

constexpr std::uint32_t Shards = 10;

class Golden : public ::testing::TestWithParam<ThemePreference> {
protected:
    void SetUp() override
    {
        if (!test::fontsInstalled())
            GTEST_SKIP()
                << "pictures need the fonts Inter and JetBrains Mono (fonts-inter, fonts-jetbrains-mono)";
        m_theme = std::make_unique<Theme>(GetParam());
        m_theme->setReducedMotion(true);
        m_theme->apply(*qApp);
    }

    const Theme& theme() const { return *m_theme; }
    QString named(const char* page) const
    {
        return QString::fromLatin1(page)
            + (GetParam() == ThemePreference::Dark ? QStringLiteral("-dark") : QStringLiteral("-light"));
    }
    void show(QWidget& widget, int width, int height)
    {
        widget.resize(width, height);
        widget.show();
        QCoreApplication::processEvents();
        if (auto* focused = QApplication::focusWidget())
            focused->clearFocus(); // no caret
        QCoreApplication::processEvents();
    }

private:
    std::unique_ptr<Theme> m_theme;
};

class GoldenLight : public Golden { };

struct CounterBench : Bench {
    std::unique_ptr<CounterFeed> feed;

    void start()
    {
        open();
        feed = std::make_unique<CounterFeed>(*dispatcher, *connection, clock);
    }
    void plantShards(std::int64_t each)
    {
        for (std::uint32_t i = 0; i < Shards; ++i)
            store.plant(client::shardKey("api:requests", i), std::to_string(each + (i * 7 % 5) * 3));
    }
    std::int64_t total() const
    {
        const auto* state = feed->book().find("api:requests");
        return state ? state->total : -1;
    }
    static std::int64_t totalOf(std::int64_t each)
    {
        std::int64_t sum = 0;
        for (std::uint32_t i = 0; i < Shards; ++i)
            sum += each + (i * 7 % 5) * 3;
        return sum;
    }
    void sample(std::chrono::milliseconds after)
    {
        clock.advance(after);
        feed->sampleNow();
    }

    /// A minute of growth, an outage of four seconds in it, and then a load of 60 increments with every
    /// eighth write in conflict. Which shard an increment falls on is chance: at the end they are planted.
    void liveMinute()
    {
        profile.counters = {"api:requests", "page:views", "signup:count"};
        profile.counterShards["api:requests"] = Shards;
        for (std::uint32_t i = 0; i < Shards; ++i)
            store.led.push_back(shardOf(client::shardKey("api:requests", i), 1024));
        std::ranges::sort(store.led);
        store.plant("page:views", "128407");
        store.plant("signup:count", "-3");
        store.plant("cart:total", "95");
        plantShards(1000);
        start();
        feed->select("api:requests");
        ASSERT_TRUE(waitFor([&] { return total() == totalOf(1000); }));
        std::int64_t each = 1000;
        for (int i = 0; i < 590; ++i) {
            const bool away = i >= 240 && i < 280;
            if (i == 240) {
                store.cut();
                ASSERT_TRUE(waitFor([&] { return feed->state() == FeedState::Failed; }));
            }
            if (i == 280) {
                store.mend();
                ASSERT_TRUE(waitFor([&] { return feed->state() == FeedState::Ready; }));
            }
            if (!away && i % 10 < 8) {
                each += i < 300 ? 1 : 2;
                plantShards(each);
                ASSERT_TRUE(waitFor([&] { return total() == totalOf(each); }));
            }
            sample(100ms);
        }
        int puts = 0;
        store.before = [this, puts](const FakeStore::Seen& seen) mutable {
            if (seen.op != FakeStore::Op::Put)
                return;
            clock.advance(9ms);
            if (++puts % 8 == 0)
                store.script(FakeStore::Op::Put, FakeStore::Fault::Conflict);
        };
        client::LoadPlan plan;
        plan.counter = "api:requests";
        plan.sharded = true;
        plan.shards = Shards;
        plan.workers = 1;
        plan.increments = 60;
        feed->startLoad(plan);
        // Without the event loop: samples in the middle of the load would fall where chance puts them.
        const std::int64_t after = totalOf(each) + 60;
        ASSERT_TRUE(store.waitUntil([&](const std::map<client::Bytes, client::Entry>& entries) {
            std::int64_t sum = 0;
            for (const auto& [key, entry] : entries) {
                if (key.starts_with("api:requests"))
                    sum += client::parseCounter(entry.value).value_or(0);
            }
            return sum == after;
        }));
        ASSERT_TRUE(waitFor([&] { return feed->lastRun().has_value(); }));
        ASSERT_EQ(feed->lastRun()->storedGain, 60);
        plantShards(each + 6);
        ASSERT_TRUE(waitFor([&] {
            const auto* state = feed->book().find("api:requests");
            return state->total == after && state->cells.at(0).value == each + 6
                && state->cells.at(Shards - 1).value == each + 6 + (9 * 7 % 5) * 3;
        }));
        ASSERT_TRUE(waitFor([&] { return connection->cluster().leaderOf(store.led.front()).has_value(); }));
        for (int i = 0; i < 6; ++i)
            sample(100ms);
    }
};

/// Tenants of every kind: calm, close to a limit, over it, unlimited, without metadata, of a Python client.
struct TenantBench : Bench {
    std::unique_ptr<models::TenantFeed> feed;

    ~TenantBench() { feed.reset(); }
    void tenant(const client::Bytes& id, const std::string& metadata, int keys, std::size_t bytes)
    {
        if (!metadata.empty())
            store.plant("tenant-meta:" + id, metadata);
        for (int i = 0; i < keys; ++i)
            store.plant("tenant:" + id + ":k" + std::to_string(i), client::Bytes(bytes, 'x'));
    }
    void start()
    {
        tenant("acme",
            R"({"id":"acme","name":"Acme Corp","plan":"free","createdAt":1717142400000,"limits":{"maxKeys":1000,"maxStorageMB":10}})",
            612, 900);
        tenant("globex",
            R"({"id":"globex","name":"Globex Corporation","plan":"pro","createdAt":1680512400000,"limits":{"maxKeys":60,"maxStorageMB":2}})",
            51, 30'000);
        tenant("hooli",
            R"({"id": "hooli", "name": "Hooli", "plan": "enterprise", "created_at": 1735830000000, "limits": {"max_keys": Infinity, "max_storage_mb": Infinity}})",
            9, 200);
        tenant("initech",
            R"({"id":"initech","name":"Initech","plan":"enterprise","createdAt":1641200400000,"limits":{"maxKeys":null,"maxStorageMB":null}})",
            25, 20'000);
        tenant("umbrella",
            R"({"id":"umbrella","name":"Umbrella","plan":"free","createdAt":1738404000000,"limits":{"maxKeys":5,"maxStorageMB":10}})",
            6, 90);
        tenant("stray", {}, 3, 100);
        store.plant("tenant:globex:usage", "51");
        open();
        feed = std::make_unique<models::TenantFeed>(*dispatcher, *connection, clock);
        ASSERT_TRUE(waitFor([this] { return feed->tenants().size() == 6; }));
        // Twenty looks, two seconds apart; Acme grows by one key in each.
        for (int i = 0; i < 20; ++i) {
            clock.advance(std::chrono::seconds(2));
            store.plant("tenant:acme:new" + std::to_string(i), client::Bytes(900, 'x'));
            ASSERT_TRUE(waitFor([&] { return feed->find("acme")->keys() == std::uint64_t(613 + i); }));
        }
    }
};

/// A shop's keys: every kind, expiries near and far, two favourites.
struct KeysBench : Bench {
    std::unique_ptr<models::KeysFeed> feed;
    std::unique_ptr<widgets::KeysPage> page;

    void start(const Theme& theme)
    {
        open();
        std::vector<std::unique_ptr<models::KeySource>> sources;
        sources.push_back(std::make_unique<models::ScanSource>(connection->store()));
        feed = std::make_unique<models::KeysFeed>(*dispatcher, clock, std::move(sources));
        feed->setFavourites({"leader:billing", "session:7f21"});
        page = std::make_unique<widgets::KeysPage>(*feed, clock, theme, QStringLiteral("shop"), 1024);
    }
    void plantShop()
    {
        for (int i = 0; i < 12; ++i)
            store.plant("page:views:shard:" + std::to_string(i), std::to_string(90 + i));
        store.plant("events:meta:order-17", "{\"version\":3}");
        for (int i = 1; i <= 3; ++i)
            store.plant("events:order-17:" + std::to_string(i), std::string(std::size_t(140 * i), 'e'));
        store.plant("inventory:sku-1", "{\"available\":4}");
        store.plant("inventory:reservation:r-9", "{}", 14 * 60'000);
        store.plant("leader:billing", "{\"holder\":\"a\"}", 9'000);
        store.plant("ratelimit:ada:1700000000", "7", 61'000);
        for (const char* id : {"3a90", "7f21", "c4d8"})
            store.plant(
                "session:" + std::string(id), std::string(312, 's'), id[0] == '3' ? 48'000 : 5'400'000);
        store.plant(std::string("raw\x01\xFF", 5), std::string(20'000, 'r'));
        store.plant("signup:count", "77");
    }
    bool ready(std::size_t keys)
    {
        return waitFor([&] { return feed->state() == FeedState::Ready && feed->known() == keys; });
    }
};

client::Finding finding(
    const char* rule, client::Severity severity, const char* subject, const char* evidence, int seconds)
{
    const EpochMs at = test::FakeClock::StartMs + seconds * 1000;
    return {rule, severity, subject, subject, evidence, at, at + 12'000};
}

} // namespace

TEST(Compare, OneInAThousandMayDiffer)
{
    QImage a(100, 100, QImage::Format_RGB32);
    a.fill(qRgb(100, 100, 100));
    QImage b = a;
    EXPECT_TRUE(test::compare(a, b).equal());
    b.fill(qRgb(108, 92, 100));
    EXPECT_TRUE(test::compare(a, b).equal()) << "8 in a channel is nothing";
    b = a;
    for (int x = 0; x < 10; ++x)
        b.setPixel(x, 0, qRgb(100, 109, 100));
    EXPECT_TRUE(test::compare(a, b).equal());
    b.setPixel(10, 0, qRgb(100, 109, 100));
    EXPECT_FALSE(test::compare(a, b).equal());
    EXPECT_FALSE(test::compare(a, a.copy(0, 0, 100, 99)).equal());
}

TEST_P(Golden, CountersPage)
{
    CounterBench b;
    b.liveMinute();
    ASSERT_FALSE(HasFatalFailure());
    widgets::CountersPage page(*b.feed, theme());
    show(page, 1000, 720);
    for (int i = 0; i < 6; ++i)
        b.feed->sampleNow();
    show(page, 1000, 720);
    EXPECT_TRUE(looksLike(page, named("counters")));
}

TEST_P(Golden, CounterInspector)
{
    CounterBench b;
    b.liveMinute();
    ASSERT_FALSE(HasFatalFailure());
    widgets::CounterInspector inspector(*b.feed, theme());
    show(inspector, 320, 760);
    for (int i = 0; i < 6; ++i)
        b.feed->sampleNow();
    show(inspector, 320, 760);
    EXPECT_TRUE(looksLike(inspector, named("counterinspector")));
}

TEST_P(Golden, TenantsPage)
{
    TenantBench b;
    b.start();
    ASSERT_FALSE(HasFatalFailure());
    widgets::TenantsPage page(*b.feed, theme());
    show(page, 1000, 620);
    EXPECT_TRUE(looksLike(page, named("tenants")));
}

TEST_P(Golden, TenantInspector)
{
    TenantBench b;
    b.start();
    ASSERT_FALSE(HasFatalFailure());
    b.feed->select("acme");
    widgets::TenantInspector inspector(*b.feed, theme());
    show(inspector, 320, 760);
    EXPECT_TRUE(looksLike(inspector, named("tenantinspector")));
}

TEST_P(Golden, KeysFolders)
{
    KeysBench b;
    b.plantShop();
    b.start(theme());
    ASSERT_TRUE(b.ready(25));
    show(*b.page, 860, 560);
    auto* tree = b.page->findChild<QTreeView*>(QStringLiteral("keyTree"));
    for (const int row : {5, 2, 0})
        tree->expand(tree->model()->index(row, 0));
    tree->setCurrentIndex(tree->model()->index(2, 0));
    b.feed->setOpenedKey("leader:billing");
    test::spin(60);
    EXPECT_TRUE(looksLike(*b.page, named("keys-folders")));
}

TEST_P(Golden, KeysList)
{
    KeysBench b;
    b.plantShop();
    b.start(theme());
    ASSERT_TRUE(b.ready(25));
    show(*b.page, 860, 560);
    b.page->findChild<QToolButton*>(QStringLiteral("addKeyTab"))->click();
    b.page->findChild<QToolButton*>(QStringLiteral("asList"))->click();
    auto* list = b.page->findChild<QTableView*>(QStringLiteral("keyList"));
    list->selectRow(9);
    list->selectionModel()->select(
        list->model()->index(10, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    b.feed->setOpenedKey("leader:billing");
    test::spin(60);
    EXPECT_TRUE(looksLike(*b.page, named("keys-list")));
}

TEST_P(Golden, StartPage)
{
    widgets::StartPage page(theme());
    client::Profile local;
    local.id = "1";
    local.name = "Local sandbox";
    local.environment = "local";
    local.colour = "#1f8a5b";
    local.seeds = {"127.0.0.1:7447"};
    client::Profile staging = local;
    staging.id = "2";
    staging.name = "Staging, three nodes";
    staging.environment = "staging";
    staging.colour = "#b7791f";
    staging.seeds = {"staging-1:7447", "staging-2:7447", "staging-3:7447"};
    page.setRecent({local, staging});
    show(page, 1000, 680);
    EXPECT_TRUE(looksLike(page, named("start")));
}

struct BulkBench : Bench {
    test::ScratchFolder folder;

    std::unique_ptr<models::BulkFeed> feed()
    {
        models::BulkPlace place;
        place.undoFolder = QStringLiteral("/tmp"); // shown in a picture: the same name everywhere
        return std::make_unique<models::BulkFeed>(*dispatcher, *connection, clock, place);
    }
    client::BulkRequest request(int n)
    {
        client::BulkRequest out;
        for (int i = 0; i < n; ++i) {
            out.keys.push_back("session:" + std::to_string(4100 + i));
            if (i % 9 != 4)
                store.plant(out.keys.back(), std::string(std::size_t(40 + i % 7 * 31), 'v'));
        }
        return out;
    }
};

TEST_P(Golden, BulkDryRun)
{
    BulkBench bench;
    bench.open();
    widgets::BulkDialog dialog(bench.feed(), theme());
    dialog.feed().plan(bench.request(240));
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == models::BulkFeed::State::Planned; }));
    show(dialog, 640, 520);
    EXPECT_TRUE(looksLike(dialog, named("bulk")));
}

TEST_P(Golden, Import)
{
    BulkBench bench;
    bench.open();
    std::string lines;
    for (int i = 0; i < 12; ++i)
        lines += i == 4 ? std::string("{\"key\":\"session:4104\",\"val\n")
            : i == 7    ? std::string("session:4107;v\n")
                        : "{\"key\":\"session:" + std::to_string(4100 + i)
                + "\",\"value\":\"{\\\"user\\\":" + std::to_string(i) + "}\"}\n";
    test::writeFile(bench.folder.file("keys.ndjson"), lines);
    widgets::ImportDialog dialog(bench.feed(), theme());
    dialog.setFile(QString::fromStdString(bench.folder.file("keys.ndjson")));
    ASSERT_TRUE(waitFor([&] {
        return dialog.findChild<QTableView*>(QStringLiteral("importPreview"))->model()->rowCount() == 10;
    }));
    dialog.findChild<QLineEdit*>(QStringLiteral("importFile"))->blockSignals(true);
    dialog.findChild<QLineEdit*>(QStringLiteral("importFile"))
        ->setText(QStringLiteral("/home/ada/keys.ndjson"));
    show(dialog, 720, 620);
    EXPECT_TRUE(looksLike(dialog, named("import")));
}

TEST_P(Golden, Journal)
{
    Bench bench;
    const test::ScratchFolder folder;
    client::Journal journal(folder.file("journal.ndjson"), bench.clock);
    bench.store.plant("cart:total", "95");
    bench.store.plant("user:7:name", "Ada");
    bench.connection = client::Connection::over(
        bench.store, bench.profile, bench.clock, client::Recorders(bench.trace, nullptr, &journal));
    bench.dispatcher = std::make_unique<models::Dispatcher>(2);
    models::JournalFeed feed(*bench.dispatcher, *bench.connection, journal, bench.clock);
    client::Call call;
    call.why = "key inspector";
    auto& store = bench.connection->store();
    ASSERT_TRUE(store.put(call, {.key = "cart:total", .value = "96"}));
    bench.clock.advance(1500ms);
    ASSERT_TRUE(store.put(call, {.key = "user:9:name", .value = "Grace", .ttlMs = 60'000}));
    bench.clock.advance(2s);
    bench.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    (void)store.put(call, {.key = "user:7:name", .value = "Ada L."});
    bench.clock.advance(2s);
    bench.store.script(FakeStore::Op::Remove, FakeStore::Fault::Invalid);
    (void)store.remove(call, {.key = "user:7:name"});
    bench.clock.advance(1s);
    ASSERT_TRUE(store.remove(call, {.key = "user:9:name"}));
    feed.collect();
    bench.clock.advance(1s);
    feed.undo(feed.model().lastUndoable()->id);
    ASSERT_TRUE(waitFor([&] { return feed.model().rowCount() == 6; }));
    QWidget frame;
    auto* column = new QVBoxLayout(&frame);
    auto* panel = new widgets::JournalPanel(feed, {}, theme());
    column->addWidget(panel->tools());
    column->addWidget(panel);
    show(frame, 1100, 280);
    EXPECT_TRUE(looksLike(frame, named("journal")));
}

INSTANTIATE_TEST_SUITE_P(Themes, Golden, ::testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& tested) { return tested.param == ThemePreference::Dark ? "Dark" : "Light"; });

TEST_P(GoldenLight, KeysFromBefore)
{
    KeysBench b;
    b.plantShop();
    b.start(theme());
    ASSERT_TRUE(b.ready(25));
    b.store.always(FakeStore::Op::Watch, FakeStore::Fault::Unreachable);
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.feed->stale(); }));
    show(*b.page, 860, 420);
    b.page->findChild<QToolButton*>(QStringLiteral("asList"))->click();
    test::spin(60);
    EXPECT_TRUE(looksLike(*b.page, named("keys-before")));
}

namespace {

/// Half a list, and then silence.
struct HalfAList : models::KeySource {
    client::Result<void> start(const models::KeyNewsSink& sink, const std::stop_token& stop) override
    {
        models::KeyNews news;
        news.kind = models::KeyNews::Kind::Begins;
        sink(std::move(news));
        auto chunk = std::make_unique<models::KeyChunk>();
        for (int i = 1000; i < 5096; ++i) {
            const std::string key = "user:" + std::to_string(i);
            models::KeyRow row;
            row.key = key;
            row.size = 100;
            chunk->add(row);
        }
        models::KeyNews rows;
        rows.rows = std::move(chunk);
        rows.kind = models::KeyNews::Kind::Rows;
        sink(std::move(rows));
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, stop, [] { return false; });
        return {};
    }
};

} // namespace

TEST_P(GoldenLight, KeysLoading)
{
    KeysBench b;
    b.open();
    std::vector<std::unique_ptr<models::KeySource>> sources;
    sources.push_back(std::make_unique<HalfAList>());
    b.feed = std::make_unique<models::KeysFeed>(*b.dispatcher, b.clock, std::move(sources));
    b.page = std::make_unique<widgets::KeysPage>(*b.feed, b.clock, theme(), QStringLiteral("shop"), 1024);
    show(*b.page, 860, 420);
    ASSERT_TRUE(waitFor([&] { return b.feed->known() == 4096; }));
    b.clock.advance(2s);
    auto* cancel = b.page->findChild<QWidget*>(QStringLiteral("cancelListing"));
    ASSERT_TRUE(waitFor([&] { return cancel->isVisible(); }));
    test::spin(60);
    EXPECT_TRUE(looksLike(*b.page, named("keys-loading")));
}

TEST_P(GoldenLight, KeysUnlisted)
{
    KeysBench b;
    b.store.offersExplore = false;
    b.start(theme());
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    show(*b.page, 860, 420);
    EXPECT_TRUE(looksLike(*b.page, named("keys-unlisted")));
}

TEST_P(GoldenLight, CountersEmpty)
{
    CounterBench b;
    b.start();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Ready; }));
    widgets::CountersPage page(*b.feed, theme());
    show(page, 1000, 560);
    EXPECT_TRUE(looksLike(page, named("counters-empty")));
}

TEST_P(GoldenLight, CountersFailed)
{
    CounterBench b;
    b.store.cut();
    b.start();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    widgets::CountersPage page(*b.feed, theme());
    show(page, 1000, 560);
    EXPECT_TRUE(looksLike(page, named("counters-failed")));
}

TEST_P(GoldenLight, FindingsPanel)
{
    models::FindingsModel model;
    using client::Severity;
    model.report(finding("C4", Severity::Certain, "api:requests",
        "2 shards lie beyond the declared 10 and hold 412: readers that sum the declared shards are short by "
        "that much.",
        0));
    model.report(finding("C1", Severity::Certain, "cart:total",
        "The value is \"1e+21\"; a counter is decimal digits within 64 bits. It looks as if a JavaScript "
        "client overflowed this counter.",
        4));
    model.report(finding("C3", Severity::Certain, "race:1f0c22aa",
        "1000 increments were acknowledged and the stored value grew by 941: 59 lost.", 9));
    model.report(finding("C2", Severity::Suspect, "page:views", "The value fell from 128407 to 128395.", 15));
    model.report(finding("C5", Severity::Info, "page:views",
        "212 of 611 writes (35 %) met another writer. About 24 shards would bring that under 5 %.", 20));
    QWidget host;
    auto* column = new QVBoxLayout(&host);
    auto* panel = new widgets::FindingsPanel(model, nullptr, theme());
    column->addWidget(panel->tools(), 0, Qt::AlignRight);
    column->addWidget(panel);
    // One was over, another is muted; a fix is offered for the chosen one.
    model.report(finding("S1", Severity::Certain, "4f1c2a", "The session should have ended 44 s ago.", 1));
    model.report(finding("S1", Severity::Certain, "4f1c2a", "The session should have ended 49 s ago.", 6));
    model.age(test::FakeClock::StartMs + 60'000, [](const std::string&) { return true; });
    model.setRuleMuted("C2", true);
    panel->setFixes([](const client::Finding&) { return QStringLiteral("Give the leaked units back"); });
    panel->findChild<QTableView*>()->selectRow(1);
    show(host, 1100, 260);
    EXPECT_TRUE(looksLike(host, named("findings")));
}

TEST_P(GoldenLight, OperationsPanel)
{
    models::OperationsModel model;
    const auto op = [](int ms, client::Rpc rpc, const char* key, bool cas, int attempts, std::int64_t us,
                        std::optional<client::ErrorKind> error, const char* detail) {
        client::Operation out;
        out.startedMs = test::FakeClock::StartMs + ms;
        out.took = std::chrono::microseconds(us);
        out.rpc = rpc;
        out.cas = cas;
        out.key = key;
        out.shard = shardOf(out.key, 1024);
        out.node = "node0";
        out.attempts = attempts;
        out.error = error;
        out.detail = detail;
        return out;
    };
    using client::ErrorKind;
    using client::Rpc;
    model.append(
        {op(12, Rpc::KvGet, "page:views", false, 1, 412, {}, "version 118"),
            op(13, Rpc::KvPut, "page:views", true, 1, 1'870, {}, "version 119"),
            op(45, Rpc::KvPut, "page:views", true, 1, 2'210, ErrorKind::Conflict, "the version moved"),
            op(61, Rpc::KvGet, "session:5f0d3c1e-2b7a-4a55-9d3f-0b6b4c1f7a21", false, 1, 398, {},
                "version 7"),
            op(140, Rpc::KvDelete, "bin:\x01\xff", false, 3, 154'300, ErrorKind::UnknownOutcome,
                "the connection was lost before the answer"),
            op(420, Rpc::KvGet, "api:requests:shard:3", false, 1, 5'000'000, ErrorKind::Timeout,
                "no answer within 5 s")},
        0);
    QWidget host;
    auto* column = new QVBoxLayout(&host);
    auto* panel = new widgets::OperationsPanel(model, theme());
    column->addWidget(panel->tools(), 0, Qt::AlignRight);
    column->addWidget(panel);
    panel->findChild<QTableView*>()->selectRow(3);
    show(host, 1100, 260);
    EXPECT_TRUE(looksLike(host, named("operations")));
}

TEST_P(GoldenLight, ConnectionDialog)
{
    widgets::ConnectionDialog dialog(theme());
    client::Profile local;
    local.id = "1";
    local.name = "Local sandbox";
    local.environment = "local";
    local.colour = "#1f8a5b";
    local.seeds = {"127.0.0.1:7447"};
    client::Profile staging = local;
    staging.id = "2";
    staging.folder = "Shop";
    staging.name = "Staging, three nodes";
    staging.environment = "staging";
    staging.colour = "#b7791f";
    staging.guard = client::GuardMode::Confirm;
    staging.seeds = {"staging-1:7447", "staging-2:7447", "staging-3:7447"};
    dialog.setProfiles({local, staging});
    dialog.selectProfile("2");
    show(dialog, 960, 660);
    EXPECT_TRUE(looksLike(dialog, named("connections")));
}

INSTANTIATE_TEST_SUITE_P(
    Themes, GoldenLight, ::testing::Values(ThemePreference::Light), [](const auto&) { return "Light"; });
