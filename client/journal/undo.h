// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/journal/journal.h"
#include "client/serverclock.h"
#include "client/store.h"

#include <optional>
#include <string>

namespace norikv::client {

/// What an undo found and did. Always best effort: NoriKV checks if_match and writes in two steps, ignores it
/// on Delete and has no create-if-absent, so somebody can write between our look and our write.
struct UndoReport {
    enum class What {
        Restored, ///< the value before is back
        Removed, ///< the key did not exist before, and is gone again
        AlreadyBack, ///< it was as before already; nothing was written
        ChangedSince, ///< something else is there now; nothing was written
        Overtaken, ///< somebody wrote between our write and the look at it
        Unknown, ///< the answer was lost, and what is there now is not the value before
    };
    What what = What::AlreadyBack;
    Entry before; ///< what should be back; without version = no key
    Entry wrote; ///< what the undone write left
    Entry found; ///< what was there when we looked
    std::optional<Entry> verified; ///< what the look after the write found
    std::uint64_t ttlMs = 0; ///< given to the value put back; 0 = no expiry
    bool expired = false; ///< the value before would have expired by now, so the key was removed
    bool ttlUnknown = false; ///< whether the value before had an expiry is not known; it has none now
    bool answerLost = false; ///< only the look afterwards told that it worked
};
std::string_view name(UndoReport::What what);

struct UndoOptions {
    bool force = false; ///< put the old value back even over something else
};

/// Takes back one write (with whole values: Journal::find): reads again, compares the bytes with what the
/// write left, puts the old value back with the time to live it has left, and reads once more. Sends no
/// idempotency key. An error means that nothing was written; so it is where only the expiry changed and
/// nobody knows what it was before.
Result<UndoReport> undoWrite(Store& store, Call& call, const ServerClock& clock, const JournalEntry& write,
    const UndoOptions& options = {});

/// Time to live left for a stored expiry, by the clock that told it: 0 = no expiry; empty = it is over.
std::optional<std::uint64_t> ttlLeft(const Entry& entry, const ServerClock& clock);
std::optional<std::uint64_t> ttlLeft(const std::optional<EpochMs>& expiresAtMs, EpochMs nowMs);

} // namespace norikv::client
