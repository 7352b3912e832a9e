// SPDX-License-Identifier: GPL-3.0-or-later
// tests/COVERAGE.md promises a test for each point; this holds it to that.
#include "lint.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace norikv::lint {

namespace {

/// What COVERAGE.md must have a row for.
const std::vector<std::string> points{"2.1.1", "2.1.2", "2.1.3", "2.1.4", "2.1.5", "2.1.6", "2.1.7", "2.1.8",
    "VP.1", "VP.2", "VP.3", "VP.4", "VP.5", "VP.6", "VP.7", "VP.8", "VP.9", "VP.10", "VP.11", "VP.12",
    "2.6.1", "2.6.2", "2.6.3", "2.6.4", "2.6.5", "2.6.6", "2.6.7", "2.6.8", "2.10.1", "2.10.2", "2.10.3",
    "2.10.4", "1.1", "1.2", "1.3", "1.10", "1.17", "C1", "C2", "C3", "C4", "C5", "T1", "T2", "T3", "T4", "T5",
    "T6", "T7", "L1", "L2", "L3", "L4", "L5", "L6", "2.4.1", "2.4.4", "2.4.6", "2.4.7", "2.4.8", "S1", "S2",
    "S3", "S4", "S5", "S6", "2.2.1", "2.2.2", "2.2.3", "2.2.5", "2.2.6", "2.2.7", "2.2.8", "2.3.1", "2.3.2",
    "2.3.3", "2.3.4", "2.3.5", "2.3.6", "R1", "R2", "R3", "R4", "2.9.1", "2.9.2", "2.9.3", "2.9.4", "2.9.5",
    "2.9.6", "2.9.7", "K1", "K2", "2.8.1", "2.8.2", "2.8.3", "2.8.4", "2.8.5", "AUDIT.0", "AUDIT.1",
    "AUDIT.2", "AUDIT.3", "F1", "F2", "F4", "F5", "F9", "KEPT", "MARKS", "PROVED", "PASTED", "R8", "R9",
    "R13", "S8", "J1", "J2", "J3", "J4", "J5", "J6", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9",
    "W10", "W11", "W12", "W13", "W14", "W15", "W16", "W17", "W18", "W19", "W20", "W21", "W22", "W23", "W24",
    "W25", "W26", "W27", "W28", "W29", "W30", "J7", "J8", "J9", "W31", "W32", "W33", "E1", "E2", "E3", "E4",
    "E5", "E6", "E7", "E8", "E9", "EV.0", "EV.2", "EV.3", "2.5.5", "EV.6", "EV.7", "EV.8", "2.5.9", "EV.10",
    "2.5.1", "TIME", "JP.1", "EV.11", "CLUSTER.1", "CLUSTER.2", "CLUSTER.3", "CLUSTER.4", "CLUSTER.5",
    "AUDIT.4", "BASE.1", "BASE.2", "BASE.3", "BASE.4", "2.3.8", "VM.1", "VM.2", "VM.3", "VM.4", "VM.5",
    "VM.6", "VM.7", "VM.8", "VM.9", "VM.10", "VM.11", "VS.1", "VS.2", "VS.3", "VS.4", "VS.5", "VS.6", "VS.7",
    "VS.8", "VS.9", "VS.10", "VS.11", "VE.1", "VE.2", "VE.3", "VE.4", "VE.5", "VE.6", "VE.7", "VE.8", "VE.9"};

struct Row {
    std::string id;
    std::vector<std::string> tests;
};

/// The rows of every table: first cell the id, last cell test names in backticks.
std::vector<Row> rows(const std::vector<std::string>& lines)
{
    static const std::regex row(R"(^\|\s*([0-9A-Z][0-9A-Z.]*)\s*\|.*\|([^|]*)\|\s*$)");
    static const std::regex name("`([^`]+)`");
    std::vector<Row> found;
    for (const auto& line : lines) {
        std::smatch match;
        if (!std::regex_match(line, match, row))
            continue;
        Row next{match[1], {}};
        const std::string cell = match[2];
        for (std::sregex_iterator i(cell.begin(), cell.end(), name), end; i != end; ++i)
            next.tests.push_back((*i)[1]);
        found.push_back(std::move(next));
    }
    return found;
}

std::string whole(const SourceFile& file)
{
    std::ostringstream text;
    for (const auto& line : file.lines)
        text << line << '\n';
    return text.str();
}

/// Suite.name of every GoogleTest, and the names given by add_test.
class TestNames {
public:
    explicit TestNames(const std::filesystem::path& root)
    {
        static const std::regex google(R"(\b(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))");
        static const std::regex cmake(R"(\badd_test\(\s*NAME\s+([^\s)]+))");
        for (const auto& file : sources(root, "tests", {".cpp"})) {
            const std::string text = whole(file);
            for (std::sregex_iterator i(text.begin(), text.end(), google), end; i != end; ++i)
                m_exact.insert((*i)[1].str() + "." + (*i)[2].str());
        }
        for (const auto& folder : {"tests", "installer"}) {
            for (const auto& file : sources(root, folder, {"CMakeLists.txt"})) {
                const std::string text = whole(file);
                for (std::sregex_iterator i(text.begin(), text.end(), cmake), end; i != end; ++i)
                    m_patterns.push_back(
                        std::regex_replace((*i)[1].str(), std::regex(R"(\$\{\w+\})"), "\\w+"));
            }
        }
    }
    bool has(const std::string& name) const
    {
        if (m_exact.contains(name))
            return true;
        for (const auto& pattern : m_patterns) {
            if (std::regex_match(name, std::regex(pattern)))
                return true;
        }
        return false;
    }

private:
    std::set<std::string> m_exact;
    std::vector<std::string> m_patterns;
};

} // namespace

TEST(Coverage, EveryPointHasATestThatExists)
{
    const auto root = repositoryRoot();
    const auto files = sources(root, "tests", {"COVERAGE.md"});
    ASSERT_EQ(files.size(), 1U);
    const TestNames names(root);
    std::set<std::string> seen;
    for (const auto& row : rows(files.front().lines)) {
        EXPECT_TRUE(seen.insert(row.id).second) << row.id << " has two rows";
        EXPECT_FALSE(row.tests.empty()) << row.id << " has no test";
        for (const auto& test : row.tests)
            EXPECT_TRUE(names.has(test)) << row.id << ": there is no test " << test;
    }
    for (const auto& point : points)
        EXPECT_TRUE(seen.contains(point)) << point << " has no row";
}

TEST(Coverage, ReadsRowsAndSeesEmptyOnes)
{
    const auto read = rows({"| id | point | tests |", "|---|---|---|", "| 2.1.1 | a | `A.b`, `c` |",
        "| W1 | nothing yet | (missing) |", "text"});
    ASSERT_EQ(read.size(), 2U);
    EXPECT_EQ(read[0].tests, (std::vector<std::string>{"A.b", "c"}));
    EXPECT_EQ(read[1].id, "W1");
    EXPECT_TRUE(read[1].tests.empty());
}

} // namespace norikv::lint
