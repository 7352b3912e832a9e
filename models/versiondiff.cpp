// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/versiondiff.h"

namespace norikv::models {

VersionDiff::VersionDiff(Dispatcher& dispatcher, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
{
}

void VersionDiff::compare(
    const client::Entry& before, const client::Entry& after, const client::DecodeWish& wish)
{
    m_job = m_dispatcher.run(
        this,
        [before = before.value, after = after.value, wish](const std::stop_token& stop) {
            return diffValues(
                client::decode(before, wish, stop), client::decode(after, wish, stop), false, stop);
        },
        [this](DiffLayout diff) {
            m_diff = std::move(diff);
            Q_EMIT ready();
        });
}

} // namespace norikv::models
