// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/csv.h"
#include "client/store.h"

#include <functional>

namespace norikv::client {

struct ExportOptions {
    std::string file; ///< replaced when it exists, once everything is in it
    bool csv = false; ///< else NDJSON
    Formulas formulas = Formulas::Escaped;
    std::uint32_t totalShards = 1024;
};

struct ExportReport {
    std::uint64_t written = 0;
    std::uint64_t missing = 0; ///< keys that were not there any more
    std::uint64_t failed = 0; ///< keys that could not be read
    std::string firstProblem;
};

/// Reads the keys, 64 at a time, and writes each with value, version, expiry and its provenance, and shard,
/// in the order given. Memory is one batch. `progress` gets the number of keys looked at, on the calling
/// thread. A cancelled or failed export leaves no file and an older one as it was.
Result<ExportReport> exportKeys(Store& store, Call& call, std::span<const Bytes> keys,
    const ExportOptions& options, const std::function<void(std::uint64_t)>& progress = {});

} // namespace norikv::client
