// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/portfile.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

namespace norikv::sandbox {

namespace {

bool writeAll(int fd, const std::string& text)
{
    for (std::size_t done = 0; done < text.size();) {
        const auto count = ::write(fd, text.data() + done, text.size() - done);
        if (count <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(count);
    }
    return true;
}

} // namespace

Result<std::unique_ptr<PortFile>> PortFile::write(
    const std::filesystem::path& path, const std::vector<NodePorts>& nodes)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto& node : nodes) {
        list.push_back({{"id", node.id}, {"rpc", node.rpc}, {"http", node.http}});
    }
    const nlohmann::ordered_json body{
        {"rpc", nodes.front().rpc}, {"http", nodes.front().http}, {"pid", ::getpid()}, {"nodes", list}};

    // A fresh name beside it, never through a link that someone else put there.
    const std::string fresh = path.string() + '.' + std::to_string(::getpid()) + ".new";
    ::unlink(fresh.c_str());
    const int fd
        = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool written = fd >= 0 && writeAll(fd, body.dump() + '\n');
    int error = written ? 0 : errno;
    if (fd >= 0) {
        ::close(fd);
    }
    if (written && ::rename(fresh.c_str(), path.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(fresh.c_str());
        return tl::unexpected("Cannot write the port file " + path.string() + ": " + std::strerror(error));
    }
    return std::unique_ptr<PortFile>(new PortFile(path));
}

PortFile::~PortFile() { ::unlink(m_path.c_str()); }

} // namespace norikv::sandbox
