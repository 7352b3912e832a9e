// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/target.h"

#include "client/bytes.h"

#include <algorithm>
#include <charconv>

namespace norikv::client {

namespace {

constexpr std::string_view Scheme = "norikv://";

tl::unexpected<Error> bad(std::string_view piece, std::string_view why)
{
    return fail(ErrorKind::InvalidRequest,
        "\"" + printable(piece) + "\" is not an address: " + std::string(why)
            + ". Write host:port, for example 127.0.0.1:7447");
}

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'
        || c == '_';
}

Result<std::string> parseOne(std::string_view piece)
{
    std::string_view host = piece;
    std::string_view port = "7447";
    if (piece.starts_with('[')) {
        const auto end = piece.find(']');
        if (end == std::string_view::npos)
            return bad(piece, "the [ has no ]");
        host = piece.substr(0, end + 1);
        if (end == 1)
            return bad(piece, "the host is missing");
        if (!std::ranges::all_of(
                host.substr(1, host.size() - 2), [](char c) { return isHostCharacter(c) || c == ':'; }))
            return bad(piece, "the host has characters that no host name has");
        const auto rest = piece.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':'))
            return bad(piece, "only :port may follow the ]");
        if (!rest.empty())
            port = rest.substr(1);
    } else {
        const auto colon = piece.rfind(':');
        if (colon != std::string_view::npos) {
            host = piece.substr(0, colon);
            port = piece.substr(colon + 1);
        }
        if (host.empty())
            return bad(piece, "the host is missing");
        if (!std::ranges::all_of(host, isHostCharacter))
            return bad(piece, "the host has characters that no host name has");
    }
    int number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535)
        return bad(piece, "the port must be a number from 1 to 65535");
    return std::string(host) + ":" + std::to_string(number);
}

} // namespace

Result<std::vector<std::string>> parseSeeds(std::string_view target)
{
    std::string_view rest = target;
    if (rest.starts_with(Scheme))
        rest.remove_prefix(Scheme.size());
    else if (rest.find("://") != std::string_view::npos)
        return bad(target, "only the scheme norikv:// is known");
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    std::vector<std::string> seeds;
    while (true) {
        const auto comma = rest.find(',');
        const auto seed = parseOne(rest.substr(0, comma));
        if (!seed)
            return tl::unexpected(seed.error());
        if (std::ranges::find(seeds, *seed) == seeds.end())
            seeds.push_back(*seed);
        if (comma == std::string_view::npos)
            return seeds;
        rest.remove_prefix(comma + 1);
    }
}

bool isLoopback(const std::vector<std::string>& addresses)
{
    return std::ranges::all_of(addresses, [](const std::string& a) {
        // A name such as 127.0.0.1.example.com is not an address of this machine.
        const std::string_view host = std::string_view(a).substr(0, a.rfind(':'));
        const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
        return (digits && host.starts_with("127.")) || host == "localhost" || host == "[::1]";
    });
}

} // namespace norikv::client
