// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"

#include "client/patterns/fold.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace norikv::models {

class FoldLine;

/// Time travel over one opened stream: where the slider stands and what the state is there. Positions count
/// events applied: 0 = before the first one, count() = now. Folding happens on workers; while one fold runs
/// the newest wish waits, so dragging never queues. GUI thread.
class EventReplay final : public QObject {
    Q_OBJECT
public:
    explicit EventReplay(Dispatcher& dispatcher, QObject* parent = nullptr);
    ~EventReplay() override;

    /// The stream's events as published; the same pointer again costs nothing. Events that came at the end
    /// are folded on from where it was. Another stream begins at its end.
    void setEvents(const client::EventStreamId& stream, std::shared_ptr<const client::EventList> events);
    /// Null, as at first, takes the one that fits the types of the stream (client::fittingReducer).
    void setReducer(std::shared_ptr<const client::Reducer> reducer);
    bool choosesReducer() const { return !m_chosen; }
    /// The one that moment() is of; null before the first fold.
    const std::shared_ptr<const client::Reducer>& reducer() const { return m_reducer; }
    const client::EventStreamId& stream() const { return m_stream; }
    std::size_t count() const { return m_events->size(); }
    /// The event that position `position` applied last; null at 0.
    client::EventPtr eventAt(std::size_t position) const;
    /// The position of the newest event with this number or a smaller one.
    std::size_t positionOf(std::uint64_t number) const;

    std::size_t position() const { return m_position; }
    /// At the end, and staying there while events come.
    bool following() const { return m_following; }
    void setPosition(std::size_t position); ///< stops playing and, short of the end, following
    void step(int events) { setPosition(stepped(events)); }
    void toEnd() { setPosition(count()); }

    void play(); ///< from the start when it stands at the end
    void pause();
    bool playing() const { return m_timer.isActive(); }
    /// x0.5 to x32; x1 is two events a second.
    void setSpeed(double speed);
    double speed() const { return m_speed; }
    /// Playing stops where it begins to hold; empty = plays to the end.
    void setStopWhen(std::optional<client::StateCondition> condition);
    /// Goes to the next place above the position where the condition begins to hold, or says that there is
    /// none.
    void jumpTo(const client::StateCondition& condition);

    /// "What if this event had not happened": the event at this index, from 0; empty = off. Then otherwise()
    /// is told beside moment().
    void setLeftOut(std::optional<std::size_t> index);
    std::optional<std::size_t> leftOut() const { return m_leftOut; }

    /// The state at the newest position that was folded; position() may be ahead of it for a moment.
    const client::FoldMoment& moment() const { return m_moment; }
    const std::optional<client::FoldMoment>& otherwise() const { return m_otherwise; }
    bool folding() const { return m_job.running(); }
    /// Events that break the reducer's rules, by position from 1.
    const std::map<std::size_t, std::string>& problems() const { return *m_problems; }
    const std::optional<client::Error>& error() const { return m_error; } ///< why there is no state

    /// The state at some other position, to be compared; `done` is called on the GUI thread unless this dies.
    void look(std::size_t position, std::function<void(client::Result<client::FoldMoment>)> done);

Q_SIGNALS:
    void moved(); ///< position, count, speed, playing or following
    void folded(); ///< moment(), otherwise(), problems() or error()
    void stopped(const QString& why); ///< playing or jumping ended: "balance < 0 holds from event 17 on"

private:
    struct Folded;
    void begin();
    std::size_t stepped(int events) const;
    void move(std::size_t position);
    void playOn();
    void findStop();
    void stop(const QString& why);
    void wish();
    void take(client::Result<Folded> folded);
    QString holdsText(const client::StateCondition& condition, std::size_t position) const;

    Dispatcher& m_dispatcher;
    std::shared_ptr<const client::Reducer> m_chosen; ///< by a person
    std::shared_ptr<const client::Reducer> m_reducer;
    std::shared_ptr<FoldLine> m_line; ///< shared with workers
    client::EventStreamId m_stream;
    std::shared_ptr<const client::EventList> m_events;
    std::size_t m_position = 0;
    bool m_following = true;
    double m_speed = 1;
    QTimer m_timer;
    std::optional<client::StateCondition> m_stopWhen;
    std::optional<std::size_t> m_stopAt; ///< where the condition begins to hold next
    std::optional<std::size_t> m_leftOut;
    client::FoldMoment m_moment;
    std::optional<client::FoldMoment> m_otherwise;
    std::shared_ptr<const std::map<std::size_t, std::string>> m_problems;
    std::optional<client::Error> m_error;
    bool m_wished = false; ///< something moved while a fold was under way
    Job m_job, m_searchJob;
    std::vector<Job> m_looks; ///< at most a handful under way
};

} // namespace norikv::models
