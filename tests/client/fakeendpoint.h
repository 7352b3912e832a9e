// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace norikv::test {

/// Answers each request with the next handler of a list, and with good vectors once it is empty.
class FakeEndpoint {
public:
    using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

    FakeEndpoint()
    {
        m_server.set_keep_alive_max_count(1);
        m_server.Post(R"(/.*)", [this](const httplib::Request& request, httplib::Response& response) {
            Handler handler;
            {
                const std::scoped_lock lock(m_mutex);
                m_requests.push_back(request);
                if (!m_next.empty()) {
                    handler = std::move(m_next.front());
                    m_next.pop_front();
                }
            }
            m_arrived.notify_all();
            handler ? handler(request, response) : good(request, response);
        });
        m_port = m_server.bind_to_any_port("127.0.0.1");
        m_thread = std::thread([this] { m_server.listen_after_bind(); });
        while (!m_server.is_running())
            std::this_thread::yield();
    }
    ~FakeEndpoint()
    {
        release();
        m_server.stop();
        m_thread.join();
    }

    std::string url(const std::string& rest = "/v1") const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + rest;
    }
    void then(Handler handler)
    {
        const std::scoped_lock lock(m_mutex);
        m_next.push_back(std::move(handler));
    }
    void thenStatus(int status, const std::string& body, const httplib::Headers& headers = {})
    {
        then([=](const httplib::Request&, httplib::Response& response) {
            response.status = status;
            response.headers.insert(headers.begin(), headers.end());
            response.set_content(body, "application/json");
        });
    }
    /// Says nothing until release().
    void thenHang()
    {
        then([this](const httplib::Request&, httplib::Response&) {
            std::unique_lock lock(m_mutex);
            m_released.wait(lock, [this] { return m_free; });
        });
    }
    /// A moment that release() ends; then false.
    bool pause()
    {
        std::unique_lock lock(m_mutex);
        return !m_released.wait_for(lock, std::chrono::milliseconds(50), [this] { return m_free; });
    }
    void release()
    {
        const std::scoped_lock lock(m_mutex);
        m_free = true;
        m_released.notify_all();
    }
    void waitForRequest()
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait(lock, [this] { return !m_requests.empty(); });
    }
    std::vector<httplib::Request> requests() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_requests;
    }

    /// [length of the text, its first byte], backwards, so that only `index` tells the order.
    static void good(const httplib::Request& request, httplib::Response& response)
    {
        const auto input = nlohmann::json::parse(request.body).at("input");
        auto data = nlohmann::json::array();
        for (std::size_t i = input.size(); i-- > 0;) {
            const auto text = input[i].get<std::string>();
            data.push_back({{"object", "embedding"}, {"index", i},
                {"embedding", {text.size(), static_cast<unsigned char>(text.front())}}});
        }
        response.set_content(nlohmann::json{{"object", "list"}, {"data", data}}.dump(), "application/json");
    }

private:
    httplib::Server m_server;
    int m_port = 0;
    std::thread m_thread;
    mutable std::mutex m_mutex;
    std::condition_variable m_arrived, m_released;
    std::deque<Handler> m_next;
    std::vector<httplib::Request> m_requests;
    bool m_free = false;
};

} // namespace norikv::test
