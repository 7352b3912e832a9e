// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/localfile.h"
#include "client/values.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

enum class WriteKind {
    Put,
    Remove,
    Bulk, ///< a whole job; its undo file holds the values
    Other, ///< no key's: an admin call or one about vectors, which `key` says in words; it cannot be undone
};

enum class WriteStatus {
    Pending, ///< sent, no answer yet
    Ok,
    Failed, ///< certainly not written
    Unknown, ///< may have been written
};
std::string_view name(WriteKind kind);
std::string_view name(WriteStatus status);

/// One write as the journal keeps it.
struct JournalEntry {
    std::uint64_t id = 0; ///< grows; unique within one journal
    EpochMs atMs = 0;
    WriteKind kind = WriteKind::Put;
    Bytes key;
    Entry before; ///< without version = the key did not exist
    Entry after; ///< without version and value = deleted; the version is the one the server answered
    bool cas = false; ///< carried if_match
    std::uint32_t shard = 0;
    std::string why; ///< panel or feature that caused it
    std::string file; ///< of a bulk job: its undo file
    std::uint64_t undoes
        = 0; ///< the entry that this one took back; of a bulk job 1, and `key` is its undo file
    WriteStatus status = WriteStatus::Pending;
    std::chrono::microseconds took{};
    std::string problem; ///< why it failed, or why it is not known
};

/// What became of a write.
struct WriteOutcome {
    WriteStatus status = WriteStatus::Unknown;
    std::chrono::microseconds took{};
    std::optional<Version> version;
    std::string problem;
};

struct JournalOptions {
    std::uint64_t rotateAt
        = 16 * 1024 * 1024; ///< bytes; then the file becomes "<path>.1", replacing an older one
    std::size_t clip = 2048; ///< bytes of each value in what take() hands out
    std::size_t limit = 20'000; ///< entries kept for take()
    FileWriter writer = systemWriter();
};

/// Every write of one connection, in a file of lines that only grows: first the intent with the value before,
/// then the outcome. An intent is on the disk (fdatasync) before begin() returns; an outcome is written but
/// not waited for, so a crash of the machine can leave a write *unknown*, never forgotten. A line that cannot
/// be read is skipped and counted, and stays in the file. Safe from any thread; no disk is touched before the
/// first write or load().
class Journal {
public:
    Journal(std::string path, const Clock& clock, JournalOptions options = {});

    /// Keeps the intent. A full disk refuses it with the reason; then the write must not be sent.
    Result<std::uint64_t> begin(JournalEntry intent);
    /// Keeps the outcome. What cannot be written any more is still right in take().
    void finish(std::uint64_t id, const WriteOutcome& outcome);
    /// A line about a whole bulk job, already finished.
    Result<std::uint64_t> note(JournalEntry done, const WriteOutcome& outcome);

    /// Hands the newest entries of the files to take(). Reads them: not on a thread that must not wait.
    Result<void> load();

    struct Taken {
        std::vector<JournalEntry> entries; ///< new or changed, values clipped; merge them by id
        std::uint64_t dropped = 0; ///< more came than a reader took
        std::uint64_t damaged = 0; ///< lines that could not be read, all in all
    };
    Taken take();

    /// One entry with whole values, from the files.
    Result<JournalEntry> find(std::uint64_t id) const;

    /// Every entry that the files hold, oldest first, with whole values. Reads the files twice, one line at a
    /// time.
    Result<void> each(const std::function<void(const JournalEntry&)>& sink) const;

    const std::string& path() const { return m_path; }

private:
    Result<void> write(const std::string& line, bool wait);
    Result<void> openFile();
    void tell(JournalEntry entry);
    template <class Sink> Result<std::uint64_t> readAll(const Sink& sink) const;

    const std::string m_path;
    const Clock& m_clock;
    const JournalOptions m_options;
    std::mutex m_fileMutex; ///< held while the disk is waited for; taken before the other one
    std::optional<AppendFile> m_file;
    std::uint64_t m_nextId;
    const std::uint64_t m_firstId;
    mutable std::mutex m_mutex; ///< of all below: take() must not wait for the disk
    std::vector<JournalEntry> m_open; ///< begun and not finished, values clipped
    std::vector<JournalEntry> m_untaken;
    std::uint64_t m_dropped = 0;
    std::uint64_t m_damaged = 0;
};

} // namespace norikv::client
