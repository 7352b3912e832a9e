// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"

#include <memory>
#include <vector>

namespace norikv::app {

/// The feeds of all patterns that follow records by EntryFollower. They live as long as their connection and
/// follow from its start, so that findings come whether or not their page was opened.
std::vector<std::unique_ptr<models::PatternFeed>> makePatternFeeds(models::Dispatcher& dispatcher,
    client::Connection& connection, const Clock& clock, const models::EntryFollower::KnownKeys& known);

} // namespace norikv::app
