// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"
#include "models/sheetkeeper.h"
#include "models/standingfindings.h"

#include "client/audit/sessionrules.h"
#include "client/profile.h"

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace norikv::models {

/// One session as the table shows it.
struct SessionRow {
    client::Bytes key;
    client::SessionReading reading;
    std::uint64_t hash = 0; ///< of the value: only bytes tell whether it is the same
    std::string wrong; ///< rules that it breaks, e.g. "S1 S4"; empty = none
    client::Severity worst = client::Severity::Info; ///< of those
};

/// What the list is restricted to; all that is set must fit.
struct SessionFilter {
    std::string text; ///< part of the user, e-mail, id or a role, small letters
    std::string role; ///< exactly
    std::optional<int> minute; ///< ends within this minute from now, counted from 0
    bool onlyWrong = false;
    bool onlyWithoutExpiry = false;
    bool onlyCrowded = false; ///< of users with more than SessionStrip::Crowd sessions

    bool empty() const
    {
        return text.empty() && role.empty() && !minute && !onlyWrong && !onlyWithoutExpiry && !onlyCrowded;
    }
    bool operator==(const SessionFilter&) const = default;
};

enum class SessionOrder { Expiry, User, LastSeen, Created };

/// Sessions that end in each minute from now, by role; the last column is "later".
struct SessionStrip {
    static constexpr int Minutes = 30;
    static constexpr int Crowd = 5; ///< a user with more sessions than this stands out
    std::vector<std::string> roles; ///< most sessions first, at most 8
    std::vector<std::vector<int>> counts; ///< by role, then by minute
    std::vector<int> alive; ///< of all, still there at the end of each minute
    int withoutExpiry = 0; ///< nobody knows when, or never
    int crowdedUsers = 0; ///< users with more than Crowd sessions
    /// The strip of another time to live, counted from when each was last seen; nothing was written.
    std::optional<EpochMs> whatIfMs;
    int goneThen = 0; ///< sessions that would have ended already
};

/// What the feed is handed.
struct SessionPiece {
    std::shared_ptr<const SheetView<SessionRow>> view;
    SessionStrip strip;
    std::size_t wrong = 0; ///< sessions that break a rule
    std::vector<client::Finding> findings;

    std::size_t bytes() const { return view->bytes + sizeof(*this) + strip.counts.size() * 256; }
};

/// Sessions as they are stored now. A million of them are read, judged and sorted here, on the follower's
/// thread.
class SessionBook final : public EntryBook {
public:
    using Queue = ChunkQueue<std::shared_ptr<const SessionPiece>>;
    SessionBook(client::Profile profile, std::shared_ptr<Queue> queue);

    void put(const client::Entry& entry, const FollowStatus& status) override;
    void gone(const client::Bytes& key, Gone how, const FollowStatus& status) override;
    void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) override;
    void setHere(const client::Bytes& key, EpochMs expiresAtMs) override { m_setHere[key] = expiresAtMs; }
    void publish(const FollowStatus& status) override;

    void setFilter(SessionFilter filter)
    {
        m_filter = std::move(filter);
        m_asked = true;
    }
    /// Another time to live to draw the strip for; nothing = as it is.
    void setWhatIf(std::optional<EpochMs> ttlMs)
    {
        m_whatIf = ttlMs;
        m_stripMs = 0;
    }
    void setOrder(SessionOrder order)
    {
        m_order = order;
        m_asked = true;
    }
    /// Every session of one user, in byte order; the list's filter does not matter.
    std::vector<client::Bytes> keysOfUser(const std::string& user) const;
    /// This program destroyed it: readable again is S6.
    void destroyedHere(const client::Bytes& key, EpochMs nowMs);

private:
    void judgeAll(EpochMs nowMs);
    SessionStrip strip(EpochMs nowMs);
    void applyRequests(EpochMs nowMs);

    const client::Profile m_profile;
    std::shared_ptr<Queue> m_queue;
    SheetKeeper<SessionRow> m_rows;
    std::map<client::Bytes, client::SessionHistory>
        m_histories; ///< of sessions that changed or were destroyed here
    std::map<client::Bytes, EpochMs> m_setHere;
    SessionFilter m_filter;
    SessionOrder m_order = SessionOrder::Expiry;
    bool m_asked = false;
    EpochMs m_judgedMs = 0;
    EpochMs m_stripMs = 0;
    std::optional<EpochMs> m_whatIf;
    std::shared_ptr<const std::set<std::string>> m_crowded; ///< users, as of the last strip
    SessionStrip m_strip;
    std::map<client::Bytes, std::vector<client::Finding>> m_wrong; ///< by key
    StandingFindings m_standing;
    std::map<std::pair<std::string, client::Bytes>, EpochMs>
        m_told; ///< what was seen to happen, and when it last did
};

} // namespace norikv::models
