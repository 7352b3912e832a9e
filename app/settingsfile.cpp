// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settingsfile.h"

#include "client/bytes.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace norikv::app {

namespace {

/// An open file that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_number; }
    explicit operator bool() const { return m_number >= 0; }

private:
    int m_number;
};

client::Error failure(const QString& path, int error)
{
    return {client::ErrorKind::Server, path.toStdString() + " cannot be written", std::strerror(error)};
}

/// Makes missing directories, each for the owner only; existing ones stay as they are.
int makeDirectory(const QString& path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), 0700) == 0 || errno == EEXIST)
        return 0;
    if (errno != ENOENT)
        return errno;
    const QString parent = QDir(path + QStringLiteral("/..")).absolutePath();
    if (parent == path)
        return ENOENT;
    if (const int error = makeDirectory(parent))
        return error;
    return ::mkdir(name.constData(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

int writeAll(int file, const QByteArray& bytes)
{
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t some = ::write(file, bytes.constData() + done, std::size_t(bytes.size() - done));
        if (some < 0 && errno != EINTR)
            return errno;
        done += some > 0 ? some : 0;
    }
    return ::fsync(file) == 0 ? 0 : errno;
}

/// Whole or not at all: a fresh file beside the target, synced, then renamed over it. rename() replaces a
/// symbolic link and never follows it.
int replaceFile(const QString& directory, const QString& path, const QByteArray& bytes)
{
    const QByteArray target = QFile::encodeName(path);
    const QByteArray fresh = target + ".new-" + QByteArray::fromStdString(client::randomUuid());
    int error = 0;
    {
        const Descriptor file(
            ::open(fresh.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file)
            return errno;
        error = ::fchmod(file.get(), 0600) == 0 ? writeAll(file.get(), bytes) : errno;
    }
    if (error == 0 && ::rename(fresh.constData(), target.constData()) != 0)
        error = errno;
    if (error != 0) {
        ::unlink(fresh.constData());
        return error;
    }
    // The rename lasts only once the directory is on disk; some file systems cannot sync one.
    const Descriptor folder(
        ::open(QFile::encodeName(directory).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder)
        ::fsync(folder.get());
    return 0;
}

SettingsFile::Content readLimited(const QString& path)
{
    using Presence = SettingsFile::Presence;
    // Not blocking: what lies there could be a pipe.
    const Descriptor file(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file)
        return {errno == ENOENT || errno == ENOTDIR ? Presence::Missing : Presence::Unreadable, {}};
    struct stat info { };
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > SettingsFile::MaxBytes)
        return {Presence::Unreadable, {}};
    QByteArray bytes;
    std::array<char, 65536> chunk{};
    while (true) {
        const ssize_t some = ::read(file.get(), chunk.data(), chunk.size());
        if (some == 0)
            return {Presence::Present, bytes};
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0 || bytes.size() + some > SettingsFile::MaxBytes)
            return {Presence::Unreadable, {}};
        bytes.append(chunk.data(), some);
    }
}

} // namespace

SettingsFile::SettingsFile(const QString& directory)
    : m_directory(QDir(directory).absolutePath())
    , m_path(m_directory + QStringLiteral("/settings.json"))
{
}

SettingsFile::Content SettingsFile::read() const { return readLimited(m_path); }

SettingsFile::Content SettingsFile::readBackup() const { return readLimited(backupPath()); }

std::optional<QString> SettingsFile::moveAside()
{
    const std::scoped_lock lock(m_mutex);
    return rename();
}

std::optional<QString> SettingsFile::rename()
{
    const QString base = m_path + QStringLiteral(".corrupt-")
        + QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    QString aside = base;
    struct stat info { };
    for (int n = 2; ::lstat(QFile::encodeName(aside).constData(), &info) == 0; ++n)
        aside = base + QStringLiteral("-%1").arg(n);
    m_inTheWay = ::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(aside).constData()) != 0;
    return m_inTheWay ? std::nullopt : std::optional(aside);
}

void SettingsFile::setLastGood(const QByteArray& bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_lastGood = bytes;
}

client::Result<void> SettingsFile::write(const QByteArray& bytes, quint64 number)
{
    const std::scoped_lock lock(m_mutex);
    if (number <= m_lastNumber)
        return {};
    if (const int error = makeDirectory(m_directory))
        return tl::unexpected(failure(m_directory, error));
    if (m_inTheWay && !rename())
        return tl::unexpected(failure(m_path, EACCES));
    if (!m_lastGood.isEmpty() && m_lastGood != bytes) {
        if (const int error = replaceFile(m_directory, backupPath(), m_lastGood))
            return tl::unexpected(failure(backupPath(), error));
    }
    if (const int error = replaceFile(m_directory, m_path, bytes))
        return tl::unexpected(failure(m_path, error));
    m_lastGood = bytes;
    m_lastNumber = number;
    return {};
}

} // namespace norikv::app
