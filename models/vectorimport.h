// SPDX-License-Identifier: GPL-3.0-or-later
// Puts many rows into an index. Blocking; for workers.
#pragma once

#include "models/vectorloader.h"

#include "client/embed/embedder.h"

#include <atomic>
#include <functional>
#include <stop_token>

namespace norikv::models {

/// Gives rows one after the other until it returns; take() is false when nobody wants more. A row without a
/// vector has its words embedded; words are written beside it when `meta.stored`. Returns how many rows it
/// could not read.
using RowSource = std::function<client::Result<std::size_t>(
    const std::function<bool(VectorRow)>& take, const std::stop_token& stop)>;

struct ImportMeter {
    std::atomic<std::size_t> done = 0; ///< rows stored
    std::atomic<std::size_t> bad = 0; ///< refused or unreadable
    std::stop_source stop; ///< of the import alone
};

struct ImportTarget {
    std::string index;
    std::uint32_t dimensions = 0;
    client::Embedder* embedder = nullptr; ///< null: rows without a vector are bad
};

struct ImportEnd {
    std::size_t done = 0;
    std::size_t bad = 0;
    std::string firstBad; ///< why, of the first bad row; empty = none
    bool cancelled = false; ///< by the meter's stop; what is stored stays
};

/// In batches. A row that is refused or has another length is bad and the rest goes on; any other failure ends
/// it.
client::Result<ImportEnd> importRows(client::Store& store, client::Call& call, const ImportTarget& target,
    const RowSource& source, ImportMeter& meter);

} // namespace norikv::models
