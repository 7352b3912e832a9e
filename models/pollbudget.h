// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::models {

/// What asking again and again may cost a server that is not ours, all feeds together (rulings 32), and the
/// share of each: counters, tenants, sessions, inventory, rate limits, leaders and events.
constexpr int PollsPerSecond = 200;
constexpr int PollingFeeds = 7;
constexpr int PollsPerFeed = PollsPerSecond / PollingFeeds;

} // namespace norikv::models
