// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counterfollower.h"

#include "models/pollbudget.h"

#include "client/patterns/keykind.h"
#include "client/retryingstore.h"

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;

constexpr auto RetryAfter = 250ms;
constexpr auto PollEvery = 500ms;
constexpr std::uint32_t HiddenProbe = 8; // indexes beyond the declared ones (panels 2.1.5)
constexpr std::size_t ReadsInFlight = 64;

CounterNews news(CounterNews::Kind kind)
{
    CounterNews n;
    n.kind = kind;
    return n;
}

} // namespace

CounterFollower::CounterFollower(
    client::Connection& connection, std::shared_ptr<ChunkQueue<CounterNews>> queue, Known known)
    : m_connection(connection)
    , m_queue(std::move(queue))
    , m_known(std::move(known))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

CounterFollower::~CounterFollower()
{
    m_queue->close();
    m_thread.request_stop();
}

void CounterFollower::setKnown(Known counters)
{
    const std::scoped_lock lock(m_mutex);
    m_known = std::move(counters);
}

bool CounterFollower::concerns(const Bytes& key, const Bytes& value) const
{
    if (m_followed.contains(key))
        return true;
    const auto kind = client::keyKind(key, value);
    if (kind == client::KeyKind::CounterShard || kind == client::KeyKind::PossibleCounter)
        return true;
    const std::scoped_lock lock(m_mutex);
    return m_known.contains(key);
}

bool CounterFollower::push(std::vector<CounterNews> chunk, const std::stop_token& stop)
{
    return chunk.empty() || m_queue->push(std::move(chunk), stop);
}

void CounterFollower::run(const std::stop_token& stop)
{
    const auto pause = client::realSleeper();
    while (!stop.stop_requested()) {
        auto end = followLive(stop);
        if (!end && end.error().kind == client::ErrorKind::Unsupported)
            end = poll(stop);
        if (stop.stop_requested())
            return;
        CounterNews lost = news(CounterNews::Kind::Lost);
        if (!end)
            lost.error = end.error();
        // Gone only means that we were away for long: scan again at once.
        if (end || end.error().kind != client::ErrorKind::Gone) {
            push({std::move(lost)}, stop);
            if (!pause(RetryAfter, stop))
                return;
        }
    }
}

client::Result<void> CounterFollower::followLive(const std::stop_token& stop)
{
    std::uint64_t revision = 0;
    client::Call call;
    call.stop = stop;
    call.background = true;
    call.why = "counters";
    push({news(CounterNews::Kind::ScanBegins)}, stop);
    client::Coverage coverage = client::Coverage::None;
    const auto scanned = m_connection.store().scan(call, {}, [&](client::ScanBatch batch) {
        std::vector<CounterNews> chunk;
        for (client::Entry& entry : batch.entries) {
            if (!concerns(entry.key, entry.value))
                continue;
            m_followed.insert(entry.key);
            CounterNews n = news(CounterNews::Kind::Update);
            n.update = {std::move(entry.key), std::move(entry.value), entry.version};
            chunk.push_back(std::move(n));
        }
        revision = batch.revision;
        coverage = batch.coverage;
        return push(std::move(chunk), stop);
    });
    if (!scanned)
        return scanned;
    CounterNews done = news(CounterNews::Kind::ScanEnds);
    done.coverage = coverage;
    done.live = true;
    push({std::move(done)}, stop);

    client::Call watching;
    watching.stop = stop;
    watching.background = true;
    watching.why = "counters";
    client::WatchRequest request;
    request.afterRevision = revision;
    return m_connection.store().watch(watching, request, [&](client::WatchBatch batch) {
        std::vector<CounterNews> chunk;
        chunk.push_back(news(CounterNews::Kind::Heard));
        for (client::ChangeEvent& event : batch.events) {
            if (!concerns(event.entry.key, event.entry.value))
                continue;
            m_followed.insert(event.entry.key);
            CounterNews n = news(CounterNews::Kind::Update);
            n.update.key = std::move(event.entry.key);
            n.update.version = event.entry.version;
            if (event.kind == client::ChangeEvent::Kind::Put)
                n.update.value = std::move(event.entry.value);
            n.live = true;
            chunk.push_back(std::move(n));
        }
        return push(std::move(chunk), stop);
    });
}

client::Result<void> CounterFollower::poll(const std::stop_token& stop)
{
    const auto pause = client::realSleeper();
    for (int round = 0; !stop.stop_requested(); ++round) {
        std::vector<Bytes> keys;
        {
            const std::scoped_lock lock(m_mutex);
            for (const auto& [name, shards] : m_known) {
                if (!shards) {
                    keys.push_back(name);
                    continue;
                }
                const std::uint32_t beyond = round % 10 == 0 ? HiddenProbe : 0;
                for (std::uint32_t i = 0; i < *shards + beyond; ++i)
                    keys.push_back(client::shardKey(name, i));
            }
        }
        std::vector<CounterNews> chunk;
        if (round == 0)
            chunk.push_back(news(CounterNews::Kind::ScanBegins));
        std::optional<client::Error> failure;
        client::Call call;
        call.stop = stop;
        call.background = true;
        call.why = "counters";
        const auto read = m_connection.store().getMany(
            call, keys, ReadsInFlight, [&](std::size_t index, client::Result<client::Entry> entry) {
                if (!entry) {
                    failure = entry.error();
                    return;
                }
                CounterNews n = news(CounterNews::Kind::Update);
                n.update.key = keys[index];
                n.update.version = entry->version;
                if (entry->exists())
                    n.update.value = std::move(entry->value);
                chunk.push_back(std::move(n));
            });
        if (!read)
            return read;
        if (failure)
            return tl::unexpected(*failure);
        CounterNews done = news(round == 0 ? CounterNews::Kind::ScanEnds : CounterNews::Kind::Heard);
        done.coverage = client::Coverage::KnownKeys;
        chunk.push_back(std::move(done));
        push(std::move(chunk), stop);
        const auto fair = std::chrono::milliseconds(keys.size() * 1000 / PollsPerFeed);
        if (!pause(std::max<std::chrono::milliseconds>(PollEvery, fair), stop))
            break;
    }
    return client::fail(client::ErrorKind::Cancelled, "stopped here");
}

} // namespace norikv::models
