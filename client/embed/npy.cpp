// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's format: the magic, two bytes of version, the header's length (two bytes in version 1, four later),
// the header, which is the text of a Python dictionary, and the numbers without gaps.
#include "client/embed/binaryfile.h"
#include "client/embed/vectorfiles.h"

#include "client/bytes.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace norikv::client {

namespace {

constexpr std::size_t LongestHeader = 64 * 1024;
constexpr std::uint64_t MostDimensions = 4096; // wire-contract 5.2

tl::unexpected<Error> bad(const std::string& why) { return fail(ErrorKind::BadData, why); }

struct NpyHeader {
    std::string type; ///< "<f4"
    bool fortranOrder = false;
    std::vector<std::uint64_t> shape;
};

/// The few literals of Python that a header is made of, one after the other.
class Literals {
public:
    explicit Literals(std::string_view text)
        : m_text(text)
    {
    }
    bool take(char c)
    {
        skipSpace();
        if (!m_text.starts_with(c))
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (!m_text.starts_with(word))
            return false;
        m_text.remove_prefix(word.size());
        return true;
    }
    std::optional<std::string> string()
    {
        skipSpace();
        if (m_text.empty() || (m_text.front() != '\'' && m_text.front() != '"'))
            return std::nullopt;
        const auto end = m_text.find(m_text.front(), 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string text(m_text.substr(1, end - 1));
        m_text.remove_prefix(end + 1);
        return text;
    }
    std::optional<std::vector<std::uint64_t>> tuple()
    {
        std::vector<std::uint64_t> numbers;
        if (!take('('))
            return std::nullopt;
        while (!take(')')) {
            skipSpace();
            std::uint64_t number = 0;
            const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), number);
            if (error != std::errc())
                return std::nullopt;
            m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
            numbers.push_back(number);
            (void)takeWord("L"); // of Python 2
            if (take(','))
                continue;
            return take(')') ? std::optional(numbers) : std::nullopt;
        }
        return numbers;
    }

private:
    void skipSpace() { m_text.remove_prefix(std::min(m_text.find_first_not_of(" \t\n"), m_text.size())); }

    std::string_view m_text;
};

Result<NpyHeader> parseHeader(std::string_view text)
{
    Literals literals(text);
    NpyHeader header;
    bool type = false, order = false, shape = false;
    if (!literals.take('{'))
        return bad("its header is not a Python dictionary");
    while (!literals.take('}')) {
        const auto key = literals.string();
        if (!key || !literals.take(':'))
            return bad("its header is not a Python dictionary");
        if (*key == "descr") {
            const auto value = literals.string();
            if (!value)
                return bad("it holds records, not plain numbers");
            header.type = *value;
            type = true;
        } else if (*key == "fortran_order") {
            header.fortranOrder = literals.takeWord("True");
            order = header.fortranOrder || literals.takeWord("False");
        } else if (*key == "shape") {
            const auto value = literals.tuple();
            if (!value)
                return bad("its shape is not a tuple of whole numbers");
            header.shape = *value;
            shape = true;
        } else {
            return bad("its header has an unknown entry \"" + printable(key->substr(0, 40)) + "\"");
        }
        (void)literals.take(',');
    }
    if (!type || !order || !shape)
        return bad("its header does not tell type, order and shape");
    return header;
}

template <class Wire, class Number> float numberAt(const char* bytes, bool swapped)
{
    Wire raw{};
    std::memcpy(&raw, bytes, sizeof raw);
    if (swapped) {
        if constexpr (sizeof raw == 4)
            raw = __builtin_bswap32(raw);
        else
            raw = __builtin_bswap64(raw);
    }
    return static_cast<float>(std::bit_cast<Number>(raw));
}

class NpyReader final : public VectorReader {
public:
    NpyReader(BinaryFile file, std::uint64_t rows, std::uint64_t columns, bool doubles, bool swapped,
        const VectorReadOptions& options)
        : m_file(std::move(file))
        , m_rows(rows)
        , m_columns(columns)
        , m_doubles(doubles)
        , m_swapped(swapped)
        , m_idPrefix(options.idPrefix)
        , m_next(std::min(options.after, rows))
        , m_buffer(columns * (doubles ? 8 : 4))
    {
    }

    Result<void> begin() { return m_file.moveTo(m_file.at() + m_next * m_buffer.size()); }

    Result<std::optional<VectorImportRow>> next() override
    {
        if (m_next == m_rows)
            return std::optional<VectorImportRow>();
        const auto some = m_file.read(m_buffer.data(), m_buffer.size());
        if (!some)
            return tl::unexpected(some.error());
        const std::uint64_t position = ++m_next;
        if (*some < m_buffer.size())
            return bad("vector " + std::to_string(position) + " is cut off: the file grew shorter");
        VectorRow row{m_idPrefix + std::to_string(position), {}, {}, {}, std::vector<float>(m_columns)};
        for (std::size_t i = 0; i < m_columns; ++i) {
            row.vector[i] = m_doubles ? numberAt<std::uint64_t, double>(m_buffer.data() + i * 8, m_swapped)
                                      : numberAt<std::uint32_t, float>(m_buffer.data() + i * 4, m_swapped);
        }
        return VectorImportRow{position, usableRow(std::move(row)), {}};
    }
    VectorFormat format() const override { return VectorFormat::Npy; }
    std::uint64_t bytesRead() const override { return m_file.at(); }
    std::uint64_t fileSize() const override { return m_file.size(); }
    std::uint64_t rows() const override { return m_rows; }

private:
    BinaryFile m_file;
    const std::uint64_t m_rows;
    const std::uint64_t m_columns;
    const bool m_doubles;
    const bool m_swapped;
    const std::string m_idPrefix;
    std::uint64_t m_next; ///< rows read or passed over
    std::vector<char> m_buffer; ///< one row
};

Result<std::string> readHeader(BinaryFile& file)
{
    char head[12] = {};
    const auto read = file.read(head, NpyMagic.size() + 4);
    if (!read)
        return tl::unexpected(read.error());
    if (*read < NpyMagic.size() + 4 || !std::string_view(head, sizeof head).starts_with(NpyMagic))
        return bad("it is no NumPy file: it does not begin with \\x93NUMPY");
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
    const unsigned version = byte(6);
    std::size_t length = byte(8) | std::size_t{byte(9)} << 8;
    if (version < 1 || version > 3)
        return bad(
            "it is of version " + std::to_string(version) + " of the NumPy format; 1 to 3 can be read");
    if (version > 1) {
        const auto more = file.read(head + 10, 2);
        if (!more)
            return tl::unexpected(more.error());
        length |= std::size_t{byte(10)} << 16 | std::size_t{byte(11)} << 24;
    }
    if (length > LongestHeader || length > file.size() - file.at())
        return bad("its header claims " + std::to_string(length) + " bytes");
    std::string header(length, ' ');
    const auto rest = file.read(header.data(), length);
    if (!rest)
        return tl::unexpected(rest.error());
    if (*rest < length)
        return bad("its header is cut off");
    return header;
}

} // namespace

Result<std::unique_ptr<VectorReader>> openNpy(const std::string& path, const VectorReadOptions& options)
{
    auto file = BinaryFile::open(path);
    if (!file)
        return tl::unexpected(file.error());
    const auto text = readHeader(*file);
    if (!text)
        return tl::unexpected(text.error());
    const auto header = parseHeader(*text);
    if (!header)
        return tl::unexpected(header.error());
    const std::string& type = header->type;
    const bool little = type == "<f4" || type == "<f8";
    const bool big = type == ">f4" || type == ">f8";
    if (!little && !big) {
        return bad("it holds numbers of the type " + printable(type.substr(0, 40))
            + "; float32 and float64 (<f4 >f4 <f8 >f8) can be read");
    }
    if (header->shape.size() != 2) {
        return bad("it has " + std::to_string(header->shape.size())
            + " dimensions; vectors are the rows of a table, which has 2");
    }
    if (header->fortranOrder)
        return bad("its numbers are in Fortran order; save it with numpy.ascontiguousarray()");
    const std::uint64_t rows = header->shape[0];
    const std::uint64_t columns = header->shape[1];
    if (columns < 1 || columns > MostDimensions)
        return bad("its vectors have " + std::to_string(columns) + " numbers; 1 to 4096 are possible");
    const std::uint64_t there = file->size() - file->at();
    const std::uint64_t rowBytes = columns * (type.ends_with('8') ? 8 : 4);
    if (rows > there / rowBytes || rows * rowBytes != there) {
        return bad("its header tells of " + std::to_string(rows) + " vectors of " + std::to_string(rowBytes)
            + " bytes, but " + std::to_string(there) + " bytes follow it");
    }
    const bool swapped = big == (std::endian::native == std::endian::little);
    auto reader
        = std::make_unique<NpyReader>(std::move(*file), rows, columns, type.ends_with('8'), swapped, options);
    if (auto begun = reader->begin(); !begun)
        return tl::unexpected(begun.error());
    return reader;
}

} // namespace norikv::client
