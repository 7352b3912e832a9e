// SPDX-License-Identifier: GPL-3.0-or-later
// The table of who may include whom, and a few habits, checked by reading every source.
#include "lint.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>

namespace norikv::lint {

namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& lines)
{
    std::string all;
    for (const auto& line : lines)
        all += "\n  " + line;
    return all;
}

constexpr auto licence = "// SPDX-License-Identifier: GPL-3.0-or-later\n";

/// A small repository in which everything is right, until a test plants something.
class PlantedTree : public ::testing::Test {
protected:
    void SetUp() override
    {
        std::string name = (fs::temp_directory_path() / "norikv-lint-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        m_root = name;
        for (const auto& folder : folders())
            write(folder + "/README.md", "# here\n");
        write("client/fine.cpp", std::string(licence) + "#include \"client/clock.h\"\n#include <vector>\n");
        write("client/grpcstore.cpp", std::string(licence) + "#include <grpcpp/channel.h>\n");
        write("sandbox/fine.cpp",
            std::string(licence) + "#include \"client/placement.h\"\n#include <grpcpp/grpcpp.h>\n");
        write("models/fine.h", std::string(licence) + "#include <QTimer>\n// never system_clock\n");
        write("widgets/plots/plot.cpp", std::string(licence) + "#include <qcustomplot.h>\n");
        write("widgets/fine.cpp",
            std::string(licence) + "const char* url = \"norikv://host\"; // Qt::RichText\n");
    }
    void TearDown() override { fs::remove_all(m_root); }

    void write(const std::string& path, const std::string& text)
    {
        fs::create_directories((m_root / path).parent_path());
        std::ofstream(m_root / path) << text;
    }

    fs::path m_root;
};

struct Planted {
    std::string path;
    std::string line;
    friend void PrintTo(const Planted& planted, std::ostream* out)
    {
        *out << planted.path << ": " << planted.line;
    }
};

class Violation : public PlantedTree, public ::testing::WithParamInterface<Planted> { };

} // namespace

TEST(Includes, FollowTheTable)
{
    const auto broken = brokenRules(repositoryRoot());
    EXPECT_TRUE(broken.empty()) << broken.size() << " places:" << joined(broken);
    EXPECT_GT(sources(repositoryRoot(), "", {".h", ".cpp"}).size(), 100U) << "it looked at too little";
}

TEST_F(PlantedTree, IsFineBeforehand)
{
    const auto broken = brokenRules(m_root);
    EXPECT_TRUE(broken.empty()) << joined(broken);
}

TEST_P(Violation, IsFoundOnceAtItsLine)
{
    write(GetParam().path, licence + GetParam().line + "\n");
    const auto broken = brokenRules(m_root);
    ASSERT_EQ(broken.size(), 1U) << joined(broken);
    EXPECT_TRUE(broken.front().starts_with(GetParam().path + ":2:")) << broken.front();
}

INSTANTIATE_TEST_SUITE_P(Planted, Violation,
    ::testing::Values(Planted{"client/a.cpp", "#include <QString>"},
        Planted{"client/patterns/a.h", "#include <QtCore/QString>"},
        Planted{"client/a.h", "#include <grpcpp/channel.h>"},
        Planted{"client/probe.cpp", "#include \"norikv/v1/norikv.pb.h\""},
        Planted{"client/a.cpp", "#include \"models/text.h\""},
        Planted{"client/a.cpp", "#include \"tests/support/fakestore.h\""},
        Planted{"sandbox/a.cpp", "#include <QObject>"},
        Planted{"sandbox/a.cpp", "#include \"client/store.h\""}, Planted{"models/a.h", "#include <QColor>"},
        Planted{"models/a.cpp", "#include <QtWidgets/QLabel>"},
        Planted{"models/catalogue.cpp", "#include <sqlite3.h>"},
        Planted{"models/a.cpp", "#include <grpcpp/channel.h>"},
        Planted{"models/a.cpp", "#include \"client/grpcstore.h\""},
        Planted{"models/a.cpp", "auto now = std::chrono::system_clock::now();"},
        Planted{"models/a.cpp", "auto now = QDateTime::currentDateTime();"},
        Planted{"models/a.cpp", "auto now = QDateTime::currentMSecsSinceEpoch();"},
        Planted{"widgets/a.cpp", "#include <qcustomplot.h>"},
        Planted{"widgets/plots/a.h", "#include <qcustomplot.h>"},
        Planted{"widgets/a.cpp", "#include <QSettings>"}, Planted{"widgets/a.cpp", "#include <thread>"},
        Planted{"widgets/a.cpp", "std::jthread worker;"},
        Planted{"widgets/a.cpp", "#include \"client/store.h\""},
        Planted{"widgets/a.cpp", "#include \"app/workspace.h\""},
        Planted{"widgets/a.cpp", "label->setTextFormat(Qt::RichText);"},
        Planted{"models/a.cpp", "#include <QJSEngine>"},
        Planted{"app/reducerhost/a.cpp", "#include \"models/text.h\""},
        Planted{"app/a.cpp", "#include <qcustomplot.h>"}, Planted{"app/a.cpp", "view->setHtml(value);"},
        Planted{"app/a.cpp", "const char* folder = \"/tmp/demo\";"},
        Planted{"sandbox/a.cpp", "const char* folder = \"/work/data\";"}));

TEST_F(PlantedTree, AMissingLicenceLineIsFound)
{
    write("client/a.h", "#pragma once\n");
    write("installer/a.sh", "#!/bin/sh\necho\n");
    const auto broken = brokenRules(m_root);
    ASSERT_EQ(broken.size(), 2U) << joined(broken);
    EXPECT_TRUE(broken[0].starts_with("client/a.h:1:")) << broken[0];
    EXPECT_TRUE(broken[1].starts_with("installer/a.sh:2:")) << broken[1];
}

TEST_F(PlantedTree, AFolderWithoutReadmeIsFound)
{
    fs::remove(m_root / "models" / "README.md");
    EXPECT_EQ(brokenRules(m_root).size(), 1U);
}

} // namespace norikv::lint
