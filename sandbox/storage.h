// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::sandbox {

/// One sentence for a human. An engine's own words are part of it, never a code to be parsed.
using Error = std::string;
template <class T> using Result = tl::expected<T, Error>;

/// What one commit changes; later entries win.
struct Mutation {
    std::string key;
    std::optional<std::string> value; ///< nothing = remove
};
using Batch = std::vector<Mutation>;

/// Walks rows in byte order of their keys. Belongs to one thread at a time.
class Cursor {
public:
    virtual ~Cursor() = default;
    /// False at the end and after a failure; ask status() which.
    virtual bool valid() const = 0;
    /// Views are good until the next next().
    virtual std::string_view key() const = 0;
    virtual std::string_view value() const = 0;
    virtual void next() = 0;
    virtual Result<void> status() const = 0;
};

/// The rows as they were at one moment. May outlive later commits, never the Storage.
class Snapshot {
public:
    virtual ~Snapshot() = default;
    /// False = no such row. `value` is overwritten.
    virtual Result<bool> get(std::string_view key, std::string& value) const = 0;
    /// A cursor on the first row whose key is not before `from`. Must not outlive the snapshot.
    virtual std::unique_ptr<Cursor> seek(std::string_view from) const = 0;
};

/// Durable ordered rows: all the sandbox asks of a storage engine. Safe from any thread, but only one thread
/// commits.
class Storage {
public:
    virtual ~Storage() = default;
    virtual Result<bool> get(std::string_view key, std::string& value) const = 0;
    virtual std::unique_ptr<Snapshot> snapshot() const = 0;
    /// All of it, on disk when this returns, or an error. After an error the outcome is open (a full disk may
    /// have taken part of a log record), but the engine stays usable and tries to recover at the next commit.
    virtual Result<void> commit(const Batch& batch) = 0;
};

} // namespace norikv::sandbox
