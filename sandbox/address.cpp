// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

namespace norikv::sandbox {

namespace {

bool isV6(const std::string& ip) { return ip.find(':') != std::string::npos; }

std::string join(const std::string& ip, int port)
{
    return (isV6(ip) ? '[' + ip + ']' : ip) + ':' + std::to_string(port);
}

bool validIp(const std::string& ip)
{
    in6_addr buffer{};
    return inet_pton(isV6(ip) ? AF_INET6 : AF_INET, ip.c_str(), &buffer) == 1;
}

socklen_t fill(sockaddr_storage& storage, const Address& address)
{
    if (isV6(address.ip)) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(address.port);
        inet_pton(AF_INET6, address.ip.c_str(), &v6.sin6_addr);
        std::memcpy(&storage, &v6, sizeof v6);
        return sizeof v6;
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    inet_pton(AF_INET, address.ip.c_str(), &v4.sin_addr);
    std::memcpy(&storage, &v4, sizeof v4);
    return sizeof v4;
}

} // namespace

Result<Address> Address::parse(const std::string& text)
{
    const auto wrong = [&text] {
        return tl::unexpected('"' + text + "\" is not an address; write IP:PORT, for example 127.0.0.1:7447");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) {
        return wrong();
    }
    Address address;
    address.ip = text.substr(0, colon);
    if (address.ip.size() > 2 && address.ip.front() == '[' && address.ip.back() == ']') {
        address.ip = address.ip.substr(1, address.ip.size() - 2);
    } else if (isV6(address.ip)) {
        return wrong();
    }
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (error != std::errc() || rest != end || !validIp(address.ip)) {
        return wrong();
    }
    return address;
}

bool Address::loopback() const { return ip == "::1" || ip.starts_with("127."); }

std::string Address::dialable(int boundPort) const
{
    if (ip == "0.0.0.0") {
        return join("127.0.0.1", boundPort);
    }
    return join(ip == "::" ? "::1" : ip, boundPort);
}

std::string Address::text() const { return join(ip, port); }

Result<void> checkFree(const Address& address)
{
    sockaddr_storage storage{};
    const socklen_t size = fill(storage, address);
    const int fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return tl::unexpected("Cannot open a socket for " + address.text() + ": " + std::strerror(errno));
    }
    const int yes = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const int bound = ::bind(fd, static_cast<const sockaddr*>(static_cast<const void*>(&storage)), size);
    const int error = errno;
    ::close(fd);
    if (bound == 0) {
        return {};
    }
    if (error == EADDRINUSE) {
        return tl::unexpected(
            address.text() + " is already in use; stop what listens there or choose another port");
    }
    return tl::unexpected("Cannot listen on " + address.text() + ": " + std::strerror(error));
}

} // namespace norikv::sandbox
