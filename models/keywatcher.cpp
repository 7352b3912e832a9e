// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keywatcher.h"

#include <algorithm>

namespace norikv::models {

namespace {
constexpr auto RetryAfter = std::chrono::milliseconds(500);
}

KeyWatcher::KeyWatcher(client::Connection& connection, std::shared_ptr<ChunkQueue<WatchNews>> queue)
    : m_connection(connection)
    , m_queue(std::move(queue))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

KeyWatcher::~KeyWatcher()
{
    m_queue->close();
    m_thread.request_stop();
    const std::scoped_lock lock(m_mutex);
    m_current.request_stop();
}

void KeyWatcher::follow(std::optional<client::Bytes> key)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (key == m_key)
            return;
        m_key = std::move(key);
        ++m_round;
        m_current.request_stop();
    }
    m_wake.notify_all();
}

void KeyWatcher::run(const std::stop_token& stop)
{
    std::uint64_t done = 0; // the round that needs no stream any more
    while (!stop.stop_requested()) {
        client::Bytes key;
        std::uint64_t round = 0;
        std::stop_token current;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_key && m_round != done; }))
                return;
            key = *m_key;
            round = m_round;
            m_current = std::stop_source();
            current = m_current.get_token();
        }
        // The end of the thread may have been asked for before the fresh source was there to be stopped.
        const std::stop_callback chain(stop, [this] {
            const std::scoped_lock lock(m_mutex);
            m_current.request_stop();
        });
        const auto end = watch(key, current);
        if (stop.stop_requested())
            return;
        if (!end && end.error().kind == client::ErrorKind::Unsupported) {
            tell(WatchNews::Kind::Unsupported, key, current);
            done = round;
        } else if (!current.stop_requested()) {
            tell(WatchNews::Kind::Lost, key, current);
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, RetryAfter, [&] { return m_round != round; });
        }
    }
}

client::Result<void> KeyWatcher::watch(const client::Bytes& key, const std::stop_token& stop)
{
    client::Call call;
    call.stop = stop;
    call.background = true;
    call.why = "inspector";
    client::WatchRequest request;
    request.prefix = key;
    request.keysOnly = true;
    return m_connection.store().watch(call, request, [&](const client::WatchBatch& batch) {
        const bool changed
            = std::ranges::any_of(batch.events, [&](const auto& event) { return event.entry.key == key; });
        // Other keys that begin alike are signs of life at most.
        if (changed || batch.events.empty())
            tell(changed ? WatchNews::Kind::Changed : WatchNews::Kind::Heard, key, stop);
        return !stop.stop_requested();
    });
}

void KeyWatcher::tell(WatchNews::Kind kind, const client::Bytes& key, const std::stop_token& stop)
{
    WatchNews news;
    news.kind = kind;
    news.key = key;
    m_queue->push({std::move(news)}, stop);
}

} // namespace norikv::models
