// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/msgpack.h"

#include "client/decode/bytereader.h"
#include "client/decode/json.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <vector>

namespace norikv::client {

namespace {

/// Reads one document; writes it too unless nobody wants the text.
class Reader {
public:
    Reader(std::string_view value, const MsgpackLimits& limits, bool write)
        : m_in(value)
        , m_limits(limits)
        , m_write(write)
    {
    }

    Result<std::string> run(const std::stop_token& stop)
    {
        std::size_t round = 0;
        do {
            if (++round % 4096 == 0 && stop.stop_requested())
                return fail(ErrorKind::Cancelled, "stopped");
            closeFull();
            if (!m_open.empty())
                beforeItem();
            if (!item())
                return tl::unexpected(m_error);
            if (m_out.size() > m_limits.bytes)
                return fail(ErrorKind::TooLarge,
                    "as text it would be over " + std::to_string(m_limits.bytes / (1024 * 1024)) + " MB");
            closeFull();
        } while (!m_open.empty());
        if (!m_in.atEnd()) {
            refuse(ErrorKind::BadData, std::to_string(m_in.left()) + " bytes follow the value");
            return tl::unexpected(m_error);
        }
        return std::move(m_out);
    }

private:
    struct Container {
        std::uint64_t left = 0; ///< items still to come; a pair of a map is two
        bool map = false;
        bool first = true;
    };

    bool refuse(ErrorKind kind, const std::string& what)
    {
        m_error = {kind, what + " (byte " + std::to_string(m_in.at()) + ")", {}};
        return false;
    }
    bool cut() { return refuse(ErrorKind::BadData, "it ends in the middle"); }
    void put(std::string_view text)
    {
        if (m_write)
            m_out += text;
    }
    void newline()
    {
        if (m_write)
            m_out.append(1, '\n').append(m_open.size() * 2, ' ');
    }
    void closeFull()
    {
        while (!m_open.empty() && m_open.back().left == 0) {
            const Container closed = m_open.back();
            m_open.pop_back();
            if (!closed.first)
                newline();
            put(closed.map ? "}" : "]");
        }
    }
    void beforeItem()
    {
        auto& in = m_open.back();
        if (in.map && in.left % 2 == 1) {
            put(": ");
        } else {
            if (!in.first)
                put(",");
            newline();
        }
        in.first = false;
        --in.left;
    }
    bool open(std::uint64_t count, bool map)
    {
        if (m_open.size() >= m_limits.depth)
            return refuse(
                ErrorKind::TooLarge, "nested deeper than " + std::to_string(m_limits.depth) + " levels");
        // Every item takes a byte at least: a count beyond that is a lie that need not be followed.
        if (count * (map ? 2 : 1) > m_in.left())
            return cut();
        m_open.push_back({count * (map ? 2 : 1), map});
        put(map ? "{" : "[");
        return true;
    }
    bool number(std::int64_t value)
    {
        put(std::to_string(value));
        return true;
    }
    bool real(double value, bool isFloat)
    {
        char text[40];
        const auto end = isFloat ? std::to_chars(text, text + sizeof text, static_cast<float>(value))
                                 : std::to_chars(text, text + sizeof text, value);
        put(std::string_view(text, end.ptr));
        return true;
    }
    bool string(std::uint64_t size)
    {
        const auto text = m_in.take(size);
        if (!text)
            return cut();
        put(isUtf8(*text) ? quoteJson(*text) : '"' + printable(*text) + '"');
        return true;
    }
    bool binary(std::uint64_t size)
    {
        const auto bytes = m_in.take(size);
        if (!bytes)
            return cut();
        put("bin(" + std::to_string(size) + ")" + hexOf(*bytes));
        return true;
    }
    bool extension(std::uint64_t size)
    {
        const auto type = m_in.unsignedOf(1);
        const auto bytes = type ? m_in.take(size) : std::nullopt;
        if (!bytes)
            return cut();
        const int kind = static_cast<std::int8_t>(*type);
        if (const auto time = kind == -1 ? timestamp(*bytes) : std::nullopt)
            put("timestamp(" + *time + ")");
        else
            put("ext(" + std::to_string(kind) + ", " + std::to_string(size) + ")" + hexOf(*bytes));
        return true;
    }
    static std::optional<std::string> timestamp(std::string_view bytes)
    {
        ByteReader in(bytes);
        std::int64_t seconds = 0;
        std::uint64_t nanos = 0;
        if (bytes.size() == 4) {
            seconds = static_cast<std::int64_t>(*in.unsignedOf(4));
        } else if (bytes.size() == 8) {
            const std::uint64_t both = *in.unsignedOf(8);
            nanos = both >> 34;
            seconds = static_cast<std::int64_t>(both & 0x3'FFFF'FFFFU);
        } else if (bytes.size() == 12) {
            nanos = *in.unsignedOf(4);
            seconds = static_cast<std::int64_t>(*in.unsignedOf(8));
        } else {
            return std::nullopt;
        }
        return nanos < 1'000'000'000 ? utcText(seconds, static_cast<std::uint32_t>(nanos)) : std::nullopt;
    }

    bool sized(std::size_t width, bool (Reader::*read)(std::uint64_t))
    {
        const auto size = m_in.unsignedOf(width);
        return size ? (this->*read)(*size) : cut();
    }
    bool array(std::uint64_t count) { return open(count, false); }
    bool map(std::uint64_t count) { return open(count, true); }

    bool item()
    {
        const auto lead = m_in.unsignedOf(1);
        if (!lead)
            return cut();
        const auto b = static_cast<unsigned>(*lead);
        if (b <= 0x7F)
            return number(b);
        if (b >= 0xE0)
            return number(static_cast<std::int8_t>(b));
        if (b <= 0x8F)
            return map(b & 15);
        if (b <= 0x9F)
            return array(b & 15);
        if (b <= 0xBF)
            return string(b & 31);
        return typed(b);
    }
    bool typed(unsigned b)
    {
        switch (b) {
        case 0xC0:
            put("null");
            return true;
        case 0xC2:
        case 0xC3:
            put(b == 0xC2 ? "false" : "true");
            return true;
        case 0xC4:
        case 0xC5:
        case 0xC6:
            return sized(1U << (b - 0xC4), &Reader::binary);
        case 0xC7:
        case 0xC8:
        case 0xC9:
            return sized(1U << (b - 0xC7), &Reader::extension);
        case 0xCA:
        case 0xCB: {
            const auto bits = m_in.unsignedOf(b == 0xCA ? 4 : 8);
            if (!bits)
                return cut();
            return b == 0xCA ? real(std::bit_cast<float>(static_cast<std::uint32_t>(*bits)), true)
                             : real(std::bit_cast<double>(*bits), false);
        }
        case 0xCC:
        case 0xCD:
        case 0xCE:
        case 0xCF: {
            const auto value = m_in.unsignedOf(1U << (b - 0xCC));
            if (!value)
                return cut();
            put(std::to_string(*value));
            return true;
        }
        case 0xD0:
        case 0xD1:
        case 0xD2:
        case 0xD3: {
            const auto value = m_in.signedOf(1U << (b - 0xD0));
            return value ? number(*value) : cut();
        }
        case 0xD4:
        case 0xD5:
        case 0xD6:
        case 0xD7:
        case 0xD8:
            return extension(1U << (b - 0xD4));
        case 0xD9:
        case 0xDA:
        case 0xDB:
            return sized(1U << (b - 0xD9), &Reader::string);
        case 0xDC:
        case 0xDD:
            return sized(b == 0xDC ? 2 : 4, &Reader::array);
        case 0xDE:
        case 0xDF:
            return sized(b == 0xDE ? 2 : 4, &Reader::map);
        default:
            return refuse(ErrorKind::BadData, "a byte that MessagePack never uses");
        }
    }

    ByteReader m_in;
    MsgpackLimits m_limits;
    bool m_write;
    std::vector<Container> m_open;
    std::string m_out;
    Error m_error;
};

} // namespace

Result<std::string> msgpackToText(
    std::string_view value, const MsgpackLimits& limits, const std::stop_token& stop)
{
    return Reader(value, limits, true).run(stop);
}

bool isMessagePack(std::string_view value)
{
    if (value.empty())
        return false;
    const auto b = static_cast<unsigned char>(value[0]);
    const bool container = (b >= 0x81 && b <= 0x9F && b != 0x90) || (b >= 0xDC && b <= 0xDF);
    return container && Reader(value, {}, false).run({});
}

} // namespace norikv::client
