// SPDX-License-Identifier: GPL-3.0-or-later
#include "figure.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <unistd.h>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;
constexpr auto budget = std::chrono::seconds(52); // of one repeat, so that a figure stays under 60 s
constexpr auto hopeless = std::chrono::seconds(150);

/// Ends the program when a figure hangs: a benchmark that never answers is worse than a failed one.
class Watchdog {
public:
    explicit Watchdog(const std::string& id)
        : m_thread([this, id](const std::stop_token& stop) {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait_for(lock, stop, hopeless, [] { return false; }) && !stop.stop_requested()) {
                std::fprintf(stderr, "norikv-bench: %s did not end; given up\n", id.c_str());
                ::_exit(1); // the servers die with us
            }
        })
    {
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

Outcome once(const Figure& figure, const Effort& effort)
{
    const Watchdog watchdog(figure.id);
    const auto start = steady_clock::now();
    Outcome outcome;
    std::vector<double> ours;
    std::vector<double> ceilings;
    const auto bench = figure.make(effort);
    for (int i = 0; i < effort.pairs; ++i) {
        const auto spent = steady_clock::now() - start;
        if (i > 0 && spent + spent / i > budget)
            break;
        ours.push_back(bench->ours());
        ceilings.push_back(bench->ceiling());
        outcome.pairs.push_back(bench->ratio(ours.back(), ceilings.back()));
    }
    outcome.ratio = median(outcome.pairs);
    outcome.ours = median(std::move(ours));
    outcome.ceiling = median(std::move(ceilings));
    outcome.met
        = figure.better == Better::Higher ? outcome.ratio >= figure.goal : outcome.ratio <= figure.goal;
    outcome.note = bench->note();
    return outcome;
}

} // namespace

Effort Effort::fromEnvironment()
{
    const char* quick = std::getenv("NORIKV_BENCH_QUICK");
    if (quick == nullptr || *quick == '\0' || *quick == '0')
        return {};
    return {.pairs = 1, .repeats = 1, .scale = 0.1, .verdict = false};
}

std::size_t Effort::count(std::size_t whole) const
{
    return std::max<std::size_t>(16, static_cast<std::size_t>(static_cast<double>(whole) * scale));
}

Outcome measure(const Figure& figure, const Effort& effort)
{
    int met = 0;
    int missed = 0;
    Outcome outcome;
    try {
        // The repeat that decides comes last, so what is shown always agrees with the verdict.
        while (met < (missed == 0 ? 1 : 2) && missed < 2 && met + missed < effort.repeats) {
            outcome = once(figure, effort);
            ++(outcome.met ? met : missed);
        }
    } catch (const NotMeasured& why) {
        outcome.problem = why.what();
        outcome.missing = true;
    } catch (const std::exception& why) {
        outcome.problem = why.what();
        outcome.met = false;
    }
    outcome.repeats = met + missed;
    return outcome;
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double percentile(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    const auto last = static_cast<double>(values.size() - 1);
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(last * part + 0.5);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

} // namespace norikv::bench
