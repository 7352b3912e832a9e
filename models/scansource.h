// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keysource.h"

#include "client/connection.h"
#include "client/retryingstore.h"

namespace norikv::models {

/// Keys as the server lists them: Scan, then Watch from the scan's revision. Lost in the middle it goes on
/// after the last key it was told; when the server forgot the revision it scans again.
class ScanSource final : public KeySource {
public:
    struct Timing {
        std::chrono::milliseconds retryAfter{250};
        std::chrono::milliseconds longestRetry{2000};
        /// The first rows are passed on early, later chunks when they are full.
        std::size_t firstRows = 1024;
    };
    explicit ScanSource(client::Store& store, client::Sleeper sleeper = client::realSleeper());
    ScanSource(client::Store& store, client::Sleeper sleeper, Timing timing);

    client::Result<void> start(const KeyNewsSink& sink, const std::stop_token& stop) override;

private:
    struct Round;
    client::Result<void> list(Round& round);
    client::Result<void> follow(Round& round);

    client::Store& m_store;
    client::Sleeper m_sleep;
    Timing m_timing;
};

} // namespace norikv::models
