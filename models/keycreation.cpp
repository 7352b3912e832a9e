// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keycreation.h"

#include "models/sizetext.h"
#include "models/text.h"

#include "client/patterns/createifabsent.h"

namespace norikv::models {

namespace {

/// Empty = it was created; else what is stored under the key instead.
using Created = client::Result<std::optional<client::Entry>>;

QString existsText(const client::Entry& there)
{
    return KeyCreation::tr("%1 exists already: version %2, %3. Nothing was written.")
        .arg(shown(there.key, 80))
        .arg(there.version->index)
        .arg(sizeText(there.value.size()));
}

} // namespace

KeyCreation::KeyCreation(
    Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
{
}

void KeyCreation::create(
    const client::Bytes& key, const client::Bytes& value, std::chrono::milliseconds ttl, bool consent)
{
    if (writing())
        return;
    m_write = m_dispatcher.run(
        this,
        [&store = m_connection.store(), key, value, ttl, consent](const std::stop_token&) -> Created {
            client::Call call; // without the stop: a write that was sent runs to its end
            call.consent = consent;
            call.why = "new key";
            // Looked at first: one that exists with the same bytes is no new key either.
            auto before = store.get(call, key);
            if (!before)
                return tl::unexpected(before.error());
            if (before->exists())
                return std::optional(std::move(*before));
            auto after
                = client::createIfAbsent(store, call, key, value, static_cast<std::uint64_t>(ttl.count()));
            if (!after)
                return tl::unexpected(after.error());
            if (after->value != value)
                return std::optional(std::move(*after)); // another was faster
            return std::optional<client::Entry>();
        },
        [this, key](Created created) {
            Made result;
            result.key = key;
            result.ok = created && !*created;
            if (result.ok) {
                result.text = tr("%1 was created.").arg(shown(key, 80));
            } else if (created) {
                result.exists = true;
                (*created)->key = key;
                result.text = existsText(**created);
            } else {
                result.needsConsent = created.error().kind == client::ErrorKind::NeedsConsent;
                result.text = errorText(created.error(), tr("create %1").arg(shown(key, 80))).line();
            }
            Q_EMIT made(result);
        });
}

void KeyCreation::read(const client::Bytes& source)
{
    m_read = m_dispatcher.run(
        this,
        [&store = m_connection.store(), source](const std::stop_token& stop) {
            client::Call call;
            call.stop = stop;
            call.why = "duplicate";
            return store.get(call, source);
        },
        [this, source](client::Result<client::Entry> entry) {
            Source read;
            if (!entry) {
                read.problem = errorText(entry.error(), tr("read %1").arg(shown(source, 80))).line();
            } else if (!entry->exists()) {
                read.problem = tr("%1 is gone.").arg(shown(source, 80));
            } else {
                read.entry = std::move(*entry);
                if (read.entry.expiresAtMs)
                    read.left = std::chrono::milliseconds(*read.entry.expiresAtMs - m_clock.nowMs());
            }
            Q_EMIT sourceRead(read);
        });
}

} // namespace norikv::models
