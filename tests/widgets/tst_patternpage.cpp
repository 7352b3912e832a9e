// SPDX-License-Identifier: GPL-3.0-or-later
// The frame that every pattern's page has, around the smallest pattern.
#include "tests/models/notefeed.h"
#include "widgets/emptystate.h"
#include "widgets/noticebar.h"
#include "widgets/patternpage.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QPushButton>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using models::FeedState;
using test::FakeStore;
using test::NoteFeed;
using test::waitFor;

namespace {

class NotesPage final : public PatternPage {
public:
    NotesPage(NoteFeed& feed, const Theme& theme)
        : PatternPage(feed, theme,
            {QStringLiteral("notesPage"), QStringLiteral("Notes"), QStringLiteral("keys"),
                QStringLiteral("Looking for notes"), QStringLiteral("The notes could not be read"),
                QStringLiteral("read the notes")},
            nullptr)
        , write(new QPushButton(QStringLiteral("Write")))
        , m_feed(feed)
    {
        write->setToolTip(QStringLiteral("Writes a note"));
        writes(write);
        auto* content = new QWidget;
        write->setParent(content);
        setContent(content);
        refreshAll();
    }

    QPushButton* write;
    int refreshed = 0;

protected:
    bool nothing() const override
    {
        return m_feed.words.empty() || m_feed.words == std::vector<std::string>{"listed"};
    }
    void sayNothing(EmptyState& empty) override
    {
        empty.setContent(QStringLiteral("keys"), QStringLiteral("No note yet"), QString());
    }
    void refreshContent() override { ++refreshed; }
    QString countText() const override { return QStringLiteral("%1 words").arg(m_feed.words.size()); }

private:
    NoteFeed& m_feed;
};

struct PageBench : test::NoteBench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<NotesPage> page;

    ~PageBench() { page.reset(); }
    void startPage()
    {
        start();
        page = std::make_unique<NotesPage>(*feed, theme);
        page->resize(600, 400);
        page->show();
    }
    QString said() const
    {
        QString all;
        for (const auto* label : page->findChildren<QLabel*>()) {
            if (label->isVisible())
                all += label->text() + QStringLiteral(" | ");
        }
        return all;
    }
    bool says(const char* text)
    {
        return waitFor([&] { return said().contains(QString::fromUtf8(text)); });
    }
    QPushButton* button(const char* caption) const
    {
        for (auto* each : page->findChildren<QPushButton*>()) {
            if (each->isVisible() && each->text() == QString::fromUtf8(caption))
                return each;
        }
        return nullptr;
    }
};

TEST(PatternPage, WhatIsShownStaysWhileTheServerIsAway)
{
    PageBench t;
    t.store.plant("note:a", "1");
    t.startPage();
    ASSERT_TRUE(t.says("followed live"));
    t.store.cut();
    EXPECT_TRUE(t.says("what you see is from before")) << t.said().toStdString();
    EXPECT_FALSE(t.said().contains(QStringLiteral("could not be read")));
    t.store.mend();
    EXPECT_TRUE(t.says("Connected again."));
}

TEST(PatternPage, AnOutcomeIsToldWithWhatCanBeDone)
{
    PageBench t;
    t.profile.guard = client::GuardMode::Confirm;
    t.store.plant("note:a", "1");
    t.startPage();
    ASSERT_TRUE(t.says("followed live"));
    t.feed->write("note:a", "2");
    ASSERT_TRUE(waitFor([&] { return t.button("Confirm") != nullptr; }));
    t.button("Confirm")->click();
    EXPECT_TRUE(t.says("It is written."));
    EXPECT_EQ(t.store.value("note:a"), "2");
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    t.feed->write("note:a", "3");
    ASSERT_TRUE(waitFor([&] { return t.button("Confirm") != nullptr; }));
    t.button("Confirm")->click();
    ASSERT_TRUE(waitFor([&] { return t.button("Check") != nullptr; })) << t.said().toStdString();
    t.button("Check")->click();
    EXPECT_TRUE(t.says("It is there."));
}

TEST(PatternPage, ReadOnlyGreysWhatWritesAndSaysWhy)
{
    PageBench t;
    t.startPage();
    t.page->setReadOnly(true);
    EXPECT_FALSE(t.page->write->isEnabled());
    EXPECT_TRUE(t.page->write->toolTip().contains(QStringLiteral("read-only")));
    t.page->setReadOnly(false);
    EXPECT_TRUE(t.page->write->isEnabled());
    EXPECT_EQ(t.page->write->toolTip(), QStringLiteral("Writes a note"));
}

} // namespace
