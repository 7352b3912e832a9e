// SPDX-License-Identifier: GPL-3.0-or-later
// A SQLite file of ours before SQLite touches it: made for its owner alone, looked at, moved aside when it
// cannot be used. All block; one thread at a time for one file.
#pragma once

#include "models/sqlite.h"

#include "client/clock.h"

#include <array>

namespace norikv::models {

/// The file and what SQLite keeps beside it.
constexpr std::array<const char*, 3> DatabaseParts{"", "-wal", "-shm"};

enum class DatabaseState { Absent, InOrder, Damaged, Newer };

/// Looks without SQLite, which would already write beside a file that is not ours to touch. Newer = its
/// user_version is above `schemaVersion`. InOrder is only what the header says.
SqlResult<DatabaseState> lookAtDatabase(const std::string& path, std::int64_t schemaVersion);

/// Renames the file and its side files to <path><suffix><time>; the new name.
SqlResult<std::string> moveDatabaseAside(const std::string& path, const char* suffix, EpochMs nowMs);

/// Folders are made with mode 0700, and the last one is held to it.
SqlResult<void> makeDatabaseFolder(const std::string& folder);
/// Mode 0600, never through a planted link; SQLite gives its side files the same mode. `mayExist`: another
/// window may have been first.
SqlResult<void> makeDatabaseFile(const std::string& path, bool mayExist);

/// No link, pipe or folder where the file or a side file may be.
bool onlyPlainFiles(const std::string& path);

/// What errno says, as an error of ours.
SqlError fileError(int error);

} // namespace norikv::models
