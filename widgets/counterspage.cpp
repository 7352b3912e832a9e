// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/counterspage.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/noticebar.h"
#include "widgets/plots/barchart.h"
#include "widgets/plots/chartlegend.h"
#include "widgets/plots/counterchart.h"
#include "widgets/plots/curvechart.h"
#include "widgets/plots/heatstrip.h"
#include "widgets/sectionheader.h"
#include "widgets/statcard.h"
#include "widgets/tables.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace norikv::widgets {

using models::CounterFeed;
using models::CounterState;

namespace {

constexpr int Margin = 16;
constexpr int ShortestWindow = 5; // seconds: a young history fills the chart instead of a corner of it
constexpr std::uint32_t CurveShards = 64;
constexpr std::size_t FewestHeatSeconds = 10;

QString coverageText(const CounterFeed& feed)
{
    const int count = int(feed.book().counters().size());
    QString text = CountersPage::tr("%n known", nullptr, count);
    if (feed.coverage() == client::Coverage::Complete)
        text += CountersPage::tr(" · complete");
    else if (feed.coverage() == client::Coverage::KnownKeys)
        text += CountersPage::tr(" · this server cannot list keys");
    text += feed.live() ? CountersPage::tr(" · followed live") : CountersPage::tr(" · asked twice a second");
    return text;
}

} // namespace

CountersPage::CountersPage(CounterFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("countersPage"));
    setFocusPolicy(
        Qt::StrongFocus); // the page itself takes the first focus, so that Space pauses and no button is lit
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Margin, 12, Margin, 0);
    column->setSpacing(8);
    m_header = new SectionHeader(tr("Counters"), SectionHeader::Level::Page);
    auto* open = new QPushButton(tr("Open counter…"));
    open->setToolTip(tr("Follow a counter by its name"));
    connect(open, &QPushButton::clicked, this, &CountersPage::openCounterRequested);
    m_header->addTrailing(open);
    column->addWidget(m_header);
    m_notices = new NoticeBar(theme);
    column->addWidget(m_notices);
    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (m_onNotice)
            m_onNotice();
    });

    m_stack = new QStackedWidget;
    m_empty = new EmptyState(theme);
    m_stack->addWidget(m_empty);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName(QStringLiteral("countersSplit"));
    split->addWidget(makeList());
    split->addWidget(makeDetail());
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({230, 700});
    split->setChildrenCollapsible(false);
    split->setHandleWidth(12);
    split->setProperty("role", QStringLiteral("gap"));
    m_stack->addWidget(split);
    column->addWidget(m_stack, 1);

    connect(&feed, &CounterFeed::stateChanged, this, &CountersPage::refreshState);
    connect(&feed, &CounterFeed::changed, this, &CountersPage::refresh);
    connect(&feed, &CounterFeed::acted, this, &CountersPage::tell);
    refreshState();
}

QWidget* CountersPage::makeList()
{
    auto* card = new Card;
    card->setMinimumWidth(200);
    auto* content = card->contentLayout();
    content->setContentsMargins(0, 8, 0, 4);
    content->setSpacing(0);
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Filter counters"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter counters by name"));
    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 0, 8, 6);
    filterRow->addWidget(m_filter);
    content->addLayout(filterRow);
    m_list = new QTableView;
    m_list->setObjectName(QStringLiteral("counterList"));
    m_list->setModel(&m_model);
    styleTable(*m_list);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setItemDelegateForColumn(models::CounterModel::Total, new NumberDelegate(m_list));
    m_list->setColumnHidden(models::CounterModel::Rate, true);
    m_list->horizontalHeader()->setSectionResizeMode(models::CounterModel::Name, QHeaderView::Stretch);
    m_list->horizontalHeader()->setSectionResizeMode(
        models::CounterModel::Total, QHeaderView::ResizeToContents);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Counters"));
    content->addWidget(m_list, 1);
    connect(m_filter, &QLineEdit::textChanged, this,
        [this] { m_model.refresh(m_feed.book(), m_filter->text()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (!m_syncing && row.isValid())
                m_feed.select(m_model.record(row.row()).name);
        });
    return card;
}

QWidget* CountersPage::makeDetail()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(12);

    auto* cards = new QHBoxLayout;
    cards->setSpacing(12);
    m_total = new StatCard(m_theme, tr("total"));
    m_rate = new StatCard(m_theme, tr("rate, 10 s"));
    m_conflicts = new StatCard(m_theme, tr("CAS conflicts"));
    m_conflicts->setToolTip(tr("Share of our compare-and-set writes that met another writer"));
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
    m_chartCard->contentLayout()->addWidget(m_chart, 1);
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
    return scroll;
}

void CountersPage::focusFilter() { m_filter->setFocus(Qt::ShortcutFocusReason); }

void CountersPage::refreshState()
{
    const bool any = !m_feed.book().counters().empty();
    if (!any) {
        m_empty->clearActions();
        switch (m_feed.state()) {
        case models::FeedState::Idle:
        case models::FeedState::Loading:
            m_empty->setContent(QStringLiteral("counters"), tr("Looking for counters …"),
                tr("Reading the keys of %1.")
                    .arg(QString::fromStdString(m_feed.connection().profile().name)));
            break;
        case models::FeedState::Failed:
            m_empty->setContent(QStringLiteral("error"), tr("The counters could not be read"),
                models::errorText(m_feed.error(), tr("read the counters")).line());
            break;
        case models::FeedState::Ready: {
            m_empty->setContent(QStringLiteral("counters"), tr("No counter yet"),
                m_feed.coverage() == client::Coverage::Complete
                    ? tr("No key of this store holds an integer. Create a counter, or start a load on one.")
                    : tr("This server cannot list its keys. Name a counter to follow it."));
            auto* open = m_empty->addAction(tr("Open counter…"));
            connect(open, &QPushButton::clicked, this, &CountersPage::openCounterRequested);
            break;
        }
        }
    } else if (m_feed.state() == models::FeedState::Failed) {
        m_onNotice = {};
        m_notices->showNotice({Tone::Warning,
            tr("The server is away: what you see is from before. Reconnecting by itself …"), {}, {}});
    } else if (m_feed.state() == models::FeedState::Ready && m_notices->isOpen()
        && m_notices->text().startsWith(tr("The server is away"))) {
        m_notices->showNotice({Tone::Ok, tr("Connected again."), {}, std::chrono::seconds(3)});
    }
    m_stack->setCurrentIndex(any ? 1 : 0);
    refresh();
}

void CountersPage::refresh()
{
    if ((m_stack->currentIndex() == 0) != m_feed.book().counters().empty()) {
        refreshState();
        return;
    }
    if (!isVisible())
        return;
    m_header->setRemark(
        m_feed.state() == models::FeedState::Loading ? tr("reading …") : coverageText(m_feed));
    m_model.refresh(m_feed.book(), m_filter->text());
    syncSelection();
    const CounterState* state = m_feed.selectedState();
    if (!state)
        return;
    refreshCards(*state);
    refreshChart(*state);
    // The slower half needs no ten looks a second.
    if (m_slowTick++ % 3 == 0) {
        refreshShards(*state);
        refreshAdvice(*state);
        refreshHeat();
    }
}

void CountersPage::syncSelection()
{
    const int row = m_model.rowOf(m_feed.selected());
    if (row < 0 || m_list->currentIndex().row() == row)
        return;
    m_syncing = true;
    m_list->setCurrentIndex(m_model.index(row, 0));
    m_syncing = false;
    m_slowTick = 0;
}

void CountersPage::refreshCards(const CounterState& state)
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
        m_conflicts->setValue({});
        m_conflicts->setBadge(Tone::Neutral, tr("start a load"));
        m_meter->setValue({});
        m_meter->setBadge(Tone::Neutral, tr("needs a load"));
        return;
    }
    const double tries = static_cast<double>(closed ? run->tries : load.tries);
    const double share
        = tries > 0 ? static_cast<double>(closed ? run->conflicts : load.conflicts) / tries : 0;
    m_conflicts->setValue(QString::number(share * 100, 'f', share < 0.1 ? 1 : 0), QStringLiteral("%"));
    if (share > 0.20)
        m_conflicts->setBadge(Tone::Warning, state.sharded ? tr("add shards") : tr("shard it"));
    else
        m_conflicts->setBadge(Tone::Ok, tr("low"));

    const std::int64_t acknowledged
        = closed ? run->acknowledged : static_cast<std::int64_t>(load.acknowledged);
    const std::int64_t gained = closed ? run->storedGain : state.total - load.storedAtStart;
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

void CountersPage::refreshChart(const CounterState& state)
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
    m_chartCard->setSubtitle(m_feed.paused() ? tr("paused") : QString());
}

void CountersPage::refreshShards(const CounterState& state)
{
    m_shardCard->setVisible(state.sharded);
    m_adviceCard->setVisible(true);
    if (!state.sharded)
        return;
    const auto values = state.values();
    const std::uint32_t declared = state.shardCount();
    std::vector<plots::ShardBar> bars;
    std::int64_t sum = 0;
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
            sum += known ? values[i] : 0;
            visible.push_back(values[i]);
        }
    }
    m_bars->setData(std::move(bars), declared > 0 ? static_cast<double>(sum) / declared : 0);
    QString text = QString::number(declared);
    if (const auto p = client::evennessP(visible))
        text += *p < 0.01 ? tr(" · skewed (χ² p = %1)").arg(*p, 0, 'g', 2)
                          : tr(" · even (χ² p = %1)").arg(*p, 0, 'f', 2);
    const auto hidden = std::count_if(
        state.cells.begin(), state.cells.end(), [&](const auto& cell) { return cell.first >= declared; });
    if (state.declaredShards)
        text += hidden == 0 ? tr(" · none hidden") : tr(" · %n hidden", nullptr, int(hidden));
    m_shardCard->setSubtitle(text);
}

void CountersPage::refreshAdvice(const CounterState& state)
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
    m_adviceCard->setSubtitle(tr("< 5 % conflicts from %1 at %2/s").arg(advised).arg(shortNumber(rate)));
}

void CountersPage::refreshHeat()
{
    const auto& heat = m_feed.loadStats().heat;
    const bool shown = !heat.empty() && m_feed.loadPlan().counter == m_feed.selected() && height() > 640;
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

void CountersPage::tell(const CounterFeed::Outcome& outcome)
{
    m_onNotice = {};
    if (outcome.needsConsent) {
        m_notices->showNotice(
            {Tone::Warning, tr("%1? %2").arg(outcome.action, outcome.text), tr("Confirm"), {}});
        m_onNotice = [this] { m_feed.repeatWithConsent(); };
        return;
    }
    if (outcome.ok) {
        m_notices->showNotice({Tone::Ok, outcome.text, {}, std::chrono::seconds(4)});
        return;
    }
    const QString text
        = outcome.remedy.isEmpty() ? outcome.text : outcome.text + QLatin1Char(' ') + outcome.remedy;
    m_notices->showNotice({outcome.unknown ? Tone::Warning : Tone::Danger, text, {}, {}});
}

QVariantMap CountersPage::figures() const
{
    QVariantMap out;
    out.insert(QStringLiteral("counters"), int(m_feed.book().counters().size()));
    if (const auto* state = m_feed.selectedState()) {
        out.insert(QStringLiteral("selected"), models::shown(state->name));
        out.insert(QStringLiteral("total"), qlonglong(state->total));
        out.insert(QStringLiteral("rate"), state->rate10.perSecond());
        out.insert(QStringLiteral("shards"), int(state->sharded ? state->shardCount() : 0));
    }
    out.insert(QStringLiteral("acknowledged"), qlonglong(m_feed.loadStats().acknowledged));
    out.insert(QStringLiteral("conflicts"), qlonglong(m_feed.loadStats().conflicts));
    return out;
}

} // namespace norikv::widgets
