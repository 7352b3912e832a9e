// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/journal/journal.h"

#include "client/journal/journalline.h"
#include "client/linereader.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <unordered_map>

namespace norikv::client {

namespace {

void settle(JournalEntry& entry, const WriteOutcome& outcome)
{
    entry.status = outcome.status;
    entry.took = outcome.took;
    entry.problem = outcome.problem;
    if (entry.kind == WriteKind::Put)
        entry.after.version = outcome.version;
}

void clip(Entry& entry, std::size_t most)
{
    entry.valueSize = std::max<std::uint64_t>(entry.valueSize, entry.value.size());
    if (entry.value.size() > most) {
        entry.value.resize(most);
        entry.value.shrink_to_fit();
    }
}

JournalEntry clipped(JournalEntry entry, std::size_t most)
{
    clip(entry.before, most);
    clip(entry.after, most);
    return entry;
}

} // namespace

Journal::Journal(std::string path, const Clock& clock, JournalOptions options)
    : m_path(std::move(path))
    , m_clock(clock)
    , m_options(std::move(options))
    // A thousand writes a second could run before a later start counts from the same number.
    , m_nextId(static_cast<std::uint64_t>(std::max<EpochMs>(clock.nowMs(), 1)) * 1000)
    , m_firstId(m_nextId)
{
}

Result<void> Journal::openFile()
{
    if (!m_file) {
        const auto slash = m_path.rfind('/');
        if (slash != std::string::npos && slash != 0) {
            if (auto folder = makePrivateFolder(m_path.substr(0, slash)); !folder)
                return folder;
        }
        auto file = AppendFile::open(m_path, AppendFile::Mode::Append, m_options.writer);
        if (!file)
            return tl::unexpected(file.error());
        m_file.emplace(std::move(*file));
    }
    if (!m_file->isAt(m_path)) {
        m_file.reset(); // another window has put it aside
        return openFile();
    }
    if (m_file->size() < m_options.rotateAt)
        return {};
    // A file that cannot be put aside simply grows on.
    if (std::rename(m_path.c_str(), (m_path + ".1").c_str()) != 0)
        return {};
    m_file.reset();
    return openFile();
}

Result<void> Journal::write(const std::string& line, bool wait)
{
    if (auto opened = openFile(); !opened)
        return opened;
    if (auto written = m_file->append(line + '\n'); !written)
        return written;
    return wait ? m_file->sync() : Result<void>();
}

void Journal::tell(JournalEntry entry)
{
    if (m_untaken.size() >= m_options.limit) {
        m_untaken.erase(m_untaken.begin(), m_untaken.begin() + std::ptrdiff_t(m_options.limit / 10 + 1));
        m_dropped += m_options.limit / 10 + 1;
    }
    m_untaken.push_back(std::move(entry));
}

Result<std::uint64_t> Journal::begin(JournalEntry intent)
{
    const std::scoped_lock file(m_fileMutex);
    intent.id = m_nextId++;
    intent.atMs = m_clock.nowMs();
    intent.status = WriteStatus::Pending;
    if (auto written = write(intentLine(intent), true); !written) {
        written.error().message = "the write was not sent, because the journal " + written.error().message;
        return tl::unexpected(written.error());
    }
    const std::uint64_t id = intent.id;
    const std::scoped_lock lock(m_mutex);
    m_open.push_back(clipped(std::move(intent), m_options.clip));
    tell(m_open.back());
    return id;
}

void Journal::finish(std::uint64_t id, const WriteOutcome& outcome)
{
    const std::scoped_lock file(m_fileMutex);
    (void)write(outcomeLine(id, outcome), false);
    const std::scoped_lock lock(m_mutex);
    const auto open = std::ranges::find(m_open, id, &JournalEntry::id);
    if (open == m_open.end())
        return;
    settle(*open, outcome);
    tell(std::move(*open));
    m_open.erase(open);
}

Result<std::uint64_t> Journal::note(JournalEntry done, const WriteOutcome& outcome)
{
    const std::scoped_lock file(m_fileMutex);
    done.id = m_nextId++;
    if (done.atMs == 0)
        done.atMs = m_clock.nowMs();
    settle(done, outcome);
    const std::uint64_t id = done.id;
    auto written = write(intentLine(done) + '\n' + outcomeLine(id, outcome), false);
    const std::scoped_lock lock(m_mutex);
    tell(clipped(std::move(done), m_options.clip));
    if (!written)
        return tl::unexpected(written.error());
    return id;
}

template <class Sink> Result<std::uint64_t> Journal::readAll(const Sink& sink) const
{
    std::uint64_t damaged = 0;
    for (const std::string& path : {m_path + ".1", m_path}) {
        // Somebody else's file of any size may lie there: the end is what matters.
        LineReader::Options options;
        options.followLinks = false;
        options.lastBytes = 4 * std::max<std::uint64_t>(m_options.rotateAt, 4 * 1024 * 1024);
        auto reader = LineReader::open(path, options);
        if (!reader && reader.error().kind == ErrorKind::NotFound)
            continue;
        if (!reader)
            return tl::unexpected(reader.error());
        while (true) {
            const auto line = reader->next();
            if (!line)
                return tl::unexpected(line.error());
            if (!*line)
                break;
            if ((*line)->text.empty())
                continue;
            auto parsed = (*line)->tooLong ? tl::unexpected(Error{}) : parseJournalLine((*line)->text);
            if (parsed)
                sink(std::move(*parsed));
            else
                ++damaged;
        }
    }
    return damaged;
}

Result<void> Journal::load()
{
    std::deque<JournalEntry> newest;
    std::unordered_map<std::uint64_t, WriteOutcome> outcomes;
    const auto damaged = readAll([&](JournalLine line) {
        if (line.entry.id >= m_firstId)
            return; // of this session: already told
        if (!line.intent) {
            outcomes[line.entry.id] = std::move(line.outcome);
            return;
        }
        newest.push_back(clipped(std::move(line.entry), m_options.clip));
        if (newest.size() > m_options.limit / 2) {
            outcomes.erase(newest.front().id);
            newest.pop_front();
        }
    });
    if (!damaged)
        return tl::unexpected(damaged.error());
    const std::scoped_lock lock(m_mutex);
    m_damaged = *damaged;
    std::vector<JournalEntry> all;
    for (JournalEntry& entry : newest) {
        const auto outcome = outcomes.find(entry.id);
        settle(entry,
            outcome != outcomes.end()
                ? outcome->second
                : WriteOutcome{WriteStatus::Unknown, {}, {}, "the workbench ended before the answer came"});
        all.push_back(std::move(entry));
    }
    std::ranges::move(m_untaken, std::back_inserter(all));
    m_untaken = std::move(all);
    return {};
}

Journal::Taken Journal::take()
{
    const std::scoped_lock lock(m_mutex);
    Taken taken{std::move(m_untaken), m_dropped, m_damaged};
    m_untaken.clear();
    m_dropped = 0;
    return taken;
}

Result<JournalEntry> Journal::find(std::uint64_t id) const
{
    std::optional<JournalEntry> found;
    const auto read = readAll([&](JournalLine line) {
        if (line.entry.id != id)
            return;
        if (line.intent)
            found = std::move(line.entry);
        else if (found)
            settle(*found, line.outcome);
    });
    if (!read)
        return tl::unexpected(read.error());
    if (!found)
        return fail(ErrorKind::NotFound, "the journal does not hold this write any more");
    if (found->status == WriteStatus::Pending) {
        found->status = WriteStatus::Unknown;
        found->problem = "no answer was kept";
    }
    return std::move(*found);
}

Result<void> Journal::each(const std::function<void(const JournalEntry&)>& sink) const
{
    std::unordered_map<std::uint64_t, WriteOutcome> outcomes;
    const auto first = readAll([&](JournalLine line) {
        if (!line.intent)
            outcomes[line.entry.id] = std::move(line.outcome);
    });
    if (!first)
        return tl::unexpected(first.error());
    const auto second = readAll([&](JournalLine line) {
        if (!line.intent)
            return;
        const auto outcome = outcomes.find(line.entry.id);
        settle(line.entry, outcome == outcomes.end() ? WriteOutcome() : outcome->second);
        sink(line.entry);
    });
    return second.map([](auto) {});
}

} // namespace norikv::client
