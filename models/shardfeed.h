// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/clusterfeed.h"
#include "models/electionhistory.h"
#include "models/nodefeed.h"
#include "models/patternfeed.h"
#include "models/shardmap.h"
#include "models/standingfindings.h"

#include <QTimer>

#include <optional>
#include <vector>

namespace norikv::models {

/// The keys of each shard, counted once when a person asks.
struct KeyCounts {
    std::vector<std::uint32_t> perShard;
    std::vector<std::vector<client::Bytes>> first; ///< of each shard, at most MostShown
    std::uint64_t total = 0;
    client::Coverage coverage = client::Coverage::None;
    EpochMs atMs = 0;
    static constexpr std::size_t MostShown = 50;
};

/// Leaders that changed at one moment in one way: a lost node is one line, however many shards it led.
struct ElectionGroup {
    std::int64_t id = 0; ///< of its newest line
    EpochMs atMs = 0;
    std::vector<std::uint32_t> shards; ///< sorted; empty: this program began to watch
    std::string before;
    std::string after;
    bool operator==(const ElectionGroup&) const = default;
};
/// `lines` newest first; so are the groups.
std::vector<ElectionGroup> grouped(const std::vector<Election>& lines);

/// The state of the deployment: who leads which shard, how that changed, what the nodes say of themselves,
/// and what an operator may do about a shard. Follows the connection's merged view and its elections from the
/// start.
class ShardFeed final : public PatternFeed {
    Q_OBJECT
public:
    /// `cluster` and `history` must outlive the feed.
    ShardFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, ClusterFeed& cluster, ElectionHistory& history,
        QObject* parent = nullptr);
    ~ShardFeed() override;
    bool judges(const std::string& rule) const override { return rule == "L6"; }

    const ShardMap& map() const { return *m_map; }
    /// Whether any node has spoken since the connection was opened.
    bool met() const { return m_met; }
    ClusterFeed& cluster() { return m_cluster; }
    NodeFeed& nodes() { return m_nodes; }

    /// What the inspector shows: a shard or a node.
    void selectShard(std::uint32_t shard);
    void selectNode(std::size_t node);
    std::optional<std::uint32_t> shard() const { return m_shard; }
    std::optional<std::size_t> node() const { return m_node; }

    /// The newest elections of all shards, and how many there are on disk.
    const std::vector<ElectionGroup>& elections() const { return m_elections; }
    std::uint64_t electionCount() const { return m_electionCount; }
    /// Those of the selected shard.
    const std::vector<Election>& electionsOfShard() const { return m_ofShard; }

    /// Lists the keys once and counts them by shard: the server's list where it can tell one, else the known
    /// keys.
    void countKeys();
    bool counting() const { return m_counting.running(); }
    const KeyCounts* keys() const { return m_keys.get(); } ///< null until they were counted

    /// Takes a snapshot of the selected shard on the node that leads it. The person has typed their word.
    void snapshotShard(std::uint32_t shard);
    /// Asks the node that leads the shard to hand it over; only where canTransfer().
    void transferShard(std::uint32_t shard);
    /// Asks the server, with a shard that cannot exist, whether it can move a leader at all.
    void askTransfer();
    /// Why TransferShard is of no use here; empty = not known yet, or it is.
    const QString& transferRefusal() const { return m_transferRefusal; }
    bool canTransfer() const { return m_canTransfer; }

Q_SIGNALS:
    void selected();
    /// A sentence for a person, e.g. about a damaged history.
    void noticed(const QString& text);

private:
    using Admin = client::Result<void> (client::Store::*)(client::Call&, std::uint32_t);
    void administer(Admin call, std::uint32_t shard, const QString& name, const QString& done);
    void redraw();
    void readElections();
    void judge();

    EntryFollower::KnownKeys m_known;
    ClusterFeed& m_cluster;
    ElectionHistory& m_history;
    NodeFeed m_nodes;
    std::shared_ptr<const ShardMap> m_map = std::make_shared<ShardMap>(); ///< shown
    std::shared_ptr<const ShardMap> m_newest = m_map;
    Reel<std::shared_ptr<const ShardMap>>* const m_reel;
    std::shared_ptr<const KeyCounts> m_keys;
    bool m_met = false;
    bool m_redrawAgain = false;
    std::vector<ElectionGroup> m_elections;
    std::vector<Election> m_ofShard;
    std::uint64_t m_electionCount = 0;
    std::optional<std::uint32_t> m_shard;
    std::optional<std::size_t> m_node;
    QString m_transferRefusal;
    bool m_canTransfer = false;
    StandingFindings m_standing{std::chrono::milliseconds(0)};
    QTimer m_readSoon;
    QTimer m_judgeTimer;
    Job m_drawing, m_reading, m_counting, m_judging, m_asking;
};

} // namespace norikv::models
