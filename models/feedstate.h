// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::models {

/// How far a feed is with what it shows.
enum class FeedState { Idle, Loading, Ready, Failed };

} // namespace norikv::models
