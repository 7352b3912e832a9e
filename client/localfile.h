// SPDX-License-Identifier: GPL-3.0-or-later
// Files of our own that must not lose what they hold: the journal, undo files, exports.
#pragma once

#include "client/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace norikv::client {

/// How bytes reach a file; a parameter so that tests can fill the disk. As ::write: -1 and errno on failure.
using FileWriter = std::function<ssize_t(int, const void*, std::size_t)>;
FileWriter systemWriter();

/// A regular file that only grows, for the owner alone (0600), opened without following a symbolic link.
/// What a failed append left half written is cut off again, so earlier bytes stay whole. Not thread-safe.
class AppendFile {
public:
    enum class Mode {
        Append, ///< keeps what is there
        Fresh, ///< fails when something of that name exists
    };
    static Result<AppendFile> open(
        const std::string& path, Mode mode, const FileWriter& writer = systemWriter());
    ~AppendFile();
    AppendFile(AppendFile&& other) noexcept;
    AppendFile& operator=(AppendFile&& other) noexcept;
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    /// All of it or nothing.
    Result<void> append(std::string_view bytes);
    /// Returns once the bytes are on the disk (fdatasync).
    Result<void> sync();
    /// False when the file of that name is another one by now, or gone.
    bool isAt(const std::string& path) const;
    std::uint64_t size() const { return m_size; }
    const std::string& path() const { return m_path; }

private:
    AppendFile(int descriptor, std::string path, std::uint64_t size, FileWriter writer);

    int m_descriptor = -1;
    std::string m_path;
    std::uint64_t m_size = 0;
    FileWriter m_writer;
};

/// Writes a file whole or not at all: `fill` gets a fresh file beside it, which then takes its place. A
/// symbolic link is replaced, never followed.
Result<void> replaceFile(const std::string& path, const std::function<Result<void>(AppendFile&)>& fill,
    const FileWriter& writer = systemWriter());

/// Makes missing folders, each for the owner only (0700); existing ones stay as they are.
Result<void> makePrivateFolder(const std::string& path);

/// The failure of a file operation as a value: "<path> cannot be <verb>", with the system's words.
Error fileError(const std::string& path, std::string_view verb, int error);

} // namespace norikv::client
