// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/values.h"

#include <cstdint>
#include <string>
#include <vector>

namespace norikv::client {

enum class BulkAction {
    Delete,
    SetTtl, ///< reads each value and writes it again with another time to live
    Clone, ///< copies keys below one prefix to another
    Import, ///< from NDJSON or CSV
    Undo, ///< puts back what an undo file holds, what was done last first
};
std::string_view name(BulkAction action);

enum class OnExisting {
    Skip,
    Overwrite,
    OnlyIfUnchanged, ///< Import: only where the key still has the version that the line names
};
enum class OnExpired { Skip, WithoutExpiry };

/// What a person asked for.
struct BulkRequest {
    BulkAction action = BulkAction::Delete;
    std::vector<Bytes> keys; ///< Delete, SetTtl, Clone
    std::uint64_t ttlMs = 0; ///< SetTtl; 0 = no expiry
    Bytes fromPrefix, toPrefix; ///< Clone; every key begins with fromPrefix, but for the metadata below
    /// Clone of a tenant: the key of its metadata may be among `keys`; the copy's record names `toTenant`.
    Bytes fromTenant, toTenant;
    std::string file; ///< Import, Undo
    Bytes onlyPrefix; ///< Import: lines of other keys are left out, as if they were not there; empty = all
    OnExisting existing = OnExisting::Skip; ///< Undo: Overwrite = also over what others wrote since
    OnExpired expired = OnExpired::Skip; ///< lines whose absolute expiry is over
    bool keepTtl = true; ///< Import, Clone: false = without expiry
};

/// The key that a clone of `key` gets.
Bytes cloneTarget(const BulkRequest& request, const Bytes& key);
/// `key` holds the metadata of the tenant that is cloned.
bool isClonedMetadata(const BulkRequest& request, const Bytes& key);

} // namespace norikv::client
