// SPDX-License-Identifier: GPL-3.0-or-later
// Rules S1-S6 (panels.md 2.2, rulings 1 and 2): pure, from what was read of one session over time to
// findings. Versions prove nothing across a restart, so bytes are compared.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/session.h"
#include "client/patterns/ttl.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace norikv::client {

/// One session as it is stored now.
struct SessionReading {
    Bytes key;
    std::optional<SessionRecord> record; ///< empty where the value cannot be read
    std::string unreadable;
    Expiry expiry;
    EpochMs readMs = 0;
};
/// Reads an entry; `setHereMs` and `declaredTtlMs` are what is known beside it.
SessionReading readSession(const Entry& entry, std::optional<EpochMs> setHereMs,
    std::optional<std::uint64_t> declaredTtlMs, EpochMs nowMs);

/// S1: readable although its time is over: certain when the time is known, suspect under the pattern's
/// default.
std::optional<Finding> checkS1(const SessionReading& reading, EpochMs nowMs);
/// S4: last access or creation in the future by more than 2 s (certain, with the skew).
std::optional<Finding> checkS4(const SessionReading& reading, EpochMs nowMs);
/// S5: the server says that it never expires (suspect). Silent where S1 already says so.
std::optional<Finding> checkS5(const SessionReading& reading, EpochMs nowMs);
/// All that one look tells.
std::vector<Finding> judgeSession(const SessionReading& reading, EpochMs nowMs);

/// What one session's values were, for the rules that need more than one look.
class SessionHistory {
public:
    explicit SessionHistory(Bytes key);

    /// A value that is only known by its hash, before the first put().
    void remember(std::uint64_t hash, const std::vector<std::string>* roles, EpochMs atMs);
    /// What is stored now. That a session went is not told: only what was known before can show that it came
    /// back.
    void put(std::string_view value, const std::vector<std::string>* roles, EpochMs nowMs);
    /// It was destroyed by this program, which knows that it succeeded.
    void destroyedHere(EpochMs nowMs) { m_destroyedMs = nowMs; }

    /// S2: older bytes are back (certain). S3: a role that was taken away is back (suspect).
    /// S6: readable again after it was destroyed here (certain). Told once each, until it happens again.
    const std::vector<Finding>& findings() const { return m_findings; }

private:
    struct Known {
        std::uint64_t hash = 0;
        EpochMs atMs = 0;
    };
    void found(const char* rule, Severity severity, std::string evidence, EpochMs nowMs);

    const Bytes m_key;
    std::deque<Known> m_values; ///< oldest first, at most 16
    std::deque<std::vector<std::string>> m_roles; ///< as they changed, sorted, at most 8
    std::optional<EpochMs> m_destroyedMs;
    std::vector<Finding> m_findings;
};

} // namespace norikv::client
