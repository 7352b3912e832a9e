// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace norikv::client {

enum class MergeSide { Mine, Theirs };

/// Both changed the same thing, each in another way.
struct MergeConflict {
    std::string where; ///< the path of a field, or `line 4` of theirs
    std::optional<Bytes> base, mine, theirs; ///< empty = not there (removed, or not yet added)
};

/// Two edits of one value, put together. What only one side changed is taken from that side.
class Merge {
public:
    std::vector<MergeConflict> conflicts;
    std::size_t fromMine = 0; ///< changes of ours that went in without a question
    std::size_t fromTheirs = 0;
    bool byField = false; ///< fields of JSON objects; else lines

    /// The value with a side chosen for each conflict; conflicts beyond `sides` take theirs.
    Bytes result(std::span<const MergeSide> sides) const;

private:
    friend class JsonMerge;
    friend Merge mergeLines(
        std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop);
    friend Merge merge3(
        std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop);

    struct Piece {
        enum class What { Text, Conflict, Open, Close, Member } what = What::Text;
        Bytes text; ///< of Open the name with its colon, or nothing
        std::size_t conflict = 0;
    };
    std::vector<Piece> m_pieces;
    bool m_pretty = false; ///< theirs was indented: so is the result
};

/// By field where all three are JSON objects without names met twice: objects inside are merged likewise,
/// fields that this program does not know stay as they are, token for token. Else by line.
Merge merge3(
    std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop = {});
Merge mergeLines(
    std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop = {});

} // namespace norikv::client
