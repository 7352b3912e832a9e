// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantfollower.h"

#include "models/pollbudget.h"

#include "client/retryingstore.h"

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;
using client::Call;
using client::Result;

constexpr auto RetryAfter = 250ms;
constexpr auto PublishEvery = 250ms;
constexpr auto PollEvery = 1000ms;
constexpr std::size_t ReadsInFlight = 64;

Call backgroundCall(const std::stop_token& stop)
{
    Call call;
    call.stop = stop;
    call.background = true;
    call.why = "tenants";
    return call;
}

} // namespace

TenantFollower::TenantFollower(
    client::Connection& connection, const Clock& clock, std::shared_ptr<ChunkQueue<TenantNews>> queue)
    : m_connection(connection)
    , m_clock(clock)
    , m_queue(std::move(queue))
{
    const auto& profile = connection.profile();
    for (const auto& id : profile.tenants)
        m_names[id] = false;
    for (const auto& id : profile.javaTenants)
        m_names[id] = true;
    m_learned.insert(profile.counters.begin(), profile.counters.end());
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

TenantFollower::~TenantFollower()
{
    m_queue->close();
    m_thread.request_stop();
}

void TenantFollower::name(const Bytes& id, bool java)
{
    const std::scoped_lock lock(m_mutex);
    m_names[id] = java;
    m_nudged = true;
    m_wake.notify_all();
}

void TenantFollower::learn(const Bytes& key)
{
    const std::scoped_lock lock(m_mutex);
    m_learned.insert(key);
}

void TenantFollower::nudge()
{
    const std::scoped_lock lock(m_mutex);
    m_nudged = true;
    m_wake.notify_all();
}

/// Hands names and keys given by the window to the book.
void TenantFollower::takeNames(bool polling)
{
    const std::scoped_lock lock(m_mutex);
    for (const auto& [id, java] : m_names)
        m_book.name(id, java);
    if (!polling)
        return; // what exists is listed
    client::TenantTally shape;
    for (const auto& [id, java] : m_names)
        java ? shape.knowJava(id) : shape.know(id);
    for (const Bytes& key : m_learned) {
        if (const auto id = client::tenantOfMetaKey(key)) {
            m_names.try_emplace(*id, false);
            m_book.name(*id, false);
            continue;
        }
        const auto owners = shape.owners(key);
        if (owners.empty())
            continue;
        m_polled.insert(key);
        // Its metadata is worth a look too.
        if (m_names.try_emplace(owners.front(), false).second)
            m_book.name(owners.front(), false);
    }
    m_learned.clear();
}

bool TenantFollower::javaNamed() const
{
    const std::scoped_lock lock(m_mutex);
    return std::ranges::any_of(m_names, [](const auto& each) { return each.second; });
}

bool TenantFollower::publish(bool live, const std::stop_token& stop)
{
    const auto now = m_clock.elapsed();
    TenantNews news;
    news.coverage = m_coverage;
    news.live = live;
    m_book.sample(m_clock.nowMs());
    if ((m_published == Clock::Elapsed{} || now - m_published >= PublishEvery) && m_book.takeDirty()) {
        m_published = now;
        news.kind = TenantNews::Kind::Sheet;
        news.sheet = m_book.sheet(m_clock.nowMs());
        news.rows = std::make_shared<const std::vector<TenantRow>>(tenantRows(*news.sheet, m_clock.nowMs()));
    }
    news.findings = m_book.takeFindings(m_clock.nowMs());
    std::vector<TenantNews> chunk;
    chunk.push_back(std::move(news));
    return m_queue->push(std::move(chunk), stop);
}

void TenantFollower::run(const std::stop_token& stop)
{
    const auto pause = client::realSleeper();
    while (!stop.stop_requested()) {
        auto end = followLive(stop);
        if (!end && end.error().kind == client::ErrorKind::Unsupported)
            end = poll(stop);
        if (stop.stop_requested())
            return;
        // Gone only means that we were away for long, success that a rescan is due: start again at once.
        if (end || end.error().kind == client::ErrorKind::Gone)
            continue;
        TenantNews lost;
        lost.kind = TenantNews::Kind::Lost;
        lost.error = end.error();
        std::vector<TenantNews> chunk;
        chunk.push_back(std::move(lost));
        m_queue->push(std::move(chunk), stop);
        if (!pause(RetryAfter, stop))
            return;
    }
}

Result<void> TenantFollower::readValues(const std::vector<Bytes>& keys, const std::stop_token& stop)
{
    std::optional<client::Error> failure;
    Call call = backgroundCall(stop);
    const auto read = m_connection.store().getMany(
        call, keys, ReadsInFlight, [&](std::size_t index, Result<client::Entry> entry) {
            if (!entry)
                failure = entry.error();
            else if (entry->exists())
                m_book.put(*entry);
            else
                m_book.gone(keys[index]);
        });
    if (!read)
        return read;
    return failure ? Result<void>(tl::unexpected(*failure)) : Result<void>();
}

/// The revision to watch from: that of the first scan, so that nothing between the scans is missed.
Result<std::uint64_t> TenantFollower::scanAll(const std::stop_token& stop, client::Coverage& coverage)
{
    std::optional<std::uint64_t> revision;
    std::vector<Bytes> counters;
    const auto scan = [&](Bytes prefix, bool keysOnly) {
        client::ScanRequest request;
        request.prefix = std::move(prefix);
        request.keysOnly = keysOnly;
        Call call = backgroundCall(stop);
        return m_connection.store().scan(call, request, [&](const client::ScanBatch& batch) {
            for (const client::Entry& entry : batch.entries) {
                if (keysOnly && TenantBook::needsValue(entry.key))
                    counters.push_back(entry.key);
                else
                    m_book.put(entry);
            }
            revision = revision.value_or(batch.revision);
            coverage = batch.coverage;
            return !stop.stop_requested();
        });
    };
    if (auto metadata = scan("tenant-meta:", false); !metadata)
        return tl::unexpected(metadata.error());
    if (auto data = scan("tenant:", true); !data)
        return tl::unexpected(data.error());
    std::map<Bytes, bool> names;
    {
        const std::scoped_lock lock(m_mutex);
        names = m_names;
    }
    for (const auto& [id, java] : names) {
        if (!java)
            continue;
        if (auto data = scan(id + ":", true); !data)
            return tl::unexpected(data.error());
    }
    if (auto values = readValues(counters, stop); !values)
        return tl::unexpected(values.error());
    return revision.value_or(0);
}

Result<void> TenantFollower::followLive(const std::stop_token& stop)
{
    takeNames(false);
    m_book.beginScan();
    client::Coverage coverage = client::Coverage::None;
    const auto revision = scanAll(stop, coverage);
    if (!revision)
        return tl::unexpected(revision.error());
    m_coverage = coverage;
    m_book.endScan(coverage);
    m_published = {};
    if (!publish(true, stop))
        return client::fail(client::ErrorKind::Cancelled, "stopped here");

    client::WatchRequest request;
    // One word before both prefixes; a Java tenant may be called anything.
    request.prefix = javaNamed() ? "" : "tenant";
    request.afterRevision = *revision;
    request.keysOnly = true;
    Call watching = backgroundCall(stop);
    bool again = false;
    std::optional<client::Error> failure;
    const auto watched = m_connection.store().watch(watching, request, [&](const client::WatchBatch& batch) {
        std::set<Bytes> values;
        for (const client::ChangeEvent& event : batch.events) {
            const Bytes& key = event.entry.key;
            if (event.kind != client::ChangeEvent::Kind::Put)
                m_book.gone(key);
            else if (TenantBook::needsValue(key))
                values.insert(key);
            else
                m_book.put(event.entry);
        }
        if (!values.empty()) {
            if (auto read = readValues({values.begin(), values.end()}, stop); !read) {
                failure = read.error();
                return false;
            }
        }
        takeNames(false);
        again = m_book.takeRescan();
        return publish(true, stop) && !again;
    });
    if (failure)
        return tl::unexpected(*failure);
    if (again)
        return {};
    return watched ? client::fail(client::ErrorKind::Unreachable, "the server ended the watch") : watched;
}

Result<void> TenantFollower::poll(const std::stop_token& stop)
{
    m_coverage = client::Coverage::KnownKeys;
    for (bool first = true; !stop.stop_requested(); first = false) {
        takeNames(true);
        std::vector<Bytes> records;
        std::vector<Bytes> keys(m_polled.begin(), m_polled.end());
        {
            const std::scoped_lock lock(m_mutex);
            m_nudged = false;
            for (const auto& [id, java] : m_names) {
                if (java)
                    continue;
                records.push_back(client::tenantMetaKey(id));
                keys.push_back(client::tenantUsageKey(id));
            }
        }
        if (first)
            m_book.beginScan();
        if (auto read = readValues(records, stop); !read)
            return read;
        if (auto read = readValues(keys, stop); !read)
            return read;
        if (first)
            m_book.endScan(m_coverage);
        m_published = {};
        if (!publish(false, stop))
            break;
        const auto fair = std::chrono::milliseconds((keys.size() + records.size()) * 1000 / PollsPerFeed);
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(
            lock, stop, std::max<std::chrono::milliseconds>(PollEvery, fair), [this] { return m_nudged; });
    }
    return client::fail(client::ErrorKind::Cancelled, "stopped here");
}

} // namespace norikv::models
