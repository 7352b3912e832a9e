// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <stop_token>
#include <string_view>
#include <vector>

namespace norikv::client {

/// What two texts have in common, as runs of lines in reading order.
struct LineDiff {
    enum class What { Same, Removed, Added };
    struct Run {
        What what = What::Same;
        std::size_t before = 0; ///< first line in the older text; where it would stand, if Added
        std::size_t after = 0; ///< first line in the newer text; where it would stand, if Removed
        std::size_t count = 0;
        bool operator==(const Run&) const = default;
    };
    std::vector<Run> runs;
    std::size_t removed = 0; ///< lines
    std::size_t added = 0;
    /// The texts differ too much to look for the shortest way: what differs is shown in one piece.
    bool coarse = false;
    bool identical() const { return removed == 0 && added == 0; }
};

/// Lines with their line feeds, so that joining them gives the text again. A last line may have none.
std::vector<std::string_view> splitLines(std::string_view text);

/// The shortest edit from `before` to `after`, line by line (Myers). Looks at most at `mostEdits` edits
/// beyond what the texts begin and end with in common; more, or being stopped, makes it coarse. Takes memory
/// of mostEdits squared.
LineDiff diffLines(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after,
    std::size_t mostEdits = 1500, const std::stop_token& stop = {});

} // namespace norikv::client
