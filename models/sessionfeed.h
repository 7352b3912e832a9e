// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"
#include "models/sessionbook.h"
#include "models/sessionmodel.h"

#include <set>

namespace norikv::models {

/// What the sessions page shows, and what can be done to sessions. Looking never touches: a session is kept
/// alive only by an action that says so.
class SessionFeed final : public PatternFeed {
    Q_OBJECT
public:
    SessionFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~SessionFeed() override;
    bool judges(const std::string& rule) const override { return rule.starts_with('S'); }

    SessionModel& model() { return m_model; }
    const SessionStrip& strip() const { return m_strip; }
    std::size_t wrong() const { return m_wrong; }
    std::size_t all() const { return m_model.all(); }
    /// The time to live that a touch or a new session gets.
    std::uint64_t ttlMs() const;

    const SessionFilter& filter() const { return m_filter; }
    void setFilter(const SessionFilter& filter);
    SessionOrder order() const { return m_order; }
    void setOrder(SessionOrder order);
    /// "What if the time to live were": draws the strip anew; writes nothing.
    void setWhatIf(std::optional<EpochMs> ttlMs);
    std::optional<EpochMs> whatIf() const { return m_whatIf; }

    void select(const client::Bytes& key);
    const client::Bytes& selected() const { return m_selected; }
    /// The selected session as last read; stays for the inspector while it is filtered out, empty once it is
    /// gone.
    const std::optional<SessionRow>& selectedRow() const { return m_selectedRow; }

    // Actions; each ends in acted().
    void create(const QString& user, const QString& email, const std::vector<std::string>& roles);
    void touch(const client::Bytes& key);
    void setRoles(const client::Bytes& key, const std::vector<std::string>& roles);
    void destroy(const client::Bytes& key);
    void validate(const client::Bytes& key);
    /// One read, and what it means: expired, renewed, or immortal.
    void probe(const client::Bytes& key);

    /// The same for every session that the list shows, at most 1,000: how many are gone, alive, immortal.
    void probeShown();

    /// Revoking all sessions of a user: first who they are, then the deletes, then a second look after 5 s.
    void planRevoke(const QString& user);
    void revoke(const QString& user, const std::vector<client::Bytes>& keys);

Q_SIGNALS:
    void revokePlanned(const QString& user, const std::vector<norikv::client::Bytes>& keys);

private:
    void take(std::shared_ptr<const SessionPiece> piece);
    void requested();
    void recheck(const QString& user, std::vector<client::Bytes> keys);

    SessionModel m_model;
    SessionStrip m_strip;
    std::size_t m_wrong = 0;
    SessionFilter m_filter;
    SessionOrder m_order = SessionOrder::Expiry;
    std::optional<EpochMs> m_whatIf;
    client::Bytes m_selected;
    std::optional<SessionRow> m_selectedRow;
    std::shared_ptr<SessionBook> m_book;
    Job m_requestJob, m_lookJob;
};

} // namespace norikv::models
