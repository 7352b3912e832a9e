// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/patterns.h"

#include "models/cachefeed.h"
#include "models/eventfeed.h"
#include "models/leasefeed.h"
#include "models/ratelimitfeed.h"
#include "models/sessionfeed.h"
#include "models/stockfeed.h"
#include "models/vectorfeed.h"

namespace norikv::app {

namespace {

template <class... Feeds>
std::vector<std::unique_ptr<models::PatternFeed>> make(models::Dispatcher& dispatcher,
    client::Connection& connection, const Clock& clock, const models::EntryFollower::KnownKeys& known)
{
    std::vector<std::unique_ptr<models::PatternFeed>> feeds;
    (feeds.push_back(std::make_unique<Feeds>(dispatcher, connection, clock, known)), ...);
    return feeds;
}

} // namespace

std::vector<std::unique_ptr<models::PatternFeed>> makePatternFeeds(models::Dispatcher& dispatcher,
    client::Connection& connection, const Clock& clock, const models::EntryFollower::KnownKeys& known)
{
    return make<models::SessionFeed, models::LeaseFeed, models::StockFeed, models::RateLimitFeed,
        models::CacheFeed, models::EventFeed, models::VectorFeed>(dispatcher, connection, clock, known);
}

} // namespace norikv::app
