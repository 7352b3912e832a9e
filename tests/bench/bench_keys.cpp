// SPDX-License-Identifier: GPL-3.0-or-later
// P7, P10: a million keys from the real sandbox process into a visible list.
#include "figure.h"
#include "filledsandbox.h"
#include "guithread.h"

#include "client/connection.h"
#include "client/trace.h"
#include "models/keylistmodel.h"
#include "models/keysfeed.h"
#include "models/scansource.h"

#include <QHeaderView>
#include <QTableView>

#include <chrono>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

/// What one load into a visible list took and did to the window.
struct LoadTimes {
    double seconds = 0; ///< until the last row is painted
    double firstRows = 0;
    double worstStall = 0; ///< ms
};

/// `beating`: with a heartbeat, which itself costs.
LoadTimes load(const FilledSandbox& sandbox, bool beating)
{
    SystemClock clock;
    client::TraceLog trace;
    client::Profile profile;
    profile.name = "bench";
    profile.seeds = {sandbox.address()};
    auto connection = client::Connection::open(profile, clock, trace);
    if (!connection)
        throw std::runtime_error(connection.error().message);
    client::Call warm; // dialling is not loading
    (void)(*connection)->store().get(warm, "bench:0");

    models::Dispatcher dispatcher(2);
    QTableView view;
    LoadTimes times;
    const auto start = steady_clock::now();
    const auto sinceStart
        = [&] { return std::chrono::duration<double>(steady_clock::now() - start).count(); };
    std::vector<std::unique_ptr<models::KeySource>> sources;
    sources.push_back(std::make_unique<models::ScanSource>((*connection)->store()));
    models::KeysFeed feed(dispatcher, clock, std::move(sources));
    models::KeyListModel model(feed.view());
    model.setContext({.clock = &clock});
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view.verticalHeader()->hide();
    view.setModel(&model);
    view.resize(1200, 800);
    view.show();
    QObject::connect(&model, &QAbstractItemModel::rowsInserted, &view, [&] {
        if (times.firstRows == 0)
            times.firstRows = sinceStart();
    });
    const auto ready = [&] { return feed.state() == models::FeedState::Ready; };
    if (beating)
        times.worstStall = percentile(stallsUntil(ready), 1);
    else
        spinUntil(ready);
    view.scrollToBottom();
    view.viewport()->repaint();
    times.seconds = sinceStart();
    if (feed.known() != sandbox.keys())
        throw std::runtime_error("the list has " + std::to_string(feed.known()) + " keys");
    return times;
}

class Browsable final : public Bench {
public:
    enum class What { Median, Worst, FirstRows, Stall, WorstStall };
    Browsable(const Effort& effort, What what)
        : m_what(what)
        , m_seconds(effort.seconds(1))
        , m_sandbox(effort.count(1'000'000))
    {
        load(m_sandbox, false);
    }
    double ours() override
    {
        const LoadTimes times = load(m_sandbox, m_what == What::Stall || m_what == What::WorstStall);
        switch (m_what) {
        case What::Median:
        case What::Worst:
            return times.seconds;
        case What::FirstRows:
            return times.firstRows * 1000;
        case What::Stall:
            return times.worstStall;
        case What::WorstStall:
            break;
        }
        double worst = times.worstStall;
        for (int i = 0; i < 3; ++i)
            worst = std::max(worst, load(m_sandbox, true).worstStall);
        return worst;
    }
    double ceiling() override
    {
        switch (m_what) {
        case What::Median:
        case What::Worst:
            return m_sandbox.rawScan();
        case What::FirstRows:
            return 50;
        case What::Stall:
        case What::WorstStall:
            break;
        }
        return percentile(stalls(m_seconds), 1);
    }
    double ratio(double ours, double ceiling) const override
    {
        switch (m_what) {
        case What::Worst:
            m_worst = std::max(m_worst, ours / ceiling);
            return m_worst;
        case What::Stall:
            return std::max(0.0, ours - ceiling) / 16;
        case What::WorstStall:
            return std::max(0.0, ours - ceiling) / 40;
        default:
            return ours / ceiling;
        }
    }
    std::string note() const override
    {
        return m_what == What::Stall     ? "ratio = beyond the idle control / 16 ms"
            : m_what == What::WorstStall ? "ratio = beyond the idle control / 40 ms, worst of 4 loads"
                                         : "";
    }

private:
    const What m_what;
    const double m_seconds;
    FilledSandbox m_sandbox;
    mutable double m_worst = 0;
};

Figure figure(const char* id, const char* name, double goal, const char* unit, Browsable::What what)
{
    return {id, name, Better::Lower, goal, unit,
        [=](const Effort& effort) { return std::make_unique<Browsable>(effort, what); }};
}

} // namespace

std::vector<Figure> keyFigures()
{
    using enum Browsable::What;
    return {
        figure("P7", "1M keys listed and painted vs the raw stream", 1.25, "s", Median),
        figure("P7-worst", "worst of the same", 1.75, "s", Worst),
        figure("P7-first", "first rows of the same, of 50 ms", 1, "ms", FirstRows),
        figure("P10", "worst GUI stall while 1M keys are listed, of 16 ms", 1, "ms", Stall),
        figure("P10-worst", "worst of several such loads, of 40 ms", 1, "ms", WorstStall),
    };
}

} // namespace norikv::bench
