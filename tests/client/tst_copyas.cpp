// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/base64.h"
#include "client/copyas.h"
#include "client/patterns/countercode.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace norikv::client {
namespace {

using enum Language;
using test::failsWith;
using test::succeeds;
using testing::HasSubstr;
using testing::Not;
using What = ShownOperation::What;

const CopyTarget Target{"10.0.0.5:7447", "10.0.0.5:8080"};

std::vector<Bytes> oddBytes()
{
    std::vector<Bytes> all{"", "plain", "quote\" back\\slash 'single' $dollar `tick` %d %% {x}", "a\nb\rc\td",
        std::string("nul\0nul7", 8), "\xff\xfe", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
        "\\u0022 \\x41 \\012", "\xe2\x80\xae rtl",
        "\x7f\x01"
        "1",
        "-n", "@file", "KEY SHARDS ADDRESS PATH BASE64", "*/ // #"};
    std::mt19937 random{99};
    for (int i = 0; i < 100; ++i) {
        Bytes bytes(random() % 20, '\0');
        for (char& c : bytes)
            c = static_cast<char>(random());
        all.push_back(bytes);
    }
    return all;
}

std::string output(const std::string& command)
{
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (!pipe)
        return out;
    char chunk[4096];
    for (std::size_t n = 0; (n = ::fread(chunk, 1, sizeof chunk, pipe)) > 0;)
        out.append(chunk, n);
    ::pclose(pipe);
    return out;
}

bool has(const char* program) { return !output(std::string("command -v ") + program).empty(); }

int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

void appendUtf8(std::string& out, std::uint32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 63));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 63));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    }
}

/// Reads a literal as the Java language says: first every \u outside an escaped backslash, then the escapes.
std::optional<Bytes> readJava(const std::string& literal)
{
    std::u32string units;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        if (static_cast<unsigned char>(literal[i]) >= 0x80)
            return std::nullopt;
        if (literal[i] == '\\' && literal[i + 1] == '\\') {
            units += U"\\\\";
            ++i;
        } else if (literal[i] == '\\' && literal[i + 1] == 'u') {
            char32_t c = 0;
            for (int n = 2; n < 6; ++n)
                c = c * 16 + static_cast<char32_t>(digit(literal[i + static_cast<std::size_t>(n)]));
            units += c;
            i += 5;
        } else {
            units += static_cast<char32_t>(literal[i]);
        }
    }
    std::u32string text;
    for (std::size_t i = 1; i + 1 < units.size(); ++i) {
        if (units[i] == U'"' || units[i] == U'\n' || units[i] == U'\r')
            return std::nullopt; // ends the literal
        if (units[i] != U'\\') {
            text += units[i];
            continue;
        }
        const char32_t next = units[++i];
        if (next == U'"' || next == U'\\') {
            text += next;
            continue;
        }
        char32_t value = 0;
        for (int n = 0; n < 3; ++n)
            value = value * 8 + (units[i + static_cast<std::size_t>(n)] - U'0');
        text += value;
        i += 2;
    }
    Bytes out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        if (c >= 0xD800 && c < 0xDC00)
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
        appendUtf8(out, c);
    }
    return out;
}

std::optional<Bytes> readGo(const std::string& literal)
{
    Bytes out;
    for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
        if (literal[i] == '"' || literal[i] < 0x20)
            return std::nullopt;
        if (literal[i] != '\\') {
            out += literal[i];
        } else if (literal[i + 1] == 'x') {
            out += static_cast<char>(digit(literal[i + 2]) * 16 + digit(literal[i + 3]));
            i += 3;
        } else {
            out += literal[++i];
        }
    }
    return out;
}

TEST(Literals, PythonReadsThemBack)
{
    if (!has("python3"))
        GTEST_SKIP() << "no python3";
    const test::ScratchFolder folder;
    const auto all = oddBytes();
    std::string script = "import ast, base64\n";
    for (const Bytes& bytes : all)
        script += "v = ast.literal_eval(base64.b64decode('" + base64(bytesLiteral(Python, bytes))
            + "').decode('ascii'))\nprint(base64.b64encode(v if isinstance(v, bytes) else "
              "v.encode()).decode())\n";
    test::writeFile(folder.file("x.py"), script);
    std::string expected;
    for (const Bytes& bytes : all)
        expected += base64(bytes) + "\n";
    EXPECT_EQ(output("python3 " + folder.file("x.py")), expected);
}

// JavaScript reads every JSON string as what it is, so this holds where no node is installed.
TEST(Literals, TypeScriptTextIsReadBackAsJson)
{
    int texts = 0;
    for (const Bytes& bytes : oddBytes()) {
        const std::string literal = bytesLiteral(TypeScript, bytes);
        if (!isUtf8(bytes)) {
            EXPECT_THAT(literal, testing::StartsWith("Buffer.from(\""));
            continue;
        }
        ++texts;
        const auto read = nlohmann::json::parse(literal, nullptr, false);
        ASSERT_TRUE(read.is_string()) << literal;
        EXPECT_EQ(read.get<std::string>(), bytes);
    }
    EXPECT_GT(texts, 5);
}

TEST(Literals, NodeReadsThemBack)
{
    if (!has("node"))
        GTEST_SKIP() << "no node";
    const test::ScratchFolder folder;
    const auto all = oddBytes();
    std::string script;
    std::string expected;
    for (const Bytes& bytes : all) {
        script += "console.log(Buffer.from(" + bytesLiteral(TypeScript, bytes) + ").toString('base64'));\n";
        expected += base64(bytes) + "\n";
    }
    test::writeFile(folder.file("x.js"), script);
    EXPECT_EQ(output("node " + folder.file("x.js")), expected);
}

TEST(Literals, TheShellPrintsThemBack)
{
    const test::ScratchFolder folder;
    for (const Bytes& bytes : oddBytes()) {
        test::writeFile(folder.file("x.sh"), "printf " + printfFormat(bytes) + "\n");
        EXPECT_EQ(output("sh " + folder.file("x.sh")), bytes) << printfFormat(bytes);
        if (bytes.find('\0') != Bytes::npos)
            continue;
        test::writeFile(folder.file("x.sh"), "printf %s " + shellQuoted(bytes) + "\n");
        EXPECT_EQ(output("sh " + folder.file("x.sh")), bytes);
    }
}

TEST(Literals, GoAndJavaReadThemBack)
{
    for (const Bytes& bytes : oddBytes()) {
        EXPECT_EQ(readGo(stringLiteral(Go, bytes)), bytes);
        if (isUtf8(bytes)) {
            EXPECT_EQ(readJava(stringLiteral(Java, bytes)), bytes) << stringLiteral(Java, bytes);
        } else {
            EXPECT_THAT(bytesLiteral(Java, bytes), HasSubstr("parseHex"));
        }
    }
    EXPECT_EQ(stringLiteral(Java, "a\"\n1"), "\"a\\\"\\0121\"");
    EXPECT_EQ(stringLiteral(Go, "\xc3\xa4"), "\"\\xc3\\xa4\"");
}

TEST(Literals, AreOneLineOfAscii)
{
    for (const Bytes& bytes : oddBytes()) {
        for (const Language language : {TypeScript, Python, Go, Java}) {
            for (const char c : bytesLiteral(language, bytes))
                EXPECT_TRUE(c >= 0x20 && c < 0x7F);
        }
    }
}

ShownOperation put(const Bytes& value, std::uint64_t ttlMs = 0, std::optional<Version> version = {})
{
    return {.what = What::Put, .key = "user:1", .value = value, .ttlMs = ttlMs, .ifMatch = version};
}

TEST(CopyAs, SaysEachOperationInEachLanguage)
{
    const ShownOperation get{.what = What::Get, .key = "user:1"};
    const ShownOperation remove{.what = What::Remove, .key = "user:1"};
    EXPECT_EQ(copyAs(TypeScript, get, Target), "const result = await client.get(\"user:1\");\n");
    EXPECT_EQ(copyAs(Python, remove, Target), "await client.delete(\"user:1\")\n");
    EXPECT_EQ(copyAs(TypeScript, put("v", 5000), Target),
        "await client.put(\"user:1\", \"v\", { ttlMs: 5000 });\n");
    EXPECT_EQ(copyAs(Python, put("v", 5000, Version{0, 7}), Target),
        "current = await client.get(\"user:1\")\n"
        "await client.put(\"user:1\", \"v\", PutOptions(if_match_version=current.version, ttl_ms=5000))\n");
    EXPECT_THAT(*copyAs(Go, put("v", 5000), Target), HasSubstr("&norikv.PutOptions{TTLMs: &ttl}"));
    EXPECT_THAT(*copyAs(Java, put("v", 5000), Target), HasSubstr(".ttlMs(5000L)"));
    for (const Language language : {TypeScript, Python, Go, Java, Grpcurl}) {
        for (const auto& op : {get, remove, put("v"), put("v", 1, Version{0, 1})})
            EXPECT_THAT(copyAs(language, op, Target), succeeds()) << name(language);
    }
    EXPECT_EQ(copyAs(Grpcurl, put("\xff", 5000, Version{0, 7}), Target),
        "grpcurl -plaintext -import-path proto -proto norikv/v1/norikv.proto \\\n"
        "  -d "
        "'{\"key\":\"dXNlcjox\",\"value\":\"/"
        "w==\",\"ttl_ms\":\"5000\",\"if_match\":{\"term\":\"0\",\"index\":"
        "\"7\"}}' 10.0.0.5:7447 norikv.v1.Kv/Put\n");
    EXPECT_EQ(copyAs(Curl, get, Target), "curl http://10.0.0.5:8080/kv/user%3A1\n");
    EXPECT_EQ(copyAs(Curl, put("a'b"), Target),
        "printf 'a\\047b' | curl -X PUT -H 'Content-Type: application/octet-stream' --data-binary @- "
        "http://10.0.0.5:8080/kv/user%3A1\n");
}

TEST(CopyAs, RefusesWhatTheHttpPortCannotSay)
{
    const std::pair<ShownOperation, const char*> table[] = {{put("v", 1), "time to live"},
        {put("v", 0, Version{0, 1}), "compare and set"}, {{.what = What::Scan, .key = "a"}, "no such call"},
        {{.what = What::Increment, .key = "a"}, "no such call"}, {{.what = What::Get, .key = "\xff"}, "text"},
        {{.what = What::Get, .key = ""}, "text"}, {{.what = What::Get, .key = ".."}, "cannot name"}};
    for (const auto& [operation, why] : table) {
        const auto refused = copyAs(Curl, operation, Target);
        ASSERT_THAT(refused, failsWith(ErrorKind::Unsupported)) << why;
        EXPECT_THAT(refused.error().message, HasSubstr(why));
    }
    EXPECT_THAT(
        copyAs(Curl, {.what = What::Get, .key = "a"}, {"h:1", ""}), failsWith(ErrorKind::Unsupported));
}

TEST(CopyAs, ScansWhereTheLibraryCan)
{
    const ShownOperation scan{.what = What::Scan, .key = "user:", .limit = 10};
    EXPECT_THAT(*copyAs(Grpcurl, scan, Target), HasSubstr("norikv.explore.v1.Explore/Scan"));
    for (const Language language : {TypeScript, Python, Go, Java})
        EXPECT_THAT(copyAs(language, scan, Target), failsWith(ErrorKind::Unsupported));
}

TEST(CopyAs, RefusesLargeValuesAndHostileAddresses)
{
    EXPECT_THAT(copyAs(Python, put(Bytes(MaxCopiedBytes, 'x')), Target), failsWith(ErrorKind::TooLarge));
    const auto copied = copyAs(Grpcurl, {.what = What::Get, .key = "a"}, {"h; rm -rf ~", {}});
    EXPECT_THAT(*copied, HasSubstr("'h; rm -rf ~'"));
}

TEST(CopyAs, IncrementsOddCountersCorrectly)
{
    for (const Bytes& counter : oddBytes()) {
        for (const Language language : {TypeScript, Python, Go, Java}) {
            for (const std::uint32_t shards : {0U, 20U}) {
                const auto copied
                    = copyAs(language, {.what = What::Increment, .key = counter, .shards = shards}, Target);
                ASSERT_THAT(copied, succeeds());
                if (shards == 0) {
                    EXPECT_THAT(*copied, HasSubstr(bytesLiteral(language, counter)));
                }
                for (const char c : *copied)
                    EXPECT_TRUE(c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7F));
            }
        }
    }
}

TEST(CopyAs, PythonParsesEverySnippet)
{
    if (!has("python3"))
        GTEST_SKIP() << "no python3";
    const test::ScratchFolder folder;
    std::string script = "import ast, base64\n";
    for (const Bytes& bytes : oddBytes()) {
        for (ShownOperation op :
            {put(bytes, 1000, Version{0, 3}), ShownOperation{.what = What::Increment, .shards = 7}}) {
            op.key = bytes;
            std::string body = "async def f():\n " + *copyAs(Python, op, Target);
            for (auto at = body.find('\n', body.find('\n') + 1); at + 1 < body.size();
                 at = body.find('\n', at + 1))
                body.insert(at + 1, " ");
            script += "ast.parse(base64.b64decode('" + base64(body) + "'))\n";
        }
    }
    test::writeFile(folder.file("x.py"), script + "print('fine')\n");
    EXPECT_EQ(output("python3 " + folder.file("x.py") + " 2>&1"), "fine\n");
}

} // namespace
} // namespace norikv::client
