// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/server.h"
#include "tests/sandbox/fakes.h"
#include "tests/sandbox/sandboxprocess.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <norikv/explore/v1/explore.grpc.pb.h>
#include <norikv/sandbox/v1/faults.grpc.pb.h>
#include <norikv/v1/norikv.grpc.pb.h>

namespace norikv::tests {

/// A server in this process on free ports, its stubs per node, and a clock moved by hand.
class ServerFixture : public testing::Test {
protected:
    sandbox::Config config()
    {
        sandbox::Config config;
        config.rpcAddr = config.httpAddr = "127.0.0.1:0";
        config.dataDir = folder / "data";
        config.faults = true;
        return config;
    }
    void start(const sandbox::Config& wanted)
    {
        server.reset();
        auto started = sandbox::Server::start(wanted, clock);
        ASSERT_TRUE(started) << started.error();
        server = std::move(*started);
        channels.clear();
        for (const auto& node : server->nodes()) {
            channels.push_back(grpc::CreateChannel(
                "127.0.0.1:" + std::to_string(node.rpc), grpc::InsecureChannelCredentials()));
        }
    }
    void start() { start(config()); }

    template <class Service> auto stub(std::size_t node = 0) { return Service::NewStub(channels[node]); }

    grpc::Status put(
        const std::string& key, const std::string& value, std::uint64_t ttlMs = 0, std::size_t node = 0)
    {
        v1::PutRequest request;
        request.set_key(key);
        request.set_value(value);
        request.set_ttl_ms(ttlMs);
        v1::PutResponse response;
        return call(*stub<v1::Kv>(node), &v1::Kv::Stub::Put, request, response);
    }
    grpc::Status get(const std::string& key, v1::GetResponse& response, std::size_t node = 0)
    {
        v1::GetRequest request;
        request.set_key(key);
        return call(*stub<v1::Kv>(node), &v1::Kv::Stub::Get, request, response);
    }
    template <class Stub, class Method, class Request, class Response>
    static grpc::Status call(Stub& stub, Method method, const Request& request, Response& response,
        std::chrono::milliseconds deadline = std::chrono::seconds(10))
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + deadline);
        return (stub.*method)(&context, request, &response);
    }
    /// A call to Faults.
    template <class Request, class Response>
    void fault(
        grpc::Status (sandbox::v1::Faults::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
        const Request& request)
    {
        Response response;
        const auto status = call(*stub<sandbox::v1::Faults>(), method, request, response);
        EXPECT_TRUE(status.ok()) << status.error_message();
    }
    void setNode(const std::string& id, sandbox::v1::NodeFault::State state, std::uint32_t delayMs = 0)
    {
        sandbox::v1::NodeFault request;
        request.set_node_id(id);
        request.set_state(state);
        request.set_delay_ms(delayMs);
        fault(&sandbox::v1::Faults::Stub::SetNode, request);
    }

    TempFolder folder;
    FakeClock clock;
    std::unique_ptr<sandbox::Server> server;
    std::vector<std::shared_ptr<grpc::Channel>> channels;
};

/// An open stream; every read ends within 15 s because the call has a deadline.
template <class Stub, class Request, class Message> class OpenStream {
public:
    using Method
        = std::unique_ptr<grpc::ClientReader<Message>> (Stub::*)(grpc::ClientContext*, const Request&);

    OpenStream(std::unique_ptr<Stub> stub, Method method, const Request& request)
        : m_stub(std::move(stub))
    {
        m_context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(15));
        m_reader = (m_stub.get()->*method)(&m_context, request);
    }
    ~OpenStream()
    {
        if (m_reader) {
            m_context.TryCancel();
            static_cast<void>(finish());
        }
    }
    bool read(Message& message) { return m_reader->Read(&message); }
    grpc::Status finish()
    {
        Message rest;
        while (m_reader->Read(&rest)) { }
        return std::exchange(m_reader, nullptr)->Finish();
    }

private:
    std::unique_ptr<Stub> m_stub;
    grpc::ClientContext m_context;
    std::unique_ptr<grpc::ClientReader<Message>> m_reader;
};

} // namespace norikv::tests
