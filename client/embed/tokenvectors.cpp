// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/tokenvectors.h"

#include "client/embeddedfiles.h"
#include "client/valuehash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace norikv::client {

namespace {

static_assert(std::endian::native == std::endian::little, "the table is read in place");

constexpr std::string_view Magic = "NVTOKEN1";
constexpr std::size_t HeaderBytes = 32;
constexpr std::size_t RangeBytes = 12;
constexpr std::size_t FoldBytes = 20;
constexpr std::uint32_t MostDimensions = 4096; // of an index (wire-contract 5.2)
constexpr std::size_t StopEvery = 64 * 1024; // bytes of text: some 10 ms

tl::unexpected<Error> damaged(const std::string& why)
{
    return fail(ErrorKind::BadData, "the table of word vectors is damaged: " + why);
}

/// Takes from the front of bytes whose number was checked before.
class Taker {
public:
    explicit Taker(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    template <class T> T number()
    {
        T value{};
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string_view take(std::size_t count)
    {
        const auto taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }

private:
    std::string_view m_bytes;
};

Result<std::vector<std::string_view>> readVocabulary(std::string_view bytes, std::size_t count)
{
    std::vector<std::string_view> pieces;
    pieces.reserve(count);
    while (!bytes.empty() && pieces.size() < count) {
        const auto length = static_cast<unsigned char>(bytes.front());
        if (length == 0 || length >= bytes.size())
            break;
        pieces.push_back(bytes.substr(1, length));
        bytes.remove_prefix(1U + length);
    }
    if (pieces.size() != count || !bytes.empty())
        return damaged("its vocabulary has not the " + std::to_string(count) + " pieces it names");
    return pieces;
}

} // namespace

TokenVectors::TokenVectors(std::string name, std::uint32_t dimensions, Tokenizer tokenizer,
    std::vector<float> scales, std::string_view table)
    : m_name(std::move(name))
    , m_dimensions(dimensions)
    , m_tokenizer(std::move(tokenizer))
    , m_scales(std::move(scales))
    , m_table(table)
{
}

Result<std::unique_ptr<TokenVectors>> TokenVectors::fromBytes(std::string_view bytes, std::string name)
{
    if (bytes.size() < HeaderBytes + sizeof(std::uint64_t))
        return damaged("it is only " + std::to_string(bytes.size()) + " bytes long");
    if (!bytes.starts_with(Magic))
        return damaged("it does not begin with " + std::string(Magic));
    Taker taker(bytes.substr(Magic.size()));
    const auto dimensions = taker.number<std::uint32_t>();
    const auto pieces = taker.number<std::uint32_t>();
    const auto ranges = taker.number<std::uint32_t>();
    const auto folds = taker.number<std::uint32_t>();
    const auto vocabularyBytes = taker.number<std::uint64_t>();
    if (dimensions < 1 || dimensions > MostDimensions || vocabularyBytes > bytes.size())
        return damaged("its header names impossible sizes");
    // Each term fits: at most 2^32 x 4100 and the like.
    const std::uint64_t expected = HeaderBytes + std::uint64_t{pieces} * (sizeof(float) + dimensions)
        + std::uint64_t{ranges} * RangeBytes + std::uint64_t{folds} * FoldBytes + vocabularyBytes
        + sizeof(std::uint64_t);
    if (expected != bytes.size())
        return damaged("it is " + std::to_string(bytes.size()) + " bytes long, and its header asks for "
            + std::to_string(expected));
    const auto hashed = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
    if (Taker(bytes.substr(hashed.size())).number<std::uint64_t>() != valueHash(hashed))
        return damaged("its checksum does not match");

    std::vector<float> scales(pieces);
    for (float& scale : scales) {
        scale = taker.number<float>();
        if (!std::isfinite(scale))
            return damaged("a scale is no number");
    }
    std::vector<Tokenizer::Range> rangeList(ranges);
    for (auto& range : rangeList) {
        range.first = taker.number<std::uint32_t>();
        range.last = taker.number<std::uint32_t>();
        range.kind
            = static_cast<Tokenizer::Kind>(std::min<std::uint32_t>(taker.number<std::uint32_t>(), 255));
    }
    std::vector<Tokenizer::Fold> foldList(folds);
    for (auto& fold : foldList) {
        fold.from = taker.number<std::uint32_t>();
        fold.count = taker.number<std::uint32_t>();
        for (auto& to : fold.to)
            to = taker.number<std::uint32_t>();
    }
    auto vocabulary = readVocabulary(taker.take(vocabularyBytes), pieces);
    if (!vocabulary)
        return tl::unexpected(vocabulary.error());
    auto tokenizer = Tokenizer::make(std::move(*vocabulary), std::move(rangeList), std::move(foldList));
    if (!tokenizer)
        return damaged(tokenizer.error().message);
    const auto table = taker.take(std::size_t{pieces} * dimensions);
    return std::unique_ptr<TokenVectors>(
        new TokenVectors(std::move(name), dimensions, std::move(*tokenizer), std::move(scales), table));
}

Result<std::vector<std::vector<float>>> TokenVectors::embed(
    std::span<const std::string> texts, const std::stop_token& stop)
{
    if (auto usable = checkTexts(texts); !usable)
        return tl::unexpected(usable.error());
    std::vector<std::vector<float>> vectors;
    vectors.reserve(texts.size());
    std::vector<std::uint32_t> pieces;
    for (const auto& text : texts) {
        std::vector<float> sum(m_dimensions, 0.0F);
        for (std::size_t at = 0; at < text.size();) {
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, "embedding was stopped");
            pieces.clear();
            at = m_tokenizer.pieces(text, at, StopEvery, pieces);
            for (const auto piece : pieces) {
                const char* row = m_table.data() + std::size_t{piece} * m_dimensions;
                const float scale = m_scales[piece];
                for (std::uint32_t i = 0; i < m_dimensions; ++i)
                    sum[i] += scale * static_cast<float>(static_cast<signed char>(row[i]));
            }
        }
        normalize(sum);
        if (std::ranges::all_of(sum, [](float value) { return value == 0; })) {
            return fail(ErrorKind::InvalidRequest,
                "text " + std::to_string(vectors.size() + 1) + " has no word that " + m_name + " knows");
        }
        vectors.push_back(std::move(sum));
    }
    return vectors;
}

Result<std::unique_ptr<TokenVectors>> makeBuiltInEmbedder()
{
    return TokenVectors::fromBytes(embeddedTokenVectors(), "Built in (English)");
}

} // namespace norikv::client
