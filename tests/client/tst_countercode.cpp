// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/countercode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace norikv::client {
namespace {

using enum Language;
using testing::HasSubstr;

constexpr Language Languages[] = {TypeScript, Python, Go, Java, Grpcurl, Curl};

TEST(CounterCode, existsInEveryLanguageForBothKindsOfCounter)
{
    std::set<std::string_view> names;
    for (const Language language : Languages) {
        EXPECT_TRUE(names.insert(name(language)).second) << name(language);
        for (const std::uint32_t shards : {0U, 20U})
            EXPECT_FALSE(incrementSnippet(language, "api:requests", shards, "10.0.0.5:7447").empty())
                << name(language);
    }
}

TEST(CounterCode, spreadsAShardedCounterOverItsShards)
{
    for (const Language language : {TypeScript, Python, Go, Java}) {
        const std::string code = incrementSnippet(language, "page:views", 37, "h:7447");
        EXPECT_THAT(code, HasSubstr("37")) << name(language);
        EXPECT_THAT(code, HasSubstr("page:views")) << name(language);
    }
}

} // namespace
} // namespace norikv::client
