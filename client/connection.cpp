// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/connection.h"

#include "client/clusterwatcher.h"
#include "client/grpcstore.h"
#include "client/guardedstore.h"
#include "client/journal/journalingstore.h"
#include "client/retryingstore.h"
#include "client/sightingstore.h"
#include "client/target.h"
#include "client/tracingstore.h"

namespace norikv::client {

struct Connection::Parts {
    Parts(Profile p, std::unique_ptr<NodeLinks> l, Store* otherWire, const Clock& clock,
        const Recorders& recorders)
        : profile(std::move(p))
        , links(std::move(l))
        , cluster(profile.seeds, clock)
        , wire(links ? std::make_unique<GrpcStore>(*links, cluster, profile.totalShards) : nullptr)
        , retrying(otherWire ? *otherWire : *wire, cluster, clock)
        , serverClock(clock)
        , hearing(retrying, serverClock)
        , sighting(
              recorders.keys ? std::make_unique<SightingStore>(hearing, *recorders.keys, clock) : nullptr)
        , tracing(sighting ? static_cast<Store&>(*sighting) : hearing, recorders.trace, clock)
        , journaling(recorders.journal ? std::make_unique<JournalingStore>(
                         tracing, *recorders.journal, serverClock, profile.totalShards)
                                       : nullptr)
        , guarded(journaling ? static_cast<Store&>(*journaling) : tracing, profile.guard)
        , watcher(guarded, cluster, clock,
              {[this](std::size_t node) { redial(node); },
                  [this](std::size_t node, std::chrono::milliseconds time) {
                      if (links)
                          links->awaitConnection(node, time);
                  }})
    {
    }

    void redial(std::size_t node)
    {
        if (links)
            links->redial(node);
    }

    Profile profile;
    std::unique_ptr<NodeLinks> links;
    ClusterState cluster;
    std::unique_ptr<GrpcStore> wire; ///< null over another wire
    RetryingStore retrying;
    ServerClock serverClock;
    TimeHearingStore hearing;
    std::unique_ptr<SightingStore> sighting; ///< null where nobody keeps a catalogue
    TracingStore tracing;
    std::unique_ptr<JournalingStore> journaling; ///< null = writes are not kept
    GuardedStore guarded;
    ClusterWatcher watcher; ///< last: its threads use all of the above
};

Connection::Connection(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(
    const Profile& profile, const Clock& clock, const Recorders& recorders)
{
    if (profile.seeds.empty())
        return fail(ErrorKind::InvalidRequest, "the connection has no address; write host:port");
    if (profile.totalShards == 0)
        return fail(ErrorKind::InvalidRequest, "the number of shards must be positive");
    Profile usable = profile;
    for (auto& seed : usable.seeds) {
        const auto parsed = parseSeeds(seed);
        if (!parsed)
            return tl::unexpected(parsed.error());
        // The address map turns what people and servers call a node into what can be dialled from here.
        const auto mapped = profile.addressMap.find(parsed->front());
        seed = mapped == profile.addressMap.end() ? parsed->front() : mapped->second;
    }
    auto links = NodeLinks::open(usable);
    if (!links)
        return tl::unexpected(links.error());
    return std::unique_ptr<Connection>(new Connection(
        std::make_unique<Parts>(std::move(usable), std::move(*links), nullptr, clock, recorders)));
}

std::unique_ptr<Connection> Connection::over(
    Store& wire, const Profile& profile, const Clock& clock, const Recorders& recorders)
{
    return std::unique_ptr<Connection>(
        new Connection(std::make_unique<Parts>(profile, nullptr, &wire, clock, recorders)));
}

Store& Connection::store() { return m_parts->guarded; }
ClusterState& Connection::cluster() { return m_parts->cluster; }
const ServerClock& Connection::serverClock() const { return m_parts->serverClock; }
const Profile& Connection::profile() const { return m_parts->profile; }
GuardMode Connection::guardMode() const { return m_parts->guarded.mode(); }
void Connection::setGuardMode(GuardMode mode) { m_parts->guarded.setMode(mode); }
void Connection::redial(std::size_t node) { m_parts->redial(node); }

} // namespace norikv::client
