// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leasebook.h"
#include "models/patternfeed.h"

namespace norikv::models {

/// Follows the leader leases from the start of a connection, so that a dead or fought-over one is found whether or
/// not anybody looks.
class LeaseFeed final : public PatternFeed {
    Q_OBJECT
public:
    LeaseFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);

    const LeaseSheet& sheet() const { return *m_sheet; }

private:
    std::shared_ptr<const LeaseSheet> m_sheet = std::make_shared<LeaseSheet>();
};

} // namespace norikv::models
