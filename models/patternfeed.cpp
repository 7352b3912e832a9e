// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/patternfeed.h"

namespace norikv::models {

PatternFeed::PatternFeed(
    Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
{
}

PatternFeed::~PatternFeed()
{
    // Its thread may wait for room in the queue that nobody empties any more.
    if (m_closePieces)
        m_closePieces();
    if (m_cursor && m_recording)
        m_cursor->leave(*m_recording);
}

void PatternFeed::begin(
    EntryFollower::What what, EntryFollower::KnownKeys known, std::shared_ptr<EntryBook> book)
{
    m_why = what.why;
    auto queue = std::make_shared<ChunkQueue<FollowNews>>();
    m_dispatcher.drain(this, queue, [this](std::vector<FollowNews> chunk) { take(std::move(chunk)); });
    m_follower = std::make_unique<EntryFollower>(
        m_connection.store(), m_clock, std::move(what), std::move(known), std::move(book), std::move(queue));
}

void PatternFeed::take(std::vector<FollowNews> chunk)
{
    const FeedState before = m_state;
    const FollowStatus was = m_status;
    for (FollowNews& news : chunk) {
        m_state = news.lost ? FeedState::Failed : FeedState::Ready;
        if (news.lost)
            m_error = std::move(news.error);
        else
            m_status = news.status;
    }
    if (m_state != before || m_status.coverage != was.coverage || m_status.live != was.live)
        Q_EMIT stateChanged();
}

void PatternFeed::setCursor(TimeCursor& cursor)
{
    Q_ASSERT(!m_cursor);
    m_cursor = &cursor;
    if (m_recording)
        cursor.add(*m_recording);
    connect(&cursor, &TimeCursor::changed, this, [this] { showMoment(m_cursor->moment()); });
    connect(this, &PatternFeed::liveNeeded, &cursor, &TimeCursor::live);
    showMoment(cursor.moment());
}

void PatternFeed::showMoment(std::optional<EpochMs> atMs)
{
    if (std::exchange(m_moment, atMs) != atMs && m_showMoment)
        m_showMoment();
}

/// Not where take() itself asks: that is no person's wish.
void PatternFeed::needLive()
{
    if (m_moment && !m_jumping)
        Q_EMIT liveNeeded();
}

void PatternFeed::refresh()
{
    if (m_follower)
        m_follower->nudge();
}

void PatternFeed::learn(const std::vector<client::Bytes>& keys)
{
    if (m_follower && !keys.empty())
        m_follower->learn(keys);
}

void PatternFeed::repeatWithConsent()
{
    if (!m_repeat)
        return;
    m_consent = true;
    std::exchange(m_repeat, {})();
    m_consent = false;
}

void PatternFeed::check()
{
    if (m_check)
        std::exchange(m_check, {})();
}

void PatternFeed::keep(Job job)
{
    std::erase_if(m_actions, [](const Job& old) { return !old.running(); });
    m_actions.push_back(std::move(job));
}

void PatternFeed::succeeded(const QString& action, const QString& text)
{
    Outcome outcome;
    outcome.ok = true;
    outcome.action = action;
    outcome.text = text;
    refresh();
    Q_EMIT acted(outcome);
}

void PatternFeed::failed(const QString& action, const client::Error& error, std::function<void()> check)
{
    const ErrorText words = errorText(error, action.left(1).toLower() + action.mid(1));
    Outcome outcome;
    outcome.action = action;
    outcome.text = words.what;
    outcome.remedy = words.remedy;
    outcome.needsConsent = error.kind == client::ErrorKind::NeedsConsent;
    outcome.unknown = error.kind == client::ErrorKind::UnknownOutcome;
    outcome.canCheck = outcome.unknown && check != nullptr;
    m_check = outcome.canCheck ? std::move(check) : nullptr;
    refresh();
    Q_EMIT acted(outcome);
}

} // namespace norikv::models
