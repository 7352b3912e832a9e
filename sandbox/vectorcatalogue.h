// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/idempotency.h"
#include "sandbox/storage.h"
#include "sandbox/vectorindex.h"

#include <map>
#include <shared_mutex>

namespace norikv::sandbox {

/// An index with its place in the store.
struct NumberedIndex {
    std::uint64_t number = 0; ///< of its rows; never used again
    std::shared_ptr<VectorIndex> vectors;
};

/// Which indexes there are, as far as it is on disk. Changed by the committer's thread alone, which may also
/// look without a lock; everybody else asks find() and all().
class VectorCatalogue {
public:
    /// Reads all of it, vectors too. The graphs are not made yet.
    Result<void> load(const Storage& storage);

    /// Nothing in `vectors` = there is no such index. Any thread.
    NumberedIndex find(const std::string& name) const;
    /// By name in byte order. Any thread.
    std::map<std::string, NumberedIndex> all() const;

    // The committer's thread:
    const NumberedIndex* look(const std::string& name) const;
    void add(const std::string& name, const NumberedIndex& index);
    void remove(const std::string& name);

    std::uint64_t lastVersion = 0;
    std::uint64_t lastNumber = 0;
    IdempotencyTable idempotency; ///< the answer's `changed` is kept as a version's index

private:
    mutable std::shared_mutex m_mutex;
    std::map<std::string, NumberedIndex> m_indexes;
};

/// The rows of what a catalogue knows.
Mutation vectorIndexRow(const std::string& name, std::uint64_t number, const VectorParameters& parameters);
Mutation vectorRow(std::uint64_t number, const std::string& id, std::span<const float> values);
/// Nothing when the row is damaged: its length is no number of floats.
std::optional<std::vector<float>> vectorOfRow(std::string_view row);
Mutation vectorCountersRow(std::uint64_t lastVersion, std::uint64_t lastNumber);

/// The first rows, at most `limit`, of vectors whose index is gone: what a drop left to be swept. Any thread.
Result<std::vector<std::string>> strayVectorRows(
    const Storage& storage, const VectorCatalogue& catalogue, std::size_t limit);

} // namespace norikv::sandbox
