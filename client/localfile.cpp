// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/localfile.h"

#include "client/bytes.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace norikv::client {

namespace {

/// Held while one program writes; given up by the system should it die.
class FileLock {
public:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
        while (::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) { }
    }
    ~FileLock() { ::flock(m_descriptor, LOCK_UN); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    const int m_descriptor;
};

} // namespace

FileWriter systemWriter()
{
    return [](int file, const void* data, std::size_t size) { return ::write(file, data, size); };
}

Error fileError(const std::string& path, std::string_view verb, int error)
{
    const std::string reason = std::generic_category().message(error);
    return {
        ErrorKind::LocalFile, printable(path) + " cannot be " + std::string(verb) + ": " + reason, reason};
}

AppendFile::AppendFile(int descriptor, std::string path, std::uint64_t size, FileWriter writer)
    : m_descriptor(descriptor)
    , m_path(std::move(path))
    , m_size(size)
    , m_writer(std::move(writer))
{
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_path(std::move(other.m_path))
    , m_size(other.m_size)
    , m_writer(std::move(other.m_writer))
{
}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    std::swap(m_size, other.m_size);
    std::swap(m_writer, other.m_writer);
    return *this;
}

AppendFile::~AppendFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<AppendFile> AppendFile::open(const std::string& path, Mode mode, const FileWriter& writer)
{
    // Not blocking: what lies there could be a pipe. Read as well: a torn last line is looked at.
    const int flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        | (mode == Mode::Fresh ? O_EXCL : 0);
    const int descriptor = ::open(path.c_str(), flags, 0600);
    if (descriptor < 0) {
        if (errno == ELOOP)
            return fail(ErrorKind::LocalFile, printable(path) + " is a symbolic link and was not followed");
        return tl::unexpected(fileError(path, "opened", errno));
    }
    AppendFile file(descriptor, path, 0, writer);
    struct stat info { };
    if (::fstat(descriptor, &info) != 0)
        return tl::unexpected(fileError(path, "opened", errno));
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::LocalFile, printable(path) + " is not a regular file");
    if (::fchmod(descriptor, 0600) != 0)
        return tl::unexpected(fileError(path, "kept for its owner alone", errno));
    file.m_size = static_cast<std::uint64_t>(info.st_size);
    char last = '\n';
    if (info.st_size > 0 && ::pread(descriptor, &last, 1, info.st_size - 1) != 1)
        return tl::unexpected(fileError(path, "read", errno));
    // The machine stopped in the middle of a line: the next one must not grow out of its remains.
    if (last != '\n') {
        if (auto ended = file.append("\n"); !ended)
            return tl::unexpected(ended.error());
    }
    return file;
}

Result<void> AppendFile::append(std::string_view bytes)
{
    // Another window may append to the same file: one at a time, and each from where the file ends now.
    const FileLock lock(m_descriptor);
    struct stat info { };
    if (::fstat(m_descriptor, &info) == 0)
        m_size = static_cast<std::uint64_t>(info.st_size);
    const std::string_view all = bytes;
    while (!bytes.empty()) {
        const ssize_t some = m_writer(m_descriptor, bytes.data(), bytes.size());
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0) {
            const int error = some < 0 ? errno : ENOSPC;
            if (::ftruncate(m_descriptor, static_cast<off_t>(m_size)) != 0)
                return tl::unexpected(
                    fileError(m_path, "written, and a piece of a line stayed behind", error));
            return tl::unexpected(fileError(m_path, "written", error));
        }
        bytes.remove_prefix(static_cast<std::size_t>(some));
    }
    m_size += all.size();
    return {};
}

bool AppendFile::isAt(const std::string& path) const
{
    struct stat mine { };
    struct stat named { };
    return ::fstat(m_descriptor, &mine) == 0 && ::stat(path.c_str(), &named) == 0
        && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

Result<void> AppendFile::sync()
{
    if (::fdatasync(m_descriptor) != 0)
        return tl::unexpected(fileError(m_path, "brought to the disk", errno));
    return {};
}

Result<void> replaceFile(
    const std::string& path, const std::function<Result<void>(AppendFile&)>& fill, const FileWriter& writer)
{
    const std::string fresh = path + ".new-" + randomUuid();
    auto file = AppendFile::open(fresh, AppendFile::Mode::Fresh, writer);
    if (!file)
        return tl::unexpected(file.error());
    auto done = fill(*file).and_then([&] { return file->sync(); });
    if (done && ::rename(fresh.c_str(), path.c_str()) != 0)
        done = tl::unexpected(fileError(path, "written", errno));
    if (!done)
        ::unlink(fresh.c_str());
    return done;
}

Result<void> makePrivateFolder(const std::string& path)
{
    if (path.empty() || ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    if (errno != ENOENT)
        return tl::unexpected(fileError(path, "made", errno));
    const auto slash = path.find_last_of('/', path.find_last_not_of('/'));
    if (slash == std::string::npos || slash == 0)
        return tl::unexpected(fileError(path, "made", ENOENT));
    if (auto parent = makePrivateFolder(path.substr(0, slash)); !parent)
        return parent;
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return tl::unexpected(fileError(path, "made", errno));
}

} // namespace norikv::client
