// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/binaryfile.h"
#include "client/embed/vectorfiles.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace norikv::client {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they stand in the file");

constexpr std::uint32_t MostDimensions = 4096; // wire-contract 5.2

tl::unexpected<Error> bad(std::uint64_t position, const std::string& why)
{
    return fail(ErrorKind::BadData, "vector " + std::to_string(position) + " " + why);
}

/// The first vector's length holds for all: they could not be in one index else, and a wrong one means that
/// the place is lost.
class FvecsReader final : public VectorReader {
public:
    FvecsReader(BinaryFile file, const VectorReadOptions& options)
        : m_file(std::move(file))
        , m_options(options)
    {
    }

    Result<void> begin()
    {
        if (m_file.size() == 0)
            return {};
        const auto length = readLength(1);
        if (!length)
            return tl::unexpected(length.error());
        m_dimensions = *length;
        m_next = std::min(m_options.after, m_file.size() / rowBytes());
        return m_file.moveTo(m_next * rowBytes());
    }

    Result<std::optional<VectorImportRow>> next() override
    {
        if (m_file.at() >= m_file.size())
            return std::optional<VectorImportRow>();
        const std::uint64_t position = m_next + 1;
        const auto length = readLength(position);
        if (!length)
            return tl::unexpected(length.error());
        if (*length != m_dimensions) {
            return bad(position,
                "says it has " + std::to_string(*length) + " numbers where the first has "
                    + std::to_string(m_dimensions));
        }
        VectorRow row{
            m_options.idPrefix + std::to_string(position), {}, {}, {}, std::vector<float>(m_dimensions)};
        m_buffer.resize(m_dimensions * sizeof(float));
        const auto some = m_file.read(m_buffer.data(), m_buffer.size());
        if (!some)
            return tl::unexpected(some.error());
        if (*some < m_buffer.size())
            return bad(position, "is cut off: the file ends in the middle of it");
        std::memcpy(row.vector.data(), m_buffer.data(), m_buffer.size());
        m_next = position;
        return VectorImportRow{position, usableRow(std::move(row)), {}};
    }
    VectorFormat format() const override { return VectorFormat::Fvecs; }
    std::uint64_t bytesRead() const override { return m_file.at(); }
    std::uint64_t fileSize() const override { return m_file.size(); }
    std::uint64_t rows() const override { return m_dimensions == 0 ? 0 : m_file.size() / rowBytes(); }

private:
    std::uint64_t rowBytes() const
    {
        return sizeof(std::int32_t) + std::uint64_t{m_dimensions} * sizeof(float);
    }

    Result<std::uint32_t> readLength(std::uint64_t position)
    {
        std::int32_t length = 0;
        char bytes[sizeof length] = {};
        const auto some = m_file.read(bytes, sizeof bytes);
        if (!some)
            return tl::unexpected(some.error());
        if (*some < sizeof bytes)
            return bad(position, "is cut off: the file ends in the middle of it");
        std::memcpy(&length, bytes, sizeof length);
        if (length < 1 || static_cast<std::uint32_t>(length) > MostDimensions) {
            return bad(position,
                "says it has " + std::to_string(length)
                    + " numbers; 1 to 4096 are possible, so this may be no fvecs");
        }
        return static_cast<std::uint32_t>(length);
    }

    BinaryFile m_file;
    const VectorReadOptions m_options;
    std::uint32_t m_dimensions = 0;
    std::uint64_t m_next = 0; ///< vectors read or passed over
    std::vector<char> m_buffer; ///< one vector
};

} // namespace

Result<std::unique_ptr<VectorReader>> openFvecs(const std::string& path, const VectorReadOptions& options)
{
    auto file = BinaryFile::open(path);
    if (!file)
        return tl::unexpected(file.error());
    auto reader = std::make_unique<FvecsReader>(std::move(*file), options);
    if (auto begun = reader->begin(); !begun)
        return tl::unexpected(begun.error());
    return reader;
}

} // namespace norikv::client
