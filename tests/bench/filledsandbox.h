// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "serverprocess.h"

#include <norikv/explore/v1/explore.grpc.pb.h>

#include <functional>
#include <memory>
#include <string>

namespace norikv::bench {

/// A sandbox process over a store that was filled before it began.
class FilledSandbox {
public:
    struct Row {
        std::string key;
        std::string value;
        std::uint64_t ttlMs = 0;
    };
    using Make = std::function<Row(std::size_t)>;

    /// `make` is asked for each of the `keys` rows.
    FilledSandbox(std::size_t keys, const Make& make);
    /// Keys of 16 bytes, values of 100.
    explicit FilledSandbox(std::size_t keys);

    std::size_t keys() const { return m_keys; }
    std::string address() const { return m_server->address(); }
    /// The stream read and thrown away; seconds.
    double rawScan(bool keysOnly = true);

private:
    void fill(const Make& make);

    const std::size_t m_keys;
    TempFolder m_data;
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<explore::v1::Explore::Stub> m_explore;
};

} // namespace norikv::bench
