// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eventreplay.h"

#include "models/foldline.h"
#include "models/text.h"

#include <algorithm>
#include <cmath>

namespace norikv::models {

namespace {

using client::EventList;
using client::FoldMoment;
using client::Result;
using client::StateCondition;

constexpr double SlowestSpeed = 0.5;
constexpr double FastestSpeed = 32;
constexpr double StepMs = 500; // at x1

QString signOf(StateCondition::Op op)
{
    switch (op) {
    case StateCondition::Op::Less:
        return QStringLiteral("<");
    case StateCondition::Op::LessEqual:
        return QStringLiteral("≤");
    case StateCondition::Op::Equal:
        return QStringLiteral("=");
    case StateCondition::Op::NotEqual:
        return QStringLiteral("≠");
    case StateCondition::Op::GreaterEqual:
        return QStringLiteral("≥");
    case StateCondition::Op::Greater:
        break;
    }
    return QStringLiteral(">");
}

} // namespace

struct EventReplay::Folded {
    FoldMoment moment;
    std::optional<FoldMoment> otherwise;
    std::shared_ptr<const std::map<std::size_t, std::string>> problems;
    std::shared_ptr<const client::Reducer> reducer;
};

EventReplay::EventReplay(Dispatcher& dispatcher, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_events(std::make_shared<EventList>())
    , m_problems(std::make_shared<std::map<std::size_t, std::string>>())
{
    m_timer.setTimerType(Qt::PreciseTimer);
    setSpeed(1);
    connect(&m_timer, &QTimer::timeout, this, [this] { playOn(); });
    begin();
}

EventReplay::~EventReplay() = default;

/// Another stream or reducer: nothing that was folded holds any more.
void EventReplay::begin()
{
    m_job.cancel();
    m_searchJob.cancel();
    m_looks.clear();
    m_wished = false;
    m_line = std::make_shared<FoldLine>(m_chosen, m_stream.aggregate);
    m_reducer = m_chosen;
    m_moment = {};
    m_otherwise.reset();
    m_problems = std::make_shared<std::map<std::size_t, std::string>>();
    m_error.reset();
    m_stopAt.reset();
}

void EventReplay::setEvents(const client::EventStreamId& stream, std::shared_ptr<const EventList> events)
{
    if (stream == m_stream && events == m_events)
        return;
    const bool other = stream != m_stream;
    m_stream = stream;
    m_events = std::move(events);
    if (other) {
        m_timer.stop();
        m_leftOut.reset();
        m_following = true;
        begin();
    }
    if (m_leftOut && *m_leftOut >= count())
        m_leftOut.reset();
    m_position = m_following ? count() : std::min(m_position, count());
    if (playing())
        findStop();
    wish();
    Q_EMIT moved();
}

void EventReplay::setReducer(std::shared_ptr<const client::Reducer> reducer)
{
    m_timer.stop();
    m_chosen = std::move(reducer);
    begin();
    wish();
    Q_EMIT moved();
}

client::EventPtr EventReplay::eventAt(std::size_t position) const
{
    return position == 0 || position > count() ? nullptr : (*m_events)[position - 1];
}

std::size_t EventReplay::positionOf(std::uint64_t number) const
{
    const auto after = std::ranges::upper_bound(
        *m_events, number, {}, [](const client::EventPtr& event) { return event->number; });
    return static_cast<std::size_t>(after - m_events->begin());
}

void EventReplay::move(std::size_t position)
{
    m_position = std::min(position, count());
    m_following = m_position == count();
    wish();
    Q_EMIT moved();
}

void EventReplay::setPosition(std::size_t position)
{
    m_timer.stop();
    m_searchJob.cancel();
    move(position);
}

std::size_t EventReplay::stepped(int events) const
{
    const auto by = static_cast<std::size_t>(std::abs(static_cast<long long>(events)));
    if (events < 0)
        return m_position - std::min(m_position, by);
    return m_position + std::min(count() - m_position, by);
}

void EventReplay::play()
{
    if (playing() || count() == 0)
        return;
    if (m_position == count())
        move(0);
    m_timer.start();
    findStop();
    Q_EMIT moved();
}

void EventReplay::pause()
{
    if (!playing())
        return;
    m_timer.stop();
    Q_EMIT moved();
}

void EventReplay::setSpeed(double speed)
{
    m_speed = std::clamp(speed, SlowestSpeed, FastestSpeed);
    m_timer.setInterval(static_cast<int>(std::lround(StepMs / m_speed)));
    Q_EMIT moved();
}

void EventReplay::setStopWhen(std::optional<StateCondition> condition)
{
    m_stopWhen = std::move(condition);
    m_stopAt.reset();
    if (playing())
        findStop();
}

QString EventReplay::holdsText(const StateCondition& condition, std::size_t position) const
{
    const auto event = eventAt(position);
    return tr("%1 %2 %3 holds from event %4 on")
        .arg(shown(condition.path), signOf(condition.op), shown(condition.text),
            event ? grouped(event->number) : QString::number(position));
}

void EventReplay::stop(const QString& why)
{
    m_timer.stop();
    Q_EMIT moved();
    Q_EMIT stopped(why);
}

/// Where playing has to stop is looked for while it plays; the folds of a whole stream may take a while.
void EventReplay::findStop()
{
    m_stopAt.reset();
    if (!m_stopWhen)
        return;
    m_searchJob = m_dispatcher.run(
        this,
        [line = m_line, events = m_events, condition = *m_stopWhen, from = m_position](
            const std::stop_token& stop) {
            return line->with(events, stop,
                [&](client::Timeline& timeline) { return timeline.firstWhere(condition, from, stop); });
        },
        [this](const Result<std::optional<std::size_t>>& found) {
            if (!found || !*found || !playing())
                return;
            m_stopAt = **found;
            // It plays while it is looked for: back to the place when that was passed.
            if (m_position >= *m_stopAt) {
                move(*m_stopAt);
                stop(holdsText(*m_stopWhen, m_position));
            }
        });
}

void EventReplay::playOn()
{
    if (m_position >= count()) {
        stop(tr("this is the newest event"));
        return;
    }
    move(m_position + 1);
    if (m_stopAt && m_position == *m_stopAt && m_stopWhen)
        stop(holdsText(*m_stopWhen, m_position));
}

void EventReplay::jumpTo(const StateCondition& condition)
{
    m_timer.stop();
    m_searchJob = m_dispatcher.run(
        this,
        [line = m_line, events = m_events, condition, from = m_position](const std::stop_token& stop) {
            return line->with(events, stop,
                [&](client::Timeline& timeline) { return timeline.firstWhere(condition, from, stop); });
        },
        [this, condition](const Result<std::optional<std::size_t>>& found) {
            if (!found) {
                stop(QString::fromStdString(found.error().message));
            } else if (!*found) {
                stop(tr("%1 %2 %3 does not begin to hold at any later event")
                         .arg(shown(condition.path), signOf(condition.op), shown(condition.text)));
            } else {
                move(**found);
                stop(holdsText(condition, **found));
            }
        });
}

void EventReplay::setLeftOut(std::optional<std::size_t> index)
{
    if (index && *index >= count())
        index.reset();
    if (index == m_leftOut)
        return;
    m_leftOut = index;
    if (!m_leftOut)
        m_otherwise.reset();
    wish();
    Q_EMIT moved();
}

void EventReplay::wish()
{
    if (m_job.running()) {
        m_wished = true;
        return;
    }
    m_wished = false;
    m_job = m_dispatcher.run(
        this,
        [line = m_line, events = m_events, position = m_position, left = m_leftOut, before = m_problems](
            const std::stop_token& stop) -> Result<Folded> {
            Folded folded;
            const auto moment = line->with(events, stop, [&](client::Timeline& timeline) {
                folded.problems = timeline.problems() == *before
                    ? before
                    : std::make_shared<const std::map<std::size_t, std::string>>(timeline.problems());
                return timeline.at(position, stop);
            });
            if (!moment)
                return tl::unexpected(moment.error());
            folded.moment = *moment;
            if (left) {
                const std::size_t shifted = position > *left ? position - 1 : position;
                auto other = line->without(*left, events, stop,
                    [&](client::Timeline& timeline) { return timeline.at(shifted, stop); });
                if (!other)
                    return tl::unexpected(other.error());
                other->position = moment->position;
                folded.otherwise = std::move(*other);
            }
            folded.reducer = line->reducer();
            return folded;
        },
        [this](Result<Folded> folded) { take(std::move(folded)); });
}

void EventReplay::take(Result<Folded> folded)
{
    if (folded) {
        m_moment = std::move(folded->moment);
        m_otherwise = m_leftOut ? std::move(folded->otherwise) : std::nullopt;
        m_problems = std::move(folded->problems);
        m_reducer = std::move(folded->reducer);
        m_error.reset();
    } else {
        m_error = folded.error();
    }
    Q_EMIT this->folded();
    if (m_wished)
        wish();
}

void EventReplay::look(std::size_t position, std::function<void(Result<FoldMoment>)> done)
{
    std::erase_if(m_looks, [](const Job& job) { return !job.running(); });
    m_looks.push_back(m_dispatcher.run(
        this,
        [line = m_line, events = m_events, position](const std::stop_token& stop) {
            return line->with(
                events, stop, [&](client::Timeline& timeline) { return timeline.at(position, stop); });
        },
        [done = std::move(done)](Result<FoldMoment> moment) { done(std::move(moment)); }));
}

} // namespace norikv::models
