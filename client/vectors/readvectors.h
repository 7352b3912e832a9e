// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/store.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

using VectorTaker = std::function<void(std::size_t position, std::vector<float> vector)>;

/// Reads many vectors, `inFlight` at a time. What Store::getVectors leaves to its caller is done here: those
/// that met a lost connection or a moving leader are asked for again, up to three times, once a single read
/// got through. Ids without a vector are passed over. `take` is called on the calling thread. Fails with what
/// could not be read in the end.
Result<void> readVectors(Store& store, Call& call, const std::string& index, std::span<const std::string> ids,
    std::size_t inFlight, const VectorTaker& take);

} // namespace norikv::client
