// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clusterstate.h"
#include "client/profile.h"
#include "client/recorders.h"
#include "client/result.h"
#include "client/serverclock.h"
#include "client/store.h"

#include <memory>

namespace norikv::client {

/// One deployment, reached: the stack of stores and the cluster watcher, built in the right order and torn
/// down in the reverse one. Opening does not touch the network; the first call or stream dials.
class Connection {
public:
    /// `clock` and the recorders must outlive the connection. Fails on unusable settings only.
    static Result<std::unique_ptr<Connection>> open(
        const Profile& profile, const Clock& clock, const Recorders& recorders);
    /// The same stack over another wire, for tests and simulations; `wire` must outlive the connection too.
    static std::unique_ptr<Connection> over(
        Store& wire, const Profile& profile, const Clock& clock, const Recorders& recorders);
    ~Connection();

    Store& store();
    ClusterState& cluster();
    /// The server's time, as Scan, Watch and Stat told it last.
    const ServerClock& serverClock() const;
    const Profile& profile() const;

    GuardMode guardMode() const;
    void setGuardMode(GuardMode mode);
    /// Closes the connections to one node and dials again; nothing on another wire.
    void redial(std::size_t node);

private:
    struct Parts;
    explicit Connection(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace norikv::client
