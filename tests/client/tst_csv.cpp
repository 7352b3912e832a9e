// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/csv.h"
#include "client/bulk/importreader.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"
#include "tests/support/slower.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sys/resource.h>

namespace norikv::client {
namespace {

using test::failsWith;
using test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
    std::vector<NdjsonRecord> good;
    std::vector<std::pair<std::uint64_t, std::string>> broken; ///< line, reason
};

Read readAll(const std::string& path)
{
    Read out;
    auto reader = ImportReader::open(path);
    EXPECT_THAT(reader, succeeds());
    while (reader) {
        auto row = reader->next();
        EXPECT_THAT(row, succeeds());
        if (!row || !*row)
            break;
        if ((*row)->record)
            out.good.push_back(std::move(*(*row)->record));
        else
            out.broken.emplace_back((*row)->line, (*row)->record.error().message);
    }
    return out;
}

Entry entry(const Bytes& key, const Bytes& value)
{
    Entry out;
    out.key = key;
    out.value = value;
    out.version = Version{0, 9};
    out.provenance = TtlProvenance::Server;
    return out;
}

TEST(CsvCells, AreQuotedAsRfc4180Says)
{
    EXPECT_EQ(csvCell("plain", Formulas::Escaped), "plain");
    EXPECT_EQ(csvCell("", Formulas::Escaped), "");
    EXPECT_EQ(csvCell("a,b", Formulas::Escaped), "\"a,b\"");
    EXPECT_EQ(csvCell("say \"hi\"", Formulas::Escaped), "\"say \"\"hi\"\"\"");
    EXPECT_EQ(csvCell("two\nlines", Formulas::Escaped), "\"two\nlines\"");
}

TEST(CsvCells, FormulasAreMadeHarmlessAndComeBack)
{
    const std::string table[] = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", std::string("\0x", 2), "'=1",
        "'", "=HYPERLINK(\"http://x\",\"y\")", "-5"};
    for (const std::string& text : table) {
        const std::string cell = csvCell(text, Formulas::Escaped);
        const char first = cell[cell[0] == '"' ? 1 : 0];
        EXPECT_EQ(first, '\'') << text;
        CsvRowParser parser;
        ASSERT_EQ(parser.feed(cell, "\n"), CsvRowParser::State::Complete) << text;
        EXPECT_EQ(unescapedCell(parser.cells().at(0)), text);
        EXPECT_NE(csvCell(text, Formulas::Kept)[0], text[0] == '\'' ? 'x' : '\'');
    }
    EXPECT_EQ(csvCell("a=b", Formulas::Escaped), "a=b");
}

TEST(CsvEntries, ComeBackWhateverTheBytes)
{
    std::mt19937 random{5};
    const test::ScratchFolder folder;
    const std::string alphabet = "a,\"\n\r=+-@\t' \xc3\xa4\xff;";
    for (const Formulas formulas : {Formulas::Escaped, Formulas::Kept}) {
        const CsvEntries csv(formulas);
        std::string file = csv.header();
        std::vector<Entry> all;
        for (int i = 0; i < 500; ++i) {
            Bytes key = "k" + std::to_string(i);
            Bytes value;
            for (std::size_t n = random() % 12; n > 0; --n) {
                key += alphabet[random() % alphabet.size()];
                value += alphabet[random() % alphabet.size()];
            }
            if (random() % 3 == 0)
                std::rotate(key.begin(), key.end() - 1, key.end());
            all.push_back(entry(key, value));
            if (random() % 2 == 0)
                all.back().expiresAtMs = static_cast<EpochMs>(random()) + 1;
            file += csv.row(all.back(), i);
        }
        test::writeFile(folder.file("x.csv"), file);
        const Read read = readAll(folder.file("x.csv"));
        ASSERT_TRUE(read.broken.empty()) << read.broken.front().first << " " << read.broken.front().second;
        ASSERT_EQ(read.good.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            EXPECT_EQ(read.good[i].entry.key, all[i].key);
            EXPECT_EQ(read.good[i].entry.value, all[i].value);
            EXPECT_EQ(read.good[i].entry.version, all[i].version);
            EXPECT_EQ(read.good[i].entry.expiresAtMs, all[i].expiresAtMs);
            EXPECT_EQ(read.good[i].entry.provenance, all[i].provenance);
        }
    }
}

TEST(CsvImport, GoesByTheNamesInTheHeader)
{
    const test::ScratchFolder folder;
    test::writeFile(folder.file("x.csv"), "\xEF\xBB\xBFvalue,note,key\r\n'v,ignored,=a\r\n");
    const Read read = readAll(folder.file("x.csv"));
    ASSERT_EQ(read.good.size(), 1U);
    EXPECT_EQ(read.good[0].entry.key, "=a");
    EXPECT_EQ(read.good[0].entry.value, "'v") << "without the mark in the header nothing is taken away";

    test::writeFile(folder.file("x.csv"), "name;value\r\na;b\r\n");
    const auto refused = ImportReader::open(folder.file("x.csv"));
    ASSERT_THAT(refused, failsWith(ErrorKind::BadData));
    EXPECT_THAT(refused.error().message, HasSubstr("no column is called key"));
}

TEST(CsvImport, TellsEachBrokenRowAndReadsTheRest)
{
    const test::ScratchFolder folder;
    test::writeFile(folder.file("x.csv"),
        "key,value\na,1\nb\nc,\"two\nlines\"\nd,\"x\"y\ne,5,6\n,7\nf,\"never closed\ng,8\nh,9\n");
    const Read read = readAll(folder.file("x.csv"));
    std::vector<std::string> keys;
    for (const auto& record : read.good)
        keys.push_back(record.entry.key);
    EXPECT_THAT(keys, ElementsAre("a", "c", "g", "h"));
    EXPECT_EQ(read.good[1].entry.value, "two\nlines");
    ASSERT_EQ(read.broken.size(), 5U);
    EXPECT_EQ(read.broken[0], std::pair(std::uint64_t(3), std::string("it has 1 cells, the header 2")));
    EXPECT_EQ(read.broken[1].first, 6U);
    EXPECT_THAT(read.broken[1].second, HasSubstr("closing quote"));
    EXPECT_EQ(read.broken[2].first, 7U);
    EXPECT_EQ(read.broken[3].first, 8U);
    EXPECT_EQ(read.broken[4].first, 9U);
    EXPECT_THAT(read.broken[4].second, HasSubstr("never closed"));
}

TEST(Import, ABrokenLineFarDownIsNamedAndTheRestIsRead)
{
    const test::ScratchFolder folder;
    const std::string path = folder.file("x.ndjson");
    constexpr int Broken = 500'000 / test::Slower + 1;
    {
        std::ofstream out(path);
        for (int i = 1; i <= Broken + 9; ++i) {
            if (i == Broken)
                out << "{\"key\":\"broken\n";
            else
                out << "{\"key\":\"k" << i << "\",\"value\":\"v\"}\n";
        }
    }
    auto reader = ImportReader::open(path);
    ASSERT_THAT(reader, succeeds());
    std::uint64_t good = 0;
    std::vector<std::uint64_t> broken;
    std::string text;
    while (true) {
        auto row = reader->next();
        ASSERT_THAT(row, succeeds());
        if (!*row)
            break;
        if ((*row)->record) {
            ++good;
        } else {
            broken.push_back((*row)->line);
            text = (*row)->text;
        }
    }
    EXPECT_EQ(good, Broken + 8U);
    EXPECT_THAT(broken, ElementsAre(std::uint64_t{Broken}));
    EXPECT_EQ(text, "{\"key\":\"broken");
}

TEST(Import, ALineOfAnyLengthIsBoundedAndTheNextIsRead)
{
    const test::ScratchFolder folder;
    const std::string path = folder.file("x.ndjson");
    {
        std::ofstream out(path);
        out << "{\"key\":\"a\",\"value\":\"v\"}\n";
        const std::string piece(1 << 20, 'x');
        for (int i = 0; i < 200; ++i)
            out << piece;
        out << "\n{\"key\":\"b\",\"value\":\"v\"}\n";
    }
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    const Read read = readAll(path);
    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    ASSERT_EQ(read.good.size(), 2U);
    ASSERT_EQ(read.broken.size(), 1U);
    EXPECT_EQ(read.broken[0].first, 2U);
    EXPECT_LE(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB above what was used before";
}

TEST(Import, EmptyAndMissingFiles)
{
    const test::ScratchFolder folder;
    test::writeFile(folder.file("empty"), "");
    EXPECT_TRUE(readAll(folder.file("empty")).good.empty());
    test::writeFile(folder.file("blank"), "\n\n\r\n");
    EXPECT_TRUE(readAll(folder.file("blank")).good.empty());
    EXPECT_THAT(ImportReader::open(folder.file("none")), failsWith(ErrorKind::NotFound));
    EXPECT_THAT(ImportReader::open("/dev/null"), failsWith(ErrorKind::LocalFile));
    EXPECT_THAT(ImportReader::open("/tmp"), failsWith(ErrorKind::LocalFile));
}

TEST(Import, ThousandMutationsNeverCrash)
{
    const test::ScratchFolder folder;
    const CsvEntries csv(Formulas::Escaped);
    std::string asCsv = csv.header();
    std::string asLines;
    for (int i = 0; i < 20; ++i) {
        const Entry e = entry("key" + std::to_string(i), "v,\"\n\xff" + std::to_string(i));
        asCsv += csv.row(e, 1);
        asLines += toNdjson(e, 1) + "\n";
    }
    std::mt19937 random{3};
    for (int round = 0; round < 1000; ++round) {
        std::string bytes = round % 2 == 0 ? asCsv : asLines;
        for (int n = 0; n < 3; ++n) {
            const std::size_t at = random() % bytes.size();
            if (random() % 2 == 0)
                bytes[at] = "\",\n\r{}\\x"[random() % 8];
            else
                bytes.erase(at, random() % 30 + 1);
            bytes += 'x';
        }
        test::writeFile(folder.file("x"), bytes);
        auto reader = ImportReader::open(folder.file("x"));
        std::uint64_t last = 0;
        while (reader) {
            auto row = reader->next();
            if (!row || !*row)
                break;
            ASSERT_GT((*row)->line, last);
            last = (*row)->line;
        }
    }
}

} // namespace
} // namespace norikv::client
