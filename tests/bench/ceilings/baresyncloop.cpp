// SPDX-License-Identifier: GPL-3.0-or-later
// What the disk itself can do: the floor under every durable write.
#include "ceilings/baresyncloop.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace norikv::bench {

double bareSyncLoop(const std::filesystem::path& file, std::size_t bytes, double seconds)
{
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        throw std::runtime_error("cannot write " + file.string());
    const std::vector<char> record(bytes, 'v');
    std::size_t done = 0;
    bool ok = true;
    const auto start = std::chrono::steady_clock::now();
    std::chrono::duration<double> took{};
    while (ok && took.count() < seconds) {
        ok = ::write(fd, record.data(), bytes) == static_cast<ssize_t>(bytes) && ::fdatasync(fd) == 0;
        ++done;
        took = std::chrono::steady_clock::now() - start;
    }
    ::close(fd);
    if (!ok)
        throw std::runtime_error("writing " + file.string() + " failed");
    return static_cast<double>(done) / took.count();
}

} // namespace norikv::bench
