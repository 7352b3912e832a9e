// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace.h"

namespace norikv::app {

Workspace::Workspace(const Clock& clock)
    : m_clock(clock)
{
}

Workspace::~Workspace() = default;

client::Result<std::unique_ptr<Workspace>> Workspace::open(const client::Profile& profile, const Clock& clock)
{
    std::unique_ptr<Workspace> w(new Workspace(clock));
    auto connection = client::Connection::open(profile, clock, w->m_trace);
    if (!connection)
        return tl::unexpected(connection.error());
    w->m_connection = std::move(*connection);
    w->m_dispatcher = std::make_unique<models::Dispatcher>();
    auto& pool = *w->m_dispatcher;
    w->m_cluster
        = std::make_unique<models::ClusterFeed>(pool, *w->m_connection, w->m_trace, clock, w->m_operations);
    w->m_counters = std::make_unique<models::CounterFeed>(pool, *w->m_connection, clock);
    w->m_key = std::make_unique<models::KeyFeed>(pool, *w->m_connection, clock);
    QObject::connect(
        w->m_counters.get(), &models::CounterFeed::found, &w->m_findings, &models::FindingsModel::report);
    return w;
}

void Workspace::startDemo(client::ScenarioKind kind)
{
    m_scenario = std::make_unique<client::Scenario>(m_connection->store(), m_clock, kind, 1, true);
    m_counters->startLoad(client::Scenario::showcase());
}

} // namespace norikv::app
