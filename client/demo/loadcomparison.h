// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/loadgenerator.h"

#include <optional>

namespace norikv::client {

/// The same load on one key and on shards, at the same time, on two new counters: what sharding buys. All
/// members are safe from any thread.
class LoadComparison {
public:
    LoadComparison(Store& store, const Clock& clock);

    /// Starts both sides with `plan`'s writers, rate and think time each; its counter and kind are not used.
    /// Ends a run under way first. Blocks while the two counters are made.
    Result<void> start(const LoadPlan& plan);
    void pause();
    void resume();
    void stop(); ///< does not wait

    struct Side {
        LoadPlan plan;
        LoadStats stats;
    };
    Side basic() const;
    Side sharded() const;
    bool running() const; ///< paused counts as running
    bool finished() const; ///< both sides ended after a start

    struct Books {
        ClosedRun basic;
        ClosedRun sharded;
    };
    /// Reads both stored values once more. Only when finished.
    Result<Books> closeBooks();

private:
    LoadGenerator m_basic;
    LoadGenerator m_sharded;
};

} // namespace norikv::client
