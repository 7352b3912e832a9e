// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/storage.h"

#include <filesystem>
#include <vector>

namespace norikv::sandbox {

/// The ports of one node; http 0 = none.
struct NodePorts {
    std::string id;
    int rpc = 0;
    int http = 0;
};

/// Tells other processes where the sandbox listens:
/// `{"rpc":N,"http":N,"pid":N,"nodes":[{"id","rpc","http"}]}`, of the first node and of each. Appears by
/// rename, complete, mode 0600; removed when the object goes.
class PortFile {
public:
    static Result<std::unique_ptr<PortFile>> write(
        const std::filesystem::path& path, const std::vector<NodePorts>& nodes);
    ~PortFile();
    PortFile(const PortFile&) = delete;
    PortFile& operator=(const PortFile&) = delete;

private:
    explicit PortFile(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }
    std::filesystem::path m_path;
};

} // namespace norikv::sandbox
