// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::client {

class Journal;
class KeySink;
class TraceLog;

/// What a connection reports while it works. All outlive the connection and are called from any thread.
struct Recorders {
    // Not explicit: a trace alone is what most callers have.
    Recorders(TraceLog& operations, KeySink* sightings = nullptr, Journal* writes = nullptr)
        : trace(operations)
        , keys(sightings)
        , journal(writes)
    {
    }

    TraceLog& trace;
    KeySink* keys; ///< null = nobody keeps a catalogue
    Journal* journal; ///< null = writes are not kept
};

} // namespace norikv::client
