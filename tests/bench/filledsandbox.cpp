// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledsandbox.h"

#include "client/clock.h"
#include "sandbox/engine.h"
#include "sandbox/rocksstorage.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <latch>
#include <stdexcept>

namespace norikv::bench {

FilledSandbox::FilledSandbox(std::size_t keys)
    : FilledSandbox(keys, [](std::size_t i) {
        return Row{"bench:" + std::to_string(1'000'000'000 + i), std::string(100, 'v'), 0};
    })
{
}

FilledSandbox::FilledSandbox(std::size_t keys, const Make& make)
    : m_keys(keys)
{
    fill(make);
    m_server = std::make_unique<ServerProcess>(ServerProcess::sandboxCommand(m_data.path()));
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    m_explore = explore::v1::Explore::NewStub(
        grpc::CreateCustomChannel(m_server->address(), grpc::InsecureChannelCredentials(), args));
    rawScan(); // both sides find warm files
}

double FilledSandbox::rawScan(bool keysOnly)
{
    grpc::ClientContext context;
    explore::v1::ScanRequest request;
    request.set_keys_only(keysOnly);
    const auto start = std::chrono::steady_clock::now();
    const auto reader = m_explore->Scan(&context, request);
    explore::v1::ScanBatch batch;
    std::size_t seen = 0;
    while (reader->Read(&batch))
        seen += static_cast<std::size_t>(batch.entries_size());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (!reader->Finish().ok() || seen != m_keys)
        throw std::runtime_error("a scan gave " + std::to_string(seen) + " entries");
    return took.count();
}

/// Straight into the store, before a process owns it.
void FilledSandbox::fill(const Make& make)
{
    const SystemClock clock;
    auto storage = sandbox::RocksStorage::open(m_data.path());
    if (!storage)
        throw std::runtime_error(storage.error());
    auto engine = sandbox::Engine::open(std::move(*storage), 1024, sandbox::Quirks::sound(), clock);
    if (!engine)
        throw std::runtime_error(engine.error());
    std::latch done(static_cast<std::ptrdiff_t>(m_keys));
    for (std::size_t i = 0; i < m_keys; ++i) {
        Row row = make(i);
        sandbox::Write write;
        write.key = std::move(row.key);
        write.value = std::move(row.value);
        write.ttlMs = row.ttlMs;
        write.done = [&](const auto&) { done.count_down(); };
        (*engine)->submit(std::move(write));
    }
    done.wait();
    (*engine)->stop();
}

} // namespace norikv::bench
