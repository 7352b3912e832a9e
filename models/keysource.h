// SPDX-License-Identifier: GPL-3.0-or-later
// Where a list of keys comes from. ScanSource asks the server; a catalogue stands in where it cannot list.
#pragma once

#include "models/keystore.h"

#include "client/result.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace norikv::models {

/// A key that came, changed or went. Owns its bytes.
struct KeyChange {
    enum class Kind { Put, Remove, Expire };
    Kind kind = Kind::Put;
    client::Bytes key;
    KeyRow row; ///< of a Put; its `key` is ignored
};

/// One piece of news from a source.
struct KeyNews {
    enum class Kind {
        Begins, ///< the whole list follows from its first key; what is shown stays until then
        Rows, ///< the next keys, all after those of earlier chunks
        Ends, ///< the list was told to its end
        Changes, ///< after the list, in the order they happened; empty = a sign of life
        Lost, ///< the source is gone and tries again by itself
        Resumed, ///< goes on where it was lost, after `key`
        Refused, ///< will not come back by itself
    };
    Kind kind = Kind::Changes;
    std::unique_ptr<KeyChunk> rows;
    std::vector<KeyChange> changes;
    client::Coverage coverage = client::Coverage::None; ///< of Ends
    bool live = false; ///< of Ends: later changes will be told
    client::Bytes key; ///< of Resumed; empty = the changes go on, nothing was missed
    client::Error error; ///< of Lost and Refused
    std::string status; ///< of any: a sentence of the source's own, shown beside the coverage
    EpochMs serverTimeMs = 0; ///< 0 = not told
    std::uint64_t round = 0; ///< set by whoever runs the source
};

/// Takes news in order, on the source's thread; waits while the window is behind. False = stop.
using KeyNewsSink = std::function<bool(KeyNews)>;

class KeySource {
public:
    virtual ~KeySource() = default;
    /// Tells the whole list and then what changes, until `stop`. Blocks: it gets a thread of its own. Called
    /// again for a fresh list. Fails with Unsupported when the server cannot be listed in this way; every
    /// other trouble is told as Lost and tried again, or as Refused.
    virtual client::Result<void> start(const KeyNewsSink& sink, const std::stop_token& stop) = 0;
};

} // namespace norikv::models
