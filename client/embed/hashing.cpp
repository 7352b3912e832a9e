// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/hashing.h"

#include "client/valuehash.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr float OfWord = 1.0F;
constexpr float OfPiece = 0.4F; ///< a word of five letters has five pieces: together twice the word
constexpr std::size_t PieceBytes = 3;

/// Letters and digits of ASCII in lower case, and every byte beyond it.
bool takeInto(std::string& word, char c)
{
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept
        = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept)
        word += static_cast<char>(upper ? c + ('a' - 'A') : c);
    return kept;
}

void add(std::vector<float>& vector, std::string_view feature, float weight)
{
    const std::uint64_t hash = valueHash(feature);
    vector[hash % vector.size()] += (hash >> 63) != 0 ? weight : -weight;
}

void addWord(std::vector<float>& vector, const std::string& word)
{
    if (word.empty())
        return;
    add(vector, word, OfWord);
    const std::string framed = "<" + word + ">"; // so that beginnings and ends are told from middles
    for (std::size_t i = 0; i + PieceBytes <= framed.size(); ++i)
        add(vector, std::string_view(framed).substr(i, PieceBytes), OfPiece);
}

} // namespace

Result<std::vector<std::vector<float>>> HashingEmbedder::embed(
    std::span<const std::string> texts, const std::stop_token& stop)
{
    if (auto usable = checkTexts(texts); !usable)
        return tl::unexpected(usable.error());
    std::vector<std::vector<float>> vectors;
    vectors.reserve(texts.size());
    for (const auto& text : texts) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, "embedding was stopped");
        std::vector<float> vector(m_dimensions, 0.0F);
        std::string word;
        for (const char c : text) {
            if (!takeInto(word, c)) {
                addWord(vector, word);
                word.clear();
            }
        }
        addWord(vector, word);
        normalize(vector);
        if (std::ranges::all_of(vector, [](float value) { return value == 0; }))
            return fail(ErrorKind::InvalidRequest,
                "text " + std::to_string(vectors.size() + 1) + " has no word in it");
        vectors.push_back(std::move(vector));
    }
    return vectors;
}

} // namespace norikv::client
