// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/rfc3339.h"

#include <chrono>
#include <cstdio>

namespace norikv::client {

namespace {

/// Reads fixed-width pieces from the front; after a miss everything else misses too.
class Reader {
public:
    explicit Reader(std::string_view text)
        : m_text(text)
    {
    }

    int number(std::size_t digits)
    {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = next();
            if (c < '0' || c > '9')
                m_good = false;
            value = value * 10 + (c - '0');
        }
        return m_good ? value : 0;
    }
    void mark(char wanted) { m_good = next() == wanted && m_good; }
    char next()
    {
        if (m_text.empty()) {
            m_good = false;
            return '\0';
        }
        const char c = m_text.front();
        m_text.remove_prefix(1);
        return c;
    }
    bool startsWithDigit() const { return !m_text.empty() && m_text[0] >= '0' && m_text[0] <= '9'; }
    bool startsWith(char c) const { return m_text.starts_with(c); }
    bool finished() const { return m_good && m_text.empty(); }

private:
    std::string_view m_text;
    bool m_good = true;
};

} // namespace

std::optional<EpochMs> parseRfc3339(std::string_view text)
{
    using namespace std::chrono;
    Reader in(text);
    const year y(in.number(4));
    in.mark('-');
    const month mo(static_cast<unsigned>(in.number(2)));
    in.mark('-');
    const day d(static_cast<unsigned>(in.number(2)));
    if (const char t = in.next(); t != 'T' && t != 't' && t != ' ')
        return std::nullopt;
    const int h = in.number(2);
    in.mark(':');
    const int mi = in.number(2);
    in.mark(':');
    const int s = in.number(2);
    int milliseconds = 0;
    if (in.startsWith('.')) {
        in.next();
        if (!in.startsWithDigit())
            return std::nullopt;
        for (int scale = 100; in.startsWithDigit(); scale /= 10)
            milliseconds += (in.next() - '0') * scale;
    }
    int offset = 0;
    if (const char zone = in.next(); zone == '+' || zone == '-') {
        offset = in.number(2) * 60;
        in.mark(':');
        offset += in.number(2);
        offset = zone == '-' ? -offset : offset;
    } else if (zone != 'Z' && zone != 'z') {
        return std::nullopt;
    }
    const year_month_day date = y / mo / d;
    if (!in.finished() || !date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    const auto at = sys_days(date) + hours(h) + minutes(mi - offset) + seconds(s);
    return duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count() + milliseconds;
}

std::string formatRfc3339(EpochMs ms)
{
    using namespace std::chrono;
    const sys_time<milliseconds> at{milliseconds(ms)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    char text[48];
    const int length
        = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02lld:%02lld:%02lld", int(date.year()),
            unsigned(date.month()), unsigned(date.day()), static_cast<long long>(time.hours().count()),
            static_cast<long long>(time.minutes().count()), static_cast<long long>(time.seconds().count()));
    std::string out(text, static_cast<std::size_t>(length));
    if (const auto fraction = time.subseconds().count(); fraction != 0) {
        char digits[8];
        std::snprintf(digits, sizeof digits, ".%03d", static_cast<int>(fraction));
        out += digits;
        while (out.back() == '0')
            out.pop_back();
    }
    return out + "Z";
}

} // namespace norikv::client
