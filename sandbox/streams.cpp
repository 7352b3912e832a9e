// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/streams.h"

namespace norikv::sandbox {

void Streams::add(std::weak_ptr<Stream> stream)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_streams, [](const auto& known) { return known.expired(); });
    m_streams.push_back(std::move(stream));
}

std::vector<std::shared_ptr<Stream>> Streams::open()
{
    std::vector<std::shared_ptr<Stream>> alive;
    const std::lock_guard lock(m_mutex);
    for (const auto& stream : m_streams) {
        if (auto held = stream.lock()) {
            alive.push_back(std::move(held));
        }
    }
    return alive;
}

void Streams::kickAll(bool tick)
{
    for (const auto& stream : open()) {
        stream->kick(tick);
    }
}

void Streams::endAll(const std::string& why)
{
    for (const auto& stream : open()) {
        stream->endUnavailable(why);
    }
}

} // namespace norikv::sandbox
