// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/distance.h"
#include "sandbox/record.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace norikv::sandbox {

/// What an index is created with; never changed afterwards.
struct VectorParameters {
    std::uint32_t dimensions = 0; ///< 1 to 4096
    client::Distance distance = client::Distance::Cosine;
    client::IndexType type = client::IndexType::Hnsw;
    bool operator==(const VectorParameters&) const = default;
};

struct VectorError {
    enum class Kind { Invalid, NotFound, Storage, Stopped };
    Kind kind = Kind::Storage;
    std::string text; ///< the words of wire-contract 5.2 and 5.3, else the engine's reason
};

struct VectorAnswer {
    bool changed = false; ///< created, dropped, inserted or deleted
    Version version; ///< of the last vector write, this one included
};
using VectorResult = tl::expected<VectorAnswer, VectorError>;

/// One write on its way to the committer. Sizes of names, ids and vectors were checked already.
struct VectorWrite {
    enum class Op : char { Create = 'c', Drop = 'x', Insert = 'p', Delete = 'd' };

    Op op = Op::Insert;
    std::string index; ///< what the wire calls a namespace
    std::string id; ///< Insert, Delete
    std::vector<float> values; ///< Insert
    std::uint32_t dimensions = 0; ///< Create
    std::optional<client::Distance> distance; ///< Create; nothing is refused, but after looking for a repeat
    client::IndexType type = client::IndexType::Hnsw; ///< Create
    std::string idempotencyKey; ///< empty = none
    /// Called exactly once, on the committer's thread, after the change is on disk. Must not block.
    std::function<void(const VectorResult&)> done;
};

} // namespace norikv::sandbox
