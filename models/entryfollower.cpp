// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/entryfollower.h"

#include "client/valuehash.h"
#include "models/pollbudget.h"

#include <algorithm>
#include <unordered_set>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;
using client::ErrorKind;

constexpr auto RetryAfter = 250ms;
constexpr auto SpeakEvery = 250ms;
constexpr auto AskEvery = 1000ms;
constexpr auto LookUpEvery = 5s; // in the catalogue
constexpr std::size_t AskAtOnce = 64;

EntryBook::Gone how(client::ChangeEvent::Kind kind)
{
    return kind == client::ChangeEvent::Kind::Expire ? EntryBook::Gone::Expired : EntryBook::Gone::Deleted;
}

} // namespace

EntryFollower::EntryFollower(client::Store& store, const Clock& clock, What what, KnownKeys known,
    std::shared_ptr<EntryBook> book, std::shared_ptr<ChunkQueue<FollowNews>> queue, client::Sleeper sleeper)
    : m_store(store)
    , m_clock(clock)
    , m_what(std::move(what))
    , m_known(std::move(known))
    , m_book(std::move(book))
    , m_queue(std::move(queue))
    , m_sleep(std::move(sleeper))
    , m_asked(m_what.keys.begin(), m_what.keys.end())
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

EntryFollower::~EntryFollower()
{
    m_queue->close();
    m_thread.request_stop();
}

void EntryFollower::learn(const std::vector<Bytes>& keys)
{
    const std::scoped_lock lock(m_mutex);
    for (const Bytes& key : keys) {
        if (concerns(key))
            m_learnt.insert(key);
    }
    m_nudged = m_nudged || !m_learnt.empty();
    m_wake.notify_all();
}

void EntryFollower::nudge()
{
    const std::scoped_lock lock(m_mutex);
    m_nudged = true;
    m_wake.notify_all();
}

bool EntryFollower::concerns(std::string_view key) const
{
    return std::ranges::any_of(m_what.prefixes, [&](const Bytes& prefix) { return key.starts_with(prefix); });
}

client::Call EntryFollower::call(const std::stop_token& stop) const
{
    client::Call call;
    call.stop = stop;
    call.background = true;
    call.why = m_what.why;
    return call;
}

FollowStatus EntryFollower::status() const
{
    FollowStatus now = m_status;
    now.nowMs = m_clock.nowMs() + m_status.clockOffsetMs;
    return now;
}

bool EntryFollower::tell(FollowNews news, const std::stop_token& stop)
{
    std::vector<FollowNews> chunk;
    chunk.push_back(std::move(news));
    return m_queue->push(std::move(chunk), stop);
}

/// Lets the book publish when it is time; false = the window is gone.
bool EntryFollower::speak(const std::stop_token& stop, bool now)
{
    const auto at = m_clock.elapsed();
    if (!now && at - m_spoke < SpeakEvery)
        return !stop.stop_requested();
    m_spoke = at;
    {
        const std::scoped_lock lock(m_book->mutex());
        m_book->publish(status());
    }
    return tell({false, {}, status()}, stop);
}

void EntryFollower::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        auto end = followLive(stop);
        if (!end && end.error().kind == ErrorKind::Unsupported)
            end = ask(stop);
        if (stop.stop_requested())
            return;
        {
            const std::scoped_lock lock(m_book->mutex());
            m_book->interrupted();
        }
        // Gone only says that we were away for long: list again at once.
        if (end || end.error().kind == ErrorKind::Gone)
            continue;
        if (!tell({true, end.error(), status()}, stop) || !m_sleep(RetryAfter, stop))
            return;
    }
}

EntryFollower::Pass EntryFollower::followLive(const std::stop_token& stop)
{
    std::optional<std::uint64_t> revision;
    std::unordered_set<std::uint64_t> seen; // by hash: a million keys are 50 MB less
    client::Coverage coverage = client::Coverage::Complete;
    for (const Bytes& prefix : m_what.prefixes) {
        client::ScanRequest request;
        request.prefix = prefix;
        client::Call scanning = call(stop);
        bool ended = false;
        const auto scanned = m_store.scan(scanning, request, [&](const client::ScanBatch& batch) {
            heard(batch.serverTimeMs);
            // The oldest of the snapshots: what happened between two scans is told again.
            revision = std::min(revision.value_or(batch.revision), batch.revision);
            coverage = batch.coverage;
            ended = batch.last;
            const std::scoped_lock lock(m_book->mutex());
            for (const client::Entry& entry : batch.entries) {
                seen.insert(valueHash(entry.key));
                m_book->put(entry, status());
            }
            return !stop.stop_requested();
        });
        if (!scanned)
            return scanned;
        if (!ended)
            return client::fail(ErrorKind::Unreachable, "the list ended before its last key");
    }
    m_status.live = true;
    m_status.coverage = coverage;
    {
        const std::scoped_lock lock(m_book->mutex());
        m_book->listed([&](std::string_view key) { return seen.contains(valueHash(key)); }, status());
    }
    seen = {};
    if (!speak(stop, true))
        return client::fail(ErrorKind::Cancelled, "stopped here");

    return watch(revision.value_or(0), stop);
}

void EntryFollower::heard(EpochMs serverTimeMs)
{
    if (serverTimeMs != 0)
        m_status.clockOffsetMs = serverTimeMs - m_clock.nowMs();
}

/// What prefixes that begin alike have in common: few streams, and none of a whole store.
std::vector<Bytes> EntryFollower::watched() const
{
    std::vector<Bytes> out;
    for (const Bytes& prefix : m_what.prefixes) {
        if (prefix.empty())
            return {prefix};
        const auto alike
            = std::ranges::find(out, prefix.front(), [](const Bytes& other) { return other.front(); });
        if (alike == out.end()) {
            out.push_back(prefix);
            continue;
        }
        const auto differ = std::ranges::mismatch(*alike, prefix);
        alike->erase(differ.in1, alike->end());
    }
    return out;
}

EntryFollower::Pass EntryFollower::watchOne(
    client::WatchRequest request, const std::stop_token& stop, bool speaks)
{
    client::Call watching = call(stop);
    const auto watched = m_store.watch(watching, request, [&](const client::WatchBatch& batch) {
        {
            const std::scoped_lock lock(m_book->mutex()); // of m_status too, where several watch
            if (speaks)
                heard(batch.serverTimeMs);
            for (const client::ChangeEvent& event : batch.events) {
                if (!concerns(event.entry.key))
                    continue;
                if (event.kind == client::ChangeEvent::Kind::Put)
                    m_book->put(event.entry, status());
                else
                    m_book->gone(event.entry.key, how(event.kind), status());
            }
        }
        return speaks ? speak(stop) : !stop.stop_requested();
    });
    return watched ? client::fail(ErrorKind::Unreachable, "the server ended the watch") : watched;
}

/// Watches until one of the streams ends, which ends the others. The first one speaks for all, at least once
/// a second; the others have threads of their own.
EntryFollower::Pass EntryFollower::watch(std::uint64_t revision, const std::stop_token& stop)
{
    const std::vector<Bytes> prefixes = watched();
    std::stop_source together;
    const std::stop_callback forward(stop, [&together] { together.request_stop(); });
    std::vector<Pass> ends(prefixes.size());
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < prefixes.size(); ++i) {
            others.emplace_back([&, i] {
                ends[i] = watchOne({prefixes[i], revision, false}, together.get_token(), false);
                together.request_stop();
            });
        }
        ends[0] = watchOne({prefixes[0], revision, false}, together.get_token(), true);
        together.request_stop();
    }
    // Whichever ended by itself says why.
    const auto why = std::ranges::find_if(
        ends, [](const Pass& end) { return end || end.error().kind != ErrorKind::Cancelled; });
    return why == ends.end() ? ends[0] : *why;
}

EntryFollower::Pass EntryFollower::ask(const std::stop_token& stop)
{
    m_status = {client::Coverage::KnownKeys, false, 0, 0};
    std::optional<Clock::Elapsed> lookedUp;
    while (!stop.stop_requested()) {
        if (m_known && (!lookedUp || m_clock.elapsed() - *lookedUp >= LookUpEvery)) {
            lookedUp = m_clock.elapsed();
            m_known(
                [this](const KnownKey& known) {
                    if (!concerns(known.key))
                        return true;
                    m_asked.insert(known.key);
                    if (known.provenance == client::TtlProvenance::SetHere && known.expiresAtMs) {
                        const std::scoped_lock lock(m_book->mutex());
                        m_book->setHere(known.key, *known.expiresAtMs);
                    }
                    return true;
                },
                stop);
        }
        {
            const std::scoped_lock both(m_mutex, m_book->mutex());
            m_asked.merge(m_learnt);
            m_learnt.clear();
            m_nudged = false;
            for (Bytes& key : m_book->alsoAsk())
                m_asked.insert(std::move(key));
        }
        const std::vector<Bytes> keys(m_asked.begin(), m_asked.end());
        const auto began = m_clock.elapsed();
        for (std::size_t from = 0; from < keys.size() && !stop.stop_requested(); from += PollsPerFeed) {
            const auto some
                = std::span(keys).subspan(from, std::min<std::size_t>(PollsPerFeed, keys.size() - from));
            std::optional<client::Error> failure;
            client::Call reading = call(stop);
            const auto read = m_store.getMany(
                reading, some, AskAtOnce, [&](std::size_t index, client::Result<client::Entry> entry) {
                    const std::scoped_lock lock(m_book->mutex());
                    if (!entry) {
                        failure = entry.error();
                    } else if (entry->exists()) {
                        entry->key = some[index];
                        m_book->put(*entry, status());
                    } else {
                        m_book->gone(some[index], EntryBook::Gone::Missing, status());
                    }
                });
            if (!read)
                return read;
            if (failure)
                return tl::unexpected(*failure);
            if (!speak(stop))
                break;
            // Not faster than may be asked: the rest of this second.
            const auto due = began + (from / PollsPerFeed + 1) * Clock::Elapsed(1s);
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - m_clock.elapsed());
            if (from + PollsPerFeed < keys.size() && left.count() > 0 && !m_sleep(left, stop))
                break;
        }
        if (!speak(stop, true))
            break;
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, AskEvery, [this] { return m_nudged; });
    }
    return client::fail(ErrorKind::Cancelled, "stopped here");
}

} // namespace norikv::models
