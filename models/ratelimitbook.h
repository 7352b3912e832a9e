// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"
#include "models/sheetkeeper.h"
#include "models/standingfindings.h"

#include "client/audit/ratelimitrules.h"

#include <map>
#include <memory>
#include <string>

namespace norikv::models {

/// One rate limit as the table shows it. The state is of `stateMs` and holds until `changesMs`.
struct RateLimitRow {
    client::Bytes key;
    client::RateLimitReading reading;
    client::LimitState state;
    EpochMs changesMs = 0; ///< when it changes by itself next; far away = never
    std::uint64_t hash = 0; ///< of the value: only bytes tell whether it is the same
    std::uint64_t stretch = 0; ///< in which stretch of unbroken watching it was read
    std::string wrong; ///< rules that it breaks, e.g. "R1 R4"; empty = none
    client::Severity worst = client::Severity::Info; ///< of those

    /// Used share of the limit; 1 = full.
    double pressure() const
    {
        return static_cast<double>(state.used) / std::max(1U, reading.limit.limit.maxRequests);
    }
};

/// What the list is restricted to; all that is set must fit.
struct RateLimitFilter {
    std::string text; ///< part of the identifier, small letters
    bool onlyWrong = false;
    bool onlyFull = false; ///< the next request would be refused

    bool empty() const { return text.empty() && !onlyWrong && !onlyFull; }
    bool operator==(const RateLimitFilter&) const = default;
};

enum class RateLimitOrder { Pressure, Identifier };

/// What the feed is handed.
struct RateLimitPiece {
    std::shared_ptr<const SheetView<RateLimitRow>> view;
    std::size_t wrong = 0; ///< rate limits that break a rule
    std::size_t full = 0; ///< whose next request would be refused
    std::vector<client::Finding> findings;

    std::size_t bytes() const { return view->bytes + sizeof(*this); }
};

/// Rate limits as they are stored now: read, held to their limits, judged and sorted on the follower's
/// thread. Time alone changes them, so each is looked at again when its next request leaves the window.
class RateLimitBook final : public EntryBook {
public:
    using Queue = ChunkQueue<std::shared_ptr<const RateLimitPiece>>;
    RateLimitBook(client::RateLimits limits, std::shared_ptr<Queue> queue);

    void put(const client::Entry& entry, const FollowStatus& status) override;
    void gone(const client::Bytes& key, Gone how, const FollowStatus& status) override;
    void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) override;
    /// A reset may pass unseen until the next list: what was let in before proves nothing then.
    void interrupted() override
    {
        m_histories.clear();
        ++m_stretch;
    }
    void setHere(const client::Bytes& key, EpochMs expiresAtMs) override { m_setHere[key] = expiresAtMs; }
    void publish(const FollowStatus& status) override;

    /// Other limits: every row is held to its new one at the next publish().
    void setLimits(client::RateLimits limits);
    void setFilter(RateLimitFilter filter)
    {
        m_filter = std::move(filter);
        m_asked = true;
    }
    void setOrder(RateLimitOrder order)
    {
        m_order = order;
        m_asked = true;
    }

private:
    /// Judges the row at this time and keeps what is wrong with it.
    void judge(RateLimitRow& row, EpochMs nowMs);
    void forget(const client::Bytes& key);
    void passTime(EpochMs nowMs);
    void applyRequests();

    client::RateLimits m_limits;
    std::shared_ptr<Queue> m_queue;
    SheetKeeper<RateLimitRow> m_rows;
    std::map<client::Bytes, client::RateLimitHistory> m_histories; ///< of those that changed
    std::uint64_t m_stretch = 0;
    std::map<client::Bytes, EpochMs> m_setHere;
    RateLimitFilter m_filter;
    RateLimitOrder m_order = RateLimitOrder::Pressure;
    bool m_asked = false;
    bool m_otherLimits = false;
    EpochMs m_passedMs = 0;
    std::size_t m_full = 0;
    std::map<client::Bytes, std::vector<client::Finding>> m_wrong; ///< by key
    StandingFindings m_standing;
};

} // namespace norikv::models
