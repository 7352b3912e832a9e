// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/nodelinks.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace norikv::client {

namespace {

Result<std::string> readFile(const std::string& path, std::string_view what)
{
    if (path.empty())
        return std::string();
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return fail(ErrorKind::InvalidRequest, "cannot read the " + std::string(what) + " \"" + path + "\"");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

} // namespace

NodeLink::NodeLink(const std::array<std::shared_ptr<grpc::Channel>, 2>& both)
    : channels(both)
    , kv{norikv::v1::Kv::NewStub(both[0]), norikv::v1::Kv::NewStub(both[1])}
    , meta(norikv::v1::Meta::NewStub(both[0]))
    , admin(norikv::v1::Admin::NewStub(both[0]))
    , vector(norikv::v1::Vector::NewStub(both[0]))
    , explore(norikv::explore::v1::Explore::NewStub(both[0]))
    , faults(norikv::sandbox::v1::Faults::NewStub(both[0]))
{
}

Result<std::unique_ptr<NodeLinks>> NodeLinks::open(const Profile& profile)
{
    std::unique_ptr<NodeLinks> links(new NodeLinks);
    links->m_addresses = profile.seeds;
    links->m_serverName = profile.tls.serverName;
    links->m_maxMessageBytes
        = static_cast<int>(std::min<std::uint64_t>(profile.maxMessageBytes, std::numeric_limits<int>::max()));
    if (profile.tls.enabled()) {
        const auto ca = readFile(profile.tls.caFile, "certificate authority");
        const auto cert = readFile(profile.tls.certFile, "client certificate");
        const auto key = readFile(profile.tls.keyFile, "client key");
        for (const auto* file : {&ca, &cert, &key}) {
            if (!*file)
                return tl::unexpected(file->error());
        }
        links->m_credentials = grpc::SslCredentials({*ca, *key, *cert});
    } else {
        links->m_credentials = grpc::InsecureChannelCredentials();
    }
    if (!profile.tls.tokenFile.empty()) {
        if (!profile.tls.enabled())
            return fail(ErrorKind::InvalidRequest, "a token is sent over TLS only; give --tls-ca too");
        auto token = readFile(profile.tls.tokenFile, "token file");
        if (!token)
            return tl::unexpected(token.error());
        token->erase(token->find_last_not_of(" \r\n\t") + 1);
        links->m_authorization = "Bearer " + *token;
    }
    for (std::size_t i = 0; i < links->m_addresses.size(); ++i)
        links->m_links.push_back(links->dial(i));
    return links;
}

std::shared_ptr<NodeLink> NodeLinks::dial(std::size_t node) const
{
    grpc::ChannelArguments args;
    args.SetMaxReceiveMessageSize(m_maxMessageBytes);
    args.SetMaxSendMessageSize(-1);
    // Reconnect soon after a restart (goal: 1.5 s after the port answers); gRPC's own 1.6 and jitter apply.
    args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
    args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
    args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
    args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
    // Each channel its own connection; the retry policy is ours alone.
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // A loopback server must not be reached through a proxy of the environment.
    args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    if (!m_serverName.empty())
        args.SetSslTargetNameOverride(m_serverName);
    const auto one
        = [&] { return grpc::CreateCustomChannel("dns:///" + m_addresses[node], m_credentials, args); };
    return std::make_shared<NodeLink>(std::array{one(), one()});
}

std::shared_ptr<NodeLink> NodeLinks::link(std::size_t node) const
{
    const std::scoped_lock lock(m_mutex);
    return m_links.at(node);
}

void NodeLinks::awaitConnection(std::size_t node, std::chrono::milliseconds time) const
{
    const auto held = link(node);
    for (const auto& channel : held->channels)
        channel->WaitForConnected(std::chrono::system_clock::now() + time / 2);
}

void NodeLinks::redial(std::size_t node)
{
    auto fresh = dial(node);
    const std::scoped_lock lock(m_mutex);
    m_links.at(node).swap(fresh);
}

} // namespace norikv::client
