// SPDX-License-Identifier: GPL-3.0-or-later
// The file that holds a table of vectors, all numbers little endian:
//   8 bytes "NVTOKEN1"; u32 dimensions, pieces, ranges, folds; u64 bytes of the vocabulary
//   f32 scale of each piece
//   ranges of characters: u32 first, last, kind          (Tokenizer::Range)
//   folded characters: u32 from, count, to[3]            (Tokenizer::Fold)
//   vocabulary: a length byte and the bytes of each piece
//   i8 vectors, piece by piece
//   u64 XXH3 of everything before
#pragma once

#include "client/embed/embedder.h"
#include "client/embed/tokenizer.h"

#include <memory>

namespace norikv::client {

/// A static model: each piece of a text has one vector of a table, and the text has their sum, brought to
/// length 1. How much a piece counts is in the length of its vector: rare ones count more. No network, no
/// model to run: some 5 MB of text a second. resources/embedder/README.md has its quality and its making.
class TokenVectors final : public Embedder {
public:
    /// `bytes` must outlive the embedder; they are not copied. BadData where they are damaged, with the
    /// reason.
    static Result<std::unique_ptr<TokenVectors>> fromBytes(std::string_view bytes, std::string name);

    std::string name() const override { return m_name; }
    std::uint32_t dimensions() const override { return m_dimensions; }
    /// Also InvalidRequest for a text without a single known piece: it has no direction.
    Result<std::vector<std::vector<float>>> embed(
        std::span<const std::string> texts, const std::stop_token& stop) override;

private:
    TokenVectors(std::string name, std::uint32_t dimensions, Tokenizer tokenizer, std::vector<float> scales,
        std::string_view table);

    const std::string m_name;
    const std::uint32_t m_dimensions;
    const Tokenizer m_tokenizer;
    const std::vector<float> m_scales;
    const std::string_view m_table;
};

/// The embedder that every program of ours brings along (English). Fails only where the program itself is
/// damaged.
Result<std::unique_ptr<TokenVectors>> makeBuiltInEmbedder();

} // namespace norikv::client
