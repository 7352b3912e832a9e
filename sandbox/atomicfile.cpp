// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/atomicfile.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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
    return ::fsync(fd) == 0;
}

} // namespace

Result<void> writeAtomically(const std::filesystem::path& path, const std::string& text)
{
    const std::string fresh = path.string() + '.' + std::to_string(::getpid()) + ".new";
    ::unlink(fresh.c_str());
    const int fd
        = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    int error = fd >= 0 && writeAll(fd, text) ? 0 : errno;
    if (fd >= 0) {
        ::close(fd);
    }
    if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(fresh.c_str());
        return tl::unexpected(Error(std::strerror(error)));
    }
    return {};
}

} // namespace norikv::sandbox
