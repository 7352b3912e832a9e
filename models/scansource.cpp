// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/scansource.h"

#include <algorithm>

namespace norikv::models {

namespace {

client::Call callFor(const std::stop_token& stop)
{
    client::Call call;
    call.stop = stop;
    call.background = true;
    call.why = "keys";
    return call;
}

KeyRow rowOf(const client::Entry& entry)
{
    KeyRow row;
    row.key = entry.key;
    row.version = entry.version.value_or(client::Version{});
    row.size = static_cast<std::uint32_t>(std::max<std::uint64_t>(entry.valueSize, entry.value.size()));
    row.expiresAtMs = entry.expiresAtMs.value_or(0);
    row.provenance = entry.provenance;
    row.kind = client::keyKind(entry.key, entry.value);
    return row;
}

KeyNews news(KeyNews::Kind kind)
{
    KeyNews n;
    n.kind = kind;
    return n;
}

} // namespace

struct ScanSource::Round {
    Round(const KeyNewsSink& to, const std::stop_token& until)
        : sink(to)
        , stop(until)
    {
    }

    const KeyNewsSink& sink;
    const std::stop_token& stop;
    client::Bytes last; ///< the last key that was passed on
    std::uint64_t revision = 0; ///< everything up to here was told
    bool listed = false;
    bool lost = false;
    bool refusedBySink = false;

    bool tell(KeyNews n)
    {
        refusedBySink = refusedBySink || !sink(std::move(n));
        return !refusedBySink;
    }
    bool begin()
    {
        last.clear();
        revision = 0;
        listed = lost = false;
        return tell(news(KeyNews::Kind::Begins));
    }
    /// Something was heard again after a loss.
    bool heard()
    {
        if (!lost)
            return true;
        lost = false;
        KeyNews n = news(KeyNews::Kind::Resumed);
        if (!listed)
            n.key = last;
        return tell(std::move(n));
    }
};

ScanSource::ScanSource(client::Store& store, client::Sleeper sleeper)
    : ScanSource(store, std::move(sleeper), {})
{
}

ScanSource::ScanSource(client::Store& store, client::Sleeper sleeper, Timing timing)
    : m_store(store)
    , m_sleep(std::move(sleeper))
    , m_timing(timing)
{
}

client::Result<void> ScanSource::start(const KeyNewsSink& sink, const std::stop_token& stop)
{
    Round round(sink, stop);
    if (!round.begin())
        return {};
    auto pause = m_timing.retryAfter;
    while (!stop.stop_requested()) {
        auto end = round.listed ? follow(round) : list(round);
        if (stop.stop_requested() || round.refusedBySink)
            break;
        if (end)
            continue;
        if (end.error().kind == client::ErrorKind::Unsupported)
            return end;
        if (end.error().kind == client::ErrorKind::Gone) {
            if (!round.begin())
                break;
            continue;
        }
        pause = round.lost ? std::min(pause * 2, m_timing.longestRetry) : m_timing.retryAfter;
        round.lost = true;
        KeyNews lost = news(KeyNews::Kind::Lost);
        lost.error = std::move(end.error());
        if (!round.tell(std::move(lost)) || !m_sleep(pause, stop))
            break;
    }
    return {};
}

client::Result<void> ScanSource::list(Round& round)
{
    client::Call call = callFor(round.stop);
    client::ScanRequest request;
    request.startAfter = round.last;
    request.keysOnly = true;
    auto chunk = std::make_unique<KeyChunk>();
    std::size_t fill = round.last.empty() ? m_timing.firstRows : KeyChunk::Capacity;
    EpochMs serverTimeMs = 0;
    client::Coverage coverage = client::Coverage::None;
    bool ended = false;
    const auto pass = [&] {
        if (chunk->size() == 0)
            return true;
        chunk->seal();
        round.last = client::Bytes(chunk->key(chunk->size() - 1));
        KeyNews n = news(KeyNews::Kind::Rows);
        n.rows = std::exchange(chunk, std::make_unique<KeyChunk>());
        n.serverTimeMs = serverTimeMs;
        fill = KeyChunk::Capacity;
        return round.tell(std::move(n));
    };
    const auto scanned = m_store.scan(call, request, [&](client::ScanBatch batch) {
        if (!round.heard())
            return false;
        // A part listed later is newer; watching from the oldest part tells everything in between again.
        round.revision = round.revision == 0 ? batch.revision : std::min(round.revision, batch.revision);
        serverTimeMs = batch.serverTimeMs;
        coverage = batch.coverage;
        for (const client::Entry& entry : batch.entries) {
            chunk->add(rowOf(entry));
            if (chunk->size() >= fill && !pass())
                return false;
        }
        ended = batch.last;
        return true;
    });
    if (round.refusedBySink || !pass())
        return {};
    if (!scanned)
        return scanned;
    if (!ended)
        return client::fail(client::ErrorKind::Unreachable, "the list ended before its last key");
    KeyNews done = news(KeyNews::Kind::Ends);
    done.coverage = coverage;
    done.live = true;
    done.serverTimeMs = serverTimeMs;
    round.listed = true;
    round.tell(std::move(done));
    return {};
}

client::Result<void> ScanSource::follow(Round& round)
{
    client::Call call = callFor(round.stop);
    client::WatchRequest request;
    request.afterRevision = round.revision;
    request.keysOnly = true;
    const auto watched = m_store.watch(call, request, [&](client::WatchBatch batch) {
        if (!round.heard())
            return false;
        KeyNews n = news(KeyNews::Kind::Changes);
        n.serverTimeMs = batch.serverTimeMs;
        n.changes.reserve(batch.events.size());
        for (client::ChangeEvent& event : batch.events) {
            KeyChange change;
            change.kind = event.kind == client::ChangeEvent::Kind::Put ? KeyChange::Kind::Put
                : event.kind == client::ChangeEvent::Kind::Delete      ? KeyChange::Kind::Remove
                                                                       : KeyChange::Kind::Expire;
            change.row = rowOf(event.entry);
            change.row.key = {};
            change.key = std::move(event.entry.key);
            n.changes.push_back(std::move(change));
        }
        if (batch.revision != 0)
            round.revision = batch.revision;
        return round.tell(std::move(n));
    });
    if (watched)
        return client::fail(client::ErrorKind::Unreachable, "the server ended the stream of changes");
    return watched;
}

} // namespace norikv::models
