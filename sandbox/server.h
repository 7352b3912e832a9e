// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "sandbox/config.h"
#include "sandbox/portfile.h"

#include <memory>
#include <string>
#include <vector>

namespace norikv::sandbox {

/// A running sandbox: store, nodes, ports. Can live in any process: it installs no signal handler and never
/// ends the process. Every method may be called from any thread unless it says otherwise.
class Server {
public:
    using Node = NodePorts;

    /// Opens the store and listens on everything, or says in one sentence what is in the way. Blocks for the
    /// time the store needs to open. `clock` must outlive the server.
    static Result<std::unique_ptr<Server>> start(const Config& config, const Clock& clock);
    ~Server();

    /// Where it listens, first node first. http 0 = the default port was busy, so there is none.
    const std::vector<Node>& nodes() const;
    /// What a starter may want to say, such as the HTTP port left out; one sentence each.
    const std::vector<std::string>& warnings() const;

    Quirks quirks() const;
    void setQuirks(const Quirks& quirks);
    /// Drops the expiry of every key under the prefix; returns how many. Blocks until it is on disk.
    Result<std::uint64_t> flushTtl(const std::string& prefix);
    /// The injected clock was moved by hand: what has expired goes now, not at the next look.
    void pokeClock();

    /// Whether every vector is in its graph; until then they are searched exactly.
    bool vectorsIndexed() const;

    /// Ends streams and calls, answers the writes that wait, closes the store; at most about a second.
    /// Idempotent, but not from two threads at once. The destructor does it too.
    void shutdown();

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace norikv::sandbox
