// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/profilesmodel.h"
#include "widgets/checklistview.h"
#include "widgets/connectiondialog.h"
#include "widgets/connectionform.h"
#include "widgets/declaredtimes.h"
#include "widgets/pairtable.h"
#include "widgets/startpage.h"
#include "widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QTreeView>

#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using namespace norikv::widgets;
using namespace Qt::Literals::StringLiterals;

namespace {

client::Profile profile(const char* id, const char* name, const char* folder, const char* seed)
{
    client::Profile p;
    p.id = id;
    p.name = name;
    p.folder = folder;
    p.seeds = {seed};
    p.guard = models::defaultGuard(p.seeds);
    p.plainTextAccepted = true;
    return p;
}

std::vector<client::Profile> some()
{
    return {profile("1", "prod-eu", "Europe", "db1.example:7447"),
        profile("2", "staging", "Europe", "10.0.0.2:7447"),
        profile("3", "prod-us", "America", "10.0.1.2:7447"), profile("4", "laptop", "", "127.0.0.1:7447")};
}

client::ProbeReport unreachable()
{
    client::ProbeReport report;
    report.errorKind = "refused";
    report.errorWhat = "Nobody listens there.";
    report.remedy = "Start the server.";
    report.checks = {{"connect", client::CheckState::Failed, 2, "Nobody listens there."}};
    return report;
}

class Connections : public testing::Test {
protected:
    Connections()
    {
        theme.setReducedMotion(true);
        QApplication::clipboard()->clear();
        dialog.setProfiles(some());
        dialog.selectProfile("4");
    }
    template <class T> T* child(const QString& name) { return dialog.findChild<T*>(name); }
    void press(const QString& name) { child<QPushButton>(name)->click(); }
    QLineEdit* addresses() { return child<QLineEdit>(u"addresses"_s); }
    bool isOn(const QString& name) { return child<QRadioButton>(name)->isChecked(); }
    bool hasText(const QString& text)
    {
        for (const QLabel* label : dialog.findChildren<QLabel*>()) {
            if (label->text().contains(text) && label->isVisibleTo(&dialog))
                return true;
        }
        return false;
    }

    Theme theme{ThemePreference::Light};
    ConnectionDialog dialog{theme};
};

} // namespace

TEST_F(Connections, AddressIsCheckedWhileTyping)
{
    addresses()->clear();
    QTest::keyClicks(addresses(), u"10.0.0.1:99999"_s);
    EXPECT_TRUE(hasText(u"the port must be a number from 1 to 65535"_s));
    EXPECT_TRUE(addresses()->property("invalid").toBool());
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    EXPECT_FALSE(child<QPushButton>(u"connect"_s)->isEnabled());
    EXPECT_FALSE(child<QPushButton>(u"test"_s)->isEnabled());
    addresses()->setText(u"norikv://127.0.0.1,127.0.0.1:7448"_s);
    EXPECT_FALSE(addresses()->property("invalid").toBool());
    EXPECT_TRUE(child<QPushButton>(u"save"_s)->isEnabled());
    child<QLineEdit>(u"http1"_s)->setText(u"127.0.0.1:8081"_s);
    QSignalSpy changed(&dialog, &ConnectionDialog::profilesChanged);
    press(u"save"_s);
    ASSERT_EQ(changed.count(), 1);
    const client::Profile& saved = dialog.savedProfiles().back();
    EXPECT_EQ(saved.seeds, (std::vector<std::string>{"127.0.0.1:7447", "127.0.0.1:7448"}));
    EXPECT_EQ(saved.httpAddresses, (std::vector<std::string>{"", "127.0.0.1:8081"}));
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
}

TEST_F(Connections, GuardFollowsTheAddressUntilChosen)
{
    press(u"new"_s);
    EXPECT_TRUE(isOn(u"guardNormal"_s));
    addresses()->setText(u"db.example:7447"_s);
    EXPECT_TRUE(isOn(u"guardReadOnly"_s));
    addresses()->setText(u"localhost"_s);
    EXPECT_TRUE(isOn(u"guardNormal"_s));
    child<QRadioButton>(u"guardConfirm"_s)->click();
    addresses()->setText(u"db.example:7447"_s);
    EXPECT_TRUE(isOn(u"guardConfirm"_s));
}

TEST_F(Connections, SavedGuardOnlyGetsStricterByItself)
{
    addresses()->setText(u"db.example:7447"_s);
    EXPECT_TRUE(isOn(u"guardReadOnly"_s));
    dialog.selectProfile("1");
    addresses()->setText(u"127.0.0.1:7447"_s);
    EXPECT_TRUE(isOn(u"guardReadOnly"_s));
}

TEST_F(Connections, PlainTextBeyondThisMachineNeedsAWord)
{
    press(u"new"_s);
    auto* accepted = child<QCheckBox>(u"plainTextAccepted"_s);
    EXPECT_FALSE(accepted->isVisibleTo(&dialog));
    addresses()->setText(u"db.example:7447"_s);
    EXPECT_TRUE(accepted->isVisibleTo(&dialog));
    EXPECT_FALSE(accepted->isChecked());
    EXPECT_FALSE(child<QPushButton>(u"connect"_s)->isEnabled());
    EXPECT_FALSE(child<QPushButton>(u"test"_s)->isEnabled());
    EXPECT_TRUE(child<QPushButton>(u"save"_s)->isEnabled());
    accepted->setChecked(true);
    EXPECT_TRUE(child<QPushButton>(u"connect"_s)->isEnabled());
    press(u"save"_s);
    EXPECT_TRUE(dialog.savedProfiles().back().plainTextAccepted);
    child<QLineEdit>(u"tlsCa"_s)->setText(u"/ca.pem"_s);
    EXPECT_FALSE(accepted->isVisibleTo(&dialog));
}

TEST_F(Connections, TokenWithoutTlsIsRefused)
{
    child<QLineEdit>(u"tlsToken"_s)->setText(u"/token"_s);
    EXPECT_FALSE(child<QPushButton>(u"connect"_s)->isEnabled());
    child<QLineEdit>(u"tlsCa"_s)->setText(u"/ca.pem"_s);
    EXPECT_TRUE(child<QPushButton>(u"connect"_s)->isEnabled());
}

TEST_F(Connections, TestFillsTheChecklist)
{
    auto* list = dialog.findChild<ChecklistView*>();
    QSignalSpy asked(&dialog, &ConnectionDialog::testRequested);
    QSignalSpy cancelled(&dialog, &ConnectionDialog::cancelTest);
    press(u"test"_s);
    ASSERT_EQ(asked.count(), 1);
    EXPECT_EQ(asked.first().first().value<client::Profile>().id, "4");
    EXPECT_EQ(list->stateText(u"connect"_s), u"asking"_s);
    EXPECT_EQ(list->stateText(u"vector"_s), u"waiting"_s);
    dialog.showCheck({"connect", client::CheckState::Ok, 3, "127.0.0.1:7447"});
    EXPECT_EQ(list->stateText(u"connect"_s), u"ok"_s);
    EXPECT_EQ(list->stateText(u"kv"_s), u"asking"_s);
    dialog.showCheck({"kv", client::CheckState::Refused, 1, "no"});
    dialog.showCheck({"meta", client::CheckState::Absent, 1, ""});
    EXPECT_EQ(list->stateText(u"kv"_s), u"refused"_s);
    EXPECT_EQ(list->stateText(u"meta"_s), u"not offered"_s);
    press(u"test"_s); // stop
    EXPECT_EQ(cancelled.count(), 1);
    EXPECT_FALSE(dialog.isTesting());
    EXPECT_EQ(list->stateText(u"vector"_s), u"not asked"_s);
    dialog.showCheck({"vector", client::CheckState::Ok, 1, "late"});
    EXPECT_EQ(list->stateText(u"vector"_s), u"not asked"_s);
}

TEST_F(Connections, UnreachableSaysWhatAndWhatToTry)
{
    press(u"test"_s);
    dialog.showProbe(unreachable());
    EXPECT_FALSE(dialog.isTesting());
    EXPECT_TRUE(hasText(u"Nobody listens there. Start the server."_s));
    dialog.selectProfile("1");
    EXPECT_FALSE(hasText(u"Start the server."_s));
    dialog.selectProfile("4"); // the result is remembered
    EXPECT_TRUE(hasText(u"Start the server."_s));
    addresses()->setText(u"127.0.0.1:7448"_s); // and is no longer true
    EXPECT_FALSE(hasText(u"Start the server."_s));
}

TEST_F(Connections, LeavingAConnectionStopsItsTest)
{
    QSignalSpy cancelled(&dialog, &ConnectionDialog::cancelTest);
    press(u"test"_s);
    dialog.selectProfile("1");
    EXPECT_EQ(cancelled.count(), 1);
    EXPECT_FALSE(dialog.isTesting());
}

TEST_F(Connections, UnsavedChangesSurviveSelectingAnother)
{
    child<QLineEdit>(u"name"_s)->setText(u"renamed"_s);
    addresses()->setText(u"half an addr"_s);
    dialog.selectProfile("1");
    dialog.selectProfile("4");
    EXPECT_EQ(child<QLineEdit>(u"name"_s)->text(), u"renamed"_s);
    EXPECT_EQ(addresses()->text(), u"half an addr"_s);
    dialog.show();
    dialog.reject();
    EXPECT_TRUE(dialog.isVisible());
    EXPECT_TRUE(hasText(u"One connection has unsaved changes."_s));
    auto discard = dialog.findChildren<QPushButton*>(u"confirmAct"_s);
    for (QPushButton* button : discard) {
        if (button->isVisible())
            button->click();
    }
    EXPECT_FALSE(dialog.isVisible());
    EXPECT_EQ(dialog.savedProfiles().back().name, "laptop");
}

TEST_F(Connections, ConnectSavesFirst)
{
    QStringList order;
    QObject::connect(&dialog, &ConnectionDialog::profilesChanged, &dialog, [&] { order << u"saved"_s; });
    QObject::connect(&dialog, &ConnectionDialog::connectRequested, &dialog,
        [&](const client::Profile& p) { order << QString::fromStdString(p.name); });
    child<QLineEdit>(u"name"_s)->setText(u"mine"_s);
    press(u"connect"_s);
    EXPECT_EQ(order, (QStringList{u"saved"_s, u"mine"_s}));
}

TEST_F(Connections, DeleteAsksInPlace)
{
    dialog.show();
    press(u"delete"_s);
    EXPECT_EQ(dialog.savedProfiles().size(), 4U);
    for (QPushButton* button : dialog.findChildren<QPushButton*>(u"confirmAct"_s)) {
        if (button->isVisible())
            button->click();
    }
    EXPECT_EQ(dialog.savedProfiles().size(), 3U);
    EXPECT_EQ(dialog.model().find("4"), nullptr);
}

TEST_F(Connections, NewTakesAnAddressFromTheClipboard)
{
    QApplication::clipboard()->setText(u"db.example:7447\n"_s);
    press(u"new"_s);
    EXPECT_EQ(addresses()->text(), u"db.example:7447"_s);
    EXPECT_TRUE(isOn(u"guardReadOnly"_s));
    QApplication::clipboard()->setText(u"my secret: word"_s);
    press(u"new"_s);
    EXPECT_EQ(addresses()->text(), u"127.0.0.1:7447"_s);
}

TEST_F(Connections, CountersAndMapAreChecked)
{
    auto* counters = child<PairTable>(u"counters"_s);
    counters->table()->setItem(0, 0, new QTableWidgetItem(u"page:views"_s));
    counters->table()->setItem(0, 1, new QTableWidgetItem(u"many"_s));
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    counters->table()->item(0, 1)->setText(u"20"_s);
    auto* map = child<PairTable>(u"addressMap"_s);
    map->table()->setItem(0, 0, new QTableWidgetItem(u"0.0.0.0:7447"_s));
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    map->table()->setItem(0, 1, new QTableWidgetItem(u"localhost"_s));
    press(u"save"_s);
    const client::Profile& saved = dialog.savedProfiles().back();
    EXPECT_EQ(saved.counters, std::vector<std::string>{"page:views"});
    EXPECT_EQ(saved.counterShards.at("page:views"), 20U);
    EXPECT_EQ(saved.addressMap.at("0.0.0.0:7447"), "localhost:7447");
}

TEST_F(Connections, DeclaredTimesAreCheckedAndKept)
{
    auto* ttls = child<PairTable>(u"declaredTtls"_s);
    ttls->table()->setItem(0, 0, new QTableWidgetItem(u"session:"_s));
    ttls->table()->setItem(0, 1, new QTableWidgetItem(u"half an hour"_s));
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    ttls->table()->item(0, 1)->setText(u"30 min"_s);
    auto* limits = child<PairTable>(u"declaredLimits"_s);
    limits->table()->setItem(0, 0, new QTableWidgetItem(u"api:"_s));
    limits->table()->setItem(0, 1, new QTableWidgetItem(u"0 in 60 s"_s));
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    limits->table()->item(0, 1)->setText(u"100 in 1 min"_s);
    press(u"save"_s);
    const client::Profile& saved = dialog.savedProfiles().back();
    EXPECT_EQ(saved.ttls.at("session:"), 1'800'000U);
    EXPECT_EQ(saved.rateLimits.at("api:"), (client::RateLimit{100, 60'000}));
    // Shown again as a person would write it.
    EXPECT_EQ(limits->table()->item(0, 1)->text(), u"100 in 1 min"_s);
}

TEST(DeclaredTimes, ReadsAndWritesDurations)
{
    EXPECT_EQ(millisecondsIn(u"90 s"_s), 90'000U);
    EXPECT_EQ(millisecondsIn(u" 90 "_s), 90'000U);
    EXPECT_EQ(millisecondsIn(u"500ms"_s), 500U);
    EXPECT_EQ(millisecondsIn(u"2 d"_s), 172'800'000U);
    for (const QString& bad : {u""_s, u"0"_s, u"-5 s"_s, u"1.5 h"_s, u"9999999 d"_s, u"s"_s, u"5 weeks"_s})
        EXPECT_FALSE(millisecondsIn(bad)) << bad.toStdString();
    for (const std::uint64_t ms : {1ULL, 1500ULL, 60'000ULL, 5'400'000ULL, 86'400'000ULL})
        EXPECT_EQ(millisecondsIn(durationWords(ms)), ms);
}

TEST_F(Connections, FilterFindsByEveryWord)
{
    child<QLineEdit>(u"filter"_s)->setText(u"europe PROD"_s);
    EXPECT_EQ(dialog.model().rowCount(), 1);
    EXPECT_TRUE(dialog.model().indexOf("1").isValid());
    EXPECT_FALSE(dialog.model().indexOf("2").isValid());
    child<QLineEdit>(u"filter"_s)->clear();
    EXPECT_EQ(dialog.model().rowCount(), 3);
}

TEST_F(Connections, DropOnAFolderIsKeptAtOnce)
{
    QSignalSpy changed(&dialog, &ConnectionDialog::profilesChanged);
    auto* tree = dialog.findChild<QTreeView*>();
    auto* model = tree->model();
    const std::unique_ptr<QMimeData> data(model->mimeData({dialog.model().indexOf("4")}));
    ASSERT_TRUE(data);
    const QModelIndex europe = dialog.model().indexOf("1").parent();
    ASSERT_TRUE(model->dropMimeData(data.get(), Qt::MoveAction, -1, -1, europe));
    ASSERT_EQ(changed.count(), 1);
    EXPECT_EQ(dialog.savedProfiles().back().folder, "Europe");
    EXPECT_EQ(child<QComboBox>(u"folder"_s)->currentText(), u"Europe"_s);
    EXPECT_FALSE(child<QPushButton>(u"save"_s)->isEnabled());
    ASSERT_TRUE(model->dropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
    EXPECT_EQ(dialog.savedProfiles().back().folder, "");
}

TEST_F(Connections, FitsALaptop)
{
    EXPECT_LE(dialog.minimumSizeHint().width(), 1280);
    EXPECT_LE(dialog.minimumSizeHint().height(), 740);
}

TEST(ProfilesModel, KeepsItsPromisesThroughRandomChanges)
{
    models::ProfilesModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same changes each time
    const auto pick = [&](const char* letters) { return std::string(1, letters[random() % 4]); };
    for (int step = 0; step < 1500; ++step) {
        const std::string id = std::to_string(random() % 12);
        switch (random() % 5) {
        case 0:
            model.remove(id);
            break;
        case 1:
            model.setFilter(random() % 3 == 0 ? QString::fromStdString(pick("abcd")) : QString());
            break;
        case 2:
            model.setEdited({id});
            break;
        default:
            model.put(profile(id.c_str(), pick("abBA").c_str(), random() % 2 ? pick("xyzX").c_str() : "",
                "localhost:7447"));
        }
        int shown = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            const int children = model.rowCount(model.index(row, 0));
            shown += model.index(row, 0).data(models::ProfilesModel::IdRole).toString().isEmpty() ? children
                                                                                                  : 1;
        }
        EXPECT_LE(shown, int(model.profiles().size()));
    }
    EXPECT_EQ(resets.count(), 0);
}

TEST(Checklist, UnknownChecksGetALine)
{
    const Theme theme(ThemePreference::Dark);
    ChecklistView view(theme);
    const int before = view.rowCount();
    view.start();
    view.showCheck({"later.thing", client::CheckState::Ok, 1, "<b>x</b>"});
    EXPECT_EQ(view.rowCount(), before + 1);
    EXPECT_EQ(view.detailText(u"later.thing"_s), u"<b>x</b>"_s);
    for (const QLabel* label : view.findChildren<QLabel*>())
        EXPECT_EQ(label->textFormat(), Qt::PlainText);
    QTest::qWait(250); // the line being asked shows the time so far
    EXPECT_EQ(view.stateText(u"connect"_s), u"asking"_s);
    view.finish();
    EXPECT_EQ(view.stateText(u"connect"_s), u"not asked"_s);
}

TEST(StartPageTest, EnterStartsTheDemo)
{
    const Theme theme(ThemePreference::Light);
    StartPage page(theme);
    page.resize(1280, 726);
    page.show();
    page.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&page));
    QSignalSpy demo(&page, &StartPage::demoChosen);
    QSignalSpy sandbox(&page, &StartPage::sandboxChosen);
    ASSERT_NE(QApplication::focusWidget(), nullptr);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    EXPECT_EQ(demo.count(), 1);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    EXPECT_EQ(sandbox.count(), 1);
    EXPECT_EQ(demo.count(), 1);
}

TEST(StartPageTest, RecentConnectionsOpenById)
{
    const Theme theme(ThemePreference::Light);
    StartPage page(theme);
    page.setRecent(some());
    QSignalSpy chosen(&page, &StartPage::profileChosen);
    page.findChild<QAbstractButton*>(u"recent1"_s)->click();
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.first().first().toString(), u"2"_s);
    page.setRecent({});
    EXPECT_EQ(page.findChild<QAbstractButton*>(u"recent0"_s)->isVisibleTo(&page), false);
}
