// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/storage.h"

#include <cstdint>
#include <string>

namespace norikv::sandbox {

/// A literal IP address and port, as norikv-server takes it; no host names. Port 0 = any free one.
struct Address {
    std::string ip;
    std::uint16_t port = 0;

    /// `127.0.0.1:7447` or `[::1]:7447`; the error names the text.
    static Result<Address> parse(const std::string& text);
    bool loopback() const;
    /// Something a client can dial: an unspecified address becomes the loopback one.
    std::string dialable(int boundPort) const;
    std::string text() const;
};

/// A sentence when something already listens there. Asked before gRPC is, whose own report is a log line.
Result<void> checkFree(const Address& address);

} // namespace norikv::sandbox
