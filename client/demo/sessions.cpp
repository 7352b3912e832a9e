// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/sessions.h"

#include "client/patterns/rfc3339.h"
#include "client/patterns/session.h"

#include <algorithm>
#include <array>

namespace norikv::client::demo {

namespace {

constexpr std::uint64_t TtlMs = 180'000;
constexpr std::size_t SeededSessions = 48;
constexpr std::size_t MostOpen = 400;

struct Person {
    std::string_view name;
    std::string_view email;
    std::string_view roles; ///< JSON
};
constexpr std::array people{
    Person{"alice", "alice@example.com", R"(["user","admin"])"},
    Person{"bob", "bob@example.com", R"(["user"])"},
    Person{"chandra", "chandra@example.org", R"(["user","editor"])"},
    Person{"dmitri", "дмитрий@example.org", R"(["user"])"},
    Person{"elena", "elena@example.net", R"(["user","billing"])"},
    Person{"farid", "farid@example.com", R"(["user"])"},
    Person{"grace", "grace@example.com", R"(["user","support"])"},
    Person{"hiro", "hiro@example.jp", R"(["user"])"},
    Person{"ines", "ines@example.org", R"(["user","editor"])"},
    Person{"jonas", "jonas@example.net", R"(["user"])"},
};

constexpr std::array faultTable{
    Actor::Fault{"Lose the expiry of a session", "S5", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Give back a revoked role", "S3", Actor::Fault::SeenBy::Watch},
    Actor::Fault{"Write a session with a clock that is ahead", "S4", Actor::Fault::SeenBy::Look},
};

Bytes record(const Person& person, EpochMs created, EpochMs last, std::string_view roles)
{
    return R"({"userId":")" + Bytes(person.name) + R"(","email":")" + Bytes(person.email) + R"(","roles":)"
        + Bytes(roles) + R"(,"createdAt":)" + std::to_string(created) + R"(,"lastAccessedAt":)"
        + std::to_string(last) + "}";
}

Bytes pythonRecord(const Person& person, EpochMs created, EpochMs last)
{
    return R"({"user_id": ")" + Bytes(person.name) + R"(", "email": ")" + Bytes(person.name)
        + R"(@example.com", "roles": ["user"], "created_at": )" + std::to_string(created)
        + R"(, "last_accessed_at": )" + std::to_string(last) + "}";
}

Bytes goRecord(std::uint64_t user, EpochMs created, EpochMs ends)
{
    return R"({"ID":"go-)" + std::to_string(user) + R"(","UserID":)" + std::to_string(user)
        + R"(,"Data":{"theme":"dark"},"CreatedAt":")" + formatRfc3339(created) + R"(","ExpiresAt":")"
        + formatRfc3339(ends) + R"("})";
}

Result<void> put(Store& store, Call& call, const Bytes& id, Bytes value, std::uint64_t ttlMs)
{
    Put put;
    put.key = sessionKey(id);
    put.value = std::move(value);
    put.ttlMs = ttlMs;
    return store.put(call, put).map([](auto) {});
}

Bytes idOf(std::mt19937_64& random)
{
    constexpr std::string_view digits = "0123456789abcdef";
    Bytes id = "00000000-0000-4000-8000-000000000000";
    for (char& c : id) {
        if (c == '0')
            c = digits[random() % digits.size()];
    }
    return id;
}

} // namespace

Sessions::Sessions()
    : m_logIns(0.35, 1)
    , m_visits(1.6, 2)
    , m_logOuts(0.12, 3)
{
}

void Sessions::declare(Profile& profile) const { profile.ttls["session:"] = TtlMs; }

Result<void> Sessions::seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs)
{
    for (std::size_t i = 0; i < SeededSessions; ++i) {
        const Person& person = people[i % people.size()];
        const auto age = static_cast<EpochMs>(random() % (TtlMs * 3 / 4)); // since it was last used
        const EpochMs last = nowMs - age;
        const EpochMs created = last - static_cast<EpochMs>(random() % 3'600'000);
        const std::uint64_t left = TtlMs - static_cast<std::uint64_t>(age);
        const Bytes id = idOf(random);
        Bytes value = i % 12 == 5 ? pythonRecord(person, created, last)
            : i % 12 == 8         ? goRecord(4200 + i, created, nowMs + static_cast<EpochMs>(left))
                                  : record(person, created, last, person.roles);
        if (auto made = put(store, call, id, std::move(value), left); !made)
            return made;
        m_open.push_back(id);
    }
    return {};
}

void Sessions::logIn(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs)
{
    const Person& person = people[m_next++ % people.size()];
    const Bytes id = idOf(random);
    if (put(store, call, id, record(person, nowMs, nowMs, person.roles), TtlMs))
        m_open.push_back(id);
    if (m_open.size() > MostOpen)
        m_open.erase(m_open.begin());
}

void Sessions::comeBack(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs)
{
    if (m_open.empty())
        return;
    const std::size_t which = random() % m_open.size();
    const GivenClock clock(nowMs);
    const auto seen = SessionManager(store, clock, TtlMs).touch(call, m_open[which]);
    if (!seen && seen.error().kind == ErrorKind::KeyMissing)
        m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(which)); // it ended
}

void Sessions::logOut(Store& store, Call& call, std::mt19937_64& random)
{
    if (m_open.empty())
        return;
    const std::size_t which = random() % m_open.size();
    Remove remove;
    remove.key = sessionKey(m_open[which]);
    (void)store.remove(call, remove);
    m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(which));
}

void Sessions::step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds)
{
    for (int due = m_logIns.due(seconds, random); due > 0; --due)
        logIn(store, call, random, nowMs);
    for (int due = m_visits.due(seconds, random); due > 0; --due)
        comeBack(store, call, random, nowMs);
    for (int due = m_logOuts.due(seconds, random); due > 0; --due)
        logOut(store, call, random);
}

std::span<const Actor::Fault> Sessions::faults() const { return faultTable; }

Result<void> Sessions::commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs)
{
    const Person& person = people[0];
    switch (fault) {
    case 0:
        if (auto done
            = put(store, call, "demo-forgotten", record(person, nowMs, nowMs, R"(["user"])"), TtlMs);
            !done)
            return done;
        return store.flushTtl(call, "session:demo-forgotten").map([](auto) {});
    case 1:
        // An administrator takes a role away, and a read that was under way writes the old record back.
        for (const auto& [roles, later] : {std::pair(R"(["user","admin"])", 0), std::pair(R"(["user"])", 1),
                 std::pair(R"(["user","admin"])", 2)}) {
            if (auto done
                = put(store, call, "demo-role", record(person, nowMs - 60'000, nowMs + later, roles), TtlMs);
                !done)
                return done;
        }
        return {};
    default:
        return put(store, call, "demo-skew", record(people[1], nowMs, nowMs + 90'000, R"(["user"])"), TtlMs);
    }
}

} // namespace norikv::client::demo
