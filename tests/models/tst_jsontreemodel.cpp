// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jsontreemodel.h"
#include "tests/models/waiting.h"

#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using models::JsonTree;
using models::JsonTreeModel;

namespace {

std::shared_ptr<const JsonTree> treeOf(std::string json)
{
    auto decoded = std::make_shared<client::Decoded>();
    decoded->bytes = std::move(json);
    auto document = client::parseJson(decoded->bytes);
    EXPECT_TRUE(document.has_value());
    return std::make_shared<JsonTree>(JsonTree{decoded, std::move(*document)});
}

QString text(const JsonTreeModel& model, int column, int row, const QModelIndex& parent = {})
{
    return model.index(row, column, parent).data().toString();
}

} // namespace

TEST(JsonTreeModel, ShowsNamesKindsAndRawValues)
{
    JsonTreeModel model;
    const test::ModelWatch watch(&model);
    EXPECT_EQ(model.rowCount(), 0);
    model.setTree(treeOf(R"({"user":{"id":18446744073709551615},"roles":["a","b"],"x":null,"e":[]})"));
    ASSERT_EQ(model.rowCount(), 4);
    EXPECT_EQ(text(model, 0, 0), QStringLiteral("user"));
    EXPECT_EQ(text(model, 1, 0), QStringLiteral("{ 1 }"));
    EXPECT_EQ(text(model, 1, 1), QStringLiteral("[ 2 ]"));
    EXPECT_EQ(text(model, 1, 2), QStringLiteral("null"));
    EXPECT_FALSE(model.hasChildren(model.index(3, 0)));
    const auto user = model.index(0, 0);
    EXPECT_EQ(text(model, 1, 0, user), QStringLiteral("18446744073709551615")) << "as stored";
    EXPECT_EQ(model.index(0, 0, user).data(JsonTreeModel::PathRole).toString(), QStringLiteral("user.id"));
    const auto roles = model.index(1, 0);
    EXPECT_EQ(text(model, 0, 1, roles), QStringLiteral("1"));
    EXPECT_EQ(model.index(1, 1, roles).data(JsonTreeModel::RawRole).toByteArray(), "\"b\"");
    EXPECT_EQ(model.parent(model.index(1, 0, roles)), roles);
}

TEST(JsonTreeModel, GivesChildrenOutInBatches)
{
    std::string json = "[1";
    for (int i = 0; i < 4999; ++i)
        json += ",1";
    JsonTreeModel model;
    model.setTree(treeOf(json + "]"));
    EXPECT_EQ(model.rowCount(), JsonTreeModel::Batch);
    int asked = 0;
    for (; model.canFetchMore({}); ++asked)
        model.fetchMore({});
    EXPECT_EQ(asked, 4);
    EXPECT_EQ(model.rowCount(), 5000);
    EXPECT_EQ(text(model, 0, 4999), QStringLiteral("4999"));
}

TEST(JsonTreeModel, AnyDocumentObeysTheRules)
{
    std::mt19937 random(12);
    JsonTreeModel model;
    const test::ModelWatch watch(&model);
    for (int round = 0; round < 30; ++round) {
        std::string json;
        std::string close;
        for (auto depth = random() % 30; depth-- > 0;) {
            const bool object = random() % 2;
            json += object ? R"({"a":1,"b":)" : "[true,";
            close.insert(0, object ? "}" : ",null]");
        }
        model.setTree(treeOf(json + "\"end\"" + close));
        QCoreApplication::processEvents();
    }
}

TEST(JsonTreeModel, HostileTextIsClippedAndEscaped)
{
    JsonTreeModel model;
    model.setTree(treeOf("[\"" + std::string(1024 * 1024, 'x') + "\",\"\xE2\x80\xAE<img src='x'>\"]"));
    EXPECT_LE(text(model, 1, 0).size(), 200);
    EXPECT_FALSE(text(model, 1, 1).contains(QChar(0x202E)));
    model.setTree(treeOf("5"));
    EXPECT_EQ(model.rowCount(), 1);
    EXPECT_EQ(text(model, 1, 0), QStringLiteral("5"));
    model.setTree(treeOf(std::string(1000, '[') + std::string(1000, ']')));
    QModelIndex index;
    int depth = 0;
    for (; model.rowCount(index) > 0; ++depth)
        index = model.index(0, 0, index);
    EXPECT_EQ(depth, 999);
}
