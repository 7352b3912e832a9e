// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/target.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using testing::HasSubstr;
using Seeds = std::vector<std::string>;

TEST(Target, readsWhatPeopleWrite)
{
    struct Row {
        const char* text;
        Seeds seeds;
    };
    const Row rows[] = {
        {"127.0.0.1", {"127.0.0.1:7447"}},
        {"127.0.0.1:9000", {"127.0.0.1:9000"}},
        {"norikv://db.example.com:7447", {"db.example.com:7447"}},
        {"norikv://db.example.com/", {"db.example.com:7447"}},
        {"norikv://a,b:8000,c", {"a:7447", "b:8000", "c:7447"}},
        {"a,a:7447,norikv-2", {"a:7447", "norikv-2:7447"}},
        {"[::1]", {"[::1]:7447"}},
        {"[fe80::1]:7000,localhost", {"[fe80::1]:7000", "localhost:7447"}},
        {"my_host:1", {"my_host:1"}},
        {"h:65535", {"h:65535"}},
        {"h:07447,h", {"h:7447"}},
    };
    for (const Row& row : rows) {
        const auto seeds = parseSeeds(row.text);
        ASSERT_TRUE(seeds) << row.text << ": " << seeds.error().message;
        EXPECT_EQ(*seeds, row.seeds) << row.text;
    }
}

TEST(Target, refusesGarbageAndNamesThePiece)
{
    struct Row {
        const char* text;
        const char* piece; ///< in the message
        const char* why;
    };
    const Row rows[] = {
        {"", "\"\"", "host is missing"},
        {"norikv://", "\"\"", "host is missing"},
        {":7447", "\":7447\"", "host is missing"},
        {"[]:7447", "\"[]:7447\"", "host is missing"},
        {"a,,b", "\"\"", "host is missing"},
        {"a,", "\"\"", "host is missing"},
        {"h:", "\"h:\"", "port"},
        {"h:0", "\"h:0\"", "port"},
        {"h:65536", "\"h:65536\"", "port"},
        {"h:-1", "\"h:-1\"", "port"},
        {"h:99999999999999999999", "\"h:99999999999999999999\"", "port"},
        {"h:12x", "\"h:12x\"", "port"},
        {"h:+80", "\"h:+80\"", "port"},
        {"a:1,b:two", "\"b:two\"", "port"},
        {"::1", "\"::1\"", "characters"},
        {"[::1", "\"[::1\"", "no ]"},
        {"[::1]7447", "\"[::1]7447\"", ":port"},
        {"[a b]:1", "\"[a b]:1\"", "characters"},
        {"a b:1", "\"a b:1\"", "characters"},
        {"a, b", "\" b\"", "characters"},
        {"http://h:1", "\"http://h:1\"", "norikv://"},
        {"h/path:1", "\"h/path:1\"", "characters"},
        {"user@h:1", "\"user@h:1\"", "characters"},
        {"h\x1b[31m:1", "\\x1b", "characters"},
    };
    for (const Row& row : rows) {
        const auto seeds = parseSeeds(row.text);
        ASSERT_THAT(seeds, failsWith(ErrorKind::InvalidRequest)) << row.text;
        EXPECT_THAT(seeds.error().message, HasSubstr(row.piece)) << row.text;
        EXPECT_THAT(seeds.error().message, HasSubstr(row.why)) << row.text;
        EXPECT_THAT(seeds.error().message, HasSubstr("127.0.0.1:7447")) << "says what would be right";
    }
}

TEST(Target, knowsThisMachineFromOthers)
{
    EXPECT_TRUE(isLoopback({"127.0.0.1:7447"}));
    EXPECT_TRUE(isLoopback({"127.3.2.1:7447", "localhost:1", "[::1]:7447"}));
    EXPECT_FALSE(isLoopback({"127.0.0.1:7447", "db.example.com:7447"}));
    EXPECT_FALSE(isLoopback({"10.127.0.1:7447"}));
    EXPECT_FALSE(isLoopback({"localhost.example.com:7447"}));
    EXPECT_FALSE(isLoopback({"127.0.0.1.example.com:7447"})) << "a name that only begins like loopback";
    EXPECT_FALSE(isLoopback({"127.example.com:7447"}));
    EXPECT_FALSE(isLoopback({"[::1234]:7447"}));
}

} // namespace
} // namespace norikv::client
