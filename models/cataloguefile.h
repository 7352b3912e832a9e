// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/knownkey.h"
#include "models/sqlite.h"

#include "client/clock.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace norikv::models {

/// The catalogue's file: made for its owner alone, checked when opened, moved aside when it cannot be used.
/// One thread at a time; readers have connections of their own (the free functions below).
class CatalogueFile {
public:
    /// `path` ends in .sqlite; its folder is made when the file is.
    CatalogueFile(std::string path, const Clock& clock);

    const std::string& path() const { return m_path; }
    bool isOpen() const { return m_database.has_value(); }

    /// What opening met.
    struct Opened {
        enum class What { InOrder, Damaged, Newer };
        What what = What::InOrder;
        std::string aside; ///< where the unusable file is now
    };
    /// Creates what is missing. A damaged file is moved to <file>.corrupt-<time> and what can be read of it
    /// is taken over; one of a newer version is moved to <file>.newer-<time> untouched. Fails, and changes
    /// nothing, where it cannot write.
    SqlResult<Opened> open();
    /// For damage that shows only later: what open() does with a damaged file.
    SqlResult<Opened> rebuild();

    /// Needs an open file, as all that follow.
    SqlResult<void> begin();
    SqlResult<void> commit();
    void rollback();
    SqlResult<std::optional<KnownKey>> find(std::string_view key);
    SqlResult<void> store(const KnownKey& row);
    SqlResult<void> erase(std::string_view key);

private:
    struct Connection {
        SqlDatabase database;
        SqlStatement find, store, erase;
    };
    SqlResult<void> connect(const std::string& path, bool fresh);
    SqlResult<std::string> moveAside(const char* suffix);

    const std::string m_path;
    const Clock& m_clock;
    std::optional<Connection> m_database;
};

using KeyVisitor = std::function<bool(const KnownKey&)>;

/// Reads every row in byte order on a connection of its own, one and the same object for all; a visitor that
/// returns false ends it. Rows out of order are damage.
SqlResult<void> readCatalogue(const std::string& path, const KeyVisitor& visit, const std::stop_token& stop);
SqlResult<std::optional<KnownKey>> readKnownKey(const std::string& path, std::string_view key);

struct CatalogueCounts {
    std::uint64_t keys = 0;
    std::uint64_t unseen = 0; ///< known by a pattern or a person, never seen
    std::uint64_t favourites = 0;
};
SqlResult<CatalogueCounts> countCatalogue(const std::string& path);

/// A connection's id as a file name: letters, digits, `-`, `_` and inner dots stay, all else is %XX; a long
/// one is cut and ends in its hash.
std::string fileSafe(std::string_view id);

} // namespace norikv::models
