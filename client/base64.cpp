// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/base64.h"

#include <array>
#include <cstdint>

namespace norikv::client {

namespace {

constexpr std::string_view Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t NoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> inverse()
{
    std::array<std::uint8_t, 256> out{};
    out.fill(NoDigit);
    for (std::size_t i = 0; i < Digits.size(); ++i)
        out[static_cast<unsigned char>(Digits[i])] = static_cast<std::uint8_t>(i);
    return out;
}

constexpr auto Inverse = inverse();

} // namespace

std::string base64(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t block = 0;
        for (std::size_t j = 0; j < 3; ++j)
            block = (block << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j > bytes.size() ? '=' : Digits[(block >> (18 - 6 * j)) & 63];
    }
    return out;
}

std::optional<Bytes> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    Bytes out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t block = 0;
    for (std::size_t i = 0; i < text.size() - padding; ++i) {
        const std::uint8_t digit = Inverse[static_cast<unsigned char>(text[i])];
        if (digit == NoDigit)
            return std::nullopt;
        block = (block << 6) | digit;
        if (i % 4 != 3)
            continue;
        for (const int shift : {16, 8, 0})
            out += static_cast<char>((block >> shift) & 0xFF);
        block = 0;
    }
    if (padding == 1)
        block <<= 6;
    if (padding == 2)
        block <<= 12;
    if (padding >= 1)
        out += static_cast<char>((block >> 16) & 0xFF);
    if (padding == 1)
        out += static_cast<char>((block >> 8) & 0xFF);
    return out;
}

} // namespace norikv::client
