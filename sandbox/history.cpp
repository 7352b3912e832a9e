// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/history.h"

namespace norikv::sandbox {

namespace {
constexpr std::size_t pageEvents = 1024;
constexpr std::size_t pageBytes = 1U << 20U;
constexpr std::size_t maxLookedAt = 65'536; // bounds how long one look holds the lock

std::size_t sizeOf(const Event& event) { return sizeof(Event) + event.key.size() + event.value.size(); }
} // namespace

void History::reserve(std::uint64_t revision)
{
    const std::lock_guard lock(m_mutex);
    m_reserved = revision;
}

void History::publish(std::vector<Event> events)
{
    if (events.empty()) {
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_last = events.back().revision;
        for (auto& event : events) {
            m_bytes += sizeOf(event);
            m_events.push_back(std::make_shared<const Event>(std::move(event)));
        }
        while (m_events.size() > maxEvents || (m_bytes > maxBytes && m_events.size() > 1)) {
            m_bytes -= sizeOf(*m_events.front());
            m_events.pop_front();
        }
    }
    if (m_onPublish) {
        m_onPublish();
    }
}

std::uint64_t History::last() const
{
    const std::lock_guard lock(m_mutex);
    return m_last;
}

History::Page History::after(std::uint64_t revision, std::string_view prefix) const
{
    const std::lock_guard lock(m_mutex);
    Page page;
    page.oldest = m_last + 1 - m_events.size();
    page.upTo = revision;
    if (revision + 1 < page.oldest || revision > std::max(m_last, m_reserved)) {
        page.gone = true;
        return page;
    }
    std::size_t bytes = 0;
    std::size_t looked = 0;
    while (page.upTo < m_last && page.events.size() < pageEvents && bytes < pageBytes
        && looked++ < maxLookedAt) {
        const auto& event = m_events[page.upTo + 1 - page.oldest];
        ++page.upTo;
        if (event->key.starts_with(prefix)) {
            bytes += sizeOf(*event);
            page.events.push_back(event);
        }
    }
    return page;
}

} // namespace norikv::sandbox
