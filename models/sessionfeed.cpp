// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sessionfeed.h"

#include "client/patterns/session.h"
#include "client/retryingstore.h"
#include "models/text.h"

namespace norikv::models {

namespace {

using namespace std::chrono_literals;
using client::Bytes;
using client::Call;
using client::Result;
using client::SessionManager;
using client::Store;

constexpr auto RecheckAfter = 5s;
constexpr int MostProbed = 1000;
constexpr std::size_t ProbesInFlight = 64;

QString named(const Bytes& key) { return shown(client::sessionOf(key).value_or(key), 40); }

} // namespace

SessionFeed::SessionFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
{
    auto queue = std::make_shared<SessionBook::Queue>();
    m_book = std::make_shared<SessionBook>(connection.profile(), queue);
    follow<std::shared_ptr<const SessionPiece>>({{"session:"}, {}, "sessions"}, std::move(known), m_book,
        std::move(queue), [this](std::shared_ptr<const SessionPiece> piece) { take(std::move(piece)); });
}

SessionFeed::~SessionFeed() = default;

void SessionFeed::take(std::shared_ptr<const SessionPiece> piece)
{
    m_model.setNow(nowMs());
    m_strip = piece->strip;
    m_wrong = piece->wrong;
    for (const auto& [old, now] : piece->view->replaced) {
        if (now->key == m_selected)
            m_selectedRow = *now;
    }
    m_model.show(piece->view);
    if (jumping()) {
        const auto* then = m_model.sheet().firstOf([this](const auto& row) { return row.key == m_selected; });
        m_selectedRow = then ? std::optional(*then) : std::nullopt;
    }
    if (m_selected.empty() && m_model.rowCount() > 0) {
        m_selectedRow = m_model.record(0);
        m_selected = m_selectedRow->key;
    }
}

std::uint64_t SessionFeed::ttlMs() const
{
    return client::declaredTtl(m_connection.profile(), "session:").value_or(client::DefaultSessionTtlMs);
}

void SessionFeed::requested()
{
    m_requestJob = ask<SessionBook>(
        m_book, [filter = m_filter, order = m_order, whatIf = m_whatIf](SessionBook& book) {
            book.setFilter(filter);
            book.setOrder(order);
            book.setWhatIf(whatIf);
        });
}

void SessionFeed::setWhatIf(std::optional<EpochMs> ttlMs)
{
    if (ttlMs == m_whatIf)
        return;
    m_whatIf = ttlMs;
    requested();
}

void SessionFeed::setFilter(const SessionFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    requested();
}

void SessionFeed::setOrder(SessionOrder order)
{
    if (order == m_order)
        return;
    m_order = order;
    requested();
}

void SessionFeed::select(const Bytes& key)
{
    const Bytes wanted = client::sessionOf(key) ? key : client::sessionKey(key);
    if (wanted == m_selected)
        return;
    m_selected = wanted;
    m_selectedRow.reset();
    learn({wanted});
    // It may be filtered out of the list, or not be there at all: one look tells.
    m_lookJob = m_dispatcher.run(
        this,
        [book = m_book, wanted, now = nowMs(), &store = m_connection.store(),
            profile = m_connection.profile()](const std::stop_token& stop) -> std::optional<SessionRow> {
            Call call;
            call.stop = stop;
            call.background = true;
            call.why = "sessions";
            auto entry = store.get(call, wanted);
            if (!entry || !entry->exists())
                return std::nullopt;
            entry->key = wanted;
            SessionRow row;
            row.key = wanted;
            row.reading = client::readSession(*entry, {}, client::declaredTtl(profile, wanted), now);
            return row;
        },
        [this, wanted](std::optional<SessionRow> row) {
            if (m_selected == wanted && !m_selectedRow) {
                m_selectedRow = std::move(row);
                Q_EMIT changed();
            }
        });
    Q_EMIT changed();
}

void SessionFeed::create(const QString& user, const QString& email, const std::vector<std::string>& roles)
{
    Action<SessionManager::Created> action;
    action.name = tr("Create a session for %1").arg(user);
    action.work = [&clock = m_clock, ttl = ttlMs(), user = user.toStdString(), email = email.toStdString(),
                      roles](Store& store, Call& call) {
        return SessionManager(store, clock, ttl).create(call, user, email, roles);
    };
    action.said = [ttl = ttlMs()](const SessionManager::Created& created) {
        return tr("Session %1 was created; it ends in %2.")
            .arg(shown(created.id), countdownText(EpochMs(ttl)));
    };
    action.repeat = [this, user, email, roles] { create(user, email, roles); };
    action.after = [this](const Result<SessionManager::Created>& created) {
        if (created) {
            m_selected.clear();
            select(client::sessionKey(created->id));
        }
    };
    act(std::move(action));
}

void SessionFeed::touch(const Bytes& key)
{
    Action<client::CasResult> action;
    action.name = tr("Touch session %1").arg(named(key));
    action.work = [&clock = m_clock, ttl = ttlMs(), id = client::sessionOf(key).value_or(key)](
                      Store& store, Call& call) { return SessionManager(store, clock, ttl).touch(call, id); };
    action.said = [key, ttl = ttlMs()](const client::CasResult& done) {
        return tr("Session %1 ends in %2 now (%n attempt(s)).", nullptr, done.attempts)
            .arg(named(key), countdownText(EpochMs(ttl)));
    };
    action.repeat = [this, key] { touch(key); };
    action.check = [this, key] { probe(key); };
    act(std::move(action));
}

void SessionFeed::setRoles(const Bytes& key, const std::vector<std::string>& roles)
{
    Action<client::CasResult> action;
    action.name = tr("Change the roles of session %1").arg(named(key));
    action.work
        = [&clock = m_clock, ttl = ttlMs(), roles, id = client::sessionOf(key).value_or(key)](Store& store,
              Call& call) { return SessionManager(store, clock, ttl).setRoles(call, id, roles); };
    action.said = [key, ttl = ttlMs()](const client::CasResult& done) {
        return tr("Session %1 has its new roles, and ends in %2 (%n attempt(s)).", nullptr, done.attempts)
            .arg(named(key), countdownText(EpochMs(ttl)));
    };
    action.repeat = [this, key, roles] { setRoles(key, roles); };
    action.check = [this, key] { probe(key); };
    act(std::move(action));
}

void SessionFeed::destroy(const Bytes& key)
{
    Action<bool> action;
    action.name = tr("Destroy session %1").arg(named(key));
    action.work = [&clock = m_clock, id = client::sessionOf(key).value_or(key)](
                      Store& store, Call& call) { return SessionManager(store, clock).destroy(call, id); };
    action.said = [key](bool existed) {
        return existed
            ? tr("Session %1 was destroyed. If a late read writes it back, S6 will say so.").arg(named(key))
            : tr("Session %1 was not there any more.").arg(named(key));
    };
    action.repeat = [this, key] { destroy(key); };
    action.check = [this, key] { probe(key); };
    action.after = [this, key](const Result<bool>& existed) {
        if (existed && *existed)
            keep(ask<SessionBook>(
                m_book, [key, now = nowMs()](SessionBook& book) { book.destroyedHere(key, now); }));
    };
    act(std::move(action));
}

void SessionFeed::validate(const Bytes& key)
{
    Action<bool> action;
    action.name = tr("Validate session %1").arg(named(key));
    action.work = [&clock = m_clock, id = client::sessionOf(key).value_or(key)](
                      Store& store, Call& call) { return SessionManager(store, clock).validate(call, id); };
    action.said = [key](bool valid) {
        return valid ? tr("Session %1 is valid.").arg(named(key))
                     : tr("Session %1 is not valid: it does not exist.").arg(named(key));
    };
    action.repeat = [this, key] { validate(key); };
    act(std::move(action));
}

void SessionFeed::probe(const Bytes& key)
{
    Action<client::Entry> action;
    action.name = tr("Probe session %1").arg(named(key));
    action.work = [key](Store& store, Call& call) {
        return store.get(call, key).map([&](client::Entry entry) {
            entry.key = key;
            return entry;
        });
    };
    const auto before = m_selectedRow && m_selectedRow->key == key ? m_selectedRow : std::nullopt;
    action.said = [this, key, before](const client::Entry& entry) {
        if (!entry.exists())
            return tr("Session %1 is gone: it expired or was destroyed.").arg(named(key));
        const auto reading
            = client::readSession(entry, {}, client::declaredTtl(m_connection.profile(), key), nowMs());
        const client::Expiry& expiry = before && before->reading.expiry.atMs && !reading.expiry.atMs
            ? before->reading.expiry
            : reading.expiry;
        if (expiry.overdue(nowMs()))
            return tr("Session %1 can still be read, %2 after its end: it is immortal.")
                .arg(named(key), countdownText(nowMs() - *expiry.atMs));
        return tr("Session %1 is there; ends in: %2.").arg(named(key), endText(expiry, nowMs()));
    };
    action.repeat = [this, key] { probe(key); };
    act(std::move(action));
}

void SessionFeed::probeShown()
{
    std::vector<Bytes> keys;
    std::vector<client::Expiry> expected;
    for (int row = 0; row < std::min(m_model.rowCount(), MostProbed); ++row) {
        keys.push_back(m_model.record(row).key);
        expected.push_back(m_model.record(row).reading.expiry);
    }
    struct Counts {
        std::size_t gone = 0;
        std::size_t alive = 0;
        std::size_t immortal = 0;
    };
    Action<Counts> action;
    action.name = tr("Probe %n session(s)", nullptr, int(keys.size()));
    action.work = [keys, expected, profile = m_connection.profile(), now = nowMs()](
                      Store& store, Call& call) -> Result<Counts> {
        Counts counts;
        std::optional<client::Error> failure;
        auto read
            = store.getMany(call, keys, ProbesInFlight, [&](std::size_t index, Result<client::Entry> entry) {
                  if (!entry) {
                      failure = entry.error();
                  } else if (!entry->exists()) {
                      ++counts.gone;
                  } else {
                      entry->key = keys[index];
                      const auto reading
                          = client::readSession(*entry, {}, client::declaredTtl(profile, keys[index]), now);
                      const auto& expiry = reading.expiry.atMs ? reading.expiry : expected[index];
                      ++(expiry.overdue(now) ? counts.immortal : counts.alive);
                  }
              });
        if (!read)
            return tl::unexpected(read.error());
        if (failure)
            return tl::unexpected(*failure);
        return counts;
    };
    action.said = [](const Counts& counts) {
        return counts.immortal > 0
            ? tr("%1 of them can be read past their end: they are immortal. %2 are alive, %3 are gone.")
                  .arg(counts.immortal)
                  .arg(counts.alive)
                  .arg(counts.gone)
            : tr("None outlived its time: %1 are alive, %2 are gone.").arg(counts.alive).arg(counts.gone);
    };
    action.repeat = [this] { probeShown(); };
    act(std::move(action));
}

void SessionFeed::planRevoke(const QString& user)
{
    keep(m_dispatcher.run(
        this,
        [book = m_book, user = user.toStdString()](const std::stop_token&) {
            const std::scoped_lock lock(book->mutex());
            return book->keysOfUser(user);
        },
        [this, user](const std::vector<Bytes>& keys) { Q_EMIT revokePlanned(user, keys); }));
}

void SessionFeed::revoke(const QString& user, const std::vector<Bytes>& keys)
{
    // Kept beside the result: those destroyed before a failure are as gone as the others.
    auto destroyed = std::make_shared<std::vector<Bytes>>();
    Action<std::size_t> action;
    action.name = tr("Revoke the sessions of %1").arg(user);
    action.work = [&clock = m_clock, keys, destroyed](Store& store, Call& call) -> Result<std::size_t> {
        SessionManager manager(store, clock);
        for (const Bytes& key : keys) {
            const auto existed = manager.destroy(call, client::sessionOf(key).value_or(key));
            if (!existed) {
                client::Error error = existed.error();
                error.message += "; " + std::to_string(destroyed->size()) + " of "
                    + std::to_string(keys.size()) + " were destroyed before";
                return tl::unexpected(std::move(error));
            }
            if (*existed)
                destroyed->push_back(key);
        }
        return destroyed->size();
    };
    action.said = [user](std::size_t count) {
        return tr("%n session(s) of %1 were destroyed; looking again in 5 s.", nullptr, int(count)).arg(user);
    };
    action.repeat = [this, user, keys] { revoke(user, keys); };
    action.after = [this, user, destroyed](const Result<std::size_t>&) {
        if (destroyed->empty())
            return;
        keep(ask<SessionBook>(m_book, [keys = *destroyed, now = nowMs()](SessionBook& book) {
            for (const Bytes& key : keys)
                book.destroyedHere(key, now);
        }));
        recheck(user, *destroyed);
    };
    act(std::move(action));
}

void SessionFeed::recheck(const QString& user, std::vector<Bytes> keys)
{
    client::Store& store = m_connection.store();
    keep(m_dispatcher.run(
        this,
        [&store, keys](const std::stop_token& stop) -> Result<std::size_t> {
            if (!client::realSleeper()(RecheckAfter, stop))
                return client::fail(client::ErrorKind::Cancelled, "stopped here");
            Call call;
            call.stop = stop;
            call.why = "sessions";
            std::size_t back = 0;
            for (const Bytes& key : keys) {
                const auto entry = store.get(call, key);
                if (!entry)
                    return tl::unexpected(entry.error());
                back += entry->exists() ? 1 : 0;
            }
            return back;
        },
        [this, user, count = keys.size()](const Result<std::size_t>& back) {
            const QString action = tr("Look again at the sessions of %1").arg(user);
            if (!back)
                failed(action, back.error());
            else if (*back == 0)
                succeeded(action,
                    tr("5 s later all %n session(s) of %1 are still gone.", nullptr, int(count)).arg(user));
            else
                failed(action,
                    {client::ErrorKind::Contended,
                        std::to_string(*back) + " of them are back: late reads wrote them again", {}});
        }));
}

} // namespace norikv::models
