// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/portfile.h"

#include "sandbox/atomicfile.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

namespace norikv::sandbox {

Result<std::unique_ptr<PortFile>> PortFile::write(
    const std::filesystem::path& path, const std::vector<NodePorts>& nodes)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto& node : nodes) {
        list.push_back({{"id", node.id}, {"rpc", node.rpc}, {"http", node.http}});
    }
    const nlohmann::ordered_json body{
        {"rpc", nodes.front().rpc}, {"http", nodes.front().http}, {"pid", ::getpid()}, {"nodes", list}};

    if (const auto written = writeAtomically(path, body.dump() + '\n'); !written) {
        return tl::unexpected("Cannot write the port file " + path.string() + ": " + written.error());
    }
    return std::unique_ptr<PortFile>(new PortFile(path));
}

PortFile::~PortFile() { ::unlink(m_path.c_str()); }

} // namespace norikv::sandbox
