// SPDX-License-Identifier: GPL-3.0-or-later
// P31: kill -9, back on the same port 3 s later. Product and default channel watch the same restart, so each
// pair is one event.
#include "figure.h"
#include "serverprocess.h"

#include "client/clock.h"
#include "client/connection.h"
#include "client/trace.h"

#include <norikv/v1/norikv.grpc.pb.h>

#include <grpcpp/grpcpp.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <optional>
#include <thread>

namespace norikv::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct Outage {
    double ours = 0; ///< seconds from the kill to the first answer
    double byDefault = 0;
    double port = 0; ///< until something listens again
};

bool listens(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool open = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    ::close(fd);
    return open;
}

/// Seconds from `since` until `answers` says yes, looking every 10 ms.
template <class Answers> double secondsUntil(steady_clock::time_point since, const Answers& answers)
{
    while (!answers()) {
        if (steady_clock::now() - since > 25s)
            return std::numeric_limits<double>::infinity();
        std::this_thread::sleep_for(10ms);
    }
    return std::chrono::duration<double>(steady_clock::now() - since).count();
}

Outage outage(bool withDefault)
{
    const TempFolder data;
    std::optional<ServerProcess> server(std::in_place, ServerProcess::sandboxCommand(data.path()));
    const int port = server->port();

    const SystemClock clock;
    client::TraceLog trace;
    client::Profile profile;
    profile.seeds = {server->address()};
    const auto connection = client::Connection::open(profile, clock, trace);
    if (!connection)
        throw std::runtime_error(connection.error().message);
    const auto byProduct = [&] {
        client::Call call;
        call.timeout = 1s;
        return (*connection)->store().get(call, "bench:reconnect").has_value();
    };

    grpc::ChannelArguments args; // all of gRPC's defaults, but never through a proxy
    args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    const auto channel
        = grpc::CreateCustomChannel(server->address(), grpc::InsecureChannelCredentials(), args);
    const auto kv = v1::Kv::NewStub(channel);
    const auto byDefault = [&] {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 1s);
        v1::GetRequest request;
        request.set_key("bench:reconnect");
        v1::GetResponse reply;
        return kv->Get(&context, request, &reply).ok();
    };
    if (!byProduct() || !byDefault())
        throw std::runtime_error("the sandbox does not answer");

    Outage result;
    server->kill();
    const auto since = steady_clock::now();
    {
        const std::jthread ours([&] { result.ours = secondsUntil(since, byProduct); });
        const std::jthread other([&] {
            if (withDefault)
                result.byDefault = secondsUntil(since, byDefault);
        });
        const std::jthread port_(
            [&] { result.port = secondsUntil(since, [port] { return listens(port); }); });
        std::this_thread::sleep_until(since + 3s);
        server.reset();
        server.emplace(ServerProcess::sandboxCommand(data.path(), port));
    }
    return result;
}

class Reconnect final : public Bench {
public:
    double ours() override
    {
        m_last = outage(true);
        return m_last.ours;
    }
    double ceiling() override { return m_last.byDefault; }
    std::string note() const override
    {
        return "the port answered " + std::to_string(m_last.port).substr(0, 5) + " s after the last kill";
    }

private:
    Outage m_last;
};

class AfterPort final : public Bench {
public:
    double ours() override
    {
        const auto seen = outage(false);
        return seen.ours - seen.port;
    }
    double ceiling() override { return 1.5; }
    std::string note() const override { return "ratio = ours / 1.5 s"; }
};

} // namespace

std::vector<Figure> reconnectFigures()
{
    return {
        {"P31", "reconnect after a restart vs gRPC's defaults", Better::Lower, 0.5, "s",
            [](const Effort&) { return std::make_unique<Reconnect>(); }},
        {"P31-port", "reconnect once the port answers, of 1.5 s", Better::Lower, 1, "s",
            [](const Effort&) { return std::make_unique<AfterPort>(); }},
    };
}

} // namespace norikv::bench
