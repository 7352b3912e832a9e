// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/literals.h"

#include <algorithm>
#include <cstdint>

namespace norikv::client {

namespace {

constexpr std::string_view Lower = "0123456789abcdef";
constexpr std::string_view Upper = "0123456789ABCDEF";

std::string hex(std::uint32_t number, int digits)
{
    std::string out;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += Lower[(number >> shift) & 15];
    return out;
}

std::string octal(unsigned char byte)
{
    return {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + ((byte >> 3) & 7)),
        static_cast<char>('0' + (byte & 7))};
}

bool isPlain(unsigned char c) { return c >= 0x20 && c < 0x7F; }

/// The code point that begins at `text`, which is valid UTF-8, and its length.
std::uint32_t codePoint(std::string_view text, std::size_t& length)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    std::uint32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return value;
}

std::string escapedUnit(Language language, std::uint32_t c)
{
    if (language == Language::Python)
        return c <= 0xFF ? "\\x" + hex(c, 2) : c <= 0xFFFF ? "\\u" + hex(c, 4) : "\\U" + hex(c, 8);
    // Java turns \u into its character before it reads the literal: a quote or a line end written so would
    // end it.
    if (language == Language::Java && c < 0x80)
        return octal(static_cast<unsigned char>(c));
    if (c <= 0xFFFF)
        return "\\u" + hex(c, 4);
    return "\\u" + hex(0xD800 + ((c - 0x10000) >> 10), 4) + "\\u" + hex(0xDC00 + ((c - 0x10000) & 0x3FF), 4);
}

std::string quotedBytes(std::string_view bytes)
{
    std::string out = "\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (isPlain(byte))
            out += c;
        else
            out += "\\x" + hex(byte, 2);
    }
    return out + '"';
}

std::string hexOf(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
        out += hex(static_cast<unsigned char>(c), 2);
    return out;
}

} // namespace

std::string_view name(Language language)
{
    switch (language) {
    case Language::TypeScript:
        return "TypeScript";
    case Language::Python:
        return "Python";
    case Language::Go:
        return "Go";
    case Language::Java:
        return "Java";
    case Language::Grpcurl:
        return "grpcurl";
    case Language::Curl:
        break;
    }
    return "curl";
}

std::string stringLiteral(Language language, std::string_view text)
{
    if (language == Language::Go)
        return quotedBytes(text);
    std::string out = "\"";
    while (!text.empty()) {
        std::size_t length = 1;
        const std::uint32_t c = codePoint(text, length);
        if (c == '"' || c == '\\')
            (out += '\\') += static_cast<char>(c);
        else if (c < 0x80 && isPlain(static_cast<unsigned char>(c)))
            out += static_cast<char>(c);
        else
            out += escapedUnit(language, c);
        text.remove_prefix(std::min(length, text.size()));
    }
    return out + '"';
}

std::string bytesLiteral(Language language, std::string_view bytes)
{
    const bool text = isUtf8(bytes);
    switch (language) {
    case Language::TypeScript:
        return text ? stringLiteral(language, bytes) : "Buffer.from(\"" + hexOf(bytes) + "\", \"hex\")";
    case Language::Python:
        return text ? stringLiteral(language, bytes) : "b" + quotedBytes(bytes);
    case Language::Go:
        return "[]byte(" + quotedBytes(bytes) + ")";
    case Language::Java:
        return text ? stringLiteral(language, bytes) + ".getBytes(UTF_8)"
                    : "HexFormat.of().parseHex(\"" + hexOf(bytes) + "\")";
    case Language::Grpcurl:
    case Language::Curl:
        break;
    }
    return printfFormat(bytes);
}

std::string shellQuoted(std::string_view text)
{
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_./:,=@%+").find(c) != std::string_view::npos;
    });
    if (plain)
        return std::string(text);
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

std::string printfFormat(std::string_view bytes)
{
    std::string out = "'";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%')
            out += "%%";
        else if (c == '\\')
            out += "\\\\";
        else if (!isPlain(byte) || c == '\'' || (c == '-' && i == 0))
            out += octal(byte);
        else
            out += c;
    }
    return out + '\'';
}

std::string percentEncoded(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        out += '%';
        out += Upper[b >> 4];
        out += Upper[b & 15];
    }
    return out;
}

} // namespace norikv::client
