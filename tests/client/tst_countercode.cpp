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

// Quotes, backslashes, line ends, \u and bytes that are no text: as each language reads them back.
TEST(CounterCode, escapesOddKeysAsGoAndJavaReadThem)
{
    const auto code = [](Language language, const Bytes& key, std::uint32_t shards) {
        return incrementSnippet(language, key, shards, "h:7447");
    };
    const Bytes odd = "a\"b\\u0022\n\xc3\xa9";
    EXPECT_THAT(code(Go, odd, 0), HasSubstr(R"([]byte("a\"b\\u0022\x0a\xc3\xa9"))"));
    EXPECT_THAT(code(Go, odd, 7), HasSubstr(R"([]byte("a\"b\\u0022\x0a\xc3\xa9:shard:"))"));
    EXPECT_THAT(code(Java, odd, 0), HasSubstr(R"("a\"b\\u0022\012\u00e9".getBytes(UTF_8))"));
    EXPECT_THAT(code(Java, odd, 7), HasSubstr(R"(("a\"b\\u0022\012\u00e9:shard:" + ThreadLocalRandom)"));
    const Bytes bytes("\xff\0001", 3);
    EXPECT_THAT(code(Go, bytes, 0), HasSubstr(R"([]byte("\xff\x001"))"));
    EXPECT_THAT(code(Java, bytes, 0), HasSubstr(R"(HexFormat.of().parseHex("ff0031"))"));
    EXPECT_THAT(code(Java, bytes, 7), HasSubstr(R"(parseHex("ff00313a73686172643a" + HexFormat.of())"));
}

} // namespace
} // namespace norikv::client
