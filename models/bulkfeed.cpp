// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bulkfeed.h"

#include "models/errortext.h"
#include "models/text.h"

#include "client/localfile.h"

#include <QDateTime>

namespace norikv::models {

using namespace std::chrono_literals;
using client::BulkAction;

BulkFeed::BulkFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    BulkPlace place, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_place(std::move(place))
    , m_request(std::make_shared<client::BulkRequest>())
    , m_plan(std::make_shared<client::BulkPlan>())
{
    m_timer.setInterval(100ms);
    connect(&m_timer, &QTimer::timeout, this, &BulkFeed::tick);
}

BulkFeed::~BulkFeed()
{
    if (m_running)
        m_running->cancel();
}

double BulkFeed::usualRate() const { return m_place.ourSandbox ? 0 : 200; }

bool BulkFeed::writesAllowed() const { return m_connection.guardMode() != client::GuardMode::ReadOnly; }

bool BulkFeed::needsTyping() const { return affected() > TypedAbove; }

void BulkFeed::setState(State state)
{
    m_state = state;
    if (state == State::Planning || state == State::Running)
        m_timer.start();
    else
        m_timer.stop();
    Q_EMIT changed();
}

void BulkFeed::plan(client::BulkRequest request)
{
    m_request = std::make_shared<client::BulkRequest>(std::move(request));
    m_plan = std::make_shared<client::BulkPlan>();
    m_planProgress = std::make_shared<std::atomic<double>>(0);
    m_planned = 0;
    m_progress = {};
    m_problem.clear();
    m_failures.setFailures({});
    m_keys.setPlan(nullptr, nullptr, 0);
    const std::uint32_t shards = m_connection.profile().totalShards;
    m_job = m_dispatcher.run(
        this,
        // The feed may be gone while this runs; what it refers to is not.
        [&connection = m_connection, shards, asked = m_request, share = m_planProgress](
            const std::stop_token& stop) {
            client::Call call;
            call.stop = stop;
            call.background = true;
            call.why = "bulk";
            return client::planBulk(connection.store(), call, *asked, connection.cluster().snapshot(), shards,
                connection.serverClock(), [&](double done) { share->store(done); });
        },
        [this, shards](client::Result<client::BulkPlan> plan) {
            if (!plan) {
                m_problem = errorText(plan.error(), tr("make the dry run")).line();
                setState(State::Failed);
                return;
            }
            m_plan = std::make_shared<const client::BulkPlan>(std::move(*plan));
            m_keys.setPlan(m_request, m_plan, shards);
            setState(State::Planned);
        });
    setState(State::Planning);
}

void BulkFeed::setChoices(client::OnExisting existing, client::OnExpired expired, bool keepTtl)
{
    m_request->existing = existing;
    m_request->expired = expired;
    m_request->keepTtl = keepTtl;
}

void BulkFeed::start(std::optional<double> perSecond)
{
    if (m_state != State::Planned)
        return;
    m_rate = perSecond;
    client::BulkOptions options;
    options.ourSandbox = m_place.ourSandbox;
    options.perSecond = perSecond;
    options.totalShards = m_connection.profile().totalShards;
    options.total = m_plan->count + m_plan->broken;
    options.consent = true;
    options.why = "bulk";
    options.journal = m_place.journal;
    const auto action = client::name(m_request->action);
    const QString verb
        = QString::fromUtf8(action.data(), qsizetype(action.size())).section(QLatin1Char(' '), 0, 0);
    options.undoFile
        = QStringLiteral("%1/%2-%3-%4.ndjson")
              .arg(m_place.undoFolder,
                  QDateTime::fromMSecsSinceEpoch(m_clock.nowMs()).toString(QStringLiteral("yyyyMMdd-HHmmss")),
                  verb, QString::fromStdString(client::randomUuid()).left(8))
              .toStdString();
    m_running = std::make_shared<client::BulkJob>(
        m_connection.store(), m_connection.serverClock(), *m_request, std::move(options));
    m_progress = m_running->progress();
    m_job = m_dispatcher.run(
        this,
        [job = m_running, folder = m_place.undoFolder.toStdString()](
            const std::stop_token& stop) -> client::Result<client::BulkProgress> {
            if (auto made = client::makePrivateFolder(folder); !made)
                return tl::unexpected(made.error());
            return job->run(stop);
        },
        [this](const client::Result<client::BulkProgress>& end) {
            m_progress = m_running->progress();
            m_failures.setFailures(m_running->failures());
            m_problem = end ? QString() : errorText(end.error(), tr("go on with the job")).line();
            setState(State::Ended);
        });
    setState(State::Running);
}

void BulkFeed::tick()
{
    if (m_state == State::Planning)
        m_planned = m_planProgress->load();
    if (m_state == State::Running) {
        m_progress = m_running->progress();
        m_failures.setFailures(m_running->failures());
    }
    Q_EMIT changed();
}

void BulkFeed::pause()
{
    if (m_state == State::Running)
        m_running->pause();
    tick();
}

void BulkFeed::resume()
{
    if (m_state == State::Running)
        m_running->resume();
    tick();
}

void BulkFeed::cancel()
{
    if (m_state == State::Running) {
        m_running->cancel();
    } else if (m_state == State::Planning) {
        m_job.cancel();
        setState(State::Idle);
    }
}

void BulkFeed::undoAll(bool force)
{
    if (m_state != State::Ended || m_progress.undoFile.empty())
        return;
    client::BulkRequest back;
    back.action = BulkAction::Undo;
    back.file = m_progress.undoFile;
    back.existing = force ? client::OnExisting::Overwrite : client::OnExisting::Skip;
    auto counted = std::make_shared<client::BulkPlan>();
    counted->count = m_progress.undoLines;
    m_request = std::make_shared<client::BulkRequest>(std::move(back));
    m_plan = counted;
    m_keys.setPlan(nullptr, nullptr, 0);
    m_failures.setFailures({});
    m_state = State::Planned;
    start(m_rate);
}

} // namespace norikv::models
