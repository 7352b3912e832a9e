// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "client/clock.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace norikv::models {

/// Units per SKU that are reserved for nobody, over time. A reservation in flight looks the same for a moment
/// (the item is raised first), so only what has stood for 5 s counts. Pure; times are given.
class LeakMeter {
public:
    struct Point {
        EpochMs atMs = 0;
        std::int64_t leaked = 0;
        std::int64_t available = 0;
    };

    /// What stands now. `raw` is reserved - held as just read, 0 or more.
    std::int64_t take(const client::Bytes& sku, std::int64_t raw, std::int64_t available, EpochMs nowMs);
    void forget(const client::Bytes& sku) { m_tracks.erase(sku); }
    /// Oldest first; empty where nothing ever leaked.
    std::vector<Point> history(const client::Bytes& sku) const;

    /// When a SKU that goes on leaking like this has nothing left to sell although it stands on the shelf;
    /// nothing where the leak does not grow.
    static std::optional<EpochMs> soldOutOnPaper(const std::vector<Point>& history);

private:
    struct Track {
        std::int64_t standing = 0;
        std::int64_t candidate = 0; ///< least raw value since candidateMs
        EpochMs candidateMs = 0; ///< 0 = none
        std::deque<Point> points;
    };
    std::map<client::Bytes, Track> m_tracks; ///< of SKUs that leak or leaked
};

} // namespace norikv::models
