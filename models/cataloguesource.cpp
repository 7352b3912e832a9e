// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cataloguesource.h"

#include <QCoreApplication>

#include <condition_variable>
#include <mutex>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t FirstRows = 256; ///< passed on early, so that something is seen at once
constexpr std::size_t InboxLimit = 200'000; ///< beyond it listing again is cheaper
constexpr std::size_t ChangesAtOnce = 4096;
constexpr auto SignOfLife = 1s;
constexpr auto RetryAfter = 2s;

KeyRow rowOf(const KnownKey& known)
{
    KeyRow row;
    row.key = known.key;
    row.version = known.version.value_or(client::Version{});
    row.size = static_cast<std::uint32_t>(known.size.value_or(0));
    row.expiresAtMs = known.expiresAtMs.value_or(0);
    row.provenance = known.provenance;
    row.kind = known.kind;
    row.flags = known.favourite ? FavouriteFlag : 0;
    return row;
}

KeyChange changeOf(const CatalogueChange& change)
{
    KeyChange out;
    out.kind = change.gone ? KeyChange::Kind::Remove : KeyChange::Kind::Put;
    out.row = rowOf(change.row);
    out.row.key = {};
    out.key = change.row.key;
    return out;
}

/// Beside the coverage, which says already that these are known keys only.
std::string statusOf(std::uint64_t dropped)
{
    if (dropped == 0)
        return {};
    return QCoreApplication::translate("norikv::models::CatalogueSource",
        "%1 sightings of keys could not be noted, so keys may be missing until they are met again.")
        .arg(dropped)
        .toStdString();
}

KeyNews news(KeyNews::Kind kind)
{
    KeyNews n;
    n.kind = kind;
    return n;
}

} // namespace

// What the catalogue learnt and the list was not told yet. Filled on the catalogue's thread.
class CatalogueSource::Inbox {
public:
    explicit Inbox(Catalogue& catalogue)
        : m_catalogue(catalogue)
        , m_id(catalogue.listen([this](const std::vector<CatalogueChange>& changes) { put(changes); }))
    {
    }
    ~Inbox() { m_catalogue.unlisten(m_id); }
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    void clear()
    {
        const std::scoped_lock lock(m_mutex);
        m_changes.clear();
        m_listAgain = false;
    }
    /// Waits for changes, for a second at most. Nothing = the list must be made again.
    std::optional<std::vector<KeyChange>> take(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, stop, SignOfLife, [this] { return !m_changes.empty() || m_listAgain; });
        if (m_listAgain)
            return {};
        return std::exchange(m_changes, {});
    }

private:
    void put(const std::vector<CatalogueChange>& changes)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_listAgain = m_listAgain || changes.empty() || m_changes.size() + changes.size() > InboxLimit;
            if (m_listAgain)
                m_changes.clear();
            else
                std::ranges::transform(changes, std::back_inserter(m_changes), changeOf);
        }
        m_filled.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable_any m_filled;
    std::vector<KeyChange> m_changes;
    bool m_listAgain = false;
    Catalogue& m_catalogue;
    const std::uint64_t m_id; ///< last: from here on it is called
};

CatalogueSource::CatalogueSource(Catalogue& catalogue, client::Sleeper sleeper)
    : m_catalogue(catalogue)
    , m_sleep(std::move(sleeper))
{
}

client::Result<void> CatalogueSource::start(const KeyNewsSink& sink, const std::stop_token& stop)
{
    // Listening begins before the list: what is learnt meanwhile is told after it, at worst twice.
    Inbox inbox(m_catalogue);
    while (!stop.stop_requested()) {
        auto again = round(inbox, sink, stop);
        if (again && !*again)
            break;
        if (again || again.error().kind == client::ErrorKind::Cancelled)
            continue;
        KeyNews lost = news(KeyNews::Kind::Lost);
        lost.error = std::move(again.error());
        if (!sink(std::move(lost)) || !m_sleep(RetryAfter, stop))
            break;
    }
    return {};
}

client::Result<bool> CatalogueSource::round(
    Inbox& inbox, const KeyNewsSink& sink, const std::stop_token& stop)
{
    inbox.clear();
    if (!sink(news(KeyNews::Kind::Begins)))
        return false;
    auto chunk = std::make_unique<KeyChunk>();
    std::size_t fill = FirstRows;
    const auto pass = [&] {
        if (chunk->size() == 0)
            return true;
        chunk->seal();
        KeyNews rows = news(KeyNews::Kind::Rows);
        rows.rows = std::exchange(chunk, std::make_unique<KeyChunk>());
        fill = KeyChunk::Capacity;
        return sink(std::move(rows));
    };
    bool wanted = true;
    const auto loaded = m_catalogue.load(
        [&](const KnownKey& known) {
            chunk->add(rowOf(known));
            wanted = chunk->size() < fill || pass();
            return wanted;
        },
        stop);
    if (!loaded)
        return tl::unexpected(loaded.error());
    KeyNews ends = news(KeyNews::Kind::Ends);
    ends.coverage = client::Coverage::KnownKeys;
    ends.live = true;
    std::uint64_t dropped = m_catalogue.dropped();
    ends.status = statusOf(dropped);
    if (!wanted || !pass() || !sink(std::move(ends)))
        return false;
    while (!stop.stop_requested()) {
        auto changes = inbox.take(stop);
        if (!changes)
            return true;
        for (std::size_t from = 0; from == 0 || from < changes->size(); from += ChangesAtOnce) {
            KeyNews some = news(KeyNews::Kind::Changes);
            if (const std::uint64_t now = m_catalogue.dropped(); now != dropped)
                some.status = statusOf(dropped = now);
            const auto end = std::min(changes->size(), from + ChangesAtOnce);
            some.changes.assign(std::make_move_iterator(changes->begin() + std::ptrdiff_t(from)),
                std::make_move_iterator(changes->begin() + std::ptrdiff_t(end)));
            if (!sink(std::move(some)))
                return false;
        }
    }
    return false;
}

} // namespace norikv::models
