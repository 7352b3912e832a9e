// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyfeed.h"

#include "models/text.h"

#include "client/decode/json.h"
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
{
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
    return std::chrono::milliseconds(std::max<EpochMs>(0, *m_entry.expiresAtMs - m_clock.nowMs()));
}

void KeyFeed::open(const client::Bytes& key)
{
    m_key = key;
    m_entry = {};
    m_view = {};
    m_modeChosen = false;
    m_moved = false;
    m_state = State::Loading;
    Q_EMIT changed();
    read(false);
}

void KeyFeed::refresh()
{
    if (m_state != State::Empty)
        read(false);
}

void KeyFeed::setMode(ViewMode mode)
{
    m_mode = mode;
    m_modeChosen = true;
    layOut();
}

void KeyFeed::layOut()
{
    if (!m_modeChosen)
        m_mode = client::looksLikeJson(m_entry.value) ? ViewMode::Json
            : client::isUtf8(m_entry.value)   ? ViewMode::Text
                                              : ViewMode::Hex;
    m_layoutJob = m_dispatcher.run(
        this,
        [value = m_entry.value, mode = m_mode](const std::stop_token&) { return layoutValue(value, mode); },
        [this](ValueLayout view) {
            m_view = std::move(view);
            Q_EMIT laidOut();
        });
}

void KeyFeed::setFollowing(bool on) { on ? m_follow.start() : m_follow.stop(); }

void KeyFeed::read(bool quiet)
{
    client::Store& store = m_connection.store();
    m_readJob = m_dispatcher.run(
        this,
        [&store, key = m_key, quiet](const std::stop_token& stop) -> Result<Entry> {
            client::Call call;
            call.stop = stop;
            call.background = quiet;
            call.why = "inspector";
            auto entry = store.get(call, key);
            // Where the server can say the expiry only through Stat, ask that too.
            if (entry && entry->exists() && entry->provenance == client::TtlProvenance::Unknown) {
                client::Call more;
                more.stop = stop;
                more.background = true;
                more.why = "inspector";
                if (auto stat = store.stat(more, std::span(&key, 1)); stat && stat->size() == 1) {
                    entry->expiresAtMs = stat->front().expiresAtMs;
                    entry->provenance = stat->front().provenance;
                }
            }
            return entry;
        },
        [this, quiet](Result<Entry> result) {
            if (!result) {
                if (quiet && m_state == State::Ready)
                    return; // keep showing what we have; the status bar says that the server is away
                m_state = State::Failed;
                m_error = errorText(result.error(), tr("read %1").arg(shown(m_key)));
                Q_EMIT changed();
                return;
            }
            const bool same = result->version == m_entry.version && result->value == m_entry.value;
            if (quiet && m_state == State::Ready && !same) {
                m_moved = true; // the page decides whether an edit is under way
                Q_EMIT changed();
                return;
            }
            if (quiet && same && m_state != State::Failed && result->expiresAtMs == m_entry.expiresAtMs)
                return;
            m_entry = std::move(*result);
            m_moved = false;
            m_state = m_entry.exists() ? State::Ready : State::Missing;
            layOut();
            Q_EMIT changed();
        });
}

void KeyFeed::keep(Job job)
{
    std::erase_if(m_writes, [](const Job& old) { return !old.running(); });
    m_writes.push_back(std::move(job));
}

bool KeyFeed::writing() const { return std::ranges::any_of(m_writes, &Job::running); }

void KeyFeed::save(const client::Bytes& value, const TtlChoice& ttl, bool consent)
{
    client::Put put;
    put.key = m_key;
    put.value = value;
    put.ifMatch = m_entry.version;
    if (ttl.kind == TtlChoice::Kind::New)
        put.ttlMs = static_cast<std::uint64_t>(std::max<std::int64_t>(1, ttl.ttl.count()));
    if (const auto left = remaining(); ttl.kind == TtlChoice::Kind::Keep && left)
        put.ttlMs = static_cast<std::uint64_t>(std::max<std::int64_t>(1, left->count()));
    client::Store& store = m_connection.store();
    keep(m_dispatcher.run(
        this,
        [&store, put, consent](const std::stop_token& stop) -> Written {
            client::Call call;
            call.stop = stop;
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
            return lookAfter(store, stop, put.key);
        },
        [this, key = m_key](
            const Written& result) { finished(key, result, tr("save %1").arg(shown(key)), false); }));
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
            client::Call call;
            call.stop = stop;
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
        saved.conflict = result.error().kind == client::ErrorKind::Conflict
            || result.error().kind == client::ErrorKind::KeyMissing;
        saved.text = words.what;
        saved.remedy = words.remedy;
    }
    // Another key may be open by now; the outcome is told all the same.
    if (result && key == m_key) {
        if (*result) {
            m_entry = **result;
            m_moved = false;
            m_state = m_entry.exists() ? State::Ready : State::Missing;
            layOut();
        } else {
            read(false); // done, and not seen yet
        }
    }
    Q_EMIT changed();
    Q_EMIT this->saved(saved);
}

} // namespace norikv::models
