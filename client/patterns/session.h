// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions (patterns.md 1 and 4): one JSON record under `session:<id>`, kept alive by rewriting it with a
// time to live.
#pragma once

#include "client/patterns/compareandset.h"
#include "client/patterns/jsonrecord.h"
#include "client/store.h"

#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

constexpr std::uint64_t DefaultSessionTtlMs = 3'600'000;

/// A session as read, in whatever dialect it was written.
struct SessionRecord {
    std::string userId;
    std::string email;
    std::vector<std::string> roles;
    std::optional<StoredTime> createdAt;
    std::optional<StoredTime> lastAccessedAt;
    std::optional<StoredTime> expiresAt; ///< Go's records name their own expiry
    Dialect dialect = Dialect::TypeScript;
    std::vector<std::string> complaints; ///< what is not as the pattern writes it
    bool operator==(const SessionRecord&) const = default;
};

Bytes sessionKey(std::string_view id);
/// The id in `session:<id>`, or nothing.
std::optional<Bytes> sessionOf(std::string_view key);
/// BadData with the reason when the value is no JSON object.
Result<SessionRecord> parseSession(std::string_view value);

/// Creates, reads and changes sessions. Blocking. Unlike the document's code: reading never writes, a touch
/// is bound to the version read, and destroying sends no idempotency key, which a server would answer without
/// deleting (S6).
class SessionManager {
public:
    SessionManager(Store& store, const Clock& clock, std::uint64_t ttlMs = DefaultSessionTtlMs,
        CasLoop loop = {CasPolicy::session()});

    struct Created {
        Bytes id;
        EpochMs expiresAtMs = 0; ///< by this machine's clock
    };
    Result<Created> create(Call& call, const std::string& userId, const std::string& email,
        const std::vector<std::string>& roles);
    /// A plain read. KeyMissing when there is none.
    Result<SessionRecord> peek(Call& call, const Bytes& id);
    /// Rewrites lastAccessedAt and sets the time to live anew, under compare-and-set.
    Result<CasResult> touch(Call& call, const Bytes& id);
    /// The same with other roles; the rest of the record stays as it is.
    Result<CasResult> setRoles(Call& call, const Bytes& id, const std::vector<std::string>& roles);
    /// True when it existed.
    Result<bool> destroy(Call& call, const Bytes& id);
    Result<bool> validate(Call& call, const Bytes& id);

private:
    Result<CasResult> rewrite(Call& call, const Bytes& id, const std::vector<std::string>* roles);

    Store& m_store;
    const Clock& m_clock;
    const std::uint64_t m_ttlMs;
    const CasLoop m_loop;
};

} // namespace norikv::client
