// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyfeed.h"

#include "models/text.h"

#include "client/patterns/createifabsent.h"
#include "client/placement.h"

#include <algorithm>

namespace norikv::models {

using namespace std::chrono_literals;
using client::Entry;
using client::Result;

namespace {

/// What the key holds after a write that was acknowledged. Empty where it cannot be read: the write stands.
std::optional<Entry> lookAfter(client::Store& store, const std::stop_token& stop, const client::Bytes& key)
{
    client::Call call;
    call.stop = stop;
    call.background = true;
    call.why = "inspector";
    auto entry = store.get(call, key);
    return entry ? std::optional(std::move(*entry)) : std::nullopt;
}

} // namespace

KeyFeed::KeyFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_presenter(dispatcher)
{
    connect(&m_presenter, &ValuePresenter::presented, this, &KeyFeed::laidOut);
    m_follow.setInterval(2s);
    connect(&m_follow, &QTimer::timeout, this, [this] {
        if (m_state != State::Empty && !writing())
            read(true);
    });
}

std::uint32_t KeyFeed::shard() const { return shardOf(m_key, m_connection.profile().totalShards); }

QString KeyFeed::leader() const
{
    const auto node = m_connection.cluster().leaderOf(shard());
    return node ? QString::fromStdString(m_connection.cluster().nodeName(*node)) : QString();
}

std::optional<std::chrono::milliseconds> KeyFeed::remaining() const
{
    if (!m_entry.expiresAtMs)
        return std::nullopt;
    const EpochMs now = m_connection.serverClock().nowMs(m_entry.provenance);
    return std::chrono::milliseconds(std::max<EpochMs>(0, *m_entry.expiresAtMs - now));
}

void KeyFeed::open(const client::Bytes& key)
{
    if (m_held && key == m_key) {
        refresh(); // an edit is open: what others wrote must not slip under it
        return;
    }
    m_key = key;
    m_entry = {};
    m_presenter.clear();
    m_history.show(key);
    m_newer.reset();
    m_held = false;
    m_state = State::Loading;
    setFollowing(m_wantsNews);
    Q_EMIT changed();
    read(false);
}

void KeyFeed::refresh()
{
    if (m_state != State::Empty)
        read(false);
}

void KeyFeed::setFollowing(bool on)
{
    m_wantsNews = on;
    m_live = false;
    const bool follow = on && m_state != State::Empty;
    if (follow && !m_watcher) {
        const auto queue = std::make_shared<ChunkQueue<WatchNews>>();
        m_dispatcher.drain(this, queue, [this](const std::vector<WatchNews>& news) {
            for (const auto& one : news)
                heard(one);
        });
        m_watcher = std::make_unique<KeyWatcher>(m_connection, queue);
    }
    if (m_watcher)
        m_watcher->follow(follow ? std::optional(m_key) : std::nullopt);
    // Asked until the first word of the stream, and where there is none.
    follow ? m_follow.start() : m_follow.stop();
}

void KeyFeed::heard(const WatchNews& news)
{
    if (news.key != m_key || !m_wantsNews)
        return;
    const bool alive = news.kind == WatchNews::Kind::Heard || news.kind == WatchNews::Kind::Changed;
    const bool begins = alive && !m_live;
    m_live = alive;
    alive ? m_follow.stop() : m_follow.start();
    // What happened between our read and the first word of the stream was told to nobody.
    if ((begins || news.kind == WatchNews::Kind::Changed) && !writing())
        read(true);
    if (begins || !alive)
        Q_EMIT changed();
}

void KeyFeed::hold(bool editing)
{
    m_held = editing;
    if (!editing && m_newer)
        take(Entry(*m_newer));
}

void KeyFeed::adopt(const Entry& theirs)
{
    auto newer = std::move(m_newer);
    take(theirs);
    if (newer && (newer->version != theirs.version || newer->value != theirs.value)) {
        m_newer = std::move(newer);
        Q_EMIT changed();
    }
}

void KeyFeed::take(Entry entry)
{
    // What we set ourselves stays known on a server that does not tell, while it is the same version.
    if (entry.provenance == client::TtlProvenance::Unknown && entry.exists()
        && m_entry.provenance == client::TtlProvenance::SetHere && entry.version == m_entry.version
        && entry.value == m_entry.value) {
        entry.expiresAtMs = m_entry.expiresAtMs;
        entry.provenance = m_entry.provenance;
    }
    m_entry = std::move(entry);
    m_newer.reset();
    m_state = m_entry.exists() ? State::Ready : State::Missing;
    m_presenter.present(m_key, m_entry.value);
    Q_EMIT changed();
}

void KeyFeed::read(bool quiet)
{
    m_readJob = m_dispatcher.run(
        this,
        [&connection = m_connection, key = m_key, quiet](const std::stop_token& stop) -> Result<Entry> {
            client::Call call;
            call.stop = stop;
            call.background = quiet;
            call.why = "inspector";
            auto entry = connection.store().get(call, key);
            // Where the server says the expiry, or its time, only through Stat, ask that too.
            if (entry && entry->exists()
                && (entry->expiresAtMs || entry->provenance == client::TtlProvenance::Unknown)) {
                entry->key = key;
                Entry* const one = &*entry;
                (void)client::completeExpiries(connection.store(), call, connection.serverClock(), {&one, 1});
            }
            return entry;
        },
        [this, quiet](Result<Entry> result) {
            if (!result) {
                if (m_held || (quiet && (m_state == State::Ready || m_state == State::Missing)))
                    return; // keep showing what we have; the status bar says that the server is away
                m_state = State::Failed;
                m_error = errorText(result.error(), tr("read %1").arg(shown(m_key)));
                Q_EMIT changed();
                return;
            }
            const bool known = m_state == State::Ready || m_state == State::Missing;
            const bool same = known && result->version == m_entry.version && result->value == m_entry.value;
            m_history.note(m_key, *result, m_clock.nowMs(),
                quiet ? SeenVersion::Who::Watched : SeenVersion::Who::ReadHere);
            if (known && m_held) {
                // Also when only the expiry moved: what was chosen for it stays as it was shown.
                if (const bool had = std::exchange(m_newer, std::nullopt).has_value(); had || !same) {
                    if (!same)
                        m_newer = std::move(*result);
                    Q_EMIT changed();
                }
                return;
            }
            if (quiet && same && result->expiresAtMs == m_entry.expiresAtMs)
                return;
            take(std::move(*result));
        });
}

void KeyFeed::keep(Job job)
{
    std::erase_if(m_writes, [](const Job& old) { return !old.running(); });
    m_writes.push_back(std::move(job));
}

bool KeyFeed::writing() const { return std::ranges::any_of(m_writes, &Job::running); }

client::Put KeyFeed::putFor(const TtlChoice& ttl) const
{
    client::Put put;
    put.key = m_key;
    put.ifMatch = m_entry.version;
    if (ttl.kind == TtlChoice::Kind::New)
        put.ttlMs = static_cast<std::uint64_t>(std::max<std::int64_t>(1, ttl.ttl.count()));
    if (const auto left = remaining(); ttl.kind == TtlChoice::Kind::Keep && left)
        put.ttlMs = static_cast<std::uint64_t>(std::max<std::int64_t>(1, left->count()));
    return put;
}

void KeyFeed::save(const client::Bytes& value, const TtlChoice& ttl, bool consent)
{
    write(
        putFor(ttl), [value]() -> Result<client::Bytes> { return value; }, consent);
}

void KeyFeed::saveDraft(
    const Draft& draft, const client::Bytes& text, const TtlChoice& ttl, bool asTyped, bool consent)
{
    write(
        putFor(ttl), [draft, text, asTyped] { return storedValue(draft, text, asTyped); }, consent);
}

void KeyFeed::write(client::Put put, std::function<Result<client::Bytes>()> value, bool consent)
{
    client::Store& store = m_connection.store();
    const client::Bytes key = put.key;
    keep(m_dispatcher.run(
        this,
        [&store, &clock = m_clock, put = std::move(put), value = std::move(value), consent](
            const std::stop_token& stop) mutable -> Written {
            auto bytes = value();
            if (!bytes)
                return tl::unexpected(bytes.error());
            put.value = std::move(*bytes);
            client::Call call; // without the stop: whoever quits meanwhile waits for the answer, 5 s at most
            call.consent = consent;
            call.why = "inspector";
            if (put.ifMatch) {
                if (auto written = store.put(call, put); !written)
                    return tl::unexpected(written.error());
            } else {
                auto made = client::createIfAbsent(store, call, put.key, put.value, put.ttlMs);
                if (!made)
                    return tl::unexpected(made.error());
                if (made->value != put.value)
                    return client::fail(client::ErrorKind::Conflict, "the key was created meanwhile");
            }
            const EpochMs setAt = clock.nowMs();
            auto after = lookAfter(store, stop, put.key);
            if (after && after->provenance == client::TtlProvenance::Unknown && after->value == put.value) {
                after->provenance = client::TtlProvenance::SetHere;
                if (put.ttlMs != 0)
                    after->expiresAtMs = setAt + static_cast<EpochMs>(put.ttlMs);
            }
            return after;
        },
        [this, key](const Written& result) { finished(key, result, tr("save %1").arg(shown(key)), false); }));
}

void KeyFeed::remove(bool consent)
{
    client::Remove remove;
    remove.key = m_key;
    remove.ifMatch = m_entry.version;
    client::Store& store = m_connection.store();
    keep(m_dispatcher.run(
        this,
        [&store, remove, consent](const std::stop_token& stop) -> Written {
            client::Call call; // without the stop: whoever quits meanwhile waits for the answer, 5 s at most
            call.consent = consent;
            call.why = "inspector";
            if (auto removed = store.remove(call, remove); !removed)
                return tl::unexpected(removed.error());
            return lookAfter(store, stop, remove.key);
        },
        [this, key = m_key](
            const Written& result) { finished(key, result, tr("delete %1").arg(shown(key)), true); }));
}

void KeyFeed::finished(const client::Bytes& key, const Written& result, const QString& action, bool deleted)
{
    Saved saved;
    saved.deleted = deleted;
    saved.key = key;
    if (result) {
        saved.ok = true;
        saved.text = deleted ? tr("%1 was deleted.").arg(shown(key)) : tr("%1 was saved.").arg(shown(key));
        if (deleted && *result && (*result)->exists())
            saved.text = tr("%1 was deleted and exists again: somebody wrote it since.").arg(shown(key));
    } else {
        const ErrorText words = errorText(result.error(), action);
        saved.needsConsent = result.error().kind == client::ErrorKind::NeedsConsent;
        saved.badJson = result.error().kind == client::ErrorKind::BadData;
        saved.conflict = result.error().kind == client::ErrorKind::Conflict
            || result.error().kind == client::ErrorKind::KeyMissing;
        saved.text = words.what;
        saved.remedy = words.remedy;
    }
    if (result && *result)
        m_history.note(key, **result, m_clock.nowMs(),
            !deleted                  ? SeenVersion::Who::SavedHere
                : (*result)->exists() ? SeenVersion::Who::ReadHere
                                      : SeenVersion::Who::DeletedHere);
    // Another key may be open by now; the outcome is told all the same.
    if (result && key == m_key) {
        m_held = false;
        if (*result)
            take(**result);
        else
            read(false); // done, and not seen yet
    } else if (saved.conflict && key == m_key) {
        read(m_held); // what is there now
    }
    Q_EMIT changed();
    Q_EMIT this->saved(saved);
}

} // namespace norikv::models
