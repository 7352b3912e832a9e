// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"
#include "client/result.h"

#include "norikv/explore/v1/explore.grpc.pb.h"
#include "norikv/sandbox/v1/faults.grpc.pb.h"
#include "norikv/v1/norikv.grpc.pb.h"

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <array>
#include <memory>
#include <mutex>
#include <vector>

namespace norikv::client {

/// The channels and stubs to one node. Two channels carry 1.2x of what one does (measured.md 1); plain calls
/// and streams use the first, bulk work both.
struct NodeLink {
    explicit NodeLink(const std::array<std::shared_ptr<grpc::Channel>, 2>& channels);

    std::array<std::shared_ptr<grpc::Channel>, 2> channels;
    std::array<std::unique_ptr<norikv::v1::Kv::Stub>, 2> kv;
    std::unique_ptr<norikv::v1::Meta::Stub> meta;
    std::unique_ptr<norikv::v1::Admin::Stub> admin;
    std::unique_ptr<norikv::v1::Vector::Stub> vector;
    std::unique_ptr<norikv::explore::v1::Explore::Stub> explore;
    std::unique_ptr<norikv::sandbox::v1::Faults::Stub> faults;
};

/// One NodeLink per seed. A caller keeps the shared_ptr for the length of its call, so redial() can replace a
/// link under way. Safe from any thread.
class NodeLinks {
public:
    /// Fails when a TLS or token file cannot be read.
    static Result<std::unique_ptr<NodeLinks>> open(const Profile& profile);

    std::size_t size() const { return m_addresses.size(); }
    const std::string& address(std::size_t node) const { return m_addresses[node]; }
    const std::string& authorization() const { return m_authorization; }
    std::shared_ptr<NodeLink> link(std::size_t node) const;
    /// Waits until the node is connected or `time` has passed. gRPC gets on with a connection only while somebody polls
    /// its channel; without this it looks just every 5 s, whatever the backoff says.
    void awaitConnection(std::size_t node, std::chrono::milliseconds time) const;
    /// Drops the node's connections and dials anew: for links that look alive and are not.
    void redial(std::size_t node);

private:
    NodeLinks() = default;
    std::shared_ptr<NodeLink> dial(std::size_t node) const;

    std::vector<std::string> m_addresses;
    std::shared_ptr<grpc::ChannelCredentials> m_credentials;
    std::string m_authorization;
    std::string m_serverName;
    int m_maxMessageBytes = 0;
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<NodeLink>> m_links;
};

} // namespace norikv::client
