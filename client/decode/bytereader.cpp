// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/bytereader.h"

#include <chrono>
#include <cstdio>

namespace norikv::client {

std::string hexOf(std::string_view bytes, std::size_t most)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        out += ' ';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return bytes.size() > most ? out + " …" : out;
}

std::optional<std::string> utcText(std::int64_t seconds, std::uint32_t nanoseconds)
{
    using namespace std::chrono;
    constexpr std::int64_t first = -62'135'596'800; // year 1
    constexpr std::int64_t last = 253'402'300'799; // year 9999
    if (seconds < first || seconds > last)
        return std::nullopt;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    std::string out = text;
    if (nanoseconds > 0) {
        std::snprintf(text, sizeof text, ".%09u", nanoseconds);
        out += text;
        out.erase(out.find_last_not_of('0') + 1);
    }
    return out + 'Z';
}

} // namespace norikv::client
