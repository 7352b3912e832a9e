// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/binaryfile.h"

#include "client/bytes.h"
#include "client/localfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace norikv::client {

Result<BinaryFile> BinaryFile::open(const std::string& path)
{
    // Not blocking: what lies there could be a pipe.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        Error error = fileError(path, "opened", errno);
        if (errno == ENOENT)
            error.kind = ErrorKind::NotFound;
        return tl::unexpected(std::move(error));
    }
    BinaryFile opened;
    opened.m_path = path;
    opened.m_file.reset(::fdopen(descriptor, "rb"));
    if (!opened.m_file) {
        ::close(descriptor);
        return tl::unexpected(fileError(path, "opened", errno));
    }
    struct stat info { };
    if (::fstat(descriptor, &info) != 0)
        return tl::unexpected(fileError(path, "opened", errno));
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::LocalFile, printable(path) + " is not a regular file");
    opened.m_size = static_cast<std::uint64_t>(info.st_size);
    return opened;
}

Result<std::size_t> BinaryFile::read(char* to, std::size_t size)
{
    errno = 0;
    const std::size_t some = std::fread(to, 1, size, m_file.get());
    if (some < size && std::ferror(m_file.get()) != 0)
        return tl::unexpected(fileError(m_path, "read", errno));
    m_at += some;
    return some;
}

Result<void> BinaryFile::moveTo(std::uint64_t place)
{
    if (::fseeko(m_file.get(), static_cast<off_t>(place), SEEK_SET) != 0)
        return tl::unexpected(fileError(m_path, "read", errno));
    m_at = place;
    return {};
}

} // namespace norikv::client
