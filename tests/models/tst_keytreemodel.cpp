// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keytreemodel.h"
#include "tests/models/keyfixture.h"
#include "tests/models/waiting.h"
#include "tests/support/fakeclock.h"

#include <gmock/gmock.h>

using namespace norikv;
using namespace norikv::models;
using test::chunkOf;
using test::putOf;
using test::removalOf;
using testing::ElementsAre;

namespace {

struct Tree {
    std::shared_ptr<KeyStore> store = std::make_shared<KeyStore>();
    KeyView view{store};
    KeyTreeModel model{view};
    test::ModelWatch watch{&model};

    std::vector<std::string> names(const QModelIndex& parent = {}) const
    {
        std::vector<std::string> out;
        for (int row = 0; row < model.rowCount(parent); ++row)
            out.push_back(model.index(row, 0, parent).data().toString().toStdString());
        return out;
    }
};

} // namespace

TEST(KeyTreeModel, CutsAtTheSeparator)
{
    Tree t;
    t.view.append(chunkOf({"a", "user:", "user:1", "user:1:cart", "user:2", "z"}));
    EXPECT_THAT(t.names(), ElementsAre("a", "user:", "z"));
    const auto user = t.model.index(1, 0);
    EXPECT_TRUE(user.data(FolderRole).toBool());
    EXPECT_EQ(user.data(CountRole).toULongLong(), 4u);
    EXPECT_THAT(t.names(user), ElementsAre("(ends here)", "1", "1:", "2"));
    EXPECT_EQ(t.model.index(2, 0, user).data(models::KeyRole).toByteArray(), "user:1:");
    EXPECT_EQ(t.model.indexOf("user:1:cart").data().toString(), QStringLiteral("cart"));
    EXPECT_EQ(t.model.indexOfFolder("user:1:").parent(), user);
    EXPECT_FALSE(t.model.indexOf("user:3").isValid());
    EXPECT_FALSE(t.model.indexOfFolder("use").isValid());
}

TEST(KeyTreeModel, ANeverOpenedFolderCostsNothing)
{
    const auto store = std::make_shared<KeyStore>();
    KeyView view(store);
    KeyTreeModel model(view);
    std::vector<std::string> keys;
    for (int folder = 100; folder < 200; ++folder) {
        for (int key = 10; key < 60; ++key)
            keys.push_back("f" + std::to_string(folder) + ':' + std::to_string(key));
    }
    view.append(chunkOf(keys));
    EXPECT_EQ(model.rowCount(), 100);
    for (int row = 0; row < 100; ++row)
        EXPECT_TRUE(model.hasChildren(model.index(row, 0)));
    EXPECT_EQ(model.openedFolders(), 0u);
    EXPECT_EQ(model.rowCount(model.index(7, 0)), 50);
    EXPECT_EQ(model.openedFolders(), 1u);
}

TEST(KeyTreeModel, CountsAreAtLeastWhereCoverageIsPartial)
{
    Tree t;
    t.view.append(chunkOf({"a:1", "a:2"}));
    const auto cell = t.model.index(0, int(KeyColumn::Kind));
    EXPECT_EQ(cell.data().toString(), QStringLiteral("2 key(s)"));
    KeyCellContext partial;
    partial.partial = true;
    t.model.setContext(partial);
    EXPECT_EQ(cell.data().toString(), QStringLiteral("\u2265 2 key(s)"));
}

TEST(KeyTreeModel, OpenFoldersFollowChangesInPlace)
{
    Tree t;
    t.view.append(chunkOf({"a:1", "b:1", "b:3", "c:1"}));
    const QPersistentModelIndex b(t.model.indexOfFolder("b:"));
    const QPersistentModelIndex three(t.model.indexOf("b:3"));
    t.view.apply({putOf("a:0"), putOf("aa"), putOf("b:2")}, {});
    EXPECT_EQ(b.row(), 2);
    EXPECT_EQ(b.data(CountRole).toULongLong(), 3u);
    EXPECT_EQ(three.row(), 2);
    EXPECT_EQ(three.parent(), b);
    t.view.apply({removalOf("b:1"), removalOf("b:2")}, {});
    EXPECT_EQ(three.row(), 0);
    t.view.apply({removalOf("b:3")}, {});
    EXPECT_FALSE(b.isValid());
    EXPECT_FALSE(three.isValid());
    EXPECT_THAT(t.names(), ElementsAre("a:", "aa", "c:"));
}

TEST(KeyTreeModel, GrowsWhileItIsLoaded)
{
    Tree t;
    t.view.append(chunkOf({"a:1", "b:1", "b:2"}));
    const QPersistentModelIndex b(t.model.indexOfFolder("b:"));
    EXPECT_EQ(t.model.rowCount(b), 2);
    t.view.append(chunkOf({"b:3", "b:4", "c"}));
    t.view.append(chunkOf({"d", "e:1"}));
    EXPECT_EQ(t.model.rowCount(b), 4);
    EXPECT_THAT(t.names(), ElementsAre("a:", "b:", "c", "d", "e:"));
}

TEST(KeyTreeModel, IsEmptyWhileTheListIsNotSortedByKey)
{
    Tree t;
    t.view.append(chunkOf({"a:1", "b:1"}));
    t.view.show({}, {KeyOrder::By::Size, true}, t.store->order());
    EXPECT_EQ(t.model.rowCount(), 0);
    t.view.show({}, {}, {});
    EXPECT_EQ(t.model.rowCount(), 2);
    t.model.setActive(false);
    EXPECT_EQ(t.model.rowCount(), 0);
    t.view.apply({putOf("c")}, {});
    t.model.setActive(true);
    EXPECT_EQ(t.model.rowCount(), 3);
}

TEST(KeyTreeModel, AnotherSeparatorMakesOtherFolders)
{
    Tree t;
    t.view.append(chunkOf({"a/1", "a/2", "b:1"}));
    EXPECT_THAT(t.names(), ElementsAre("a/1", "a/2", "b:"));
    t.model.setSeparator("/");
    EXPECT_THAT(t.names(), ElementsAre("a/", "b:1"));
    t.model.setSeparator("");
    EXPECT_THAT(t.names(), ElementsAre("a/1", "a/2", "b:1"));
}

TEST(KeyListModel, CellsSayWhatIsKnown)
{
    test::FakeClock clock;
    const auto store = std::make_shared<KeyStore>();
    KeyView view(store);
    KeyListModel model(view);
    const test::ModelWatch watch(&model);
    KeyCellContext context;
    context.clock = &clock;
    model.setContext(context);
    auto chunk = std::make_unique<KeyChunk>();
    const EpochMs now = clock.nowMs();
    chunk->add(test::keyRow("leader:a", 5, 1234, now + 3'840'000));
    auto guess = test::keyRow("session:a", 6, 1, now + 30'000);
    guess.provenance = client::TtlProvenance::PatternDefault;
    chunk->add(guess);
    const std::string broken("x\n", 2); // a row only points to its key
    auto unknown = test::keyRow(broken, 7, 0);
    unknown.provenance = client::TtlProvenance::Unknown;
    chunk->add(unknown);
    view.append(std::move(chunk));
    const auto cell
        = [&](int row, KeyColumn column) { return model.index(row, int(column)).data().toString(); };
    EXPECT_EQ(cell(0, KeyColumn::Expires), QStringLiteral("1 h 04 m"));
    EXPECT_EQ(cell(0, KeyColumn::Kind), QStringLiteral("leader lease"));
    EXPECT_EQ(cell(1, KeyColumn::Expires), QStringLiteral("about 30 s"));
    EXPECT_EQ(model.index(1, int(KeyColumn::Expires)).data(ToneRole).toInt(), int(Tone::Warning));
    EXPECT_EQ(cell(2, KeyColumn::Expires), QStringLiteral("?"));
    EXPECT_EQ(cell(2, KeyColumn::Key), QStringLiteral("x\\x0a"));
    clock.advance(std::chrono::seconds(31));
    EXPECT_EQ(cell(1, KeyColumn::Expires), QStringLiteral("expired"));
    context.clockOffsetMs = -60'000;
    model.setContext(context);
    EXPECT_EQ(cell(1, KeyColumn::Expires), QStringLiteral("about 59 s"));
}
