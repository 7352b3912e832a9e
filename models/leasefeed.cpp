// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leasefeed.h"

#include "client/patterns/lease.h"
#include "models/text.h"

#include <algorithm>

namespace norikv::models {

using client::Bytes;
using client::LeaseCandidate;

namespace {

/// The lease that an operator looks for: the one with the worst finding, else the first.
Bytes worst(const LeaseSheet& sheet, EpochMs nowMs)
{
    Bytes found;
    auto severity = client::Severity::Info;
    for (const auto& lease : sheet.leases) {
        for (const auto& finding : lease.judge(nowMs)) {
            if (finding.severity < severity) {
                severity = finding.severity;
                found = lease.key();
            }
        }
    }
    return found.empty() && !sheet.leases.empty() ? sheet.leases.front().key() : found;
}

} // namespace

LeaseFeed::LeaseFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
{
    auto queue = std::make_shared<LeaseBook::Queue>();
    auto book = std::make_shared<LeaseBook>(connection.profile(), queue);
    follow<std::shared_ptr<const LeaseSheet>>({{"leader:"}, {}, "leaders"}, std::move(known), std::move(book),
        std::move(queue), [this](std::shared_ptr<const LeaseSheet> sheet) {
            m_sheet = std::move(sheet);
            if (!m_chosen)
                m_selected = worst(*m_sheet, nowMs());
        });
}

LeaseFeed::~LeaseFeed() = default;

const client::LeaseTrack* LeaseFeed::find(const Bytes& key) const
{
    const auto found = std::ranges::find(m_sheet->leases, key, &client::LeaseTrack::key);
    return found == m_sheet->leases.end() ? nullptr : &*found;
}

std::vector<client::Finding> LeaseFeed::findingsOf(const Bytes& key) const
{
    const auto* lease = find(key);
    return lease ? lease->judge(nowMs()) : std::vector<client::Finding>();
}

void LeaseFeed::select(const Bytes& key)
{
    const Bytes wanted = client::electionOf(key) ? key : client::leaseKey(key);
    m_chosen = true;
    if (wanted == m_selected)
        return;
    m_selected = wanted;
    learn({wanted});
    Q_EMIT changed();
}

std::vector<LeaseFeed::Candidate> LeaseFeed::candidates() const
{
    std::vector<Candidate> out;
    for (const auto& [id, running] : m_running)
        out.push_back(running.candidate);
    return out;
}

void LeaseFeed::campaign(const Bytes& election, const QString& node, std::chrono::milliseconds lease)
{
    Action<LeaseCandidate::Standing> action;
    action.name = tr("Campaign for %1 as %2").arg(shown(election), node);
    action.work = [election, node = node.toStdString(), lease](client::Store& store, client::Call& call) {
        return LeaseCandidate(store, election, node, static_cast<std::uint64_t>(lease.count()))
            .campaign(call);
    };
    action.said = [election, node](const LeaseCandidate::Standing& standing) {
        return standing.leading
            ? tr("%1 leads %2. The lease is renewed until it steps down.").arg(node, shown(election))
            : tr("%1 holds the lease of %2; nothing was written.")
                  .arg(shown(standing.holder), shown(election));
    };
    action.repeat = [this, election, node, lease] { campaign(election, node, lease); };
    action.check = [this, election] { select(client::leaseKey(election)); };
    action.after = [this, election, node, lease](const client::Result<LeaseCandidate::Standing>& standing) {
        learn({client::leaseKey(election)});
        if (!standing || !standing->leading)
            return;
        const Id id(election, node);
        Running& running = m_running[id];
        running.candidate = {election, node, lease, true};
        running.timer = std::make_unique<QTimer>();
        running.timer->setInterval(lease / 3);
        connect(running.timer.get(), &QTimer::timeout, this, [this, id] { beat(id); });
        running.timer->start();
        select(client::leaseKey(election));
        Q_EMIT changed();
    };
    act(std::move(action));
}

void LeaseFeed::beat(const Id& id)
{
    Running& running = m_running.at(id);
    if (running.beat.running())
        return; // the last heartbeat still waits for its answer
    client::Store& store = m_connection.store();
    running.beat = m_dispatcher.run(
        this,
        [&store, election = id.first, node = id.second.toStdString(),
            lease = static_cast<std::uint64_t>(running.candidate.lease.count())](
            const std::stop_token& stop) {
            client::Call call;
            call.stop = stop;
            call.background = true;
            call.why = "leaders";
            call.consent = true; // campaigning was confirmed
            call.journal = false; // and is in the journal; every heartbeat would fill it
            return LeaseCandidate(store, election, node, lease).heartbeat(call);
        },
        [this, id](const client::Result<LeaseCandidate::Standing>& standing) {
            if (standing && !standing->leading)
                lost(id, tr("%1 lost the lease of %2.").arg(id.second, shown(id.first)));
            // A failed heartbeat is tried again: the lease may still be ours.
        });
}

void LeaseFeed::lost(const Id& id, const QString& text)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->second.timer->stop();
    // Its own timer or job may be what is running now.
    found->second.timer.release()->deleteLater();
    m_running.erase(found);
    Outcome outcome;
    outcome.action = tr("Lead %1").arg(shown(id.first));
    outcome.text = text;
    Q_EMIT acted(outcome);
    Q_EMIT changed();
}

void LeaseFeed::stepDown(const Bytes& election, const QString& node)
{
    Action<LeaseCandidate::Standing> action;
    action.name = tr("Step down from %1 as %2").arg(shown(election), node);
    action.work = [election, node = node.toStdString()](client::Store& store, client::Call& call) {
        return LeaseCandidate(store, election, node).resign(call);
    };
    action.said = [election, node](const LeaseCandidate::Standing& standing) {
        return standing.holder.empty() ? tr("%1 gave back the lease of %2.").arg(node, shown(election))
                                       : tr("%1 held the lease of %2 already; it was left alone.")
                                             .arg(shown(standing.holder), shown(election));
    };
    action.repeat = [this, election, node] { stepDown(election, node); };
    action.after = [this, id = Id(election, node)](const client::Result<LeaseCandidate::Standing>& standing) {
        if (standing)
            m_running.erase(id);
        Q_EMIT changed();
    };
    act(std::move(action));
}

} // namespace norikv::models
