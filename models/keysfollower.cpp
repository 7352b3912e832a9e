// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keysfollower.h"

namespace norikv::models {

KeysFollower::KeysFollower(
    std::vector<std::unique_ptr<KeySource>> sources, std::shared_ptr<ChunkQueue<KeyNews>> queue)
    : m_sources(std::move(sources))
    , m_queue(std::move(queue))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

KeysFollower::~KeysFollower()
{
    m_queue->close();
    m_thread.request_stop();
    const std::scoped_lock lock(m_mutex);
    m_round.request_stop();
}

std::uint64_t KeysFollower::again()
{
    const std::scoped_lock lock(m_mutex);
    m_round.request_stop();
    m_wake.notify_all();
    return ++m_wanted;
}

void KeysFollower::rest()
{
    const std::scoped_lock lock(m_mutex);
    m_round.request_stop();
}

void KeysFollower::run(const std::stop_token& stop)
{
    std::uint64_t done = 0;
    while (!stop.stop_requested()) {
        std::uint64_t round = 0;
        std::stop_token until;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_wanted != done; }))
                return;
            done = round = m_wanted;
            m_round = std::stop_source();
            until = m_round.get_token();
        }
        const std::stop_callback both(stop, [this] {
            const std::scoped_lock lock(m_mutex);
            m_round.request_stop();
        });
        runRound(round, until);
    }
}

void KeysFollower::runRound(std::uint64_t round, const std::stop_token& stop)
{
    const KeyNewsSink sink = [&](KeyNews news) {
        news.round = round;
        std::vector<KeyNews> chunk;
        chunk.push_back(std::move(news));
        return m_queue->push(std::move(chunk), stop);
    };
    client::Error none{client::ErrorKind::Unsupported, "nothing here can list keys", {}};
    for (const auto& source : m_sources) {
        auto end = source->start(sink, stop);
        if (stop.stop_requested() || end)
            return;
        none = std::move(end.error());
        if (none.kind != client::ErrorKind::Unsupported)
            break;
    }
    KeyNews refused;
    refused.kind = KeyNews::Kind::Refused;
    refused.error = std::move(none);
    sink(std::move(refused));
}

} // namespace norikv::models
