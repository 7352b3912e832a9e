// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/vectorcatalogue.h"

#include <deque>
#include <unordered_map>

namespace norikv::sandbox {

/// What one group commit will do to vectors, decided before anything is written: later writes of the group
/// see the earlier ones. A write that makes or drops an index must be a group of its own. A draft that is not
/// applied leaves no trace. Belongs to the committer's thread.
class VectorDraft {
public:
    VectorDraft(const VectorCatalogue& catalogue, EpochMs now);

    /// Decides one write, which must stay until applyTo(). Looks for NaN, too.
    VectorResult add(const VectorWrite& write);
    /// The rows to commit, to the end of `batch`. Call once, last.
    void finish(Batch& batch);
    /// Makes the committed change part of what is known.
    void applyTo(VectorCatalogue& catalogue);

private:
    using Decision = tl::expected<bool, VectorError>; ///< whether anything changed
    Decision decide(const VectorWrite& write);
    Decision create(const VectorWrite& write);
    Decision drop(const VectorWrite& write);
    Decision insert(const VectorWrite& write);
    Decision remove(const VectorWrite& write);

    const VectorCatalogue& m_catalogue;
    const EpochMs m_now;
    std::uint64_t m_version;
    std::uint64_t m_number;
    Batch m_batch;
    std::optional<std::pair<std::string, NumberedIndex>> m_created;
    std::optional<std::string> m_dropped;
    std::map<std::string, std::vector<VectorIndex::Change>> m_changes; ///< by index, in order
    std::unordered_map<std::string, bool> m_exists; ///< by row: whether the id is there after this draft
    std::unordered_map<std::string, bool> m_answers; ///< by idempotency name
    std::deque<std::string> m_surplus;
};

} // namespace norikv::sandbox
