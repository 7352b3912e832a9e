// SPDX-License-Identifier: GPL-3.0-or-later
// A folded state as a tree whose changed places are marked, and as a list of changes.
#include "models/jsontreemodel.h"
#include "models/statetree.h"
#include "tests/models/waiting.h"

#include <gtest/gtest.h>

using namespace norikv;
using client::StateChange;
using models::changedNodes;
using models::StateChangeModel;
using models::statePath;
using models::stateTree;

namespace {

/// What the nodes hold, to name them in a test.
std::set<std::string> texts(const models::JsonTree& tree, const std::set<std::uint32_t>& nodes)
{
    std::set<std::string> out;
    for (const auto node : nodes)
        out.emplace(tree.document.nodes[node].value.of(tree.text()));
    return out;
}

} // namespace

TEST(StateTree, MarksExactlyWhatChanged)
{
    const auto tree = stateTree(R"({"balance":70,"lines":[{"sku":"a"},{"sku":"b"}],"a/b~c":1,"0":"zero"})");
    ASSERT_TRUE(tree);
    using Set = std::set<std::string>;
    EXPECT_EQ(texts(*tree, changedNodes(*tree, {{"/balance", "100", "70"}})), Set{"70"});
    EXPECT_EQ(texts(*tree, changedNodes(*tree, {{"/lines/1/sku", "\"x\"", "\"b\""}})), Set{"\"b\""});
    EXPECT_EQ(texts(*tree, changedNodes(*tree, {{"/a~1b~0c", "", "1"}, {"/0", "", "\"zero\""}})),
        (Set{"1", "\"zero\""}));
    EXPECT_EQ(texts(*tree, changedNodes(*tree, {{"/lines/7", "1", ""}})), Set{R"([{"sku":"a"},{"sku":"b"}])"})
        << "of what is gone, what held it";
    EXPECT_EQ(changedNodes(*tree, {{"", "1", "2"}}), std::set<std::uint32_t>{0});
    EXPECT_TRUE(changedNodes(*tree, {}).empty());
}

TEST(StateTree, RefusesWhatItCannotShow)
{
    EXPECT_FALSE(stateTree(""));
    EXPECT_FALSE(stateTree("{"));
    EXPECT_FALSE(stateTree('"' + std::string(models::MostTreeBytes, 'x') + '"'));
    EXPECT_FALSE(stateTree(std::string(5000, '[')));
    EXPECT_TRUE(stateTree("null"));
}

TEST(StateTree, TheNodeRoleIsTheNumberInTheDocument)
{
    const auto tree = stateTree(R"({"a":{"b":5}})");
    ASSERT_TRUE(tree);
    models::JsonTreeModel model;
    model.setTree(tree);
    const auto b = model.index(0, 1, model.index(0, 0));
    const auto node = b.data(models::JsonTreeModel::NodeRole).toUInt();
    EXPECT_EQ(tree->document.nodes[node].value.of(tree->text()), "5");
    EXPECT_TRUE(changedNodes(*tree, {{"/a/b", "4", "5"}}).contains(node));
}

TEST(StateChanges, AreATableOfPlaces)
{
    StateChangeModel model;
    const test::ModelWatch watch(&model);
    model.show({{"/balance", "100", "70"}, {"/lines/0/sku", "", "\"<b>a</b>\""}}, QStringLiteral("Before"),
        QStringLiteral("After"));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(1, 0).data().toString(), QStringLiteral("lines.0.sku"));
    EXPECT_EQ(model.index(0, 1).data().toString(), QStringLiteral("100"));
    EXPECT_EQ(model.index(1, 1).data().toString(), QStringLiteral("–")) << "it was not there";
    EXPECT_EQ(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("After"));
    EXPECT_FALSE(model.index(1, 2).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
    EXPECT_EQ(statePath(""), QStringLiteral("the whole state"));
    model.show({}, QStringLiteral("Before"), QStringLiteral("After"));
    EXPECT_EQ(model.rowCount(), 0);
}
