// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/httpembedder.h"

#include "client/bytes.h"
#include "client/embed/requestcut.h"
#include "client/target.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <optional>

namespace norikv::client {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::size_t MostDimensions = 4096; // of an index (wire-contract 5.2)
constexpr std::size_t ReplyBytes = 1024 * 1024; // and for each text so much more:
constexpr std::size_t ReplyBytesPerText = MostDimensions * 32;
constexpr std::size_t ShownOfReply = 200;
constexpr auto FirstWait = 500ms;

struct Address {
    std::string origin; ///< scheme, host and port
    std::string path;
};

tl::unexpected<Error> refused(const std::string& why) { return fail(ErrorKind::InvalidRequest, why); }

/// Where the port begins in `host:port`, `[::1]:port`; npos without one.
std::size_t portOf(std::string_view host)
{
    const auto colon = host.rfind(':');
    const bool inAddress = colon != std::string_view::npos && host.find(']', colon) != std::string_view::npos;
    return inAddress ? std::string_view::npos : colon;
}

bool isPort(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port != 0;
}

Result<Address> parseAddress(std::string_view url)
{
    const std::size_t scheme = url.starts_with("http://") ? 7
        : url.starts_with("https://")                     ? 8
                                                          : std::string_view::npos;
    if (scheme == std::string_view::npos)
        return refused("the address of the endpoint does not begin with http:// or https://");
    const auto odd = [](unsigned char c) { return c <= ' ' || c >= 0x7F || c == '#'; };
    if (std::ranges::any_of(url, odd))
        return refused("the address of the endpoint holds a character that no address has");
    const std::size_t end = std::min(url.find_first_of("/?", scheme), url.size());
    const std::string_view host = url.substr(scheme, end - scheme);
    if (host.find('@') != std::string_view::npos)
        return refused("the address of the endpoint holds a name or password; give the key in its own field");
    const auto colon = portOf(host);
    const bool portIsWrong = colon != std::string_view::npos && !isPort(host.substr(colon + 1));
    if (host.empty() || colon == 0 || portIsWrong)
        return refused("the address of the endpoint has no host, or a port that is none");

    const std::size_t query = std::min(url.find('?', end), url.size());
    std::string path(url.substr(end, query - end));
    while (path.ends_with('/'))
        path.pop_back();
    if (path.empty())
        path = "/v1";
    if (!path.ends_with("/embeddings"))
        path += "/embeddings";
    return Address{std::string(url.substr(0, end)), path + std::string(url.substr(query))};
}

struct Reply {
    int status = 0;
    std::string location;
    std::string retryAfter;
    std::string body;
};

/// One request without following, trying again or judging the answer.
Result<Reply> post(const HttpEmbedderOptions& options, const std::string& origin, const std::string& path,
    const std::string& body, std::size_t longest, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return fail(ErrorKind::Cancelled, "embedding was stopped");
    RequestCut cut(stop, options.timeout);
    httplib::Client http(origin);
    const auto step = options.timeout + 1s; // its own limits never come first
    http.set_connection_timeout(step);
    http.set_read_timeout(step);
    http.set_write_timeout(step);
    http.set_tcp_nodelay(true);
    http.set_socket_options([&cut](socket_t socket) { cut.watch(socket); });
    httplib::Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.set_header("Content-Type", "application/json");
    if (!options.key.empty())
        request.set_header("Authorization", "Bearer " + options.key);
    Reply reply;
    bool tooLong = false;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
        tooLong = reply.body.size() + size > longest;
        if (!tooLong)
            reply.body.append(data, size);
        return !tooLong;
    };
    const auto answer = http.send(request);
    if (stop.stop_requested())
        return fail(ErrorKind::Cancelled, "embedding was stopped");
    if (cut.timedOut()) {
        return fail(ErrorKind::Timeout,
            origin + " did not answer in " + std::to_string(options.timeout.count()) + " ms");
    }
    if (tooLong) {
        return fail(
            ErrorKind::BadData, origin + " answered with more than " + std::to_string(longest) + " bytes");
    }
    if (!answer) {
        const bool untrusted = answer.error() == httplib::Error::SSLServerVerification;
        return fail(ErrorKind::Unreachable,
            untrusted ? "the certificate of " + origin + " is not trusted"
                      : "no answer from " + origin + ": nobody listens there, or the connection broke",
            httplib::to_string(answer.error()));
    }
    reply.status = answer->status;
    reply.location = answer->get_header_value("Location");
    reply.retryAfter = answer->get_header_value("Retry-After");
    return reply;
}

/// What the endpoint says of a failure, as far as it may be shown: servers repeat the key they refuse.
std::string saidBy(const Reply& reply, const std::string& key)
{
    const auto json = Json::parse(reply.body, nullptr, false);
    std::string said = reply.body;
    if (json.is_object() && json.contains("error")) {
        const auto& error = json["error"];
        if (error.is_string())
            said = error.get<std::string>();
        else if (error.is_object() && error.contains("message") && error["message"].is_string())
            said = error["message"].get<std::string>();
    }
    for (auto at = key.empty() ? said.npos : said.find(key); at != said.npos; at = said.find(key, at))
        said.replace(at, key.size(), "(key)");
    return printable(said.substr(0, ShownOfReply));
}

std::string httpText(const std::string& origin, const Reply& reply, const std::string& key)
{
    const std::string said = saidBy(reply, key);
    return origin + " answered HTTP " + std::to_string(reply.status) + (said.empty() ? "" : ": " + said);
}

/// In whole seconds; a date is left to our own waiting.
std::optional<std::chrono::milliseconds> secondsFrom(std::string_view text)
{
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return std::chrono::seconds(seconds);
}

Result<std::vector<float>> vectorFrom(const Json& item, std::size_t position)
{
    const std::string which = "vector " + std::to_string(position + 1);
    const auto list = item.is_object() ? item.find("embedding") : item.end();
    if (!item.is_object() || list == item.end() || !list->is_array())
        return fail(ErrorKind::BadData, which + " of the answer is not a list of numbers");
    std::vector<float> vector;
    vector.reserve(list->size());
    for (const auto& number : *list) {
        vector.push_back(number.is_number() ? static_cast<float>(number.get<double>()) : NAN);
        if (!std::isfinite(vector.back()))
            return fail(
                ErrorKind::BadData, which + " of the answer holds something that is no finite number");
    }
    return vector;
}

/// `data` in the order of `index`, or as it comes where nothing has one.
Result<std::vector<std::vector<float>>> vectorsFrom(const std::string& body, std::size_t texts)
{
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("data") || !json["data"].is_array())
        return fail(ErrorKind::BadData, "the answer is no JSON object with a list called data",
            printable(body.substr(0, ShownOfReply)));
    const auto& data = json["data"];
    if (data.size() != texts) {
        return fail(ErrorKind::BadData,
            "the answer has " + std::to_string(data.size()) + " vectors for " + std::to_string(texts)
                + " texts");
    }
    std::vector<std::vector<float>> vectors(texts);
    for (std::size_t i = 0; i < texts; ++i) {
        auto vector = vectorFrom(data[i], i);
        if (!vector)
            return tl::unexpected(vector.error());
        std::size_t place = i;
        if (const auto index = data[i].find("index"); index != data[i].end())
            place = index->is_number_unsigned() ? index->get<std::size_t>() : texts;
        if (place >= texts || !vectors[place].empty())
            return fail(ErrorKind::BadData, "the answer numbers its vectors wrongly");
        if (vector->empty() || vector->size() > MostDimensions) {
            return fail(ErrorKind::BadData,
                "vector " + std::to_string(i + 1) + " of the answer has " + std::to_string(vector->size())
                    + " numbers; an index takes 1 to 4096");
        }
        vectors[place] = std::move(*vector);
    }
    return vectors;
}

} // namespace

HttpEmbedder::HttpEmbedder(HttpEmbedderOptions options, std::string origin, std::string path)
    : m_options(std::move(options))
    , m_origin(std::move(origin))
    , m_path(std::move(path))
    , m_dimensions(m_options.dimensions)
{
}

Result<std::unique_ptr<HttpEmbedder>> HttpEmbedder::make(HttpEmbedderOptions options)
{
    auto address = parseAddress(options.url);
    if (!address)
        return tl::unexpected(address.error());
    if (options.model.empty())
        return refused("no model is named");
    if (options.dimensions > MostDimensions || options.batch == 0 || options.attempts < 1
        || options.timeout <= 0ms)
        return refused("dimensions, batch, attempts or time limit of the endpoint cannot be used");
    if (options.key.find_first_of("\r\n") != std::string::npos)
        return refused("the key holds a line's end");
    const std::string host = address->origin.substr(address->origin.find("//") + 2);
    const bool local = isLoopback({portOf(host) == std::string::npos ? host + ":80" : host});
    const bool plain = address->origin.starts_with("http://");
    if (plain && !options.key.empty() && !options.plainTextAccepted && !local)
        return refused("the key would travel to " + address->origin + " unencrypted; use https://");
    return std::unique_ptr<HttpEmbedder>(
        new HttpEmbedder(std::move(options), std::move(address->origin), std::move(address->path)));
}

std::string HttpEmbedder::name() const
{
    return m_options.model + " at " + m_origin.substr(m_origin.find("//") + 2);
}

Result<std::vector<std::vector<float>>> HttpEmbedder::embedBatch(
    std::span<const std::string> texts, const std::stop_token& stop)
{
    const Json request{{"model", m_options.model}, {"input", std::vector(texts.begin(), texts.end())}};
    const std::string body = request.dump(-1, ' ', false, Json::error_handler_t::replace);
    const std::size_t longest = ReplyBytes + texts.size() * ReplyBytesPerText;
    std::chrono::milliseconds wait = FirstWait;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        const auto reply = post(m_options, m_origin, m_path, body, longest, stop);
        if (!reply)
            return tl::unexpected(reply.error());
        if (reply->status == 200)
            return vectorsFrom(reply->body, texts.size());
        if (reply->status >= 300 && reply->status < 400) {
            return refused(m_origin + " redirects to " + printable(reply->location.substr(0, ShownOfReply))
                + "; redirects are not followed, so enter that address if you trust it");
        }
        const std::string said = httpText(m_origin, *reply, m_options.key);
        if (reply->status != 429 && reply->status < 500)
            return fail(ErrorKind::InvalidRequest, said);
        const auto pause = secondsFrom(reply->retryAfter).value_or(wait);
        if (attempt >= m_options.attempts)
            return fail(ErrorKind::Server, said + " (tried " + std::to_string(attempt) + " times)");
        if (pause > m_options.longestWait) {
            return fail(ErrorKind::Server,
                said + " and asks to wait "
                    + std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count()) + " s");
        }
        if (!m_options.sleeper(pause, stop))
            return fail(ErrorKind::Cancelled, "embedding was stopped");
    }
}

Result<std::vector<std::vector<float>>> HttpEmbedder::embed(
    std::span<const std::string> texts, const std::stop_token& stop)
try {
    if (auto usable = checkTexts(texts); !usable)
        return tl::unexpected(usable.error());
    std::vector<std::vector<float>> vectors;
    vectors.reserve(texts.size());
    while (vectors.size() < texts.size()) {
        const std::size_t from = vectors.size();
        std::size_t count = 0;
        for (std::size_t bytes = 0; from + count < texts.size() && count < m_options.batch; ++count) {
            bytes += texts[from + count].size();
            if (count > 0 && bytes > m_options.batchBytes)
                break;
        }
        auto some = embedBatch(texts.subspan(from, count), stop);
        if (!some)
            return some;
        for (auto& vector : *some) {
            std::uint32_t known = 0;
            const auto length = static_cast<std::uint32_t>(vector.size());
            if (!m_dimensions.compare_exchange_strong(known, length) && known != length) {
                return fail(ErrorKind::BadData,
                    "vector " + std::to_string(vectors.size() + 1) + " has " + std::to_string(length)
                        + " numbers where " + std::to_string(known) + " were expected");
            }
            vectors.push_back(std::move(vector));
        }
    }
    return vectors;
} catch (const std::exception& error) { // no memory, no thread
    return fail(ErrorKind::Server, "embedding failed on this machine", error.what());
}

} // namespace norikv::client
