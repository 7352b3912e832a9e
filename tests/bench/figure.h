// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace norikv::bench {

/// How much is measured. NORIKV_BENCH_QUICK=1 makes it one short pair without a verdict, to test the program.
struct Effort {
    int pairs = 5;
    int repeats = 3;
    double scale = 1;
    bool verdict = true;

    static Effort fromEnvironment();
    std::size_t count(std::size_t whole) const;
    double seconds(double whole) const { return whole * scale; }
};

/// What a figure needs is not on this machine.
struct NotMeasured : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A figure under measurement: both sides are set up once and then asked in turn. Throws std::runtime_error
/// when a side fails, NotMeasured when it cannot exist here.
class Bench {
public:
    virtual ~Bench() = default;
    virtual double ours() = 0;
    virtual double ceiling() = 0;
    virtual double ratio(double ours, double ceiling) const { return ours / ceiling; }
    /// Printed beside the figure.
    virtual std::string note() const { return {}; }
};

enum class Better { Higher, Lower };

/// One ratio with its goal.
struct Figure {
    std::string id;
    std::string name;
    Better better = Better::Higher;
    double goal = 1;
    std::string unit; ///< of both absolutes
    std::function<std::unique_ptr<Bench>(const Effort&)> make;
};

struct Outcome {
    double ratio = 0; ///< median of the pairs' ratios
    double ours = 0; ///< medians, to be read together with the ratio only
    double ceiling = 0;
    std::vector<double> pairs;
    int repeats = 0;
    bool met = false;
    std::string note;
    std::string problem; ///< why there is no ratio; empty when there is one
    bool missing = false; ///< the problem is this machine's, not ours
};

/// Measures A B A B. A missed goal is measured again, up to three times; missed twice is missed.
Outcome measure(const Figure& figure, const Effort& effort);

double median(std::vector<double> values);
/// `part` between 0 and 1.
double percentile(std::vector<double> values, double part);

std::vector<Figure> clientFigures();
std::vector<Figure> clusterFigures();
std::vector<Figure> serverFigures();
std::vector<Figure> storageFigures();
std::vector<Figure> catalogueFigures();
std::vector<Figure> uiFigures();
std::vector<Figure> keyFigures();
std::vector<Figure> keyModelFigures();
std::vector<Figure> patternFigures();
std::vector<Figure> projectionFigures();
std::vector<Figure> valueFigures();
std::vector<Figure> vectorFigures();
std::vector<Figure> windowFigures();
std::vector<Figure> reconnectFigures();

} // namespace norikv::bench
