// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/target.h"

#include "tests/sandbox/sandboxprocess.h"

#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <thread>

namespace norikv::conformance {

namespace {

struct OwnSandbox {
    tests::TempFolder folder;
    std::optional<tests::SandboxProcess> process;
};
std::unique_ptr<OwnSandbox> own;

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

} // namespace

Target& Target::get()
{
    static Target target;
    return target;
}

bool Target::open(const std::string& sandboxBinary)
{
    auto& target = get();
    const std::string quirks = environment("NORIKV_QUIRKS");
    target.m_faithful = quirks == "faithful";
    target.m_http = environment("NORIKV_HTTP");
    std::string endpoint = environment("NORIKV_ENDPOINT");
    if (endpoint.empty()) {
        own = std::make_unique<OwnSandbox>();
        own->process.emplace(sandboxBinary,
            std::vector<std::string>{"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data-dir",
                own->folder / "data", "--quirks", target.m_faithful ? "faithful" : "sound"});
        if (!own->process->ready()) {
            own->process->wait();
            std::cerr << "the sandbox did not start: " << own->process->errors() << '\n';
            return false;
        }
        endpoint = "127.0.0.1:" + std::to_string(own->process->ports().front().rpc);
        target.m_http = "127.0.0.1:" + std::to_string(own->process->ports().front().http);
        target.m_fresh = true;
    }
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    target.m_channel = grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments);
    if (!target.m_channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
        std::cerr << "nobody answers at " << endpoint << '\n';
        return false;
    }
    target.m_kv = v1::Kv::NewStub(target.m_channel);
    target.m_meta = v1::Meta::NewStub(target.m_channel);
    target.m_admin = v1::Admin::NewStub(target.m_channel);
    target.m_vector = v1::Vector::NewStub(target.m_channel);
    return true;
}

void Target::close() { own.reset(); }

std::string freshKey(const std::string& what)
{
    static std::atomic<int> count = 0;
    static const auto start = std::chrono::system_clock::now().time_since_epoch().count();
    return "conformance:" + what + ':' + std::to_string(start) + ':' + std::to_string(++count);
}

grpc::Status untilLed(const std::function<grpc::Status(grpc::ClientContext&)>& call)
{
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (true) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        const auto status = call(context);
        const bool opening = status.error_code() == grpc::StatusCode::UNAVAILABLE
            && status.error_message().starts_with("NOT_LEADER");
        if (!opening || std::chrono::steady_clock::now() > giveUp) {
            return status;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

v1::PutRequest putRequest(const std::string& key, const std::string& value)
{
    v1::PutRequest request;
    request.set_key(key);
    request.set_value(value);
    return request;
}

Reply<v1::PutResponse> put(const v1::PutRequest& request)
{
    Reply<v1::PutResponse> reply;
    reply.status
        = untilLed([&](auto& context) { return Target::get().kv().Put(&context, request, &reply.response); });
    return reply;
}

Reply<v1::PutResponse> put(const std::string& key, const std::string& value)
{
    return put(putRequest(key, value));
}

Reply<v1::GetResponse> get(const std::string& key, const std::string& consistency)
{
    v1::GetRequest request;
    request.set_key(key);
    request.set_consistency(consistency);
    Reply<v1::GetResponse> reply;
    reply.status
        = untilLed([&](auto& context) { return Target::get().kv().Get(&context, request, &reply.response); });
    return reply;
}

Reply<v1::DeleteResponse> remove(const v1::DeleteRequest& request)
{
    Reply<v1::DeleteResponse> reply;
    reply.status = untilLed(
        [&](auto& context) { return Target::get().kv().Delete(&context, request, &reply.response); });
    return reply;
}

Reply<v1::DeleteResponse> remove(const std::string& key)
{
    v1::DeleteRequest request;
    request.set_key(key);
    return remove(request);
}

grpc::Status callRaw(const std::string& method, const std::string& bytes)
{
    grpc::GenericStub stub(Target::get().channel());
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, &status);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) { }
    return status;
}

} // namespace norikv::conformance
