// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/counterinspector.h"

#include "client/patterns/countercode.h"
#include "client/placement.h"
#include "models/text.h"
#include "widgets/comparisonview.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/icons.h"
#include "widgets/keyvaluelist.h"
#include "widgets/mergedialog.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::CounterFeed;
using models::CounterState;

namespace {

constexpr std::size_t FewPlaces = 4;

QSpinBox* spin(int from, int to, int value, const QString& suffix, const QString& name)
{
    auto* box = new QSpinBox;
    box->setRange(from, to);
    box->setValue(value);
    box->setSuffix(suffix);
    box->setAccessibleName(name);
    return box;
}

QString oneDecimal(double value) { return QString::number(value, 'f', value < 10 ? 1 : 0); }

} // namespace

CounterInspector::CounterInspector(CounterFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("counterInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel(QString(), Qt::ElideMiddle);
    setStyleRole(m_name, "cardTitle");
    m_kind = new ElidedLabel;
    setStyleRole(m_kind, "caption");
    column->addWidget(m_name);
    column->addWidget(m_kind);
    column->addWidget(makeActions());
    column->addWidget(makeSetRow());
    column->addWidget(makeLoad());
    column->addWidget(new SectionHeader(tr("Where it lives")));
    m_places = new KeyValueList;
    column->addWidget(m_places);
    m_morePlaces = new QToolButton;
    m_morePlaces->setAutoRaise(true);
    connect(m_morePlaces, &QToolButton::clicked, this, [this] {
        m_allPlaces = !m_allPlaces;
        m_slowTick = 0;
        refresh();
    });
    column->addWidget(m_morePlaces, 0, Qt::AlignLeft);
    column->addWidget(makeCopy());
    column->addStretch(1);
    connect(&feed, &CounterFeed::changed, this, &CounterInspector::refresh);
    connect(&feed, &CounterFeed::mergePlanned, this, &CounterInspector::askMerge);
    refresh();
}

QWidget* CounterInspector::makeActions()
{
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 4, 0, 4);
    line->setSpacing(8);
    m_increment = new QPushButton(tr("Increment"));
    m_increment->setObjectName(QStringLiteral("increment"));
    setStyleRole(m_increment, "primary");
    m_increment->setToolTip(tr("Add one by compare-and-set"));
    m_decrement = new QPushButton(tr("− 1"));
    m_decrement->setObjectName(QStringLiteral("decrement"));
    m_decrement->setAccessibleName(tr("Decrement"));
    m_decrement->setToolTip(tr("Take one off by compare-and-set"));
    m_set = new QPushButton(tr("Set …"));
    m_set->setObjectName(QStringLiteral("set"));
    m_set->setCheckable(true);
    m_more = new QToolButton;
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolTip(tr("More actions"));
    m_more->setAccessibleName(tr("More actions"));
    bindIcon(m_more, QStringLiteral("more"), m_theme);
    auto* menu = new QMenu(m_more);
    menu->addAction(tr("Add …"), this, [this] {
        m_set->setChecked(true);
        m_setValue->setText(QStringLiteral("+10"));
        m_setValue->setFocus();
    });
    menu->addAction(tr("Initialize"), this, [this] { m_feed.initialize(); });
    m_reset = menu->addAction(tr("Reset to 0 …"), this, [this] {
        m_set->setChecked(true);
        m_setValue->setText(QStringLiteral("0"));
        m_setReason->setFocus();
    });
    menu->addSeparator();
    m_merge = menu->addAction(tr("Merge shards into one …"), this, [this] { m_feed.planMerge(); });
    m_hidden = menu->addAction(tr("Look for hidden shards"), this, [this] { m_feed.findHidden(); });
    m_more->setMenu(menu);
    line->addWidget(m_increment);
    line->addWidget(m_decrement);
    line->addWidget(m_set);
    line->addStretch(1);
    line->addWidget(m_more);
    connect(m_increment, &QPushButton::clicked, this, [this] { m_feed.add(1); });
    connect(m_decrement, &QPushButton::clicked, this, [this] { m_feed.add(-1); });
    connect(m_set, &QPushButton::toggled, this, [this](bool on) {
        m_setRow->setVisible(on);
        m_setError->hide();
        m_overwriteAsked = false;
        m_setApply->setText(tr("Apply"));
        if (on)
            m_setValue->setFocus();
    });
    return row;
}

QWidget* CounterInspector::makeSetRow()
{
    m_setRow = new QFrame;
    auto* form = new QVBoxLayout(m_setRow);
    form->setContentsMargins(0, 0, 0, 4);
    form->setSpacing(6);
    m_setValue = new QLineEdit;
    m_setValue->setObjectName(QStringLiteral("setValue"));
    m_setValue->setPlaceholderText(tr("New value, or +n / −n to add"));
    m_setValue->setAccessibleName(tr("New value"));
    m_setReason = new QLineEdit;
    m_setReason->setPlaceholderText(tr("Reason, kept in the operations list"));
    m_setReason->setAccessibleName(tr("Reason"));
    m_setError = makeLabel(QString(), "muted");
    m_setError->setWordWrap(true);
    m_setError->hide();
    m_setApply = new QPushButton(tr("Apply"));
    m_setApply->setObjectName(QStringLiteral("setApply"));
    auto* cancel = new QPushButton(tr("Cancel"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_setApply);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    form->addWidget(m_setValue);
    form->addWidget(m_setReason);
    form->addWidget(m_setError);
    form->addLayout(buttons);
    m_setRow->hide();
    connect(m_setApply, &QPushButton::clicked, this, &CounterInspector::applySet);
    connect(m_setValue, &QLineEdit::returnPressed, this, &CounterInspector::applySet);
    connect(m_setReason, &QLineEdit::returnPressed, this, &CounterInspector::applySet);
    connect(cancel, &QPushButton::clicked, this, [this] { m_set->setChecked(false); });
    return m_setRow;
}

void CounterInspector::applySet()
{
    const CounterState* state = m_feed.selectedState();
    if (!state)
        return;
    QString text = m_setValue->text().trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-'));
    text.remove(QChar(0x2009)).remove(QLatin1Char(' '));
    const bool relative = text.startsWith(QLatin1Char('+')) || text.startsWith(QLatin1Char('-'));
    const std::string digits = (text.startsWith(QLatin1Char('+')) ? text.mid(1) : text).toStdString();
    const auto value = client::parseCounter(digits);
    const auto complain = [this](const QString& why) {
        m_setError->setText(why);
        m_setError->show();
    };
    if (!value)
        return complain(tr("Write an integer of at most 19 digits, or +n to add."));
    if (relative) {
        m_feed.add(*value);
    } else if (state->sharded) {
        return complain(
            tr("A sharded counter has no single value to set: add a difference (+n or −n) instead."));
    } else {
        if (state->partial && !m_overwriteAsked) {
            m_overwriteAsked = true;
            m_setApply->setText(tr("Overwrite"));
            return complain(tr("The key holds something that is not an integer. Overwrite it?"));
        }
        m_feed.set(*value, state->partial, m_setReason->text());
    }
    m_set->setChecked(false);
    m_setReason->clear();
}

QWidget* CounterInspector::makeLoad()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(new SectionHeader(tr("Load")));
    m_loadForm = new QWidget;
    auto* form = new QFormLayout(m_loadForm);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(6);
    m_writers = spin(1, 64, 16, QString(), tr("Writers"));
    m_target = spin(0, 100'000, 150, tr(" /s"), tr("Target rate per second"));
    m_target->setSpecialValueText(tr("as fast as it goes"));
    m_think = spin(0, 10'000, 0, tr(" ms"), tr("Pause after each increment"));
    form->addRow(makeLabel(tr("Writers")), m_writers);
    form->addRow(makeLabel(tr("Target")), m_target);
    form->addRow(makeLabel(tr("Think time")), m_think);
    column->addWidget(m_loadForm);
    m_loadFacts = new KeyValueList;
    column->addWidget(m_loadFacts);
    auto* row = new QWidget;
    auto* buttons = new FlowLayout(8, 8);
    row->setLayout(buttons);
    m_start = new QPushButton(tr("Start load"));
    m_start->setObjectName(QStringLiteral("startLoad"));
    m_pause = new QPushButton(tr("Pause"));
    m_stop = new QPushButton(tr("Stop"));
    m_stop->setObjectName(QStringLiteral("stopLoad"));
    m_race = new QPushButton(tr("Race it"));
    m_race->setObjectName(QStringLiteral("raceIt"));
    m_race->setToolTip(
        tr("1,000 increments by 16 writers on a new counter, without backoff; on a sandbox with the "
           "check-then-write of the shipped server"));
    m_compare = new QPushButton(tr("Compare"));
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setToolTip(tr("The same load on one key and on shards at the same time, on two new counters"));
    for (auto* button : {m_start, m_pause, m_stop, m_compare, m_race})
        buttons->addWidget(button);
    column->addWidget(row);
    column->addWidget(new ComparisonView(m_feed.comparison()));
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_feed.selectedState())
            m_feed.startLoad(plan());
    });
    connect(m_compare, &QPushButton::clicked, this, [this] {
        if (m_feed.selectedState())
            m_feed.compareLoad(plan());
    });
    connect(&m_feed.comparison(), &models::ComparisonFeed::changed, this,
        [this] { m_compare->setEnabled(!m_feed.comparison().active()); });
    connect(m_pause, &QPushButton::clicked, this,
        [this] { m_feed.pauseLoad(m_feed.loadStats().state == client::LoadState::Running); });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_feed.stopLoad(); });
    connect(m_race, &QPushButton::clicked, this, [this] { m_feed.race(); });
    return box;
}

client::LoadPlan CounterInspector::plan() const
{
    client::LoadPlan plan;
    if (const CounterState* state = m_feed.selectedState()) {
        plan.counter = state->name;
        plan.sharded = state->sharded;
        if (state->sharded)
            plan.shards = std::max(1U, state->shardCount());
    }
    plan.workers = m_writers->value();
    plan.targetPerSecond = m_target->value();
    plan.thinkTime = std::chrono::milliseconds(m_think->value());
    return plan;
}

QWidget* CounterInspector::makeCopy()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(new SectionHeader(tr("Copy as")));
    auto* row = new QWidget;
    auto* buttons = new FlowLayout(8, 8);
    row->setLayout(buttons);
    using enum client::Language;
    for (const auto language : {TypeScript, Python, Go, Java, Grpcurl}) {
        const QString name = QString::fromUtf8(client::name(language).data());
        auto* button = new QPushButton(name);
        button->setToolTip(language == Grpcurl ? tr("Copy a command that reads it")
                                               : tr("Copy an increment of this counter in %1").arg(name));
        connect(button, &QPushButton::clicked, this, [this, language, name] {
            const CounterState* state = m_feed.selectedState();
            if (!state)
                return;
            const std::string& seed = m_feed.connection().profile().seeds.front();
            QApplication::clipboard()->setText(QString::fromStdString(client::incrementSnippet(
                language, state->name, state->sharded ? state->shardCount() : 0, seed)));
            Q_EMIT copied(tr("The %1 snippet was copied.").arg(name));
        });
        buttons->addWidget(button);
    }
    column->addWidget(row);
    return box;
}

void CounterInspector::refresh()
{
    const CounterState* state = m_feed.selectedState();
    setEnabled(state != nullptr);
    if (!state) {
        m_name->setText(tr("No counter selected"));
        m_kind->setText(QString());
        return;
    }
    m_name->setText(models::shown(state->name));
    m_kind->setText(state->sharded ? tr("sharded counter · %n shard(s)", nullptr, int(state->shardCount()))
            : state->opened        ? tr("counter · one key")
                                   : tr("possible counter · the value is an integer"));
    m_merge->setEnabled(state->sharded);
    m_hidden->setEnabled(state->sharded);
    m_reset->setEnabled(!state->sharded);
    refreshLoad();
    if (m_slowTick++ % 5 == 0)
        refreshPlaces(*state);
}

void CounterInspector::refreshLoad()
{
    const auto& stats = m_feed.loadStats();
    const auto& plan = m_feed.loadPlan();
    const bool active = stats.state == client::LoadState::Running || stats.state == client::LoadState::Paused
        || stats.state == client::LoadState::Stopping;
    m_loadForm->setVisible(!active);
    m_start->setVisible(!active);
    m_pause->setVisible(active);
    m_stop->setVisible(active);
    m_pause->setText(stats.state == client::LoadState::Paused ? tr("Resume") : tr("Pause"));
    m_stop->setEnabled(stats.state != client::LoadState::Stopping);
    m_race->setEnabled(!m_feed.racing());
    m_race->setText(m_feed.racing() ? tr("Racing …") : tr("Race it"));
    m_loadFacts->setVisible(active || stats.acknowledged > 0);
    if (!m_loadFacts->isVisible() && isVisible())
        return;
    std::vector<KeyValueRow> rows;
    if (active) {
        rows.push_back({tr("On"), models::shown(plan.counter, 40)});
        rows.push_back({tr("Writers"), QString::number(plan.workers)});
        rows.push_back({tr("Target"),
            plan.targetPerSecond > 0 ? tr("%1 /s").arg(shortNumber(plan.targetPerSecond))
                                     : tr("as fast as it goes")});
    }
    rows.push_back({tr("Attempts, median / 95 %"),
        QStringLiteral("%1 / %2").arg(stats.attemptsP50, 0, 'f', 0).arg(stats.attemptsP95, 0, 'f', 0)});
    rows.push_back({tr("Latency, median / 95 %"),
        tr("%1 / %2 ms").arg(oneDecimal(stats.latencyP50Ms), oneDecimal(stats.latencyP95Ms))});
    if (stats.unknown > 0)
        rows.push_back({tr("Unknown outcome"), groupDigits(static_cast<qint64>(stats.unknown))});
    if (stats.failed > 0)
        rows.push_back({tr("Failed"), groupDigits(static_cast<qint64>(stats.failed))});
    m_loadFacts->setRows(rows);
}

void CounterInspector::refreshPlaces(const CounterState& state)
{
    const auto& profile = m_feed.connection().profile();
    const auto& cluster = m_feed.connection().cluster();
    const std::size_t all = state.sharded ? state.shardCount() : 1;
    const std::size_t count = m_allPlaces ? std::min<std::size_t>(all, 256) : std::min(all, FewPlaces);
    std::vector<KeyValueRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
        const auto index = static_cast<std::uint32_t>(i);
        const client::Bytes key = state.sharded ? client::shardKey(state.name, index) : state.name;
        const std::uint32_t shard = shardOf(key, profile.totalShards);
        const auto leader = cluster.leaderOf(shard);
        KeyValueRow row;
        row.key = state.sharded ? QStringLiteral(":shard:%1").arg(i) : models::shown(key, 40);
        row.monoKey = true;
        row.middle = tr("shard %1").arg(shard);
        row.value = leader ? QString::fromStdString(cluster.nodeName(*leader)) : tr("no leader");
        rows.push_back(std::move(row));
    }
    m_places->setRows(rows);
    m_morePlaces->setVisible(all > FewPlaces);
    m_morePlaces->setText(m_allPlaces ? tr("fewer") : tr("%n more", nullptr, int(all - FewPlaces)));
}

void CounterInspector::askMerge(const client::ShardedCounter::MergePlan& plan)
{
    auto* dialog = new MergeDialog(plan, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, plan] { m_feed.merge(plan); });
    dialog->open();
}

} // namespace norikv::widgets
