// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs about single keys, and the sheet of shortcuts.
#include "tests/golden/goldenfixture.h"
#include "tests/models/feedfixture.h"
#include "tests/support/scratchfolder.h"

#include "widgets/bulkdialog.h"
#include "widgets/newkeydialog.h"
#include "widgets/probedialog.h"
#include "widgets/quotabar.h"
#include "widgets/shortcutsheet.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace norikv;
using test::looksLike;
using test::waitFor;
using widgets::ThemePreference;

namespace {

class GoldenDialogs : public test::ThemedPicture {
protected:
    void TearDown() override
    {
        m_dialog.reset();
        m_bench.dispatcher.reset();
    }
    template <class Dialog> Dialog& keep(std::unique_ptr<Dialog> dialog)
    {
        Dialog& kept = *dialog;
        m_dialog = std::move(dialog);
        return kept;
    }
    test::Bench m_bench;
    test::ScratchFolder m_folder;
    std::unique_ptr<models::Catalogue> m_catalogue;
    std::unique_ptr<QWidget> m_dialog;
};

} // namespace

TEST_P(GoldenDialogs, ANewKeyThatExists)
{
    m_bench.store.plant("tenant:acme:order:17", "theirs");
    m_bench.open();
    auto& dialog = keep(std::make_unique<widgets::NewKeyDialog>(
        std::make_unique<models::KeyCreation>(*m_bench.dispatcher, *m_bench.connection, m_bench.clock), theme(),
        "tenant:acme:"));
    dialog.findChild<QLineEdit*>(QStringLiteral("newKeyName"))->setText(QStringLiteral("order:17"));
    dialog.findChild<QPlainTextEdit*>(QStringLiteral("newValue"))
        ->setPlainText(QStringLiteral("{\"total\": 129.5,\n \"paid\": false}"));
    dialog.findChild<QComboBox*>(QStringLiteral("newExpiry"))->setCurrentIndex(1);
    dialog.findChild<QPushButton*>(QStringLiteral("createKey"))->click();
    auto* outcome = dialog.findChild<QLabel*>(QStringLiteral("newKeyOutcome"));
    ASSERT_TRUE(waitFor([&] { return !outcome->text().isEmpty(); }));
    show(dialog, 520, 380);
    EXPECT_TRUE(looksLike(dialog, named("newkey")));
}

TEST_P(GoldenDialogs, WhatLookingForKnownKeysCosts)
{
    m_bench.open();
    m_catalogue = std::make_unique<models::Catalogue>(
        models::Catalogue::Where{m_folder.file("catalogue"), "bench", 1024}, m_bench.clock);
    std::vector<client::Bytes> keys;
    for (int i = 0; i < 1200; ++i)
        keys.push_back("user:" + std::to_string(i));
    ASSERT_TRUE(m_catalogue->add(keys));
    auto& dialog = keep(std::make_unique<widgets::ProbeDialog>(
        std::make_unique<models::ProbeFeed>(*m_bench.dispatcher, *m_bench.connection, m_bench.clock, *m_catalogue)));
    dialog.feed().plan();
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == models::ProbeFeed::State::Planned; }));
    show(dialog, 480, 240);
    EXPECT_TRUE(looksLike(dialog, named("probe")));
}

TEST_P(GoldenDialogs, ATenantIsDeletedByItsId)
{
    m_bench.open();
    client::BulkRequest request;
    for (int i = 0; i < 12; ++i) {
        request.keys.push_back("tenant:acme:order:" + std::to_string(i));
        if (i > 3)
            m_bench.store.plant(request.keys.back(), std::string(100 * std::size_t(i), 'v'));
    }
    auto& dialog = keep(std::make_unique<widgets::BulkDialog>(
        std::make_unique<models::BulkFeed>(
            *m_bench.dispatcher, *m_bench.connection, m_bench.clock, models::BulkPlace{}),
        theme()));
    dialog.confirmByTyping(QStringLiteral("acme"),
        QStringLiteral("This deletes tenant acme: its metadata and all its known keys. Type its id, acme, to confirm:"));
    dialog.feed().plan(request);
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == models::BulkFeed::State::Planned; }));
    show(dialog, 640, 520);
    EXPECT_TRUE(looksLike(dialog, named("deletetenant")));
}

TEST_P(GoldenDialogs, Shortcuts)
{
    auto& sheet = keep(std::make_unique<widgets::ShortcutSheet>(std::vector<widgets::ShortcutRow>{
        {QStringLiteral("Ctrl+N"), QStringLiteral("Connections")},
        {QStringLiteral("Ctrl+D"), QStringLiteral("Duplicate the key")},
        {QStringLiteral("Ctrl+Shift+N"), QStringLiteral("New key")},
        {QStringLiteral("F5"), QStringLiteral("Read again")}}));
    show(sheet, 520, 300);
    EXPECT_TRUE(looksLike(sheet, named("shortcuts")));
}

TEST_P(GoldenDialogs, QuotaBarsPastTheirEnd)
{
    auto& box = keep(std::make_unique<QWidget>());
    auto* column = new QVBoxLayout(&box);
    const std::pair<const char*, double> bars[]
        = {{"85", 0.85}, {"110", 1.1}, {"130", 1.3}, {"220", 2.2}, {"300", 3.0}};
    for (const auto& [text, share] : bars) {
        auto* bar = new widgets::QuotaBar(theme(), QStringLiteral("Keys"));
        bar->setQuota({share, true, QString::fromLatin1(text) + QStringLiteral(" / 100")});
        column->addWidget(bar);
    }
    show(box, 320, 220);
    EXPECT_TRUE(looksLike(box, named("quotabars")));
}

INSTANTIATE_TEST_SUITE_P(Themes, GoldenDialogs, testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& which) { return which.param == ThemePreference::Dark ? "dark" : "light"; });
