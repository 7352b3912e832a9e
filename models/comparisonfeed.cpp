// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparisonfeed.h"

namespace norikv::models {

namespace {
constexpr auto LookEvery = std::chrono::milliseconds(250);
} // namespace

ComparisonFeed::ComparisonFeed(
    Dispatcher& dispatcher, client::Store& store, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_comparison(std::make_shared<client::LoadComparison>(store, clock))
{
    m_timer.setInterval(LookEvery);
    connect(&m_timer, &QTimer::timeout, this, &ComparisonFeed::look);
}

void ComparisonFeed::start(const client::LoadPlan& plan)
{
    if (active())
        return;
    m_state = State::Starting;
    m_basic = m_sharded = {};
    m_books.reset();
    m_job = m_dispatcher.run(
        this, [comparison = m_comparison, plan](const std::stop_token&) { return comparison->start(plan); },
        [this](const client::Result<void>& started) {
            if (!started)
                return failed(started.error(), tr("start the comparison"));
            m_state = State::Running;
            m_timer.start();
            look();
        });
    Q_EMIT changed();
}

void ComparisonFeed::setPaused(bool paused)
{
    if (m_state != State::Running && m_state != State::Paused)
        return;
    paused ? m_comparison->pause() : m_comparison->resume();
    m_state = paused ? State::Paused : State::Running;
    Q_EMIT changed();
}

void ComparisonFeed::stop() { m_comparison->stop(); }

void ComparisonFeed::look()
{
    m_basic = m_comparison->basic();
    m_sharded = m_comparison->sharded();
    if (m_comparison->finished()) {
        m_timer.stop();
        close();
    }
    Q_EMIT changed();
}

void ComparisonFeed::close()
{
    m_job = m_dispatcher.run(
        this, [comparison = m_comparison](const std::stop_token&) { return comparison->closeBooks(); },
        [this](client::Result<client::LoadComparison::Books> books) {
            if (!books)
                return failed(books.error(), tr("read what is stored"));
            m_books = std::move(*books);
            m_state = State::Finished;
            Q_EMIT changed();
        });
}

void ComparisonFeed::failed(const client::Error& error, const QString& action)
{
    m_error = errorText(error, action);
    m_state = State::Failed;
    Q_EMIT changed();
}

} // namespace norikv::models
