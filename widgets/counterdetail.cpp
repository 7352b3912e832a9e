// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/counterdetail.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/plots/barchart.h"
#include "widgets/plots/chartlegend.h"
#include "widgets/plots/counterchart.h"
#include "widgets/plots/curvechart.h"
#include "widgets/plots/heatstrip.h"
#include "widgets/statcard.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace norikv::widgets {

using models::CounterFeed;
using models::CounterState;

namespace {

constexpr int ShortestWindow = 5; // seconds: a young history fills the chart instead of a corner of it
constexpr std::uint32_t CurveShards = 64;
constexpr std::size_t FewestHeatSeconds = 10;
constexpr int RoomForHeat = 740; // pixels: below, the strip would squeeze the charts above it
constexpr int SlowEvery = 3; // the lower half needs no ten looks a second

QString percent(double share) { return QString::number(share * 100, 'f', share < 0.1 ? 1 : 0); }

} // namespace

CounterDetail::CounterDetail(CounterFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(12);

    auto* cards = new QHBoxLayout;
    cards->setSpacing(12);
    m_total = new StatCard(m_theme, tr("total"));
    m_rate = new StatCard(m_theme, tr("rate, 10 s"));
    m_conflicts = new StatCard(m_theme, tr("conflicts"));
    m_conflicts->setToolTip(tr(
        "Share of our compare-and-set writes that met another writer; without a load of ours, of all writes "
        "that the nodes counted in the last seconds (/metrics)"));
    m_meter = new StatCard(m_theme, tr("acknowledged → stored"));
    m_meter->setToolTip(
        tr("Increments the server acknowledged to the load, and by how much the stored value grew"));
    for (auto* card : {m_total, m_rate, m_conflicts, m_meter})
        cards->addWidget(card, card == m_meter ? 3 : 2);
    column->addLayout(cards);

    m_chartCard = new Card(tr("Value and rate"));
    auto* ranges = new QButtonGroup(this);
    const std::pair<int, QString> choices[] = {{60, tr("1 min")}, {600, tr("10 min")}, {3600, tr("1 h")}};
    for (const auto& [seconds, name] : choices) {
        auto* button = new QToolButton;
        button->setText(name);
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setChecked(seconds == m_range);
        ranges->addButton(button, seconds);
        m_chartCard->addTrailing(button);
    }
    connect(ranges, &QButtonGroup::idClicked, this, [this](int seconds) {
        m_range = seconds;
        refresh();
    });
    m_chart = new plots::CounterChart;
    followTheme(*m_chart, m_theme);
    auto* legend = new plots::ChartLegend(
        {{plots::LegendEntry::Mark::Line, 0, tr("total")}, {plots::LegendEntry::Mark::Line, 1, tr("rate")},
            {plots::LegendEntry::Mark::Bar, -1, tr("conflicts")}});
    followTheme(*legend, m_theme);
    m_chartCard->addLeading(legend);
    m_chartTable = new ChartWithTable(m_chart, theme);
    m_chartCard->contentLayout()->addWidget(m_chartTable, 1);
    m_chartCard->addTrailing(m_chartTable->button());
    column->addWidget(m_chartCard, 3);

    auto* lower = new QHBoxLayout;
    lower->setSpacing(12);
    m_shardCard = new Card(tr("Shards"));
    m_bars = new plots::ShardBars;
    followTheme(*m_bars, m_theme);
    m_shardCard->contentLayout()->addWidget(m_bars, 1);
    connect(m_bars, &plots::ShardBars::shardActivated, this, [this](int shard) {
        if (const auto* state = m_feed.selectedState())
            Q_EMIT keyActivated(
                models::toQt(client::shardKey(state->name, static_cast<std::uint32_t>(shard))));
    });
    m_adviceCard = new Card(tr("How many shards?"));
    m_curve = new plots::CurveChart;
    followTheme(*m_curve, m_theme);
    m_adviceCard->contentLayout()->addWidget(m_curve, 1);
    lower->addWidget(m_shardCard, 1);
    lower->addWidget(m_adviceCard, 1);
    column->addLayout(lower, 1);

    m_heatCard = new Card(tr("Contention"));
    m_heatCard->setSubtitle(tr("retries per writer and second"));
    m_heat = new plots::HeatStrip;
    m_heat->setQuantity(tr("retries"));
    followTheme(*m_heat, m_theme);
    m_heatCard->contentLayout()->addWidget(m_heat, 1);
    m_heatCard->hide();
    column->addWidget(m_heatCard, 1);

    auto* scroll = new QScrollArea;
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

void CounterDetail::toggleTable() { m_chartTable->button()->toggle(); }

void CounterDetail::refresh()
{
    const CounterState* state = m_feed.selectedState();
    if (!state)
        return;
    if (state->name != m_shown) {
        m_shown = state->name;
        m_slowTick = 0;
    }
    if (m_feed.paused() && std::exchange(m_shownMoment, m_feed.moment()) != m_feed.moment())
        m_slowTick = 0; // another moment: everything is another
    refreshCards(*state);
    refreshChart(*state);
    if (m_slowTick++ % SlowEvery == 0) {
        m_chartTable->refresh();
        refreshShards(*state);
        refreshAdvice(*state);
        refreshHeat();
    }
}

void CounterDetail::refreshCards(const CounterState& state)
{
    if (state.cells.empty())
        m_total->setValue({});
    else
        m_total->setValue((state.partial ? QStringLiteral("≥ ") : QString()) + groupDigits(state.total));
    if (state.partial)
        m_total->setBadge(Tone::Danger, tr("C1 not a number"));
    else if (state.hidden() > 0)
        m_total->setBadge(Tone::Danger, tr("C4 %1 hidden").arg(groupDigits(state.hidden())));
    else if (state.cells.empty())
        m_total->setBadge(Tone::Neutral, tr("not stored yet"));
    else
        m_total->clearBadge();

    m_rate->setValue(shortNumber(state.rate10.perSecond()), tr("/s"));
    m_rate->setToolTip(tr("over 1 s: %1 · 10 s: %2 · 60 s: %3 per second")
                           .arg(shortNumber(state.rate1.perSecond()), shortNumber(state.rate10.perSecond()),
                               shortNumber(state.rate60.perSecond())));

    const auto& load = m_feed.loadStats();
    const bool ours = m_feed.loadPlan().counter == state.name && load.tries > 0;
    const auto& run = m_feed.lastRun();
    const bool closed = run && run->counter == state.name;
    if (!ours && !closed) {
        // Other programs' conflicts are known only for all keys together.
        if (const auto share = m_feed.nodeMetrics().conflictShare()) {
            m_conflicts->setValue(percent(*share), QStringLiteral("%"));
            m_conflicts->setBadge(Tone::Neutral, tr("whole node"));
        } else {
            m_conflicts->setValue({});
            m_conflicts->setBadge(Tone::Neutral, tr("start a load"));
        }
        m_meter->setValue({});
        m_meter->setBadge(Tone::Neutral, tr("needs a load"));
        return;
    }
    const double tries = static_cast<double>(closed ? run->tries : load.tries);
    const double share
        = tries > 0 ? static_cast<double>(closed ? run->conflicts : load.conflicts) / tries : 0;
    m_conflicts->setValue(percent(share), QStringLiteral("%"));
    if (share > 0.20)
        m_conflicts->setBadge(Tone::Warning, state.sharded ? tr("add shards") : tr("shard it"));
    else
        m_conflicts->setBadge(Tone::Ok, tr("low"));

    const std::int64_t acknowledged
        = closed ? run->acknowledged : static_cast<std::int64_t>(load.acknowledged);
    // A load is watched, not replayed: both its figures are of now.
    const CounterState* now = m_feed.book().find(state.name);
    const std::int64_t gained
        = closed ? run->storedGain : (now ? now->total : state.total) - load.storedAtStart;
    m_meter->setValue(QStringLiteral("%1 → %2").arg(groupDigits(acknowledged), groupDigits(gained)));
    const std::int64_t unknown = closed ? run->unknown : static_cast<std::int64_t>(load.unknown);
    if (!closed)
        m_meter->setBadge(unknown > 0 ? Tone::Warning : Tone::Neutral,
            unknown > 0 ? tr("%1 unknown").arg(groupDigits(unknown)) : tr("running"));
    else if (acknowledged > gained)
        m_meter->setBadge(Tone::Danger, tr("%1 lost").arg(groupDigits(acknowledged - gained)));
    else
        m_meter->setBadge(Tone::Ok, tr("none lost"));
}

void CounterDetail::refreshChart(const CounterState& state)
{
    const double now = m_feed.moment();
    const double age = now - state.series.firstT();
    int span = m_range;
    if (!state.series.empty())
        span = std::clamp(int(std::ceil(age)), std::min(ShortestWindow, m_range), m_range);
    plots::CounterChartData chart;
    for (const auto& sample : state.series.window(now, span))
        chart.samples.push_back({sample.t - now, sample.total, sample.rate, sample.conflicts});
    for (const auto& [t, label] : state.markers) {
        if (t <= now && t >= now - span)
            chart.markers.push_back({t - now, label});
    }
    m_chart->setRange(span);
    m_chart->setData(chart);
}

void CounterDetail::refreshShards(const CounterState& state)
{
    m_shardCard->setVisible(state.sharded);
    m_adviceCard->setVisible(true);
    if (!state.sharded)
        return;
    const auto values = state.values();
    const std::uint32_t declared = state.shardCount();
    std::vector<plots::ShardBar> bars;
    double sum = 0; // of the expected share only: whole counters may add up beyond 64 bits
    std::vector<std::int64_t> visible;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto cell = state.cells.find(static_cast<std::uint32_t>(i));
        const bool known = cell != state.cells.end() && cell->second.value.has_value();
        const bool hidden = i >= declared;
        if (hidden && cell == state.cells.end())
            continue;
        const bool broken = cell != state.cells.end() && !cell->second.value;
        bars.push_back({int(i),
            broken ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(values[i]), hidden});
        if (!hidden) {
            sum += known ? static_cast<double>(values[i]) : 0;
            visible.push_back(values[i]);
        }
    }
    m_bars->setData(std::move(bars), declared > 0 ? sum / declared : 0);
    QString text = QString::number(declared);
    const auto p = client::evennessP(visible);
    if (p)
        text += *p < 0.01 ? tr(" · skewed") : tr(" · even");
    const auto hidden = std::count_if(
        state.cells.begin(), state.cells.end(), [&](const auto& cell) { return cell.first >= declared; });
    if (state.declaredShards)
        text += hidden == 0 ? tr(" · none hidden") : tr(" · %n hidden", nullptr, int(hidden));
    m_shardCard->setSubtitle(text);
    m_shardCard->setToolTip(p
            ? tr("If every shard were written alike, a spread at least as uneven as this would come "
                 "up in %1 of 100 cases (chi-square test). Below 1 in 100 it is called skewed.")
                  .arg(*p < 0.001 ? tr("fewer than 0.1") : QString::number(*p * 100, 'g', 2))
            : QString());
}

void CounterDetail::refreshAdvice(const CounterState& state)
{
    const auto& load = m_feed.loadStats();
    const auto& run = m_feed.lastRun();
    const bool closed = run && run->counter == state.name;
    const bool ours = m_feed.loadPlan().counter == state.name && load.windowSeconds > 0;
    plots::CurveData curve;
    if (!ours && !closed) {
        m_adviceCard->setSubtitle(tr("measured while a load runs on this counter"));
        m_curve->setData(curve);
        return;
    }
    const double window = closed ? run->windowSeconds : load.windowSeconds;
    const double rate
        = closed ? run->rate : static_cast<double>(load.acknowledged) / std::max(0.1, load.seconds);
    const std::uint32_t advised = client::advisedShards(rate, window);
    const std::uint32_t now = state.sharded ? state.shardCount() : 1;
    const std::uint32_t most = std::clamp(std::max(advised, now) * 2, 8U, std::max(CurveShards, advised));
    for (std::uint32_t n = 1; n <= most; ++n)
        curve.probability.push_back(client::conflictProbability(rate, window, n));
    curve.markedN = int(advised);
    curve.currentN = int(now);
    curve.threshold = 0.05;
    m_curve->setData(std::move(curve));
    m_adviceCard->setToolTip(
        tr("The fewest shards that keep conflicts under 5 % at %1 increments per second, with %2 ms between "
           "reading and writing")
            .arg(shortNumber(rate))
            .arg(window * 1000, 0, 'f', 1));
    m_adviceCard->setSubtitle(tr("advice: %1").arg(advised));
}

void CounterDetail::refreshHeat()
{
    const auto& heat = m_feed.loadStats().heat;
    const bool shown
        = !heat.empty() && m_feed.loadPlan().counter == m_feed.selected() && height() > RoomForHeat;
    m_heatCard->setVisible(shown);
    if (!shown)
        return;
    plots::HeatStripData strip;
    std::size_t columns = FewestHeatSeconds;
    for (const auto& row : heat)
        columns = std::max(columns, row.size());
    strip.columns = int(columns);
    strip.firstTime = -double(columns);
    for (std::size_t row = 0; row < heat.size(); ++row) {
        // Only the ends are named: sixteen numbers do not fit beside sixteen thin rows.
        const bool named = row == 0 || row + 1 == heat.size();
        strip.rows << (named ? QString::number(row + 1) : QString());
        strip.cells.insert(
            strip.cells.end(), columns - heat[row].size(), std::numeric_limits<double>::quiet_NaN());
        for (const int retries : heat[row])
            strip.cells.push_back(retries);
    }
    m_heat->setData(std::move(strip));
}

} // namespace norikv::widgets
