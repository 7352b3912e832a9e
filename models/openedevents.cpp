// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/openedevents.h"

#include <utility>

namespace norikv::models {

void OpenedEvents::show(const client::EventPtr& event)
{
    const auto wrong = m_wrong.find(event->key());
    m_rows.put({event->key(), event, wrong == m_wrong.end() ? std::string() : wrong->second});
}

void OpenedEvents::keep(const client::EventPtr& event)
{
    m_all[event->number] = event;
    m_moved = true;
    show(event);
}

void OpenedEvents::forget(std::uint64_t number)
{
    if (m_all.erase(number) == 0)
        return;
    m_moved = true;
    m_rows.erase(m_stream->eventKey(number));
}

void OpenedEvents::setTypes(const std::set<std::string>& types)
{
    if (types.empty())
        m_rows.setFilter({});
    else
        m_rows.setFilter([types](const EventRow& row) { return types.contains(row.event->type); });
}

void OpenedEvents::mark(const std::vector<client::Finding>& findings)
{
    std::map<client::Bytes, std::string> wrong;
    for (const client::Finding& finding : findings) {
        std::string& rules = wrong[finding.key];
        rules += (rules.empty() ? "" : " ") + finding.rule;
    }
    if (wrong == m_wrong)
        return;
    auto touched = m_wrong;
    touched.insert(wrong.begin(), wrong.end());
    m_wrong = std::move(wrong);
    for (const auto& [key, rules] : touched) {
        const EventRow* row = m_rows.find(key);
        if (row)
            show(client::EventPtr(row->event));
    }
}

OpenedEvents::View OpenedEvents::publish(bool looked)
{
    if (m_complete && looked && std::exchange(m_moved, false)) {
        auto list = std::make_shared<client::EventList>();
        list->reserve(m_all.size());
        for (const auto& [number, event] : m_all)
            list->push_back(event);
        m_list = std::move(list);
    }
    return {m_stream, m_rows.publish(), m_list, m_complete};
}

} // namespace norikv::models
