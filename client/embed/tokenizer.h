// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace norikv::client {

/// Cuts text into the pieces of a fixed vocabulary, as uncased BERT models do (WordPiece): fold to lower case
/// without accents, cut at white space and punctuation, then take the longest known piece again and again.
/// What no piece fits is left out. Immutable once made, so safe to use from any thread.
class Tokenizer {
public:
    /// What a character is besides a part of a word.
    enum class Kind : std::uint8_t {
        Letter,
        Space,
        Drop, ///< control characters and marks that combine
        Alone, ///< a word of its own: punctuation, ideographs
    };
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        Kind kind = Kind::Letter;
    };
    /// A character and the one to three that stand for it.
    struct Fold {
        std::uint32_t from = 0;
        std::uint32_t count = 0;
        std::array<std::uint32_t, 3> to{};
    };

    /// `pieces` must outlive the tokenizer; those that continue a word begin with `##`. Ranges and folds in
    /// ascending order, without overlap; else BadData.
    static Result<Tokenizer> make(
        std::vector<std::string_view> pieces, std::vector<Range> ranges, std::vector<Fold> folds);

    /// Positions in the vocabulary, appended to `out`, of the text from byte `from` on; ends at the next
    /// border of words after `enough` bytes and says where, so that a caller can stop in between. Bytes that
    /// are no UTF-8 are left out.
    std::size_t pieces(
        std::string_view text, std::size_t from, std::size_t enough, std::vector<std::uint32_t>& out) const;

private:
    using Vocabulary = std::unordered_map<std::string_view, std::uint32_t>;

    Kind kindOf(std::uint32_t character) const;
    void fold(std::uint32_t character, std::string& word) const;
    void cut(std::string_view word, std::vector<std::uint32_t>& out) const;

    Vocabulary m_first;
    Vocabulary m_further; ///< without their ##
    std::size_t m_longest = 0; ///< bytes
    std::vector<Range> m_ranges;
    std::vector<Fold> m_folds;
    std::array<Kind, 128> m_ascii{}; ///< kindOf() of the most frequent ones
};

} // namespace norikv::client
