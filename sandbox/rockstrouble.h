// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <rocksdb/listener.h>

#include <atomic>

namespace norikv::sandbox {

/// Whether RocksDB has met an error that it must be told to look at again: in a write, or behind our back in
/// a flush. Its own recovery is off: it looks at a full disk every five seconds only, and until then refuses
/// ours.
struct RocksTrouble final : rocksdb::EventListener {
    std::atomic<bool> seen = false;

    void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { seen = true; }
    void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* autoRecovery) override
    {
        *autoRecovery = false;
    }
};

} // namespace norikv::sandbox
