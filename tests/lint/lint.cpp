// SPDX-License-Identifier: GPL-3.0-or-later
#include "lint.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>

namespace norikv::lint {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> code{".h", ".cpp"};

/// What a file may not include. `what` is searched in the included name, so `^` and `$` matter.
struct IncludeRule {
    std::string files; ///< paths it holds for
    std::string except; ///< and those it does not; empty = none
    std::string what;
    std::string why;
};

/// A name of the standard library has no ending and no capital; Qt's begin with Q and a capital.
constexpr auto qt = R"(^(Q[A-Z]|Qt[A-Za-z0-9]*/))";
constexpr auto wire = R"(\.pb\.h$|^grpc)";

const std::vector<IncludeRule>& includeRules()
{
    static const std::vector<IncludeRule> rules{
        {"^client/", "", qt, "client/ has no Qt"},
        {"^client/", "", "^(models|widgets|app|sandbox)/", "client/ knows nothing above it"},
        {"^client/", R"(^client/(convert|nodelinks|grpc[a-z]*)\.(h|cpp)$)", wire,
            "gRPC and messages stay in convert, nodelinks and grpc*"},
        {"^sandbox/", "", qt, "sandbox/ has no Qt"},
        {"^sandbox/", "", R"(^client/(?!(clock|placement|vectors/distance)\.h$))",
            "of client/ the sandbox may use clock.h, placement.h and vectors/distance.h only"},
        {"^sandbox/", "", "^(models|widgets|app)/", "sandbox/ knows nothing above it"},
        {"^models/", "", wire, "models/ has no gRPC"},
        {"^models/", "", R"(^client/(convert|nodelinks|grpc[a-z]*)\.h$)", "models/ has no gRPC"},
        {"^models/", "", "^(widgets|app|sandbox)/", "models/ knows nothing above it"},
        {"^models/", "",
            R"(^Q(Application|GuiApplication|Widget|Color|Font|FontMetrics|Icon|Pixmap|Image|Painter|Palette|Brush|Pen|Clipboard|Window|Screen|Action|Menu|Dialog|Label|StyledItemDelegate|StandardItemModel|TextDocument|KeyEvent|KeySequence|Cursor|MainWindow|TableView|TreeView|Settings)$)",
            "models/ is Qt Core: no Gui, no Widgets, no settings"},
        {"^(client|models|widgets|app|sandbox)/", R"(^models/sqlite\.cpp$)", R"(^sqlite3\.h$)",
            "only models/sqlite.cpp sees SQLite"},
        {"^(client|models|widgets|app|sandbox)/", R"(^client/vectors/projection\.cpp$)", "^Eigen/",
            "only client/vectors/projection.cpp sees Eigen"},
        {"^models/", "", R"(^Qt(Gui|Widgets|Network|Svg|PrintSupport)/)", "models/ is Qt Core only"},
        {"^widgets/", "", wire, "widgets/ has no gRPC"},
        {"^widgets/", "", R"(^client/(convert|nodelinks|grpc[a-z]*|store|connection|workerpool)\.h$)",
            "widgets/ sees values of client/, never its machinery"},
        {"^widgets/", "", "^(app|sandbox)/", "widgets/ knows nothing above it"},
        {"^widgets/", "", R"(^(QSettings|QThread|QThreadPool|QtConcurrent|thread|future|mutex)$)",
            "widgets/ has no settings and no threads"},
        {"",
            R"(^widgets/plots/[a-z]*\.cpp$|^widgets/plots/(axistickers|cellgrid|gapbands|markerlines|readout)\.h$)",
            R"(^qcustomplot\.h$)", "only widgets/plots sees QCustomPlot, and its public headers hide it"},
        {"", "^widgets/plots/", R"(^widgets/plots/(axistickers|cellgrid|gapbands|markerlines|readout)\.h$)",
            "a header for inside widgets/plots, because it shows QCustomPlot"},
        {"^(client|models|widgets|sandbox|app)/", "^app/reducerhost/", R"(^Q(JS|Qml)|^QtQml/)",
            "only app/reducerhost runs JavaScript"},
        {"^app/reducerhost/", "", "^(client|models|widgets|sandbox)/|^app/(?!reducerhost/)",
            "the process that runs scripts shares no code with the program it must not harm"},
        {"^(client|models|widgets|sandbox|app)/", "", "^tests/", "the program knows nothing of its tests"},
    };
    return rules;
}

/// What may not be written in a file's code; comments do not count.
struct TextRule {
    std::string files;
    std::string except;
    std::string what;
    std::string why;
};

const std::vector<TextRule>& textRules()
{
    static const std::vector<TextRule> rules{
        {"^(models|widgets)/", "",
            R"(\bsystem_clock\b|Q(DateTime|Date|Time)::current|\bstd::time\s*\(|\bgettimeofday\b|\bclock_gettime\b)",
            "time is a value: ask the Clock"},
        {"^widgets/", "", R"(\bQSettings\b|\bQThread\b|\bstd::j?thread\b|\bstd::async\b)",
            "widgets/ has no settings and no threads"},
        {"^(client|models|widgets|app|sandbox|proto)/", "", R"re("(/work|/root|/home|/tmp)[/"])re",
            "a path of somebody's machine"},
        {"^(widgets|app|models)/", "", R"(\bQt::(RichText|AutoText)\b|\bsetHtml\s*\(|\bsetMarkdown\s*\()",
            "text that comes from data is plain text"},
    };
    return rules;
}

SourceFile read(const fs::path& root, const fs::path& path)
{
    SourceFile file{fs::relative(path, root).generic_string(), {}};
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        file.lines.push_back(std::move(line));
    }
    return file;
}

bool holdsFor(const std::string& files, const std::string& except, const std::string& path)
{
    return std::regex_search(path, std::regex(files))
        && (except.empty() || !std::regex_search(path, std::regex(except)));
}

/// The line without its `//` comment; one inside a string is left alone.
std::string withoutComment(const std::string& line)
{
    bool quoted = false;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        if (line[i] == '\\')
            ++i;
        else if (line[i] == '"')
            quoted = !quoted;
        else if (!quoted && line[i] == '/' && line[i + 1] == '/')
            return line.substr(0, i);
    }
    return line;
}

std::string at(const SourceFile& file, std::size_t line, const std::string& what)
{
    return file.path + ":" + std::to_string(line + 1) + ": " + what;
}

void checkIncludes(const SourceFile& file, std::vector<std::string>& found)
{
    static const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    for (const auto& rule : includeRules()) {
        if (!holdsFor(rule.files, rule.except, file.path))
            continue;
        const std::regex forbidden(rule.what);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::smatch match;
            if (std::regex_search(file.lines[i], match, include)
                && std::regex_search(match[1].str(), forbidden))
                found.push_back(at(file, i, "includes " + match[1].str() + ": " + rule.why));
        }
    }
}

void checkText(const SourceFile& file, std::vector<std::string>& found)
{
    for (const auto& rule : textRules()) {
        if (!holdsFor(rule.files, rule.except, file.path))
            continue;
        const std::regex forbidden(rule.what);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::smatch match;
            const std::string line = withoutComment(file.lines[i]);
            const bool isCode = line.find("#include") == std::string::npos;
            if (isCode && std::regex_search(line, match, forbidden))
                found.push_back(at(file, i, match[0].str() + ": " + rule.why));
        }
    }
}

void checkLicence(const SourceFile& file, std::vector<std::string>& found)
{
    constexpr auto line = "SPDX-License-Identifier: GPL-3.0-or-later";
    const std::size_t at = !file.lines.empty() && file.lines.front().starts_with("#!") ? 1 : 0;
    if (file.lines.size() <= at || file.lines[at].find(line) == std::string::npos)
        found.push_back(file.path + ":" + std::to_string(at + 1) + ": no line \"" + line + "\"");
}

} // namespace

const std::vector<std::string>& folders()
{
    static const std::vector<std::string> names{
        "proto", "client", "models", "widgets", "app", "sandbox", "resources", "tests", "installer"};
    return names;
}

fs::path repositoryRoot()
{
    const char* other = std::getenv("NORIKV_LINT_ROOT");
    return other != nullptr && *other != '\0' ? other : NORIKV_SOURCE_DIR;
}

std::vector<SourceFile> sources(
    const fs::path& root, const std::string& folder, const std::vector<std::string>& endings)
{
    std::vector<SourceFile> files;
    for (const auto& name : folder.empty() ? folders() : std::vector{folder}) {
        if (!fs::is_directory(root / name))
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / name)) {
            const std::string file = entry.path().filename().string();
            const bool wanted = std::ranges::any_of(
                endings, [&](const std::string& ending) { return file.ends_with(ending); });
            if (entry.is_regular_file() && wanted)
                files.push_back(read(root, entry.path()));
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

std::vector<std::string> brokenRules(const fs::path& root)
{
    std::vector<std::string> found;
    for (const auto& file : sources(root, "", code)) {
        checkIncludes(file, found);
        checkText(file, found);
        checkLicence(file, found);
    }
    for (const auto& file : sources(root, "", {".proto", ".sh"}))
        checkLicence(file, found);
    for (const auto& folder : folders()) {
        if (!fs::is_regular_file(root / folder / "README.md"))
            found.push_back(folder + "/README.md: there is none");
    }
    return found;
}

} // namespace norikv::lint
