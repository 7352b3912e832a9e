// SPDX-License-Identifier: GPL-3.0-or-later
// norikv-bench: every figure as a ratio against a ceiling or peer measured in the same run.
#include "figure.h"

#include <nlohmann/json.hpp>

#include <QApplication>

#include <csignal>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <regex>
#include <sstream>

namespace {

using namespace norikv::bench;

constexpr auto usage = "usage: norikv-bench [--filter RE] [--json]\n"
                       "  --filter RE   only figures whose id or name matches\n"
                       "  --json        one JSON document instead of the table\n"
                       "exit 0 every goal met, 1 a goal missed in 2 of 3 repeats, 2 bad usage or, with\n"
                       "--filter, a figure that cannot be measured here\n";

struct Arguments {
    std::optional<std::regex> filter;
    bool json = false;
};

/// Nothing when the program should end with `code`.
std::optional<Arguments> parse(int argc, char** argv, int& code)
{
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        std::optional<std::string> pattern;
        if (argument == "--json") {
            arguments.json = true;
        } else if (argument == "--help" || argument == "-h") {
            std::cout << usage;
            code = 0;
            return {};
        } else if (argument == "--filter" && i + 1 < argc) {
            pattern = argv[++i];
        } else if (argument.starts_with("--filter=")) {
            pattern = argument.substr(9);
        } else {
            std::cerr << "norikv-bench: cannot use '" << argument << "'\n" << usage;
            code = 2;
            return {};
        }
        if (!pattern)
            continue;
        try {
            arguments.filter.emplace(*pattern);
        } catch (const std::regex_error& why) {
            std::cerr << "norikv-bench: '" << *pattern << "' is not a regular expression: " << why.what()
                      << '\n';
            code = 2;
            return {};
        }
    }
    return arguments;
}

std::vector<Figure> chosen(const Arguments& arguments)
{
    std::vector<Figure> figures;
    for (auto* group :
        {clientFigures, clusterFigures, serverFigures, storageFigures, catalogueFigures, uiFigures,
            keyFigures, keyModelFigures, patternFigures, projectionFigures, valueFigures, vectorFigures, windowFigures,
            reconnectFigures}) {
        for (auto& figure : group()) {
            if (!arguments.filter || std::regex_search(figure.id, *arguments.filter)
                || std::regex_search(figure.name, *arguments.filter))
                figures.push_back(std::move(figure));
        }
    }
    return figures;
}

const char* name(Better better) { return better == Better::Higher ? "higher" : "lower"; }

nlohmann::json toJson(const Figure& figure, const Outcome& outcome)
{
    return {{"id", figure.id}, {"name", figure.name}, {"ratio", outcome.ratio}, {"goal", figure.goal},
        {"better", name(figure.better)}, {"runs", outcome.pairs.size()}, {"ours", outcome.ours},
        {"ceiling", outcome.ceiling}, {"unit", figure.unit}, {"pairs", outcome.pairs},
        {"repeats", outcome.repeats}, {"met", outcome.met}, {"note", outcome.note}};
}

std::string number(double value)
{
    std::ostringstream out;
    if (value >= 10'000)
        out << std::fixed << std::setprecision(1) << value / 1000 << 'k';
    else
        out << std::setprecision(3) << value;
    return out.str();
}

void printRow(const Figure& figure, const Outcome& outcome)
{
    std::cout << std::left << std::setw(11) << figure.id << std::setw(58) << figure.name << std::right;
    if (!outcome.problem.empty()) {
        std::cout << (outcome.missing ? "not measured: " : "FAILED: ") << outcome.problem << std::endl;
        return;
    }
    std::cout << std::fixed << std::setprecision(2) << std::setw(6) << outcome.ratio
              << (figure.better == Better::Higher ? "  >= " : "  <= ") << figure.goal << "  "
              << (outcome.met ? "met   " : "MISSED") << "  " << number(outcome.ours) << " | "
              << number(outcome.ceiling) << ' ' << figure.unit << '\n'
              << std::setw(11) << ' ' << "pairs";
    for (const double pair : outcome.pairs)
        std::cout << ' ' << pair;
    if (outcome.repeats > 1)
        std::cout << ", repeat " << outcome.repeats << " of it";
    if (!outcome.note.empty())
        std::cout << "; " << outcome.note;
    std::cout << std::endl;
}

} // namespace

int main(int argc, char** argv)
{
    int code = 0;
    const auto arguments = parse(argc, argv, code);
    if (!arguments)
        return code;
    const auto figures = chosen(*arguments);
    if (figures.empty()) {
        std::cerr << "norikv-bench: no figure matches; ids are those of the README\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    ::setenv("GRPC_VERBOSITY", "NONE", 0);
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1); // only the figure that needs a display starts one
    const QApplication application(argc, argv);
    const Effort effort = Effort::fromEnvironment();
    nlohmann::json document{{"figures", nlohmann::json::array()}, {"not_measured", nlohmann::json::array()}};
    bool missed = false;
    bool missing = false;
    if (!arguments->json)
        std::cout << "id, name, ratio and goal, ours | ceiling (medians)\n";
    for (const auto& figure : figures) {
        const Outcome outcome = measure(figure, effort);
        missing = missing || outcome.missing;
        missed = missed || (!outcome.missing && !outcome.problem.empty())
            || (effort.verdict && outcome.problem.empty() && !outcome.met);
        if (!arguments->json)
            printRow(figure, outcome);
        else if (outcome.problem.empty())
            document["figures"].push_back(toJson(figure, outcome));
        else
            document["not_measured"].push_back({{"id", figure.id}, {"why", outcome.problem}});
    }
    if (arguments->json)
        std::cout << document.dump(2) << std::endl;
    if (missed)
        return 1;
    return missing && arguments->filter ? 2 : 0;
}
