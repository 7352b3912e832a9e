// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/session.h"

#include <array>

namespace norikv::client {

namespace {

constexpr std::string_view Prefix = "session:";

constexpr MemberNames UserId{"userId", "user_id", "UserID", ""};
constexpr MemberNames Email{"email", "email", "Email", ""};
constexpr MemberNames Roles{"roles", "roles", "Roles", ""};
constexpr MemberNames CreatedAt{"createdAt", "created_at", "CreatedAt", ""};
constexpr MemberNames LastAccessedAt{"lastAccessedAt", "last_accessed_at", "LastAccessedAt", ""};
constexpr MemberNames ExpiresAt{"", "", "ExpiresAt", ""};
constexpr std::array members{UserId, Email, Roles, CreatedAt, LastAccessedAt, ExpiresAt};

Error missing(const Bytes& id) { return {ErrorKind::KeyMissing, "there is no session " + printable(id), {}}; }

} // namespace

Bytes sessionKey(std::string_view id) { return Bytes(Prefix).append(id); }

std::optional<Bytes> sessionOf(std::string_view key)
{
    if (!key.starts_with(Prefix) || key.size() == Prefix.size())
        return std::nullopt;
    return Bytes(key.substr(Prefix.size()));
}

Result<SessionRecord> parseSession(std::string_view value)
{
    auto json = JsonRecord::read(value);
    if (!json)
        return tl::unexpected(json.error());
    SessionRecord out;
    out.userId = json->label(UserId).value_or("");
    out.email = json->text(Email).value_or("");
    out.roles = json->texts(Roles).value_or(std::vector<std::string>());
    out.createdAt = json->time(CreatedAt);
    out.lastAccessedAt = json->time(LastAccessedAt);
    out.expiresAt = json->time(ExpiresAt);
    out.dialect = json->dialect(members);
    out.complaints = json->complaints();
    if (!json->has(UserId))
        out.complaints.emplace_back("there is no user id");
    return out;
}

SessionManager::SessionManager(Store& store, const Clock& clock, std::uint64_t ttlMs, CasLoop loop)
    : m_store(store)
    , m_clock(clock)
    , m_ttlMs(ttlMs)
    , m_loop(std::move(loop))
{
}

Result<SessionManager::Created> SessionManager::create(
    Call& call, const std::string& userId, const std::string& email, const std::vector<std::string>& roles)
{
    if (!isUtf8(userId) || !isUtf8(email))
        return fail(ErrorKind::InvalidRequest, "user id and e-mail must be valid UTF-8 text");
    const EpochMs now = m_clock.nowMs();
    const Bytes id = randomUuid();
    std::string list;
    for (const std::string& role : roles)
        list += (list.empty() ? "" : ",") + jsonQuoted(role);
    JsonEdit edit("{}");
    edit.append(0, UserId.typeScript, jsonQuoted(userId), false);
    edit.append(0, Email.typeScript, jsonQuoted(email), false);
    edit.append(0, Roles.typeScript, "[" + list + "]", false);
    edit.append(0, CreatedAt.typeScript, std::to_string(now), false);
    edit.append(0, LastAccessedAt.typeScript, std::to_string(now), false);
    Put put;
    put.key = sessionKey(id);
    put.value = edit.result();
    put.ttlMs = m_ttlMs;
    put.idempotencyKey = "session-create-" + id; // the id is fresh, so this names one creation (rulings 26)
    if (const auto written = m_store.put(call, put); !written)
        return tl::unexpected(written.error());
    return Created{id, now + static_cast<EpochMs>(m_ttlMs)};
}

Result<SessionRecord> SessionManager::peek(Call& call, const Bytes& id)
{
    const auto entry = m_store.get(call, sessionKey(id));
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return tl::unexpected(missing(id));
    return parseSession(entry->value);
}

Result<CasResult> SessionManager::touch(Call& call, const Bytes& id) { return rewrite(call, id, nullptr); }

Result<CasResult> SessionManager::setRoles(Call& call, const Bytes& id, const std::vector<std::string>& roles)
{
    return rewrite(call, id, &roles);
}

Result<CasResult> SessionManager::rewrite(Call& call, const Bytes& id, const std::vector<std::string>* roles)
{
    return compareAndSet(m_store, call, sessionKey(id), m_loop, [&](const Entry& entry) -> Result<CasNext> {
        if (!entry.exists())
            return tl::unexpected(missing(id));
        auto json = JsonRecord::read(entry.value);
        if (!json) {
            return fail(ErrorKind::BadData,
                "session " + printable(id) + ": " + json.error().message + "; it was left as it is");
        }
        RecordEdit edit(*json, json->dialect(members));
        if (roles)
            edit.set(Roles, edit.texts(*roles));
        const EpochMs now = m_clock.nowMs();
        // A record that never told when it was used (Go) is not taught to; its own expiry moves with the time
        // to live.
        if (const auto last = json->time(LastAccessedAt))
            edit.set(LastAccessedAt, timeJson(now, last->form));
        if (const auto ends = json->time(ExpiresAt))
            edit.set(ExpiresAt, timeJson(now + static_cast<EpochMs>(m_ttlMs), ends->form));
        return CasNext{edit.result(), m_ttlMs};
    });
}

Result<bool> SessionManager::destroy(Call& call, const Bytes& id)
{
    const auto entry = m_store.get(call, sessionKey(id));
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return false;
    Remove remove;
    remove.key = sessionKey(id);
    const KnownBefore known(call, *entry);
    if (const auto removed = m_store.remove(call, remove); !removed)
        return tl::unexpected(removed.error());
    return true;
}

Result<bool> SessionManager::validate(Call& call, const Bytes& id)
{
    return m_store.get(call, sessionKey(id)).map([](const Entry& entry) { return entry.exists(); });
}

} // namespace norikv::client
