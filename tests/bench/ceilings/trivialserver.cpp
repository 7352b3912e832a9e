// SPDX-License-Identifier: GPL-3.0-or-later
// The least a server can be: a map under a lock, made-up matches, and a stream of made-up entries.
// bench-trivialserver --port-file F
#include "ceilings/trivialvectors.h"

#include <norikv/explore/v1/explore.grpc.pb.h>
#include <norikv/v1/norikv.grpc.pb.h>

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace {

using namespace norikv;

class Kv final : public v1::Kv::CallbackService {
    grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const v1::GetRequest* request,
        v1::GetResponse* response) override
    {
        {
            const std::shared_lock lock(m_mutex);
            if (const auto found = m_values.find(request->key()); found != m_values.end()) {
                response->set_value(found->second);
                response->mutable_version()->set_index(1);
            }
        }
        return finished(context);
    }
    grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext* context, const v1::PutRequest* request,
        v1::PutResponse* response) override
    {
        {
            const std::unique_lock lock(m_mutex);
            m_values[request->key()] = request->value();
        }
        response->mutable_version()->set_index(1);
        return finished(context);
    }
    static grpc::ServerUnaryReactor* finished(grpc::CallbackServerContext* context)
    {
        auto* reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }

    std::shared_mutex m_mutex;
    std::unordered_map<std::string, std::string> m_values;
};

/// `limit` entries of a 16-byte key and a 100-byte value, 1024 per message.
class Generator final : public grpc::ServerWriteReactor<explore::v1::ScanBatch> {
public:
    explicit Generator(std::uint64_t limit)
        : m_left(limit)
    {
        OnWriteDone(true);
    }
    void OnWriteDone(bool ok) override
    {
        if (!ok || m_left == 0)
            return Finish(grpc::Status::OK);
        m_batch.clear_entries();
        for (; m_left > 0 && m_batch.entries_size() < 1024; --m_left) {
            auto* entry = m_batch.add_entries();
            std::snprintf(m_key.data(), m_key.size() + 1, "bench:%010llu",
                static_cast<unsigned long long>(m_left % 10'000'000'000ULL));
            entry->set_key(m_key);
            entry->set_value(m_value);
            entry->mutable_version()->set_index(m_left);
            entry->set_value_size(100);
        }
        m_batch.set_last(m_left == 0);
        StartWrite(&m_batch);
    }
    void OnDone() override { delete this; }

private:
    std::uint64_t m_left;
    std::string m_key = std::string(16, ' ');
    const std::string m_value = std::string(100, 'v');
    explore::v1::ScanBatch m_batch;
};

class Explore final : public explore::v1::Explore::CallbackService {
    grpc::ServerWriteReactor<explore::v1::ScanBatch>* Scan(
        grpc::CallbackServerContext*, const explore::v1::ScanRequest* request) override
    {
        return new Generator(request->limit());
    }
};

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3 || std::string(argv[1]) != "--port-file")
        return 2;
    Kv kv;
    Explore explore;
    bench::TrivialVectors vectors;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&kv);
    builder.RegisterService(&explore);
    builder.RegisterService(&vectors);
    const auto server = builder.BuildAndStart();
    const std::string path = argv[2];
    std::ofstream(path + ".new") << "{\"rpc\":" << port << "}\n";
    if (!server || std::rename((path + ".new").c_str(), path.c_str()) != 0)
        return 1;
    server->Wait(); // until it is killed: there is nothing to lose
}
