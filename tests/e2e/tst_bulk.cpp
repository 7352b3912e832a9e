// SPDX-License-Identifier: GPL-3.0-or-later
// Import, bulk delete and undo of the real program against the real sandbox.
#include "tests/e2e/windowfixture.h"

#include "app/bulkactions.h"
#include "client/bulk/bulkjob.h"
#include "client/bulk/ndjson.h"
#include "widgets/bulkdialog.h"
#include "widgets/importdialog.h"
#include "widgets/journalpanel.h"
#include "widgets/theme.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QtTest/qtestkeyboard.h>

#include <fstream>
#include <map>
#include <random>

namespace norikv::tests {
namespace {

using namespace std::chrono_literals;
using State = models::BulkFeed::State;
using Contents = std::map<client::Bytes, std::pair<client::Bytes, std::optional<EpochMs>>>;

class BulkJourney : public WindowTest {
protected:
    ~BulkJourney() override
    {
        quit(); // its windows use the theme
    }

    Contents stored()
    {
        Contents all;
        client::Call call;
        call.timeout = 20s;
        client::ScanRequest everything;
        everything.prefix = "bulk:";
        const auto scanned
            = workspace()->connection().store().scan(call, everything, [&](const client::ScanBatch& batch) {
                  for (const auto& entry : batch.entries)
                      all[entry.key] = {entry.value, entry.expiresAtMs};
                  return true;
              });
        EXPECT_TRUE(scanned) << scanned.error().message;
        return all;
    }
    template <class Dialog> Dialog& dialog()
    {
        auto* found = window().findChild<Dialog*>();
        EXPECT_NE(found, nullptr);
        return *found;
    }
    static QPushButton& pushButton(QWidget& in, const char* name)
    {
        return *in.findChild<QPushButton*>(QLatin1String(name));
    }

    widgets::Theme theme{widgets::ThemePreference::Light};
};

TEST_F(BulkJourney, ImportTwoThousandDeleteThemAndUndoAll)
{
    constexpr int Keys = 2000;
    LiveServer server;
    connectTo(server);
    const std::string file = (config.path() / "keys.ndjson").string();
    Contents expected;
    {
        std::mt19937 random{1};
        std::ofstream out(file, std::ios::binary);
        const EpochMs expiry = SystemClock().nowMs() + 3'600'000;
        for (int i = 0; i < Keys; ++i) {
            client::Entry entry;
            entry.key = "bulk:" + std::to_string(i) + (i % 10 == 0 ? "\xff" : "");
            for (std::size_t n = random() % 200; n > 0; --n)
                entry.value += static_cast<char>(random());
            if (i % 3 == 0)
                entry.expiresAtMs = expiry;
            expected[entry.key] = {entry.value, entry.expiresAtMs};
            out << client::toNdjson(client::NdjsonRecord{entry, true, {}, {}}) << '\n';
        }
    }
    app::startImport(*workspace(), theme, &window(), QString::fromStdString(file));
    auto& import = dialog<widgets::ImportDialog>();
    auto* typed = import.findChild<QLineEdit*>(QStringLiteral("importTyped"));
    ASSERT_TRUE(waitFor([&] { return typed->isVisible(); }));
    QTest::keyClicks(typed, QString::number(Keys));
    QTest::keyClick(typed, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return pushButton(import, "bulkUndoAll").isVisible(); }, 60s));
    const Contents imported = stored();
    ASSERT_EQ(imported.size(), expected.size());
    for (const auto& [key, value] : expected) {
        ASSERT_EQ(imported.at(key).first, value.first);
        ASSERT_EQ(imported.at(key).second.has_value(), value.second.has_value());
        if (value.second) {
            EXPECT_NEAR(double(*imported.at(key).second), double(*value.second), 2000);
        }
    }
    import.close();

    std::vector<client::Bytes> keys;
    for (const auto& [key, value] : imported)
        keys.push_back(key);
    app::startBulk(*workspace(), theme, &window(), client::BulkAction::Delete, keys);
    auto& bulk = dialog<widgets::BulkDialog>();
    ASSERT_TRUE(waitFor([&] { return bulk.feed().state() == State::Planned; }));
    EXPECT_EQ(bulk.feed().plan().count, std::uint64_t(Keys));
    EXPECT_EQ(bulk.feed().plan().missing, 0U);
    auto* confirm = bulk.findChild<QLineEdit*>(QStringLiteral("bulkTyped"));
    bulk.findChild<QSpinBox*>(QStringLiteral("bulkRate"))
        ->setValue(0); // ours, though the program cannot know
    QTest::keyClicks(confirm, QString::number(Keys));
    QTest::keyClick(confirm, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return bulk.feed().state() == State::Ended; }, 60s));
    EXPECT_EQ(bulk.feed().progress().done, std::uint64_t(Keys))
        << bulk.feed().problem().toStdString()
        << bulk.feed().failures().index(0, models::BulkFailuresModel::Reason).data().toString().toStdString();
    EXPECT_TRUE(stored().empty());

    pushButton(bulk, "bulkUndoAll").click();
    ASSERT_TRUE(waitFor([&] { return bulk.feed().state() == State::Ended; }, 60s));
    EXPECT_EQ(bulk.feed().progress().failed, 0U);
    const Contents back = stored();
    ASSERT_EQ(back.size(), imported.size());
    for (const auto& [key, value] : imported) {
        ASSERT_EQ(back.at(key).first, value.first);
        ASSERT_EQ(back.at(key).second.has_value(), value.second.has_value());
        if (value.second) {
            EXPECT_NEAR(double(*back.at(key).second), double(*value.second), 2000);
        }
    }
    // Three jobs: import, delete, undo.
    ASSERT_TRUE(waitFor([&] { return workspace()->journal().model().rowCount() >= 3; }));
    EXPECT_EQ(workspace()->journal().model().record(0).kind, client::WriteKind::Bulk);
}

TEST_F(BulkJourney, TheJournalSurvivesARestartAndUndoesTheLastWrite)
{
    LiveServer server;
    connectTo(server);
    client::Call call;
    call.why = "test";
    auto* store = &workspace()->connection().store();
    for (const char* value : {"old", "new"}) {
        client::Put put;
        put.key = "bulk:1";
        put.value = value;
        ASSERT_TRUE(store->put(call, put));
    }
    quit();
    connectTo(server);
    auto& feed = workspace()->journal();
    ASSERT_TRUE(waitFor([&] { return feed.model().rowCount() == 2; }));
    std::optional<client::UndoReport> report;
    QObject::connect(
        &feed, &models::JournalFeed::undone, &feed, [&](const client::UndoReport& done) { report = done; });
    feed.undo(feed.model().lastUndoable()->id);
    ASSERT_TRUE(waitFor([&] { return report.has_value(); }));
    EXPECT_EQ(report->what, client::UndoReport::What::Restored);
    EXPECT_EQ(stored().at("bulk:1").first, "old");
}

// The real server is silent in a Get about a key without expiry, and its clock need not be ours.
TEST(BulkOnARealServer, UndoOfAnExpiryRestoresEachKeysOwnByTheServersClock)
{
    const LiveServer server({"--faults"});
    ASSERT_TRUE(server.ready());
    OtherClient other(server.seeds());
    client::Call call;
    ASSERT_TRUE(other.store().shiftClock(call, -5min));
    ASSERT_TRUE(other.put("never", "v"));
    ASSERT_TRUE(other.put("minute", "v", 60'000));
    const auto expiries = [&] {
        Contents all;
        EXPECT_TRUE(other.store().scan(call, {}, [&](const client::ScanBatch& batch) {
            for (const auto& entry : batch.entries)
                all[entry.key] = {entry.value, entry.expiresAtMs};
            return true;
        }));
        return all;
    };
    const auto before = expiries();
    TempFolder folder;
    const auto run = [&](client::BulkRequest what, const char* undoFile) {
        client::BulkOptions how;
        how.ourSandbox = true;
        how.undoFile = folder / undoFile;
        client::BulkJob job(other.store(), other.connection().serverClock(), std::move(what), how);
        EXPECT_TRUE(job.run());
        EXPECT_EQ(job.progress().done, 2U);
        return how.undoFile;
    };
    client::BulkRequest set;
    set.action = client::BulkAction::SetTtl;
    set.keys = {"never", "minute"};
    set.ttlMs = 3'600'000;
    client::BulkRequest back;
    back.action = client::BulkAction::Undo;
    back.file = run(set, "undo");
    run(back, "again");
    const auto after = expiries();
    EXPECT_EQ(after.at("never").second, std::nullopt);
    ASSERT_TRUE(after.at("minute").second);
    EXPECT_NEAR(double(*after.at("minute").second), double(*before.at("minute").second), 500);
}

} // namespace
} // namespace norikv::tests
