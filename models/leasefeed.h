// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leasebook.h"
#include "models/patternfeed.h"

#include <QTimer>

#include <map>

namespace norikv::models {

/// Follows the leader leases from the start of a connection, so that a dead or fought-over one is found
/// whether or not anybody looks; and runs candidates of this program's own.
class LeaseFeed final : public PatternFeed {
    Q_OBJECT
public:
    LeaseFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~LeaseFeed() override;
    /// L6 is about the cluster: ShardFeed.
    bool judges(const std::string& rule) const override { return rule.starts_with('L') && rule != "L6"; }

    const LeaseSheet& sheet() const { return *m_sheet; }
    const client::LeaseTrack* find(const client::Bytes& key) const;
    /// Findings of one lease as they stand now.
    std::vector<client::Finding> findingsOf(const client::Bytes& key) const;

    void select(const client::Bytes& key);
    const client::Bytes& selected() const { return m_selected; }

    /// Campaigns as `node` and, once leading, renews the lease every third of it until stepDown() or until
    /// the lease is lost. Several candidates may run, also for one election.
    void campaign(const client::Bytes& election, const QString& node, std::chrono::milliseconds lease);
    /// Gives the lease back and ends the candidate.
    void stepDown(const client::Bytes& election, const QString& node);

    struct Candidate {
        client::Bytes election;
        QString node;
        std::chrono::milliseconds lease{0};
        bool leading = false;
    };
    std::vector<Candidate> candidates() const;

private:
    struct Running {
        Candidate candidate;
        std::unique_ptr<QTimer> timer;
        Job beat;
    };
    using Id = std::pair<client::Bytes, QString>;

    void beat(const Id& id);
    void lost(const Id& id, const QString& text);

    std::shared_ptr<const LeaseSheet> m_sheet = std::make_shared<LeaseSheet>();
    client::Bytes m_selected;
    bool m_chosen = false; ///< by a person; until then the worst one is shown
    std::map<Id, Running> m_running;
};

} // namespace norikv::models
