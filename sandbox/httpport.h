// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/address.h"
#include "sandbox/node.h"

#include <memory>

namespace norikv::sandbox {

/// The HTTP side port of one node (wire-contract 6): health, metrics and /kv. Runs on threads of its own.
class HttpPort {
public:
    /// Binds and serves. `node` must outlive the port.
    static Result<std::unique_ptr<HttpPort>> start(const Address& address, Node& node);
    ~HttpPort();

    int port() const;
    /// Takes no new connection; returns within about a second. Idempotent.
    void stop();

private:
    struct Impl;
    explicit HttpPort(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace norikv::sandbox
