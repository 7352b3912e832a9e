// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counterfeed.h"

#include "models/text.h"

#include <limits>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;
using client::Call;
using client::Result;

constexpr auto SampleEvery = 100ms;
constexpr double LongSilence = 3; // seconds without a sample of ours: asleep, or stopped
constexpr std::uint64_t RaceIncrements = 1000;
constexpr double RecordEvery = 1; // seconds; what the time cursor can show again
constexpr int RaceWorkers = 16;
constexpr std::uint32_t MostShards = 4096;

Call callFor(const std::stop_token& stop, const char* why, bool consent)
{
    Call call;
    call.stop = stop;
    call.why = why;
    call.consent = consent;
    return call;
}

QString number(std::int64_t value) { return QString::number(value); }

} // namespace

CounterFeed::CounterFeed(
    Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_queue(std::make_shared<ChunkQueue<CounterNews>>())
    , m_load(std::make_shared<client::LoadGenerator>(connection.store(), clock))
    , m_comparison(dispatcher, connection.store(), clock)
    , m_nodeMetrics(dispatcher, connection.profile().httpAddresses)
{
    m_dispatcher.drain(this, m_queue, [this](std::vector<CounterNews> chunk) { take(std::move(chunk)); });
    const auto& profile = connection.profile();
    for (const auto& name : profile.counters) {
        const auto shards = profile.counterShards.find(name);
        m_known[name] = shards == profile.counterShards.end() ? std::nullopt : std::optional(shards->second);
        m_book.declare(name, m_known[name]);
    }
    m_follower = std::make_unique<CounterFollower>(connection, m_queue, m_known);
    m_lastSample = nowSeconds();
    m_timer.setInterval(SampleEvery);
    connect(&m_timer, &QTimer::timeout, this, &CounterFeed::sampleNow);
    m_timer.start();
}

CounterFeed::~CounterFeed()
{
    if (m_cursor)
        m_cursor->leave(m_reel);
}

void CounterFeed::setCursor(TimeCursor& cursor)
{
    Q_ASSERT(!m_cursor);
    m_cursor = &cursor;
    cursor.add(m_reel);
    connect(&cursor, &TimeCursor::changed, this, [this] { showMoment(m_cursor->moment()); });
    connect(this, &CounterFeed::liveNeeded, &cursor, &TimeCursor::live);
}

void CounterFeed::record(EpochMs atMs)
{
    auto now = std::make_shared<const CounterMoment>(m_book.moment());
    const std::size_t bytes = now->bytes();
    m_reel.push(atMs, std::move(now), bytes);
    m_lastRecord = nowSeconds();
}

double CounterFeed::nowSeconds() const { return std::chrono::duration<double>(m_clock.elapsed()).count(); }

double CounterFeed::moment() const { return m_pausedAt.value_or(nowSeconds()); }

void CounterFeed::shareKnown() { m_follower->setKnown(m_known); }

void CounterFeed::take(std::vector<CounterNews> chunk)
{
    const EpochMs now = m_clock.nowMs();
    const FeedState before = m_state;
    for (CounterNews& news : chunk) {
        switch (news.kind) {
        case CounterNews::Kind::ScanBegins:
            m_scanning = true;
            m_seen.clear();
            break;
        case CounterNews::Kind::Update:
            if (m_scanning && news.update.value)
                m_seen.insert(news.update.key);
            m_book.apply(news.update, now);
            break;
        case CounterNews::Kind::ScanEnds:
            m_scanning = false;
            m_coverage = news.coverage;
            m_live = news.live;
            if (news.coverage == client::Coverage::Complete)
                m_book.keepOnly(m_seen);
            m_seen.clear();
            m_state = FeedState::Ready;
            break;
        case CounterNews::Kind::Heard:
            m_state = FeedState::Ready;
            break;
        case CounterNews::Kind::Lost:
            m_state = FeedState::Failed;
            m_error = std::move(news.error);
            break;
        }
    }
    if (m_selected.empty() && m_state == FeedState::Ready && !m_book.counters().empty()) {
        // The liveliest first impression: a declared counter, else the first by name.
        m_selected = m_known.empty() ? m_book.counters().begin()->first : m_known.begin()->first;
        const auto& declared = m_connection.profile().counters;
        if (!declared.empty())
            m_selected = declared.front();
    }
    if (m_state != before)
        Q_EMIT stateChanged();
}

void CounterFeed::sampleNow()
{
    const double now = nowSeconds();
    const double seconds = now - m_lastSample;
    if (m_loadPlan.counter.size() > 0)
        m_loadStats = m_load->stats();
    if (seconds > 0) {
        const std::uint64_t conflicts
            = m_loadStats.conflicts - std::min(m_lastConflicts, m_loadStats.conflicts);
        m_lastConflicts = m_loadStats.conflicts;
        if (seconds > LongSilence)
            m_book.sampleGap(m_lastSample + std::chrono::duration<double>(SampleEvery).count());
        m_lastSample = now;
        if (m_state == FeedState::Ready)
            m_book.sample(now, seconds, m_selected,
                m_loadPlan.counter == m_selected ? static_cast<double>(conflicts) : 0);
        else
            m_book.sampleGap(now);
    }
    if (m_cursor && now - m_lastRecord >= RecordEvery)
        record(m_clock.nowMs());
    for (const auto& finding : m_book.takeFindings(m_clock.nowMs()))
        Q_EMIT found(finding);
    if (m_booksOpen && m_loadStats.state == client::LoadState::Finished)
        closeBooks();
    Q_EMIT changed();
}

void CounterFeed::select(const Bytes& name)
{
    if (name == m_selected)
        return;
    m_selected = name;
    if (m_past) // with the history of another
        m_past = m_book.at(*m_reel.at(*m_moment), m_selected);
    Q_EMIT changed();
}

void CounterFeed::openCounter(const Bytes& name, std::optional<std::uint32_t> shards)
{
    Q_EMIT liveNeeded();
    m_known[name] = shards;
    m_book.declare(name, shards);
    shareKnown();
    select(name);
    if (!shards)
        readOnce(name);
    Q_EMIT changed();
}

/// A key that holds no integer was passed over until somebody named it, and a watch tells only of changes.
void CounterFeed::readOnce(const Bytes& name)
{
    client::Store& store = m_connection.store();
    keep(m_dispatcher.run(
        this,
        [&store, name](const std::stop_token& stop) {
            Call call = callFor(stop, "counters", false);
            call.background = true;
            return store.get(call, name);
        },
        [this, name](Result<client::Entry> entry) {
            const CounterState* state = m_book.find(name);
            if (entry && entry->exists() && state && !state->sharded && state->cells.empty())
                m_book.apply({name, std::move(entry->value), entry->version}, m_clock.nowMs());
        }));
}

void CounterFeed::tryNow()
{
    for (std::size_t node = 0; node < m_connection.profile().seeds.size(); ++node)
        m_connection.redial(node);
}

void CounterFeed::showMoment(std::optional<EpochMs> atMs)
{
    if (m_cursor && atMs && !m_moment)
        // So that a pause shows what was shown, also where the clock has gone on since.
        record(m_cursor->state() == TimeCursor::State::Paused ? *atMs : m_clock.nowMs());
    m_moment = atMs;
    m_pausedAt.reset();
    m_past.reset();
    if (atMs) {
        m_pausedAt = nowSeconds() - static_cast<double>(m_clock.nowMs() - *atMs) / 1000;
        if (!m_reel.empty())
            m_past = m_book.at(*m_reel.at(*atMs), m_selected);
    }
    Q_EMIT changed();
}

void CounterFeed::keep(Job job)
{
    std::erase_if(m_actions, [](const Job& old) { return !old.running(); });
    m_actions.push_back(std::move(job));
}

/// `decrement` is what the action takes off the counter; a fall by as much is no finding, unless it failed.
template <class T, class Work, class Say>
void CounterFeed::act(const Bytes& counter, QString action, Work work, Say say, std::int64_t decrement)
{
    Q_EMIT liveNeeded();
    const bool consent = std::exchange(m_consent, false);
    client::Store& store = m_connection.store();
    if (decrement > 0)
        m_book.expectDecrement(counter, decrement);
    keep(m_dispatcher.run(
        this,
        [&store, consent, work = std::move(work)](const std::stop_token& stop) -> Result<T> {
            Call call = callFor(stop, "counters", consent);
            return work(store, call);
        },
        [this, action, counter, decrement, say = std::move(say)](Result<T> result) {
            Outcome outcome;
            outcome.action = action;
            outcome.ok = result.has_value();
            if (!result && decrement > 0 && result.error().kind != client::ErrorKind::UnknownOutcome)
                m_book.expectDecrement(counter, -decrement);
            if (result) {
                outcome.text = say(*result);
            } else {
                const ErrorText words = errorText(result.error(), action.left(1).toLower() + action.mid(1));
                outcome.needsConsent = result.error().kind == client::ErrorKind::NeedsConsent;
                outcome.unknown = result.error().kind == client::ErrorKind::UnknownOutcome;
                outcome.text = words.what;
                outcome.remedy = words.remedy;
            }
            Q_EMIT acted(outcome);
        }));
}

void CounterFeed::add(std::int64_t delta)
{
    remember([this, delta] { add(delta); });
    const CounterState* state = m_book.find(m_selected);
    if (!state || tooWide(tr("Increment"), *state))
        return;
    const QString name = shown(state->name);
    const std::uint32_t shards = state->shardCount();
    act<client::CounterChange>(
        state->name, delta < 0 ? tr("Decrement %1").arg(name) : tr("Increment %1").arg(name),
        [counter = state->name, sharded = state->sharded, shards, delta](client::Store& store, Call& call) {
            return sharded ? client::ShardedCounter(store, counter, shards).add(call, delta)
                           : client::Counter(store, counter).add(call, delta);
        },
        [name](const client::CounterChange& change) {
            return tr("%1: %2 → %3, %n attempt(s)", nullptr, change.attempts)
                .arg(name, number(change.before), number(change.after));
        },
        delta < 0 ? -std::max(delta, -std::numeric_limits<std::int64_t>::max()) : 0);
}

void CounterFeed::set(std::int64_t value, bool evenIfNotInteger, const QString& reason)
{
    remember([this, value, evenIfNotInteger, reason] { set(value, evenIfNotInteger, reason); });
    const CounterState* state = m_book.find(m_selected);
    if (!state || state->sharded)
        return;
    std::int64_t fall = 0;
    if (value < state->total && __builtin_sub_overflow(state->total, value, &fall))
        fall = std::numeric_limits<std::int64_t>::max();
    const QString name = shown(state->name);
    act<client::CounterChange>(
        state->name, tr("Set %1").arg(name),
        [counter = state->name, value, evenIfNotInteger, why = reason.toStdString()](
            client::Store& store, Call& call) {
            if (!why.empty())
                call.why = "set: " + why;
            return client::Counter(store, counter).set(call, value, evenIfNotInteger);
        },
        [name](const client::CounterChange& change) {
            return tr("%1 was set from %2 to %3").arg(name, number(change.before), number(change.after));
        },
        fall);
}

void CounterFeed::initialize()
{
    remember([this] { initialize(); });
    const CounterState* state = m_book.find(m_selected);
    if (!state || tooWide(tr("Initialize"), *state))
        return;
    const QString name = shown(state->name);
    const std::uint32_t shards = state->shardCount();
    act<std::int64_t>(
        state->name, tr("Initialize %1").arg(name),
        [counter = state->name, sharded = state->sharded, shards](
            client::Store& store, Call& call) -> Result<std::int64_t> {
            if (!sharded)
                return client::Counter(store, counter).initialize(call);
            client::ShardedCounter wide(store, counter, shards);
            if (auto made = wide.initialize(call); !made)
                return tl::unexpected(made.error());
            return wide.get(call).map([](const auto& total) { return total.total; });
        },
        [name](std::int64_t value) { return tr("%1 is ready at %2").arg(name, number(value)); });
}

void CounterFeed::planMerge()
{
    const CounterState* state = m_book.find(m_selected);
    if (!state || !state->sharded || tooWide(tr("Merge shards"), *state))
        return;
    using Plan = client::ShardedCounter::MergePlan;
    client::Store& store = m_connection.store();
    const QString action = tr("read the shards of %1").arg(shown(state->name));
    keep(m_dispatcher.run(
        this,
        [&store, counter = state->name, shards = state->shardCount()](
            const std::stop_token& stop) -> Result<Plan> {
            Call call = callFor(stop, "counters", false);
            return client::ShardedCounter(store, counter, shards).planMerge(call);
        },
        [this, action](Result<Plan> plan) {
            if (plan) {
                Q_EMIT mergePlanned(*plan);
                return;
            }
            const ErrorText words = errorText(plan.error(), action);
            Q_EMIT acted({false, false, false, action, words.what, words.remedy});
        }));
}

void CounterFeed::merge(const client::ShardedCounter::MergePlan& plan)
{
    remember([this, plan] { merge(plan); });
    // The plan says which counter; the selection may have moved on.
    const auto shard = plan.sources.empty() ? std::nullopt : client::parseShardKey(plan.sources.front().key);
    const CounterState* state = shard ? m_book.find(shard->counter) : nullptr;
    if (!state || !state->sharded)
        return;
    const QString name = shown(state->name);
    std::int64_t moved = 0;
    for (const auto& source : plan.sources) {
        if (__builtin_add_overflow(
                moved, std::max<std::int64_t>(0, client::parseCounter(source.value).value_or(0)), &moved))
            moved = std::numeric_limits<std::int64_t>::max();
    }
    act<std::int64_t>(
        state->name, tr("Merge the shards of %1").arg(name),
        [counter = state->name, shards = state->shardCount(), plan](client::Store& store, Call& call) {
            return client::ShardedCounter(store, counter, shards).merge(call, plan);
        },
        [name](std::int64_t done) { return tr("%1: %2 moved into shard 0").arg(name, number(done)); }, moved);
}

void CounterFeed::findHidden()
{
    const CounterState* state = m_book.find(m_selected);
    if (!state || !state->sharded)
        return;
    const QString name = shown(state->name);
    act<std::vector<client::Entry>>(
        state->name, tr("Look for hidden shards of %1").arg(name),
        [counter = state->name, shards = state->shardCount()](client::Store& store, Call& call) {
            return client::ShardedCounter(store, counter, shards).findHidden(call);
        },
        [this, name](const std::vector<client::Entry>& hidden) {
            for (const auto& entry : hidden)
                m_book.apply({entry.key, entry.value, entry.version}, m_clock.nowMs());
            return hidden.empty() ? tr("%1 has no shard beyond the declared ones").arg(name)
                                  : tr("%1 has %n hidden shard(s)", nullptr, int(hidden.size())).arg(name);
        });
}

/// The guard decides once for a whole run: its workers cannot ask a person. True = stopped here.
bool CounterFeed::guarded(
    const QString& action, const QString& question, bool consent, std::function<void()> repeat)
{
    const client::GuardMode mode = m_connection.guardMode();
    if (mode == client::GuardMode::Normal || (mode == client::GuardMode::Confirm && consent))
        return false;
    remember(std::move(repeat));
    Outcome outcome;
    outcome.action = action;
    outcome.needsConsent = mode == client::GuardMode::Confirm;
    outcome.text = outcome.needsConsent ? question : tr("This connection is read-only: nothing was started.");
    Q_EMIT acted(outcome);
    return true;
}

void CounterFeed::remember(std::function<void()> repeat)
{
    m_repeat = std::move(repeat);
    m_repeatOn = m_selected;
}

/// One stray key with a huge index must not make a billion requests. True = stopped here.
bool CounterFeed::tooWide(const QString& action, const CounterState& state)
{
    if (state.shardCount() <= MostShards)
        return false;
    Q_EMIT acted({false, false, false, action,
        tr("%1 seems to have %2 shards, from the highest index seen: nothing was done.")
            .arg(shown(state.name), number(state.shardCount())),
        tr("Open it with the number of shards that it really has.")});
    return true;
}

void CounterFeed::repeatWithConsent()
{
    if (!m_repeat)
        return;
    m_consent = true;
    // The word was given for the counter it was asked about, whatever is selected by now.
    const Bytes selected = std::exchange(m_selected, m_repeatOn);
    std::exchange(m_repeat, {})();
    m_selected = selected;
    m_consent = false;
}

void CounterFeed::startLoad(const client::LoadPlan& wanted)
{
    client::LoadPlan plan = wanted;
    plan.consent = plan.consent || std::exchange(m_consent, false);
    const QString action = tr("Load %1").arg(shown(plan.counter));
    if (guarded(action, tr("A load writes many times."), plan.consent, [this, plan] { startLoad(plan); }))
        return;
    m_loadPlan = plan;
    m_lastRun.reset();
    m_lastConflicts = 0;
    m_loadJob = m_dispatcher.run(
        this, [load = m_load, plan](const std::stop_token&) { return load->start(plan); },
        [this, action, plan](Result<void> started) {
            if (!started) {
                const ErrorText words = errorText(started.error(), tr("start the load"));
                Q_EMIT acted({false, false, false, action, words.what, words.remedy});
                return;
            }
            m_booksOpen = true;
            m_known[plan.counter] = plan.sharded ? std::optional(plan.shards) : std::nullopt;
            m_book.declare(plan.counter, m_known[plan.counter]);
            shareKnown();
            select(plan.counter);
            m_book.mark(plan.counter, nowSeconds(), tr("load started: %n writer(s)", nullptr, plan.workers));
        });
}

void CounterFeed::compareLoad(const client::LoadPlan& wanted)
{
    client::LoadPlan plan = wanted;
    plan.consent = plan.consent || std::exchange(m_consent, false);
    if (guarded(tr("Compare"), tr("A comparison writes many times to two new counters."), plan.consent,
            [this, plan] { compareLoad(plan); }))
        return;
    m_comparison.start(plan);
}

void CounterFeed::pauseLoad(bool paused)
{
    paused ? m_load->pause() : m_load->resume();
    m_book.mark(m_loadPlan.counter, nowSeconds(), paused ? tr("load paused") : tr("load resumed"));
}

void CounterFeed::stopLoad()
{
    m_load->stop();
    m_book.mark(m_loadPlan.counter, nowSeconds(), tr("load stopped"));
}

void CounterFeed::closeBooks()
{
    m_booksOpen = false;
    m_booksJob = m_dispatcher.run(
        this, [load = m_load](const std::stop_token&) { return load->closeBooks(); },
        [this](Result<client::ClosedRun> run) {
            if (run)
                judge(*run);
        });
}

void CounterFeed::judge(const client::ClosedRun& run)
{
    m_lastRun = run;
    if (const auto lost = client::checkC3(run))
        Q_EMIT found(*lost);
    if (const auto contended = client::checkC5(run))
        Q_EMIT found(*contended);
    Q_EMIT runClosed(run);
    Q_EMIT changed();
}

void CounterFeed::race()
{
    const bool consent = std::exchange(m_consent, false);
    if (guarded(
            tr("Race it"), tr("A race writes 1,000 times to a new counter."), consent, [this] { race(); }))
        return;
    client::Store& store = m_connection.store();
    m_raceJob = m_dispatcher.run(
        this,
        [&store, &clock = m_clock, consent](const std::stop_token& stop) {
            return client::raceIt(store, clock, RaceIncrements, RaceWorkers, consent, stop);
        },
        [this](Result<client::ClosedRun> run) {
            if (!run) {
                const ErrorText words = errorText(run.error(), tr("finish the race"));
                Q_EMIT acted({false, false, run.error().kind == client::ErrorKind::UnknownOutcome,
                    tr("Race it"), words.what, words.remedy});
                return;
            }
            m_known[run->counter] = std::nullopt;
            m_book.declare(run->counter, std::nullopt);
            shareKnown();
            select(run->counter);
            judge(*run);
            const std::int64_t lost = run->acknowledged - run->storedGain;
            Q_EMIT acted({true, false, false, tr("Race it"),
                lost > 0 ? tr("%1 increments acknowledged, %2 stored: %3 lost.")
                               .arg(number(run->acknowledged), number(run->storedGain), number(lost))
                         : tr("%1 increments acknowledged, %2 stored: none lost.")
                               .arg(number(run->acknowledged), number(run->storedGain)),
                {}});
        });
    Q_EMIT changed();
}

} // namespace norikv::models
