// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/tokenizer.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::string_view Further = "##";
constexpr std::size_t LongestWord = 400; // bytes; what is longer is no word but data
constexpr std::uint32_t Invalid = 0xFFFD;

/// The character at `at`, which moves behind it; a byte that begins none is U+FFFD.
std::uint32_t nextCharacter(std::string_view text, std::size_t& at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at++);
    if (lead < 0x80)
        return lead;
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
    if (more == 0 || lead > 0xF4 || at + more > text.size())
        return Invalid;
    std::uint32_t character = lead & (0x3FU >> more);
    for (std::size_t i = 0; i < more; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U)
            return Invalid;
        character = character << 6 | (byte(at + i) & 0x3FU);
    }
    at += more;
    return character;
}

void append(std::string& out, std::uint32_t character)
{
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xC0U | character >> 6);
        put(0x80U | (character & 0x3FU));
    } else if (character < 0x10000) {
        put(0xE0U | character >> 12);
        put(0x80U | (character >> 6 & 0x3FU));
        put(0x80U | (character & 0x3FU));
    } else {
        put(0xF0U | character >> 18);
        put(0x80U | (character >> 12 & 0x3FU));
        put(0x80U | (character >> 6 & 0x3FU));
        put(0x80U | (character & 0x3FU));
    }
}

} // namespace

Result<Tokenizer> Tokenizer::make(
    std::vector<std::string_view> pieces, std::vector<Range> ranges, std::vector<Fold> folds)
{
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].last < ranges[i].first || (i > 0 && ranges[i].first <= ranges[i - 1].last)
            || ranges[i].kind > Kind::Alone)
            return fail(ErrorKind::BadData, "its classes of characters are out of order");
    }
    for (std::size_t i = 0; i < folds.size(); ++i) {
        if (folds[i].count < 1 || folds[i].count > folds[i].to.size()
            || (i > 0 && folds[i].from <= folds[i - 1].from))
            return fail(ErrorKind::BadData, "its folded characters are out of order");
    }
    Tokenizer made;
    made.m_ranges = std::move(ranges);
    made.m_folds = std::move(folds);
    made.m_first.reserve(pieces.size());
    for (std::uint32_t i = 0; i < pieces.size(); ++i) {
        const bool further = pieces[i].size() > Further.size() && pieces[i].starts_with(Further);
        const auto piece = further ? pieces[i].substr(Further.size()) : pieces[i];
        (further ? made.m_further : made.m_first).emplace(piece, i);
        made.m_longest = std::max(made.m_longest, piece.size());
    }
    for (std::uint32_t character = 0; character < made.m_ascii.size(); ++character) {
        const auto after = std::ranges::upper_bound(made.m_ranges, character, {}, &Range::first);
        const bool inside = after != made.m_ranges.begin() && character <= std::prev(after)->last;
        made.m_ascii[character] = inside ? std::prev(after)->kind : Kind::Letter;
    }
    return made;
}

Tokenizer::Kind Tokenizer::kindOf(std::uint32_t character) const
{
    if (character < m_ascii.size())
        return m_ascii[character];
    const auto after = std::ranges::upper_bound(m_ranges, character, {}, &Range::first);
    const bool inside = after != m_ranges.begin() && character <= std::prev(after)->last;
    return inside ? std::prev(after)->kind : Kind::Letter;
}

void Tokenizer::fold(std::uint32_t character, std::string& word) const
{
    if (character < 0x80) {
        const bool upper = character >= 'A' && character <= 'Z';
        word += static_cast<char>(upper ? character + ('a' - 'A') : character);
        return;
    }
    const auto found = std::ranges::lower_bound(m_folds, character, {}, &Fold::from);
    if (found == m_folds.end() || found->from != character) {
        append(word, character);
        return;
    }
    for (std::uint32_t i = 0; i < found->count; ++i)
        append(word, found->to[i]);
}

void Tokenizer::cut(std::string_view word, std::vector<std::uint32_t>& out) const
{
    if (word.size() > LongestWord)
        return;
    const std::size_t before = out.size();
    std::size_t at = 0;
    while (at < word.size()) {
        const Vocabulary& vocabulary = at == 0 ? m_first : m_further;
        std::size_t length = std::min(m_longest, word.size() - at);
        auto found = vocabulary.end();
        while (length > 0 && (found = vocabulary.find(word.substr(at, length))) == vocabulary.end())
            --length;
        if (length == 0) {
            out.resize(before); // a word that cannot be cut to its end is not known at all
            return;
        }
        out.push_back(found->second);
        at += length;
    }
}

std::size_t Tokenizer::pieces(
    std::string_view text, std::size_t from, std::size_t enough, std::vector<std::uint32_t>& out) const
{
    std::string word;
    std::size_t at = from;
    while (at < text.size()) {
        if (word.empty() && at - from >= enough)
            return at;
        const std::uint32_t character = nextCharacter(text, at);
        const Kind kind = character == Invalid ? Kind::Drop : kindOf(character);
        if (kind == Kind::Letter) {
            if (word.size() <= LongestWord)
                fold(character, word);
            continue;
        }
        if (kind == Kind::Drop)
            continue;
        cut(word, out);
        word.clear();
        if (kind == Kind::Alone) {
            fold(character, word);
            cut(word, out);
            word.clear();
        }
    }
    cut(word, out);
    return at;
}

} // namespace norikv::client
