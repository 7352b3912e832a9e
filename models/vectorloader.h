// SPDX-License-Identifier: GPL-3.0-or-later
// Reads an index and what is stored beside its vectors. Blocking; for workers.
#pragma once

#include "models/vectorsnapshot.h"

#include "client/store.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace norikv::models {

/// How far a load is; read by the window while it runs.
struct LoadMeter {
    std::atomic<std::size_t> read = 0; ///< vectors
    std::atomic<std::size_t> total = 0; ///< 0 = not known
    std::atomic<bool> crawling = false;
};

struct LoadRequest {
    client::VectorIndex index;
    std::vector<std::string> known; ///< ids to begin with where the server cannot list them
    SharedSnapshot base; ///< rows of it that are still there are not read again; null = read all
};

/// Fails as a whole: half an index would look like all of it.
client::Result<SharedSnapshot> loadVectors(
    client::Store& store, client::Call& call, const LoadRequest& request, LoadMeter& meter);

/// A row with its words.
struct VectorRow {
    std::string id;
    std::vector<float> vector;
    VectorMeta meta;
    std::uint64_t position = 0; ///< in what it was read from, from 1; 0 = nowhere
};
/// The snapshot with rows put in (or replaced) and taken out. Rows of another length are left out.
SharedSnapshot patched(
    const VectorSnapshot& base, const std::vector<VectorRow>& came, const std::vector<std::string>& gone);

/// Metadata of ids in the order asked; what cannot be read counts as not stored.
client::Result<std::vector<VectorMeta>> readMetas(
    client::Store& store, client::Call& call, const std::string& index, const std::vector<std::string>& ids);

} // namespace norikv::models
