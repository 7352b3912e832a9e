// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/favourites.h"

namespace norikv::models {

Favourites::Favourites(Dispatcher& dispatcher, Catalogue& catalogue, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_catalogue(catalogue)
{
    m_readJob = m_dispatcher.run(
        this,
        [&catalogue](const std::stop_token& stop) {
            Keys marked;
            // A catalogue that cannot be read has said so itself.
            (void)catalogue.load(
                [&](const KnownKey& known) {
                    if (known.favourite)
                        marked.insert(known.key);
                    return true;
                },
                stop);
            return marked;
        },
        [this](const Keys& marked) {
            for (const auto& key : marked) {
                if (!m_touched.contains(key))
                    m_keys.insert(key);
            }
            Q_EMIT changed();
        });
}

void Favourites::set(const client::Bytes& key, bool on)
{
    if (m_readJob.running())
        m_touched.insert(key);
    const bool differs = on ? m_keys.insert(key).second : m_keys.erase(key) > 0;
    if (!differs && !m_readJob.running())
        return;
    std::erase_if(m_writes, [](const Job& job) { return !job.running(); });
    m_writes.push_back(m_dispatcher.run(
        this,
        [&catalogue = m_catalogue, key, on](const std::stop_token&) { return catalogue.favourite(key, on); },
        [](const client::Result<void>&) {}));
    Q_EMIT changed();
}

} // namespace norikv::models
