// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keynotes.h"

namespace norikv::models {

KeyNotes::KeyNotes(Dispatcher& dispatcher, Catalogue& catalogue, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_catalogue(catalogue)
{
}

void KeyNotes::show(const client::Bytes& key)
{
    if (key == m_key)
        return;
    m_key = key;
    m_read.cancel();
    const auto underWay = m_underWay.find(key);
    m_note = underWay == m_underWay.end() ? QString() : underWay->second;
    Q_EMIT changed();
    if (key.empty() || underWay != m_underWay.end())
        return; // what would be read now may be older than what is being written
    m_read = m_dispatcher.run(
        this, [&catalogue = m_catalogue, key](const std::stop_token&) { return catalogue.find(key); },
        [this](const client::Result<std::optional<KnownKey>>& known) {
            // A catalogue that cannot be read has said so itself.
            if (!known || !*known || (*known)->note.empty())
                return;
            m_note = QString::fromStdString((*known)->note);
            Q_EMIT changed();
        });
}

void KeyNotes::set(const client::Bytes& key, const QString& text)
{
    const QString note = text.trimmed().left(Longest);
    if (key.empty() || (key == m_key && note == m_note))
        return;
    if (key == m_key) {
        m_read.cancel(); // what it would tell is older
        m_note = note;
    }
    m_underWay[key] = note;
    std::erase_if(m_writes, [](const Job& job) { return !job.running(); });
    m_writes.push_back(m_dispatcher.run(
        this,
        [&catalogue = m_catalogue, key, words = note.toStdString()](
            const std::stop_token&) { return catalogue.note(key, words); },
        [this, key, note](const client::Result<void>&) {
            if (const auto written = m_underWay.find(key);
                written != m_underWay.end() && written->second == note)
                m_underWay.erase(written);
        }));
    Q_EMIT changed();
}

} // namespace norikv::models
