// SPDX-License-Identifier: GPL-3.0-or-later
// Puts many rows into an index. Blocking; for workers.
#pragma once

#include "models/vectorloader.h"

#include "client/embed/embedder.h"

#include <atomic>
#include <functional>
#include <stop_token>

namespace norikv::models {

/// How far an import is, and its end; read by the window while it runs.
struct ImportMeter {
    std::atomic<std::size_t> done = 0; ///< rows stored
    std::atomic<std::size_t> bad = 0; ///< refused or unreadable
    std::atomic<std::size_t> expected = 0; ///< rows in all, perhaps an estimate; 0 = not known
    std::atomic<std::uint64_t> position = 0; ///< everything up to this position is done with
    std::stop_source stop; ///< of the import alone
};

/// A row, or why it could not be read. False = no more are wanted.
using TakeRow = std::function<bool(client::Result<VectorRow>)>;
/// Gives rows one after the other until it returns. A row without a vector has its words embedded; words are
/// written beside it when `meta.stored`.
using RowSource = std::function<client::Result<void>(const TakeRow& take, ImportMeter& meter)>;

/// The rows of a file behind position `after`.
RowSource rowsOfFile(std::string path, std::uint64_t after = 0);

struct ImportTarget {
    std::string index;
    std::uint32_t dimensions = 0;
    client::Embedder* embedder = nullptr; ///< null: rows without a vector are bad
};

struct ImportEnd {
    std::size_t done = 0;
    std::size_t bad = 0;
    std::string firstBad; ///< which and why; empty = none
    bool cancelled = false; ///< by the meter's stop; what is stored stays
};

/// In batches. A row that is refused or has another length is bad and the rest goes on; any other failure
/// ends it.
client::Result<ImportEnd> importRows(client::Store& store, client::Call& call, const ImportTarget& target,
    const RowSource& source, ImportMeter& meter);

} // namespace norikv::models
