// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"
#include "models/ratelimitbook.h"
#include "models/ratelimitmodel.h"

#include "client/demo/burst.h"

#include <QVariantMap>

#include <optional>
#include <set>
#include <stop_token>

namespace norikv::models {

/// What the rate-limits page shows, and what can be done to rate limits. Looking never counts a request: only
/// check() does.
class RateLimitFeed final : public PatternFeed {
    Q_OBJECT
public:
    RateLimitFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~RateLimitFeed() override;
    bool judges(const std::string& rule) const override { return rule.starts_with('R'); }

    RateLimitModel& model() { return m_model; }
    std::size_t wrong() const { return m_wrong; }
    std::size_t full() const { return m_full; }
    std::size_t all() const { return m_model.all(); }

    const RateLimitFilter& filter() const { return m_filter; }
    void setFilter(const RateLimitFilter& filter);
    RateLimitOrder order() const { return m_order; }
    void setOrder(RateLimitOrder order);

    void select(const client::Bytes& key);
    const client::Bytes& selected() const { return m_selected; }
    /// The selected rate limit as last read; empty once it is gone.
    const std::optional<RateLimitRow>& selectedRow() const { return m_selectedRow; }

    /// Limits by prefix of the identifier: the profile's, and what was set here.
    const client::RateLimits& limits() const { return m_limits; }
    /// Told to the profile, too: an audit without a window then knows the limit.
    void setLimit(const client::Bytes& prefix, const client::RateLimit& limit);
    /// For as long as this feed lives: of a simulation's identifiers.
    void tryLimit(const client::Bytes& prefix, const client::RateLimit& limit);
    /// What was set here goes; the profile's own stays or comes back.
    void forgetLimit(const client::Bytes& prefix);
    /// Was this one set here?
    bool setHere(const client::Bytes& prefix) const { return m_own.contains(prefix); }
    /// The connection has a saved profile, and somebody hears profileLimit() to save into it.
    void keepInProfile() { m_keptInProfile = true; }
    /// What was set here and no profile keeps, for the page's place, and back; plain values.
    QVariantMap ownLimits() const;
    void setOwnLimits(const QVariantMap& limits);

    // Actions; each ends in acted().
    /// Counts one request, as a client would: it writes unless the request is refused.
    void checkLimit(const client::Bytes& identifier);
    /// Forgets all requests of it.
    void reset(const client::Bytes& key);

    /// Clients that send at once, on an identifier of their own. The result is kept for the page.
    void startBurst(const client::demo::BurstPlan& plan);
    bool bursting() const { return m_bursting; }
    void stopBurst();
    const std::optional<client::demo::BurstResult>& burst() const { return m_burst; }

Q_SIGNALS:
    void limitsChanged();
    /// What the profile should say of a prefix from now on; nothing = it says nothing.
    void profileLimit(const client::Bytes& prefix, const std::optional<client::RateLimit>& limit);
    void burstChanged(); ///< began, ended or was stopped

private:
    void take(std::shared_ptr<const RateLimitPiece> piece);
    void requested();
    void limitsMoved();
    void look(const client::Bytes& key);

    RateLimitModel m_model;
    std::size_t m_wrong = 0;
    std::size_t m_full = 0;
    RateLimitFilter m_filter;
    RateLimitOrder m_order = RateLimitOrder::Pressure;
    client::Bytes m_selected;
    std::optional<RateLimitRow> m_selectedRow;
    client::RateLimits m_own; ///< set here
    std::set<client::Bytes> m_tried; ///< those of m_own that go with the feed
    bool m_keptInProfile = false;
    client::RateLimits m_limits; ///< the profile's, with those over it
    std::shared_ptr<RateLimitBook> m_book;
    std::optional<client::demo::BurstResult> m_burst;
    bool m_bursting = false;
    std::stop_source m_burstStop;
    Job m_requestJob, m_limitsJob, m_lookJob;
};

} // namespace norikv::models
