// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/foldline.h"

namespace norikv::models {

namespace {

std::vector<std::string> typesOf(const client::EventList& events)
{
    std::vector<std::string> types;
    for (const auto& event : events) {
        if (types.empty() || types.back() != event->type)
            types.push_back(event->type);
    }
    return types;
}

} // namespace

FoldLine::FoldLine(std::shared_ptr<const client::Reducer> chosen, client::Bytes aggregate)
    : m_chosen(std::move(chosen))
    , m_aggregate(std::move(aggregate))
{
}

std::shared_ptr<const client::Reducer> FoldLine::reducer() const
{
    const std::scoped_lock lock(m_mutex);
    return m_reducer;
}

client::Result<void> FoldLine::prepare(const Events& events, const std::stop_token& stop)
{
    if (m_main && m_events == events)
        return {};
    const auto kind = m_chosen ? std::nullopt : std::optional(client::fittingReducer(typesOf(*events)));
    if (!m_main || kind != m_kind) {
        m_kind = kind;
        m_reducer = kind ? client::makeReducer(*kind) : m_chosen;
        m_main = std::make_unique<client::Timeline>(m_reducer, m_aggregate);
        m_other.reset();
    }
    m_events.reset();
    if (auto ready = m_main->become(*events, stop); !ready)
        return ready;
    m_events = events;
    return {};
}

client::Result<void> FoldLine::prepareOther(
    std::size_t left, const Events& events, const std::stop_token& stop)
{
    if (auto ready = prepare(events, stop); !ready)
        return ready;
    if (m_other && m_otherEvents == events && m_left == left)
        return {};
    if (!m_other)
        m_other = std::make_unique<client::Timeline>(m_reducer, m_aggregate);
    m_otherEvents.reset();
    if (auto ready = m_other->become(client::withoutEvent(*events, left), stop); !ready)
        return ready;
    m_otherEvents = events;
    m_left = left;
    return {};
}

} // namespace norikv::models
