// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/vectorimport.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

namespace norikv::client {
namespace {

using test::failsWith;
using test::ScratchFolder;
using test::succeeds;
using test::writeFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

struct Read {
    std::vector<VectorRow> good;
    std::vector<std::uint64_t> positions; ///< of the good ones
    std::vector<std::pair<std::uint64_t, std::string>> broken; ///< position, reason
    std::string failure; ///< why nothing further could be read
};

Read readAll(VectorReader& reader)
{
    Read out;
    while (true) {
        auto row = reader.next();
        if (!row) {
            out.failure = row.error().message;
            return out;
        }
        if (!*row)
            return out;
        if ((*row)->row) {
            out.positions.push_back((*row)->position);
            out.good.push_back(std::move(*(*row)->row));
        } else {
            out.broken.emplace_back((*row)->position, (*row)->row.error().message);
        }
    }
}

Read readFileOf(const std::string& path, const VectorReadOptions& options = {})
{
    auto reader = VectorReader::open(path, options);
    EXPECT_THAT(reader, succeeds());
    return reader ? readAll(**reader) : Read{};
}

std::string failureOf(const std::string& path)
{
    const auto reader = VectorReader::open(path);
    EXPECT_THAT(reader, failsWith(ErrorKind::BadData));
    return reader ? std::string() : reader.error().message;
}

class VectorImport : public testing::Test {
protected:
    std::string file(const std::string& name, const std::string& bytes) const
    {
        const std::string path = m_folder.file(name);
        std::filesystem::remove(path); // writing over a file waits for the disk on some file systems
        writeFile(path, bytes);
        return path;
    }

    ScratchFolder m_folder;
};

TEST_F(VectorImport, ATextListGivesATextForEachLine)
{
    const auto read = readFileOf(file("a.txt",
        "\xEF\xBB\xBF"
        "first\r\n\n  \nsecond, with a comma\nlast"));
    ASSERT_EQ(read.good.size(), 3U);
    EXPECT_EQ(read.good[0].text, "first");
    EXPECT_EQ(read.good[0].id, "row-1");
    EXPECT_EQ(read.good[1].text, "second, with a comma");
    EXPECT_THAT(read.positions, ElementsAre(1, 4, 5));
    EXPECT_THAT(readFileOf(file("empty.txt", "")).good, IsEmpty());
}

TEST_F(VectorImport, ATextOfAMegabyteIsOneText)
{
    const std::string text(1'048'576, 'w');
    const auto read = readFileOf(file("big.txt", text + "\nshort\n"));
    ASSERT_EQ(read.good.size(), 2U);
    EXPECT_EQ(read.good[0].text.size(), text.size());
    const auto line = R"({"id":"a","text":")" + text + "\"}\n";
    EXPECT_EQ(readFileOf(file("big.ndjson", line)).good.at(0).text.size(), text.size());
    EXPECT_EQ(readFileOf(file("big.csv", "id,text\n1," + text + "\n")).good.at(0).text.size(), text.size());
}

TEST_F(VectorImport, OneBadRowOfCsvIsNamedAndTheRestGoesOn)
{
    const auto read = readFileOf(file("a.csv",
        "ID,Title,Content,Category,price\n"
        "1,Bread,\"Flour, water\nand salt\",food,2\n"
        "2,only three cells,x\n"
        "3,\"open quote,y,z,1\n"
        "4,Moon,Turns once a month,sky,\n"
        ",,,,\n"));
    ASSERT_EQ(read.good.size(), 2U);
    EXPECT_EQ(read.good[0].id, "1");
    EXPECT_EQ(read.good[0].title, "Bread");
    EXPECT_EQ(read.good[0].text, "Flour, water\nand salt");
    EXPECT_EQ(read.good[0].theme, "food");
    EXPECT_THAT(read.good[0].vector, IsEmpty()) << "a price beside a text is no vector";
    EXPECT_EQ(read.good[1].id, "4");
    EXPECT_THAT(read.broken,
        ElementsAre(Pair(4, HasSubstr("3 cells where the first row has 5")), Pair(5, HasSubstr("quote")),
            Pair(7, HasSubstr("neither a text nor a vector"))));
}

TEST_F(VectorImport, CsvHoldsVectorsInColumnsOrInOne)
{
    const auto columns = readFileOf(file("a.csv", "id,x0,x1\na,1,2.5\nb,-1e-3, 4\nc,1,two\nd,1,1e39\n"));
    ASSERT_EQ(columns.good.size(), 2U);
    EXPECT_THAT(columns.good[0].vector, ElementsAre(1.0F, 2.5F));
    EXPECT_THAT(columns.good[1].vector, ElementsAre(-0.001F, 4.0F));
    EXPECT_THAT(columns.broken,
        ElementsAre(Pair(4, HasSubstr("\"two\" in column 3")), Pair(5, HasSubstr("not finite"))));

    const auto plain = readFileOf(file("b.csv", "0.5,1\n2,3\n"));
    ASSERT_EQ(plain.good.size(), 2U) << "a first row of numbers is a row";
    EXPECT_THAT(plain.good[0].vector, ElementsAre(0.5F, 1.0F));
    EXPECT_EQ(plain.good[1].id, "row-2");

    const auto list = readFileOf(file("c.csv", "id,text,embedding\na,hello,\"[1, 2]\"\nb,bye,\"[1,\"\n"));
    ASSERT_EQ(list.good.size(), 1U);
    EXPECT_THAT(list.good[0].vector, ElementsAre(1.0F, 2.0F));
    EXPECT_EQ(list.broken.size(), 1U);

    EXPECT_THAT(failureOf(file("d.csv", "id\n1\n")), HasSubstr("no column is called text"));
}

TEST_F(VectorImport, NdjsonHoldsTextsAndVectors)
{
    const auto read = readFileOf(file("a.ndjson",
        "\n{\"id\":7,\"title\":\"T\",\"content\":\"words\",\"theme\":\"t\",\"more\":[1]}\n"
        "{\"id\":\"v\",\"vector\":[1,2.5,-3]}\n"
        "{\"id\":\"v\",\"vector\":[1,\"2\"]}\n"
        "{\"id\":\"v\",\"vector\":[1,1e39]}\n"
        "not json\n"
        "{\"id\":\"x\"}\n"
        "{\"id\":true,\"text\":\"x\"}\n"
        "{\"text\":\"without an id\"}\n"
        "{\"id\":\""
            + std::string(513, 'i') + "\",\"text\":\"x\"}\n"));
    ASSERT_EQ(read.good.size(), 3U);
    EXPECT_EQ(read.good[0].id, "7");
    EXPECT_EQ(read.good[0].text, "words");
    EXPECT_EQ(read.good[0].title, "T");
    EXPECT_EQ(read.good[0].theme, "t");
    EXPECT_THAT(read.good[1].vector, ElementsAre(1.0F, 2.5F, -3.0F));
    EXPECT_EQ(read.good[2].id, "row-9");
    EXPECT_THAT(read.broken,
        ElementsAre(Pair(4, HasSubstr("number 2 of its vector")), Pair(5, HasSubstr("not finite")),
            Pair(6, testing::_), Pair(7, HasSubstr("neither a text nor a vector")),
            Pair(8, HasSubstr("\"id\"")), Pair(10, HasSubstr("513 bytes"))));
}

TEST_F(VectorImport, GoesOnBehindAPosition)
{
    VectorReadOptions options;
    options.after = 2;
    EXPECT_THAT(readFileOf(file("a.txt", "one\ntwo\nthree\nfour\n"), options).positions, ElementsAre(3, 4));
    EXPECT_THAT(readFileOf(file("a.csv", "text\none\ntwo\nthree\n"), options).positions, ElementsAre(3, 4));
    EXPECT_THAT(
        readFileOf(file("a.ndjson", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n"), options)
            .positions,
        ElementsAre(3));
    options.after = 100;
    EXPECT_THAT(readFileOf(file("b.txt", "one\ntwo\n"), options).positions, IsEmpty());
}

// ---- binary formats ----

std::string npy(const std::string& header, const std::string& data, char version = 1)
{
    std::string out = "\x93NUMPY";
    out += version;
    out += '\0';
    const auto length = static_cast<std::uint32_t>(header.size());
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
        out += static_cast<char>(length >> (8 * i));
    return out + header + data;
}

std::string header(const std::string& type, const std::string& shape, const char* fortran = "False")
{
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }   \n";
}

template <class T> std::string raw(std::initializer_list<T> numbers, bool swapped = false)
{
    std::string out;
    for (const T number : numbers) {
        std::string bytes(reinterpret_cast<const char*>(&number), sizeof number);
        if (swapped)
            std::ranges::reverse(bytes);
        out += bytes;
    }
    return out;
}

TEST_F(VectorImport, NpyOfEitherWidthAndByteOrder)
{
    const std::vector<std::pair<std::string, std::string>> files{{"<f4", raw<float>({1, 2, 3, 4, 5, 6})},
        {">f4", raw<float>({1, 2, 3, 4, 5, 6}, true)}, {"<f8", raw<double>({1, 2, 3, 4, 5, 6})},
        {">f8", raw<double>({1, 2, 3, 4, 5, 6}, true)}};
    for (const auto& [type, data] : files) {
        for (const char version : {'\1', '\2', '\3'}) {
            const auto path = file("a.npy", npy(header(type, "(2, 3)"), data, version));
            const auto read = readFileOf(path);
            ASSERT_EQ(read.good.size(), 2U) << type;
            EXPECT_THAT(read.good[0].vector, ElementsAre(1.0F, 2.0F, 3.0F)) << type;
            EXPECT_THAT(read.good[1].vector, ElementsAre(4.0F, 5.0F, 6.0F)) << type;
            EXPECT_EQ(read.good[1].id, "row-2");
        }
    }
    VectorReadOptions options;
    options.after = 1;
    const auto path = file("a.npy", npy(header("<f4", "(2L,3L)"), files[0].second));
    EXPECT_THAT(readFileOf(path, options).positions, ElementsAre(2));
    EXPECT_EQ((*VectorReader::open(path))->rows(), 2U);
    EXPECT_THAT(readFileOf(file("none.npy", npy(header("<f4", "(0, 3)"), ""))).good, IsEmpty());
}

TEST_F(VectorImport, NpyThatLiesIsRefusedWithTheReason)
{
    const std::string data = raw<float>({1, 2, 3, 4, 5, 6});
    const auto refusal = [&](const std::string& bytes) { return failureOf(file("a.npy", bytes)); };
    EXPECT_THAT(refusal(npy(header("<i4", "(2, 3)"), data)), HasSubstr("type <i4"));
    EXPECT_THAT(refusal(npy(header("<f2", "(2, 3)"), data)), HasSubstr("type <f2"));
    EXPECT_THAT(refusal(npy(header("<f4", "(2, 3)", "True"), data)), HasSubstr("Fortran"));
    EXPECT_THAT(refusal(npy(header("<f4", "(6,)"), data)), HasSubstr("1 dimensions"));
    EXPECT_THAT(refusal(npy(header("<f4", "()"), data)), HasSubstr("0 dimensions"));
    EXPECT_THAT(refusal(npy(header("<f4", "(3, 3)"), data)), HasSubstr("3 vectors of 12 bytes, but 24"));
    EXPECT_THAT(refusal(npy(header("<f4", "(1, 3)"), data)), HasSubstr("24 bytes follow"));
    EXPECT_THAT(refusal(npy(header("<f4", "(18446744073709551615, 3)"), data)), HasSubstr("follow"));
    EXPECT_THAT(refusal(npy(header("<f4", "(6148914691236517207, 3)"), data)), HasSubstr("follow"))
        << "a product that overflows to 12";
    EXPECT_THAT(refusal(npy(header("<f4", "(2, 4611686018427387904)"), data)), HasSubstr("1 to 4096"));
    EXPECT_THAT(refusal(npy(header("<f4", "(99999999999999999999, 3)"), data)), HasSubstr("shape"));
    EXPECT_THAT(refusal(npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }", data)),
        HasSubstr("records"));
    EXPECT_THAT(refusal(npy("import os", data)), HasSubstr("dictionary"));
    EXPECT_THAT(refusal(npy("{'descr': '<f4'}", data)), HasSubstr("does not tell"));
    EXPECT_THAT(refusal("\x93NUMPY\x01"), HasSubstr("no NumPy file"));
    EXPECT_THAT(refusal(std::string("\x93NUMPY\x01\0\xFF\xFF", 10)), HasSubstr("claims 65535 bytes"));
    EXPECT_THAT(refusal(std::string("\x93NUMPY\x09\0\x10\0", 10)), HasSubstr("version 9"));
    EXPECT_THAT(refusal("hello"), HasSubstr("no NumPy file"));

    const auto read = readFileOf(file("nan.npy",
        npy(header("<f8", "(3, 1)"), raw<double>({1, std::numeric_limits<double>::quiet_NaN(), 1e300}))));
    EXPECT_THAT(read.positions, ElementsAre(1));
    EXPECT_THAT(read.broken, ElementsAre(Pair(2, HasSubstr("not finite")), Pair(3, HasSubstr("not finite"))));
}

std::string fvec(std::int32_t length, std::initializer_list<float> numbers)
{
    return raw<std::int32_t>({length}) + raw<float>(numbers);
}

TEST_F(VectorImport, FvecsNamesTheVectorThatIsCutOff)
{
    const std::string two = fvec(2, {1, 2}) + fvec(2, {3, 4});
    const auto whole = readFileOf(file("a.fvecs", two));
    ASSERT_EQ(whole.good.size(), 2U);
    EXPECT_THAT(whole.good[1].vector, ElementsAre(3.0F, 4.0F));

    for (const std::size_t cut : {1U, 3U, 4U, 9U}) {
        const auto read = readFileOf(file("b.fvecs", two + fvec(2, {5, 6}).substr(0, cut)));
        EXPECT_EQ(read.good.size(), 2U);
        EXPECT_THAT(read.failure, HasSubstr("vector 3 is cut off")) << cut;
    }
    EXPECT_THAT(
        readFileOf(file("c.fvecs", two + fvec(3, {5, 6, 7}))).failure, HasSubstr("vector 3 says it has 3"));
    EXPECT_THAT(failureOf(file("d.fvecs", fvec(-1, {1}))), HasSubstr("-1 numbers"));
    EXPECT_THAT(failureOf(file("e.fvecs", fvec(2'000'000'000, {1}))), HasSubstr("2000000000 numbers"));
    EXPECT_THAT(failureOf(file("f.fvecs", "abc")), HasSubstr("vector 1 is cut off"));
    EXPECT_THAT(readFileOf(file("g.fvecs", "")).good, IsEmpty());
    VectorReadOptions options;
    options.after = 1;
    EXPECT_THAT(readFileOf(m_folder.file("a.fvecs"), options).positions, ElementsAre(2));
}

TEST_F(VectorImport, FilesThatCannotBeReadAreErrors)
{
    EXPECT_THAT(VectorReader::open(m_folder.file("nothing.npy")), failsWith(ErrorKind::NotFound));
    for (const auto format :
        {VectorFormat::Npy, VectorFormat::Fvecs, VectorFormat::Csv, VectorFormat::TextList}) {
        VectorReadOptions options;
        options.format = format;
        EXPECT_FALSE(VectorReader::open(m_folder.file(""), options)) << name(format);
        EXPECT_THAT(VectorReader::open(m_folder.file("nothing"), options), failsWith(ErrorKind::NotFound));
    }
}

/// Whole good files with a few bytes changed, and noise: no crash, no allocation by what a header claims.
TEST_F(VectorImport, SurvivesAnything)
{
    std::mt19937 random(11);
    const std::string goodNpy
        = npy(header("<f4", "(4, 3)"), raw<float>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    const std::string goodFvecs = fvec(2, {1, 2}) + fvec(2, {3, 4}) + fvec(2, {5, 6});
    std::size_t rows = 0;
    for (int round = 0; round < 3000; ++round) {
        const bool numpy = round % 2 == 0;
        std::string bytes = numpy ? goodNpy : goodFvecs;
        if (round % 10 < 8) {
            for (auto changes = 1 + random() % 3; changes > 0; --changes)
                bytes[random() % bytes.size()] = static_cast<char>(random());
        } else {
            std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
        }
        bytes.resize(bytes.size() - random() % 4);
        const auto reader = VectorReader::open(file(numpy ? "f.npy" : "f.fvecs", bytes));
        if (reader)
            rows += readAll(**reader).good.size();
    }
    EXPECT_GT(rows, 500U);
}

} // namespace
} // namespace norikv::client
