// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/httpport.h"

#include "client/placement.h"
#include "sandbox/health.h"
#include "sandbox/limits.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <future>

namespace norikv::sandbox {

namespace {

constexpr auto text = "text/plain; charset=utf-8";
constexpr int threads = 4;

/// The key of a /kv request: one percent-decoded segment that is UTF-8; nothing when it is not one.
std::optional<std::string> keyOf(const httplib::Request& request)
{
    const std::string raw = request.target.substr(0, request.target.find('?'));
    if (raw.find('/', std::string("/kv/").size()) != std::string::npos) {
        return std::nullopt;
    }
    std::string key = request.path.substr(std::string("/kv/").size());
    const auto quoted = nlohmann::json(key).dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore);
    const bool utf8 = nlohmann::json::parse(quoted, nullptr, false) == key;
    return key.empty() || !utf8 ? std::nullopt : std::optional(std::move(key));
}

void fail(httplib::Response& response, int status, const std::string& words)
{
    response.status = status;
    response.set_content(words, text);
}

/// Waits until the node lets the call pass; false when it is down.
bool enter(Node& node)
{
    auto passed = std::make_shared<std::promise<bool>>();
    auto result = passed->get_future();
    node.gate.pass([passed](bool up) { passed->set_value(up); });
    return result.get();
}

/// Everything /kv has in common; nothing = an answer was given already.
std::optional<std::string> admit(Node& node, const httplib::Request& request, httplib::Response& response)
{
    auto key = keyOf(request);
    if (!key) {
        fail(response, 404, "Not found");
    } else if (node.refuses(*key, node.shared.engine.quirks())) {
        const auto shard = shardOf(*key, node.shared.engine.totalShards());
        response.set_header("X-Leader-Hint",
            "node" + std::to_string(node.shared.topology.leader(shard)) + "-shard" + std::to_string(shard));
        fail(response, 503, "NOT_LEADER");
        return std::nullopt;
    }
    return key;
}

WriteResult submitAndWait(Engine& engine, Write write)
{
    auto answer = std::make_shared<std::promise<WriteResult>>();
    auto result = answer->get_future();
    write.done = [answer](const WriteResult& outcome) { answer->set_value(outcome); };
    engine.submit(std::move(write));
    return result.get();
}

void put(Node& node, const httplib::Request& request, httplib::Response& response,
    const httplib::ContentReader& read)
{
    // Read by hand: the library takes a body without a content type of its own for a form, and of those only
    // 8 KiB.
    std::string body;
    const bool complete = read([&body](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= maxHttpBodyBytes;
    });
    if (!complete) {
        fail(response, 413, "The body is larger than " + std::to_string(maxHttpBodyBytes) + " bytes");
        return;
    }
    if (auto key = admit(node, request, response)) {
        Write write;
        write.key = std::move(*key);
        write.value = std::move(body);
        const auto result = submitAndWait(node.shared.engine, std::move(write));
        if (!result) {
            fail(response, 500, "PUT failed: " + result.error().text);
            return;
        }
        const nlohmann::ordered_json answer{{"version", {{"term", result->term}, {"index", result->index}}}};
        response.set_content(answer.dump(), "application/json");
    }
}

void get(Node& node, const httplib::Request& request, httplib::Response& response)
{
    if (const auto key = admit(node, request, response)) {
        std::string value;
        const auto found = node.shared.engine.get(*key, value);
        if (!found) {
            fail(response, 500, "GET failed: " + found.error());
        } else if (!*found) {
            fail(response, 404, "Key not found");
        } else {
            response.set_content(value, "application/octet-stream");
        }
    }
}

void remove(Node& node, const httplib::Request& request, httplib::Response& response)
{
    if (auto key = admit(node, request, response)) {
        Write write;
        write.op = Write::Op::Delete;
        write.key = std::move(*key);
        const auto result = submitAndWait(node.shared.engine, std::move(write));
        if (!result) {
            fail(response, 500, "DELETE failed: " + result.error().text);
            return;
        }
        response.set_content("Deleted", text);
    }
}

} // namespace

struct HttpPort::Impl {
    httplib::Server server;
    std::thread thread;
    int port = 0;
};

Result<std::unique_ptr<HttpPort>> HttpPort::start(const Address& address, Node& node)
{
    if (const auto free = checkFree(address); !free) {
        return tl::unexpected(free.error());
    }
    auto impl = std::make_unique<Impl>();
    auto& server = impl->server;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_socket_options([](socket_t socket) {
        const int yes = 1; // and not SO_REUSEPORT, with which two servers would share a port in silence
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    // Short waits: a silent connection holds a thread, and stop() waits for the threads.
    server.set_keep_alive_timeout(1);
    server.set_read_timeout(1);
    server.set_write_timeout(1);
    server.set_payload_max_length(maxHttpBodyBytes);
    server.set_pre_routing_handler([&node](const httplib::Request&, httplib::Response& response) {
        if (enter(node)) {
            return httplib::Server::HandlerResponse::Unhandled;
        }
        fail(response, 503, "UNAVAILABLE");
        return httplib::Server::HandlerResponse::Handled;
    });
    const auto started = node.shared.engine.clock().elapsed();
    const auto health = [&node, started](const httplib::Request&, httplib::Response& response) {
        response.set_content(
            healthJson(node, node.shared.engine.clock().elapsed() - started), "application/json");
    };
    const auto quick
        = [](const httplib::Request&, httplib::Response& response) { response.set_content("OK", text); };
    server.Get("/health", health);
    server.Get("/readyz", health);
    server.Get("/health/quick", quick);
    server.Get("/healthz", quick);
    server.Get("/metrics", [&node](const httplib::Request&, httplib::Response& response) {
        response.set_content(node.metrics.text(), "text/plain; version=0.0.4");
    });
    const std::string kv = "/kv/[\\s\\S]*";
    server.Put(kv,
        [&node](const httplib::Request& request, httplib::Response& response,
            const httplib::ContentReader& read) { put(node, request, response, read); });
    server.Get(kv, [&node](const auto& request, auto& response) { get(node, request, response); });
    server.Delete(kv, [&node](const auto& request, auto& response) { remove(node, request, response); });

    impl->port = address.port;
    if (address.port == 0) {
        impl->port = server.bind_to_any_port(address.ip);
    } else if (!server.bind_to_port(address.ip, address.port)) {
        impl->port = -1;
    }
    if (impl->port <= 0) {
        return tl::unexpected("Cannot listen on " + address.text() + " for HTTP");
    }
    impl->thread = std::thread([&server] { server.listen_after_bind(); });
    return std::unique_ptr<HttpPort>(new HttpPort(std::move(impl)));
}

HttpPort::HttpPort(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

HttpPort::~HttpPort() { stop(); }

int HttpPort::port() const { return m_impl->port; }

void HttpPort::stop()
{
    if (m_impl->thread.joinable()) {
        while (!m_impl->server.is_running()) { // stop() does nothing before the thread has begun
            std::this_thread::yield();
        }
        m_impl->server.stop();
        m_impl->thread.join();
    }
}

} // namespace norikv::sandbox
