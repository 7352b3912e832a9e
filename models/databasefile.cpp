// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasefile.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace norikv::models {

namespace {

int makeFolder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) == 0)
        return 0;
    if (errno == EEXIST)
        return 0;
    const auto slash = path.rfind('/');
    if (errno != ENOENT || slash == std::string::npos || slash == 0)
        return errno;
    if (const int error = makeFolder(path.substr(0, slash)))
        return error;
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

bool exists(const std::string& path)
{
    struct stat info { };
    return ::lstat(path.c_str(), &info) == 0;
}

} // namespace

SqlError fileError(int error)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return {full ? SqlError::Kind::Full : SqlError::Kind::Other, std::strerror(error)};
}

bool onlyPlainFiles(const std::string& path)
{
    return std::ranges::all_of(DatabaseParts, [&](const char* part) {
        struct stat info { };
        return ::lstat((path + part).c_str(), &info) != 0 || S_ISREG(info.st_mode);
    });
}

SqlResult<DatabaseState> lookAtDatabase(const std::string& path, std::int64_t schemaVersion)
{
    const bool sideFiles = exists(path + "-wal") || exists(path + "-shm");
    struct stat info { };
    if (::lstat(path.c_str(), &info) != 0) {
        if (errno != ENOENT)
            return tl::unexpected(fileError(errno));
        return sideFiles ? DatabaseState::Damaged : DatabaseState::Absent;
    }
    if (!onlyPlainFiles(path))
        return DatabaseState::Damaged;
    if ((info.st_mode & 0077) != 0 && ::chmod(path.c_str(), 0600) != 0)
        return tl::unexpected(fileError(errno));
    if (info.st_size == 0)
        return sideFiles ? DatabaseState::Damaged : DatabaseState::InOrder;
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return tl::unexpected(fileError(errno));
    std::array<unsigned char, 100> header{};
    const ssize_t got = ::pread(file, header.data(), header.size(), 0);
    ::close(file);
    constexpr std::string_view magic("SQLite format 3\0", 16);
    if (got != ssize_t(header.size()) || std::memcmp(header.data(), magic.data(), magic.size()) != 0)
        return DatabaseState::Damaged;
    // Versions of the format: above 2 SQLite would only read.
    if (header[18] > 2 || header[19] > 2)
        return DatabaseState::Damaged;
    std::uint32_t version = 0;
    for (std::size_t i = 60; i < 64; ++i)
        version = version << 8U | header[i];
    return static_cast<std::int32_t>(version) > schemaVersion ? DatabaseState::Newer : DatabaseState::InOrder;
}

SqlResult<std::string> moveDatabaseAside(const std::string& path, const char* suffix, EpochMs nowMs)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(nowMs, Qt::UTC);
    const std::string base = path + suffix + time.toString(QStringLiteral("yyyyMMdd-HHmmss")).toStdString();
    std::string aside = base;
    for (int n = 2; exists(aside); ++n)
        aside = base + "-" + std::to_string(n);
    // The side files first: what is left of a crash in between is a whole file without them, or none.
    for (const char* part : {"-wal", "-shm", ""}) {
        if (::rename((path + part).c_str(), (aside + part).c_str()) != 0 && errno != ENOENT)
            return tl::unexpected(fileError(errno));
    }
    return aside;
}

SqlResult<void> makeDatabaseFolder(const std::string& folder)
{
    if (const int error = makeFolder(folder))
        return tl::unexpected(fileError(error));
    struct stat info { };
    if (::stat(folder.c_str(), &info) == 0 && (info.st_mode & 0077) != 0
        && ::chmod(folder.c_str(), 0700) != 0)
        return tl::unexpected(fileError(errno));
    return {};
}

SqlResult<void> makeDatabaseFile(const std::string& path, bool mayExist)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST && mayExist)
        return {};
    if (file < 0)
        return tl::unexpected(fileError(errno));
    const int error = ::fchmod(file, 0600) == 0 ? 0 : errno;
    ::close(file);
    if (error != 0)
        return tl::unexpected(fileError(error));
    return {};
}

} // namespace norikv::models
