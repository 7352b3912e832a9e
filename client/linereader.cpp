// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/linereader.h"

#include "client/bytes.h"
#include "client/localfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace norikv::client {

namespace {

constexpr std::size_t PieceBytes = 256 * 1024;

} // namespace

LineReader::LineReader(int descriptor, std::string path, std::uint64_t size, const Options& options)
    : m_descriptor(descriptor)
    , m_path(std::move(path))
    , m_options(options)
    , m_size(size)
{
}

LineReader::LineReader(LineReader&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_path(std::move(other.m_path))
    , m_options(other.m_options)
    , m_size(other.m_size)
    , m_read(other.m_read)
    , m_number(other.m_number)
    , m_buffer(std::move(other.m_buffer))
    , m_at(other.m_at)
    , m_ended(other.m_ended)
    , m_skipFirst(other.m_skipFirst)
{
}

LineReader::~LineReader()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<LineReader> LineReader::open(const std::string& path, const Options& options)
{
    // Not blocking: what lies there could be a pipe.
    const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (options.followLinks ? 0 : O_NOFOLLOW);
    const int descriptor = ::open(path.c_str(), flags);
    if (descriptor < 0) {
        if (errno == ENOENT)
            return fail(ErrorKind::NotFound, "there is no file " + printable(path));
        return tl::unexpected(fileError(path, "read", errno));
    }
    LineReader reader(descriptor, path, 0, options);
    struct stat info { };
    if (::fstat(descriptor, &info) != 0)
        return tl::unexpected(fileError(path, "read", errno));
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::LocalFile, printable(path) + " is not a regular file");
    reader.m_size = static_cast<std::uint64_t>(info.st_size);
    if (options.lastBytes != 0 && reader.m_size > options.lastBytes) {
        if (::lseek(descriptor, -static_cast<off_t>(options.lastBytes), SEEK_END) < 0)
            return tl::unexpected(fileError(path, "read", errno));
        reader.m_skipFirst = true;
    }
    return reader;
}

Result<bool> LineReader::fill()
{
    if (m_ended)
        return false;
    m_buffer.erase(0, m_at);
    m_at = 0;
    const std::size_t had = m_buffer.size();
    m_buffer.resize(had + PieceBytes);
    ssize_t some = -1;
    do {
        some = ::read(m_descriptor, m_buffer.data() + had, PieceBytes);
    } while (some < 0 && errno == EINTR);
    const int error = errno;
    m_buffer.resize(had + static_cast<std::size_t>(some > 0 ? some : 0));
    if (some < 0)
        return tl::unexpected(fileError(m_path, "read", error));
    m_read += static_cast<std::uint64_t>(some);
    m_ended = some == 0;
    return some > 0;
}

Result<std::optional<LineReader::Line>> LineReader::next()
{
    std::size_t looked = m_at;
    bool tooLong = false;
    std::string beginning;
    while (true) {
        const auto end = m_buffer.find('\n', looked);
        if (end != std::string::npos || (m_ended && m_at < m_buffer.size())) {
            const std::size_t stop = end == std::string::npos ? m_buffer.size() : end;
            Line line;
            line.text = std::string_view(m_buffer).substr(m_at, stop - m_at);
            line.tooLong = tooLong || line.text.size() > m_options.longestLine;
            line.number = ++m_number;
            m_at = end == std::string::npos ? stop : stop + 1;
            line.carriageReturn = line.text.ends_with('\r');
            if (line.carriageReturn)
                line.text.remove_suffix(1);
            if (line.tooLong)
                line.text = line.text.substr(0, 256);
            if (std::exchange(m_skipFirst, false)) {
                m_number = 0;
                looked = m_at;
                tooLong = false;
                continue;
            }
            return line;
        }
        if (m_ended)
            return std::optional<Line>();
        if (m_buffer.size() - m_at > m_options.longestLine) {
            tooLong = true; // only its beginning and its end stay
            m_buffer.resize(m_at + 256);
        }
        looked = m_buffer.size() - m_at;
        if (auto more = fill(); !more)
            return tl::unexpected(more.error());
    }
}

} // namespace norikv::client
