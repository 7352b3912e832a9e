// SPDX-License-Identifier: GPL-3.0-or-later
// The embedder over HTTP against an endpoint with every fault: loopback, any free port.
#include "client/embed/httpembedder.h"
#include "tests/client/fakeendpoint.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using test::failsWith;
using test::FakeEndpoint;
using test::succeeds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::json;

const std::string Secret = "sk-canary-5d1e";

class HttpEmbedderTest : public testing::Test {
protected:
    HttpEmbedderOptions options(const std::string& rest = "/v1")
    {
        HttpEmbedderOptions out;
        out.url = m_endpoint.url(rest);
        out.model = "fake-small";
        out.key = Secret;
        out.sleeper = m_sleeper.sleeper();
        return out;
    }
    std::unique_ptr<HttpEmbedder> embedder() { return HttpEmbedder::make(options()).value(); }

    /// The failure of one text after the endpoint did what it was told.
    Error failure(const HttpEmbedderOptions& with)
    {
        const std::vector<std::string> texts{"one", "two"};
        const auto result = HttpEmbedder::make(with).value()->embed(texts, {});
        EXPECT_FALSE(result);
        const Error error = result ? Error{} : result.error();
        EXPECT_THAT(error.message + error.detail, Not(HasSubstr(Secret)));
        return error;
    }
    Error failure() { return failure(options()); }
    Error failureOfReply(const std::string& body)
    {
        m_endpoint.thenStatus(200, body);
        return failure();
    }

    test::FakeClock m_clock;
    test::FakeSleeper m_sleeper{m_clock};
    FakeEndpoint m_endpoint;
    const std::vector<std::string> m_texts{"alpha", "be", "gamma!"};
};

TEST_F(HttpEmbedderTest, SendsBatchesAndSortsByIndex)
{
    auto with = options();
    with.batch = 2;
    const auto made = HttpEmbedder::make(with);
    ASSERT_THAT(made, succeeds());
    EXPECT_EQ((*made)->dimensions(), 0U);
    const auto vectors = (*made)->embed(m_texts, {});
    ASSERT_THAT(vectors, succeeds());
    EXPECT_THAT(*vectors,
        ElementsAre(
            ElementsAre(5.0F, float{'a'}), ElementsAre(2.0F, float{'b'}), ElementsAre(6.0F, float{'g'})));
    EXPECT_EQ((*made)->dimensions(), 2U);
    const auto requests = m_endpoint.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].path, "/v1/embeddings");
    EXPECT_EQ(requests[0].get_header_value("Authorization"), "Bearer " + Secret);
    EXPECT_EQ(Json::parse(requests[0].body), (Json{{"model", "fake-small"}, {"input", {"alpha", "be"}}}));
    EXPECT_THAT((*made)->name(), AllOf(HasSubstr("fake-small at 127.0.0.1:"), Not(HasSubstr(Secret))));
}

TEST_F(HttpEmbedderTest, SplitsBatchesByBytesToo)
{
    auto with = options();
    with.batchBytes = 8;
    EXPECT_THAT(HttpEmbedder::make(with).value()->embed(m_texts, {}), succeeds());
    EXPECT_EQ(m_endpoint.requests().size(), 2U);
}

TEST_F(HttpEmbedderTest, CompletesTheAddress)
{
    for (const auto& [rest, path] :
        std::vector<std::pair<std::string, std::string>>{{"", "/v1/embeddings"}, {"/", "/v1/embeddings"},
            {"/v1/embeddings", "/v1/embeddings"}, {"/api/v3/", "/api/v3/embeddings"}}) {
        ASSERT_THAT(HttpEmbedder::make(options(rest)).value()->embed(m_texts, {}), succeeds()) << rest;
        EXPECT_EQ(m_endpoint.requests().back().path, path);
    }
    ASSERT_THAT(HttpEmbedder::make(options("/v1?api-version=2")).value()->embed(m_texts, {}), succeeds());
    EXPECT_EQ(m_endpoint.requests().back().get_param_value("api-version"), "2");
}

TEST_F(HttpEmbedderTest, RefusesSettingsThatCannotBeUsed)
{
    const auto refusal = [&](const std::string& url, const std::string& key = {}) {
        auto with = options();
        with.url = url;
        with.key = key;
        const auto made = HttpEmbedder::make(with);
        EXPECT_THAT(made, failsWith(ErrorKind::InvalidRequest)) << url;
        return made ? std::string() : made.error().message;
    };
    EXPECT_THAT(refusal("localhost:11434"), HasSubstr("http://"));
    EXPECT_THAT(refusal("ftp://host"), HasSubstr("http://"));
    EXPECT_THAT(refusal("http://"), HasSubstr("no host"));
    EXPECT_THAT(refusal("http://:80"), HasSubstr("no host"));
    EXPECT_THAT(refusal("http://host:99999/v1"), HasSubstr("port"));
    EXPECT_THAT(refusal("http://user:pw@host/v1"), HasSubstr("password"));
    EXPECT_THAT(refusal("http://host/ v1"), HasSubstr("character"));
    EXPECT_THAT(
        refusal("http://example.com/v1", Secret), AllOf(HasSubstr("unencrypted"), Not(HasSubstr(Secret))));
    EXPECT_THAT(refusal("https://host/v1", "two\r\nlines"), HasSubstr("line"));
    auto plain = options();
    plain.url = "http://example.com/v1";
    plain.plainTextAccepted = true;
    EXPECT_THAT(HttpEmbedder::make(plain), succeeds());
    for (const std::string mine :
        {"http://localhost/v1", "http://[::1]/v1", "http://[::1]:8080", "http://127.0.0.1"}) {
        plain.plainTextAccepted = false;
        plain.url = mine;
        EXPECT_THAT(HttpEmbedder::make(plain), succeeds()) << mine;
    }
}

TEST_F(HttpEmbedderTest, AnEmptyTextIsNamedBeforeAnythingIsSent)
{
    const std::vector<std::string> texts{"one", "  \n"};
    const auto result = embedder()->embed(texts, {});
    ASSERT_THAT(result, failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(result.error().message, HasSubstr("text 2"));
    EXPECT_THAT(m_endpoint.requests(), IsEmpty());
}

TEST_F(HttpEmbedderTest, WaitsAsAskedAfter429And5xx)
{
    m_endpoint.thenStatus(429, "{}", {{"Retry-After", "7"}});
    m_endpoint.thenStatus(500, "oops");
    m_endpoint.thenStatus(503, "", {{"Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"}});
    EXPECT_THAT(embedder()->embed(m_texts, {}), succeeds());
    EXPECT_THAT(m_sleeper.pauses(), ElementsAre(7000ms, 1000ms, 2000ms));
}

TEST_F(HttpEmbedderTest, GivesUpAfterTheLastAttempt)
{
    for (int i = 0; i < 5; ++i)
        m_endpoint.thenStatus(500, R"({"error":{"message":"out of memory for )" + Secret + R"("}})");
    const Error error = failure();
    EXPECT_EQ(error.kind, ErrorKind::Server);
    EXPECT_THAT(error.message,
        AllOf(HasSubstr("HTTP 500"), HasSubstr("out of memory for (key)"), HasSubstr("4 times")));
    EXPECT_EQ(m_endpoint.requests().size(), 4U);
}

TEST_F(HttpEmbedderTest, NamesAWaitThatIsTooLong)
{
    m_endpoint.thenStatus(429, "slow down", {{"Retry-After", "3600"}});
    const Error error = failure();
    EXPECT_EQ(error.kind, ErrorKind::Server);
    EXPECT_THAT(error.message, HasSubstr("3600 s"));
    EXPECT_THAT(m_sleeper.pauses(), IsEmpty());
}

TEST_F(HttpEmbedderTest, DoesNotRepeatWhatIsRefused)
{
    m_endpoint.thenStatus(401, R"({"error":{"message":"Incorrect API key provided: )" + Secret + R"("}})");
    const Error error = failure();
    EXPECT_EQ(error.kind, ErrorKind::InvalidRequest);
    EXPECT_THAT(error.message, HasSubstr("HTTP 401: Incorrect API key provided: (key)"));
    EXPECT_EQ(m_endpoint.requests().size(), 1U);
}

TEST_F(HttpEmbedderTest, ARedirectIsRefusedAndNamed)
{
    m_endpoint.thenStatus(307, "", {{"Location", "http://elsewhere.example/v1/embeddings"}});
    const Error error = failure();
    EXPECT_EQ(error.kind, ErrorKind::InvalidRequest);
    EXPECT_THAT(error.message, HasSubstr("redirects to http://elsewhere.example/v1/embeddings"));
    EXPECT_EQ(m_endpoint.requests().size(), 1U);
}

TEST_F(HttpEmbedderTest, BadAnswersAreNamed)
{
    const auto expect = [&](const std::string& body, const char* what) {
        const Error error = failureOfReply(body);
        EXPECT_EQ(error.kind, ErrorKind::BadData) << body;
        EXPECT_THAT(error.message, HasSubstr(what)) << body;
    };
    expect("<html>hello</html>", "no JSON object");
    expect("[]", "no JSON object");
    expect(R"({"data":{}})", "no JSON object");
    expect(std::string(100'000, '['), "no JSON object");
    expect(R"({"data":[]})", "0 vectors for 2 texts");
    expect(R"({"data":[{"embedding":[1]},{"embedding":[2]},{"embedding":[3]}]})", "3 vectors for 2 texts");
    expect(R"({"data":[{"embedding":[1,2]},{"embedding":[1]}]})", "vector 2 has 1 numbers where 2");
    expect(
        R"({"data":[{"embedding":[1,null]},{"embedding":[1,2]}]})", "vector 1 of the answer holds something");
    expect(R"({"data":[{"embedding":[1,1e39]},{"embedding":[1,2]}]})", "no finite number");
    expect(
        R"({"data":[{"embedding":"AACAPw=="},{"embedding":[1,2]}]})", "vector 1 of the answer is not a list");
    expect(R"({"data":[1,2]})", "vector 1 of the answer is not a list");
    expect(R"({"data":[{"embedding":[]},{"embedding":[]}]})", "has 0 numbers");
    expect(R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]})",
        "numbers its vectors wrongly");
    expect(R"({"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[2]}]})",
        "numbers its vectors wrongly");
    auto with = options();
    with.dimensions = 3;
    m_endpoint.thenStatus(200, R"({"data":[{"embedding":[1,2]},{"embedding":[1,2]}]})");
    EXPECT_THAT(failure(with).message, HasSubstr("vector 1 has 2 numbers where 3 were expected"));
}

TEST_F(HttpEmbedderTest, AnAnswerWithoutEndIsCutOff)
{
    m_endpoint.then([](const httplib::Request&, httplib::Response& response) {
        response.set_content_provider("application/json", [](std::size_t, httplib::DataSink& sink) {
            static const std::string piece(1 << 20, ' ');
            return sink.write(piece.data(), piece.size());
        });
    });
    const Error error = failure();
    EXPECT_EQ(error.kind, ErrorKind::BadData);
    EXPECT_THAT(error.message, HasSubstr("more than"));
}

TEST_F(HttpEmbedderTest, AByteNowAndThenDoesNotOutliveTheTimeLimit)
{
    m_endpoint.then([this](const httplib::Request&, httplib::Response& response) {
        response.set_content_provider("application/json", [this](std::size_t, httplib::DataSink& sink) {
            return m_endpoint.pause() && sink.write(" ", 1);
        });
    });
    auto with = options();
    with.timeout = 300ms;
    const Error error = failure(with);
    EXPECT_EQ(error.kind, ErrorKind::Timeout);
    EXPECT_THAT(error.message, HasSubstr("300 ms"));
}

TEST_F(HttpEmbedderTest, AHangEndsAtTheTimeLimit)
{
    m_endpoint.thenHang();
    auto with = options();
    with.timeout = 200ms;
    EXPECT_EQ(failure(with).kind, ErrorKind::Timeout);
}

TEST_F(HttpEmbedderTest, AStopEndsAHangAtOnce)
{
    m_endpoint.thenHang();
    std::stop_source stop;
    std::chrono::steady_clock::time_point stopped;
    std::jthread stopping([&] {
        m_endpoint.waitForRequest();
        stopped = std::chrono::steady_clock::now();
        stop.request_stop();
    });
    const auto result = embedder()->embed(m_texts, stop.get_token());
    const auto now = std::chrono::steady_clock::now();
    stopping.join();
    EXPECT_THAT(result, failsWith(ErrorKind::Cancelled));
    EXPECT_LT(now - stopped, 2s) << "the time limit is 30 s; a busy machine may take a moment";
}

TEST_F(HttpEmbedderTest, AStopEndsAConnectionThatIsNotTaken)
{
    // A listener whose queue is full: a further connection waits.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    std::vector<int> waiting;
    for (int i = 0; i < 3; ++i) {
        waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        (void)::connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), size);
    }
    auto with = options();
    with.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    std::stop_source stop;
    std::jthread stopping([&] { stop.request_stop(); });
    EXPECT_THAT(
        HttpEmbedder::make(with).value()->embed(m_texts, stop.get_token()), failsWith(ErrorKind::Cancelled));
    with.timeout = 200ms;
    EXPECT_THAT(HttpEmbedder::make(with).value()->embed(m_texts, {}), failsWith(ErrorKind::Timeout));
    for (const int socket : waiting)
        ::close(socket);
    ::close(listener);
}

TEST_F(HttpEmbedderTest, AStopEndsTheWaitForAnotherTry)
{
    std::stop_source stop;
    m_endpoint.thenStatus(500, "");
    m_sleeper.during = [&] { stop.request_stop(); };
    EXPECT_THAT(embedder()->embed(m_texts, stop.get_token()), failsWith(ErrorKind::Cancelled));
    EXPECT_EQ(m_endpoint.requests().size(), 1U);
}

TEST_F(HttpEmbedderTest, NobodyListensIsUnreachable)
{
    auto with = options();
    {
        const FakeEndpoint gone;
        with.url = gone.url();
    }
    const Error error = failure(with);
    EXPECT_EQ(error.kind, ErrorKind::Unreachable);
    with.url.replace(0, 4, "https");
    EXPECT_EQ(failure(with).kind, ErrorKind::Unreachable) << "and https is spoken at all";
}

TEST_F(HttpEmbedderTest, SeveralThreadsAtOnce)
{
    const auto shared = embedder();
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { good += shared->embed(m_texts, {}).has_value() ? 1 : 0; });
    threads.clear();
    EXPECT_EQ(good, 4);
}

} // namespace
} // namespace norikv::client
