// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/result.h"
#include "client/values.h"

#include <gtest/gtest.h>

#include <set>

namespace norikv::client {
namespace {

TEST(Values, consistencyGoesOutUnderTheNamesTheServerAccepts)
{
    EXPECT_EQ(wireName(Consistency::Strong), "strong");
    EXPECT_EQ(wireName(Consistency::Eventual), "eventual");
    EXPECT_EQ(wireName(Consistency::BoundedStaleness), "bounded_staleness");
}

TEST(Values, consistencyLabelsOfServerAndSdksAreUnderstood)
{
    using enum Consistency;
    const std::pair<std::string_view, Consistency> rows[] = {
        {"", Strong},
        {"strong", Strong},
        {"lease", Strong},
        {"linearizable", Strong},
        {"eventual", Eventual},
        {"stale_ok", Eventual},
        {"bounded_staleness", BoundedStaleness},
    };
    for (const auto& [label, level] : rows)
        EXPECT_EQ(consistencyFromLabel(label), level) << label;
    for (const std::string_view label : {"Strong", "weak", "lease ", "0"})
        EXPECT_EQ(consistencyFromLabel(label), std::nullopt) << label;
}

TEST(Values, everyWireNameIsUnderstoodBack)
{
    for (const auto level : {Consistency::Strong, Consistency::Eventual, Consistency::BoundedStaleness})
        EXPECT_EQ(consistencyFromLabel(wireName(level)), level);
}

TEST(Values, aKeyIsMissingOnlyWithoutVersion)
{
    Entry entry;
    EXPECT_FALSE(entry.exists());
    entry.version = Version{0, 0};
    EXPECT_TRUE(entry.exists()) << "an empty value with a version exists";
}

TEST(Values, versionsCompareTermFirst)
{
    EXPECT_LT((Version{0, 9}), (Version{1, 1}));
    EXPECT_LT((Version{1, 1}), (Version{1, 2}));
    EXPECT_EQ((Version{2, 3}), (Version{2, 3}));
}

TEST(Values, everyKindOfErrorHasItsOwnName)
{
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(ErrorKind::Server); ++i) {
        const auto text = name(static_cast<ErrorKind>(i));
        EXPECT_FALSE(text.empty()) << i;
        EXPECT_TRUE(names.insert(text).second) << text;
    }
    EXPECT_EQ(names.size(), 18U);
}

} // namespace
} // namespace norikv::client
