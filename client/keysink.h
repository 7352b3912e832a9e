// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/values.h"

#include <span>

namespace norikv::client {

/// What one call taught about one key.
struct Sighting {
    enum class How {
        Read, ///< a Get, a Stat or a bulk read found it
        Missing, ///< one of those said that it is not there
        Wrote, ///< our own Put was acknowledged; expiry and provenance (SetHere) as we set them
        Removed, ///< our own Delete was acknowledged, or Watch saw one
        Expired, ///< Watch saw it expire
        Scanned,
        Watched, ///< Watch saw a Put
    };
    Entry entry; ///< the value is empty where the call did not carry it
    How how = How::Read;
};

/// Whoever wants to know which keys exist (the key catalogue).
class KeySink {
public:
    virtual ~KeySink() = default;
    /// Called from any thread, also in the middle of bulk reads: copy what is needed and return at once.
    virtual void seen(std::span<const Sighting> sightings) = 0;
};

} // namespace norikv::client
