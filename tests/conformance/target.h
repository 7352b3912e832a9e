// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <norikv/v1/norikv.grpc.pb.h>

#include <functional>
#include <memory>
#include <string>

namespace norikv::conformance {

/// The server under test: NORIKV_ENDPOINT=host:port, or a sandbox of our own when that is not set. It may be
/// shared with others and have any history, so every check uses keys of its own.
class Target {
public:
    static Target& get();
    /// Called by main before the first check. False with a message when there is no server.
    static bool open(const std::string& sandboxBinary);
    /// Ends the sandbox of our own.
    static void close();

    /// NORIKV_QUIRKS=faithful: the surprises of the shipped server are expected, else their absence.
    bool faithful() const { return m_faithful; }
    /// Empty = the HTTP side port is not known (NORIKV_HTTP).
    const std::string& http() const { return m_http; }
    /// The sandbox is ours, so its store was empty when the checks began.
    bool fresh() const { return m_fresh; }
    const std::shared_ptr<grpc::Channel>& channel() const { return m_channel; }
    v1::Kv::Stub& kv() const { return *m_kv; }
    v1::Meta::Stub& meta() const { return *m_meta; }
    v1::Admin::Stub& admin() const { return *m_admin; }
    v1::Vector::Stub& vector() const { return *m_vector; }

private:
    bool m_faithful = false;
    bool m_fresh = false;
    std::string m_http;
    std::shared_ptr<grpc::Channel> m_channel;
    std::unique_ptr<v1::Kv::Stub> m_kv;
    std::unique_ptr<v1::Meta::Stub> m_meta;
    std::unique_ptr<v1::Admin::Stub> m_admin;
    std::unique_ptr<v1::Vector::Stub> m_vector;
};

/// A key nobody else uses.
std::string freshKey(const std::string& what = "key");

/// The answer to one call.
template <class Response> struct Reply {
    grpc::Status status;
    Response response;
    bool ok() const { return status.ok(); }
};

/// Repeats a call as long as its shard is being opened (wire-contract 2.9), at most 10 s.
grpc::Status untilLed(const std::function<grpc::Status(grpc::ClientContext&)>& call);

Reply<v1::PutResponse> put(const v1::PutRequest& request);
Reply<v1::PutResponse> put(const std::string& key, const std::string& value);
Reply<v1::GetResponse> get(const std::string& key, const std::string& consistency = "");
Reply<v1::DeleteResponse> remove(const v1::DeleteRequest& request);
Reply<v1::DeleteResponse> remove(const std::string& key);
v1::PutRequest putRequest(const std::string& key, const std::string& value);

/// Sends raw bytes to a method such as /norikv.v1.Kv/Get.
grpc::Status callRaw(const std::string& method, const std::string& bytes);

} // namespace norikv::conformance
