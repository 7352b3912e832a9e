// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entryfollower.h"
#include "models/errortext.h"
#include "models/feedstate.h"
#include "models/outcome.h"
#include "models/timecursor.h"

#include "client/audit/finding.h"
#include "client/connection.h"

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace norikv::models {

/// What every pattern's feed has: a follower with its book, the state of what is shown, and actions that a
/// person asks for. A concrete feed gives the book, takes what it publishes, and adds its actions and its
/// words. All signals on the GUI thread.
class PatternFeed : public QObject {
    Q_OBJECT
public:
    ~PatternFeed() override;

    FeedState state() const { return m_state; }
    const client::Error& error() const { return m_error; } ///< why the state is Failed
    client::Coverage coverage() const { return m_status.coverage; }
    bool live() const { return m_status.live; }
    /// The server's clock as far as it is known; what countdowns count to.
    /// While a moment of the past is shown, that moment by the server's clock.
    EpochMs nowMs() const { return m_moment.value_or(m_clock.nowMs()) + m_status.clockOffsetMs; }
    std::int64_t clockOffsetMs() const { return m_status.clockOffsetMs; }
    client::Connection& connection() { return m_connection; }
    const Clock& clock() const { return m_clock; }

    /// Records what is shown for this cursor, and follows it. It must outlive the feed.
    void setCursor(TimeCursor& cursor);
    /// Shows what was shown at this moment of this program's clock, and stands still there; nothing = LIVE.
    /// Findings are told all the same.
    virtual void showMoment(std::optional<EpochMs> atMs);
    void setPaused(bool paused) { showMoment(paused ? std::optional(m_clock.nowMs()) : std::nullopt); }
    bool paused() const { return m_moment.has_value(); }
    /// Look again soon, where the server does not tell changes by itself.
    virtual void refresh();
    /// Keys that were met elsewhere in the program, for servers that cannot list them.
    void learn(const std::vector<client::Bytes>& keys);

    /// Tells a finding of this rule again every few seconds for as long as it stands.
    virtual bool judges(const std::string& /*rule*/) const { return false; }
    /// Looks just now, so that a finding which is not told any more is over.
    bool watching() const { return m_state == FeedState::Ready; }
    /// What can be done about a finding of this pattern, as a button says it: "Return 7 units to SKU-12345…";
    /// empty = nothing that is provably right. fix() begins with a dry run that a person confirms on the
    /// page.
    virtual QString fixTitle(const client::Finding& /*finding*/) const { return {}; }
    virtual void fix(const client::Finding& /*finding*/) { }

    /// Does again, with a person's word, the action that the guard last asked about.
    void repeatWithConsent();
    /// Reads again what the last unknown outcome was about and says what became of it.
    void check();

    using Outcome = models::Outcome;

Q_SIGNALS:
    void stateChanged(); ///< state, coverage or liveness
    void changed(); ///< records or the selection moved; at most four times a second
    void acted(const norikv::models::Outcome& outcome);
    /// What a person asked for is about now: a moment of the past cannot answer it.
    void liveNeeded();
    void found(const norikv::client::Finding& finding);

protected:
    PatternFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent);

    /// Starts following; once, at the end of the concrete feed's constructor. `pieces` carries what the book
    /// publishes to `take`, on the GUI thread, in order; while LIVE none is left out. After a jump in time
    /// `take` is called with jumping(). A piece's `findings` are told here, its `bytes()` count as its size.
    template <class Piece>
    void follow(EntryFollower::What what, EntryFollower::KnownKeys known, std::shared_ptr<EntryBook> book,
        std::shared_ptr<ChunkQueue<Piece>> pieces, std::function<void(Piece)> take)
    {
        m_closePieces = [pieces] { pieces->close(); };
        Reel<Piece>* const reel = makeReel(take);
        m_dispatcher.drain(this, pieces, [this, reel, take](std::vector<Piece> chunk) {
            for (Piece& piece : chunk) {
                if constexpr (requires { piece->findings; }) {
                    for (const client::Finding& finding : piece->findings)
                        Q_EMIT found(finding);
                }
                record(*reel, piece);
                if (!m_moment)
                    take(std::move(piece));
            }
            if (!m_moment)
                Q_EMIT changed();
        });
        begin(std::move(what), std::move(known), std::move(book));
    }
    /// What was shown, for the cursor; once. `take` is called with jumping() to show another moment. Belongs
    /// to the feed.
    template <class Piece> Reel<Piece>* makeReel(std::function<void(Piece)> take)
    {
        auto owned = std::make_unique<Reel<Piece>>();
        Reel<Piece>* const reel = owned.get();
        m_recording = std::move(owned);
        m_showMoment = [this, reel, take = std::move(take)] {
            m_jumping = true;
            if (!reel->empty())
                take(m_moment ? reel->at(*m_moment) : reel->newest());
            m_jumping = false;
            Q_EMIT changed();
        };
        return reel;
    }
    /// Without a cursor only what is shown and what comes while paused is kept.
    template <class Piece> void record(Reel<Piece>& reel, const Piece& piece)
    {
        reel.push(m_clock.nowMs(), piece, sizeOf(piece));
        while (!m_cursor && !m_moment && reel.oldestMs())
            reel.dropOldest();
    }
    /// Instead of follow(), where the records are not the store's: ready from the start.
    void standAlone(std::string why)
    {
        m_why = std::move(why);
        m_state = FeedState::Ready;
    }
    /// Changes what a person asks of the book (a filter, an order) on a worker and lets it publish at once.
    template <class Book>
    [[nodiscard]] Job ask(std::shared_ptr<Book> book, std::function<void(Book&)> request)
    {
        needLive();
        return tell(std::move(book), std::move(request));
    }
    /// The same where nobody asked: the moment shown may stay.
    template <class Book>
    [[nodiscard]] Job tell(std::shared_ptr<Book> book, std::function<void(Book&)> request)
    {
        m_requests->push([book, request = std::move(request)] { request(*book); });
        return m_dispatcher.run(
            this,
            [book = std::move(book), requests = m_requests, status = m_status, now = nowMs()](
                const std::stop_token&) mutable {
                status.nowMs = now;
                const std::scoped_lock lock(book->mutex());
                requests->run();
                book->publish(status);
                return true;
            },
            [](bool) {});
    }

    /// An action a person asked for. `work` runs on a worker and blocks there; `said` words its success.
    template <class T> struct Action {
        QString name; ///< as a button says it: "Touch session 4f…"
        bool confirmed = false; ///< a person has typed their word already: the guard need not ask
        std::function<client::Result<T>(client::Store& store, client::Call& call)> work;
        std::function<QString(const T&)> said;
        std::function<void()> repeat; ///< starts the same again, for repeatWithConsent()
        std::function<void()> check; ///< finds out what became of an unknown outcome; may be empty
        std::function<void(const client::Result<T>&)> after; ///< before acted(); may be empty
    };
    template <class T> void act(Action<T> action)
    {
        needLive();
        const bool consent = std::exchange(m_consent, false) || action.confirmed;
        m_repeat = action.repeat;
        auto shared = std::make_shared<Action<T>>(std::move(action));
        client::Store& store = m_connection.store();
        keep(m_dispatcher.run(
            this,
            [&store, shared, consent, why = m_why](const std::stop_token& stop) {
                client::Call call;
                call.stop = stop;
                call.why = why;
                call.consent = consent;
                return shared->work(store, call);
            },
            [this, shared](const client::Result<T>& result) {
                if (shared->after)
                    shared->after(result);
                if (result)
                    succeeded(shared->name, shared->said(*result));
                else
                    failed(shared->name, result.error(), shared->check);
            }));
    }
    /// Says how an action ended that did not go through act().
    void succeeded(const QString& action, const QString& text);
    void failed(const QString& action, const client::Error& error, std::function<void()> check = {});
    /// Keeps a job until it has ended: a second click must not cancel the first.
    void keep(Job job);

    const FollowStatus& status() const { return m_status; }
    /// What is done next is about now, not about the moment shown.
    void needLive();
    /// What take() is given does not follow what it was given before.
    bool jumping() const { return m_jumping; }

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;

private:
    void begin(EntryFollower::What what, EntryFollower::KnownKeys known, std::shared_ptr<EntryBook> book);
    void take(std::vector<FollowNews> chunk);
    template <class Piece> static std::size_t sizeOf(const Piece& piece)
    {
        if constexpr (requires { piece->bytes(); })
            return piece->bytes();
        else
            return UnknownSize;
    }

    /// What is asked of the book, done in the order it was asked whichever worker comes first: an older
    /// filter must not replace a newer one.
    class Requests {
    public:
        void push(std::function<void()> request)
        {
            const std::scoped_lock lock(m_mutex);
            m_waiting.push_back(std::move(request));
        }
        /// Call with the book's mutex held.
        void run()
        {
            std::vector<std::function<void()>> waiting;
            {
                const std::scoped_lock lock(m_mutex);
                waiting.swap(m_waiting);
            }
            for (const auto& request : waiting)
                request();
        }

    private:
        std::mutex m_mutex;
        std::vector<std::function<void()>> m_waiting;
    };

    static constexpr std::size_t UnknownSize = 8 * 1024;

    FeedState m_state = FeedState::Loading;
    client::Error m_error;
    FollowStatus m_status;
    std::optional<EpochMs> m_moment; ///< the one shown; nothing = LIVE
    bool m_jumping = false;
    TimeCursor* m_cursor = nullptr;
    std::unique_ptr<Recording> m_recording;
    std::shared_ptr<Requests> m_requests = std::make_shared<Requests>();
    std::string m_why;
    bool m_consent = false; ///< the action being started was confirmed
    std::function<void()> m_repeat;
    std::function<void()> m_check;
    std::function<void()> m_closePieces;
    std::function<void()> m_showMoment;
    std::vector<Job> m_actions;
    std::unique_ptr<EntryFollower> m_follower; ///< last: its thread uses the queues
};

} // namespace norikv::models
