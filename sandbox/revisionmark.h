// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/storage.h"

#include <cstdint>
#include <filesystem>

namespace norikv::sandbox {

/// The revision a store had when it was last opened or closed, in a small file beside it. A log or a list of
/// files that was cut short looks to the engine like an older store; with the mark it is damage that can be
/// said.
class RevisionMark {
public:
    explicit RevisionMark(const std::filesystem::path& folder)
        : m_path(folder / "revision")
    {
    }

    /// An error when the store is behind the mark. No mark, or an unreadable one, proves nothing.
    Result<void> check(std::uint64_t revision) const;
    /// Best effort: on a full disk the old mark stays, which is still true.
    void write(std::uint64_t revision) const;

private:
    std::filesystem::path m_path;
};

} // namespace norikv::sandbox
