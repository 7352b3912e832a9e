// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/probefeed.h"

#include "models/errortext.h"

namespace norikv::models {

using namespace std::chrono_literals;

ProbeFeed::ProbeFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    Catalogue& catalogue, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_catalogue(catalogue)
    , m_plan(std::make_shared<client::KeyProbePlan>())
{
    m_tick.setInterval(100ms);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        take();
        Q_EMIT changed();
    });
}

void ProbeFeed::setState(State state)
{
    m_state = state;
    if (state == State::Running)
        m_tick.start();
    else
        m_tick.stop();
    Q_EMIT changed();
}

std::chrono::seconds ProbeFeed::duration() const
{
    return std::chrono::seconds((m_plan->keys.size() + OpsPerSecond - 1) / OpsPerSecond);
}

void ProbeFeed::plan(const client::Bytes& prefix)
{
    m_stopped = false;
    m_progress = {};
    m_problem.clear();
    using Plan = client::Result<client::KeyProbePlan>;
    m_job = m_dispatcher.run(
        this,
        [&catalogue = m_catalogue, &connection = m_connection, prefix](const std::stop_token& stop) -> Plan {
            if (auto written = catalogue.flush(); !written)
                return tl::unexpected(written.error());
            std::vector<client::Bytes> keys;
            const auto read = catalogue.load(
                [&](const KnownKey& known) {
                    if (known.key.starts_with(prefix))
                        keys.push_back(known.key);
                    return true;
                },
                stop);
            if (!read)
                return tl::unexpected(read.error());
            return client::planKeyProbe(
                keys, connection.cluster().snapshot(), connection.profile().totalShards);
        },
        [this](Plan plan) {
            if (!plan) {
                m_problem = errorText(plan.error(), tr("find out what it would cost")).line();
                setState(State::Failed);
                return;
            }
            m_plan = std::make_shared<const client::KeyProbePlan>(std::move(*plan));
            setState(State::Planned);
        });
    setState(State::Planning);
}

void ProbeFeed::start()
{
    if (m_state != State::Planned)
        return;
    m_shared = std::make_shared<Shared>();
    m_progress.total = m_plan->keys.size();
    using Outcome = client::Result<client::KeyProbeProgress>;
    m_job = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, plan = m_plan, shared = m_shared](
            const std::stop_token& stop) -> Outcome {
            client::KeyProbeLimits limits;
            limits.opsPerSecond = OpsPerSecond;
            limits.consent = true;
            return client::runKeyProbe(
                store, clock, *plan, limits, stop, [&shared](const client::KeyProbeProgress& so) {
                    const std::scoped_lock lock(shared->mutex);
                    shared->progress = so;
                });
        },
        [this](const Outcome& outcome) {
            take();
            if (outcome) {
                m_progress = *outcome;
                setState(State::Ended);
                return;
            }
            m_problem = errorText(outcome.error(), tr("read the known keys")).line();
            setState(State::Failed);
        });
    setState(State::Running);
}

void ProbeFeed::stop()
{
    if (m_state != State::Running && m_state != State::Planning)
        return;
    const bool ran = m_state == State::Running;
    take();
    m_job.cancel();
    m_stopped = true;
    setState(ran ? State::Ended : State::Idle);
}

void ProbeFeed::take()
{
    if (!m_shared)
        return;
    const std::scoped_lock lock(m_shared->mutex);
    if (m_shared->progress.total > 0)
        m_progress = m_shared->progress;
}

} // namespace norikv::models
