// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bytes.h"

#include <array>
#include <cstdint>
#include <random>

namespace norikv::client {

namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0; ///< 0 = not well-formed here
};

CodePoint decode(std::string_view s)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead > 0xF4 || s.size() < length)
        return {};
    std::uint32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {};
        value = (value << 6) | (byte(i) & 0x3F);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {};
    return {value, length};
}

// Characters that would change how their neighbours read: controls, bidirectional overrides, zero-width
// marks.
bool hides(std::uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F)
        || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void appendEscaped(std::string& out, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        out += "\\x";
        out += digits[b >> 4];
        out += digits[b & 15];
    }
}

} // namespace

bool isUtf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const CodePoint point = decode(bytes);
        if (point.length == 0)
            return false;
        bytes.remove_prefix(point.length);
    }
    return true;
}

std::string printable(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const CodePoint point = decode(bytes);
        const std::string_view here = bytes.substr(0, point.length == 0 ? 1 : point.length);
        if (point.length == 0 || hides(point.value))
            appendEscaped(out, here);
        else if (point.value == '\\')
            out += "\\\\";
        else
            out += here;
        bytes.remove_prefix(here.size());
    }
    return out;
}

std::optional<Bytes> fromPrintable(std::string_view text)
{
    Bytes out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (i + 1 < text.size() && text[i + 1] == '\\') {
            out += '\\';
            i += 1;
            continue;
        }
        if (i + 3 >= text.size() || text[i + 1] != 'x')
            return std::nullopt;
        const int high = hexDigit(text[i + 2]);
        const int low = hexDigit(text[i + 3]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 3;
    }
    return out;
}

std::string randomUuid()
{
    thread_local std::mt19937_64 random{std::random_device{}()};
    std::array<unsigned char, 16> raw{};
    for (auto& b : raw)
        b = static_cast<unsigned char>(random() & 0xFF);
    raw[6] = static_cast<unsigned char>((raw[6] & 0x0F) | 0x40);
    raw[8] = static_cast<unsigned char>((raw[8] & 0x3F) | 0x80);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        out += digits[raw[i] >> 4];
        out += digits[raw[i] & 15];
    }
    return out;
}

} // namespace norikv::client
