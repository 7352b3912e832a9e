// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leasefeed.h"

namespace norikv::models {

LeaseFeed::LeaseFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
{
    auto queue = std::make_shared<LeaseBook::Queue>();
    auto book = std::make_shared<LeaseBook>(connection.profile(), queue);
    follow<std::shared_ptr<const LeaseSheet>>({{"leader:"}, {}, "leaders"}, std::move(known), std::move(book),
        std::move(queue), [this](std::shared_ptr<const LeaseSheet> sheet) {
            m_sheet = std::move(sheet);
            for (const auto& finding : m_sheet->findings)
                Q_EMIT found(finding);
        });
}

} // namespace norikv::models
