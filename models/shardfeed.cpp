// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/shardfeed.h"

#include "client/audit/clusterrules.h"
#include "client/placement.h"

#include <algorithm>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t MostLines = 4000; // read to be grouped: a lost node is some hundred lines
constexpr std::size_t MostOfShard = 100;
constexpr auto ReadAfter = 300ms; // elections come in bursts
constexpr auto JudgeEvery = 1s;
constexpr std::uint32_t NoSuchShard = 4294967295; // as the probe: a real one would be moved

struct Lines {
    std::vector<ElectionGroup> groups;
    std::vector<Election> ofShard;
    std::uint64_t count = 0;
};

client::Result<KeyCounts> count(client::Store& store, std::uint32_t totalShards,
    const EntryFollower::KnownKeys& known, const std::stop_token& stop)
{
    KeyCounts counts;
    counts.perShard.resize(totalShards);
    counts.first.resize(totalShards);
    const auto take = [&](const client::Bytes& key) {
        const auto shard = shardOf(key, totalShards);
        ++counts.total;
        ++counts.perShard[shard];
        if (counts.first[shard].size() < KeyCounts::MostShown)
            counts.first[shard].push_back(key);
    };
    client::Call call;
    call.stop = stop;
    call.why = "overview";
    call.timeout = std::chrono::minutes(5);
    client::ScanRequest all;
    all.keysOnly = true;
    const auto scanned = store.scan(call, all, [&](const client::ScanBatch& batch) {
        for (const auto& entry : batch.entries)
            take(entry.key);
        counts.coverage = batch.coverage;
        return !stop.stop_requested();
    });
    if (!scanned && scanned.error().kind != client::ErrorKind::Unsupported)
        return tl::unexpected(scanned.error());
    if (!scanned) {
        counts.coverage = client::Coverage::KnownKeys;
        if (known)
            known(
                [&](const KnownKey& key) {
                    take(key.key);
                    return !stop.stop_requested();
                },
                stop);
    }
    return counts;
}

} // namespace

std::vector<ElectionGroup> grouped(const std::vector<Election>& lines)
{
    std::vector<ElectionGroup> groups;
    for (const Election& line : lines) {
        const bool same = !groups.empty() && line.shard && !groups.back().shards.empty()
            && groups.back().atMs == line.atMs && groups.back().before == line.before
            && groups.back().after == line.after;
        if (!same)
            groups.push_back({line.id, line.atMs, {}, line.before, line.after});
        if (line.shard)
            groups.back().shards.push_back(*line.shard);
    }
    for (ElectionGroup& group : groups)
        std::ranges::sort(group.shards);
    return groups;
}

ShardFeed::ShardFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, ClusterFeed& cluster, ElectionHistory& history, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
    , m_known(std::move(known))
    , m_cluster(cluster)
    , m_history(history)
    , m_nodes(dispatcher, connection, clock)
    , m_reel(makeReel<std::shared_ptr<const ShardMap>>(
          [this](std::shared_ptr<const ShardMap> map) { m_map = paused() ? std::move(map) : m_newest; }))
{
    standAlone("overview");
    m_readSoon.setSingleShot(true);
    m_readSoon.setInterval(ReadAfter);
    connect(&m_readSoon, &QTimer::timeout, this, &ShardFeed::readElections);
    connect(&cluster, &ClusterFeed::changed, this, &ShardFeed::redraw);
    connect(&m_nodes, &NodeFeed::changed, this, [this] { Q_EMIT changed(); });
    m_judgeTimer.setInterval(JudgeEvery);
    connect(&m_judgeTimer, &QTimer::timeout, this, &ShardFeed::judge);
    m_judgeTimer.start();
    QPointer<ShardFeed> self(this);
    history.listen(
        [&dispatcher, self] {
            dispatcher.post([self] {
                if (self && !self->m_readSoon.isActive())
                    self->m_readSoon.start();
            });
        },
        [&dispatcher, self](const QString& text) {
            dispatcher.post([self, text] {
                if (self)
                    Q_EMIT self->noticed(text);
            });
        });
    connection.cluster().onElection(
        [&history](std::span<const client::LeaderChange> changes) { history.took(changes); });
    redraw();
}

ShardFeed::~ShardFeed()
{
    m_connection.cluster().onElection({});
    m_history.silence();
}

void ShardFeed::redraw()
{
    // Never cancelled for another: it sees the newest state when it runs.
    if (m_drawing.running()) {
        m_redrawAgain = true;
        return;
    }
    m_drawing = m_dispatcher.run(
        this,
        [&cluster = m_connection.cluster(), total = m_connection.profile().totalShards, before = m_newest,
            now = m_clock.nowMs()](const std::stop_token&) -> std::shared_ptr<const ShardMap> {
            const bool first = before->cells.empty();
            return std::make_shared<const ShardMap>(
                makeShardMap(cluster.snapshot(), total, first ? nullptr : before.get(), now));
        },
        [this](std::shared_ptr<const ShardMap> map) {
            if (map->cells != m_newest->cells)
                record(*m_reel, map);
            m_newest = std::move(map);
            if (!paused())
                m_map = m_newest;
            m_met = m_met || m_newest->cold < m_newest->cells.size()
                || std::ranges::any_of(m_cluster.cluster().nodes,
                    [](const client::NodeStatus& node) { return !node.id.empty(); });
            Q_EMIT changed();
            if (std::exchange(m_redrawAgain, false))
                redraw();
        });
}

void ShardFeed::readElections()
{
    m_reading = m_dispatcher.run(
        this,
        [&history = m_history, shard = m_shard](const std::stop_token&) -> client::Result<Lines> {
            Lines lines;
            const auto all = history.newest(MostLines);
            if (!all)
                return tl::unexpected(all.error());
            lines.groups = grouped(*all);
            const auto count = history.count();
            lines.count = count ? *count : 0;
            if (shard) {
                if (auto own = history.newest(MostOfShard, shard))
                    lines.ofShard = std::move(*own);
            }
            return lines;
        },
        [this](client::Result<Lines> lines) {
            // A history that cannot be read has said so itself.
            if (!lines || paused())
                return;
            m_elections = std::move(lines->groups);
            m_ofShard = std::move(lines->ofShard);
            m_electionCount = lines->count;
            Q_EMIT changed();
        });
}

void ShardFeed::judge()
{
    if (m_judging.running())
        return;
    m_judging = m_dispatcher.run(
        this,
        [&connection = m_connection, now = m_clock.nowMs()](const std::stop_token&) {
            return client::judgeCluster(
                connection.cluster(), connection.profile(), now, client::httpHealthReader());
        },
        [this](std::vector<client::Finding> findings) {
            for (const auto& finding : m_standing.update(std::move(findings), m_clock.nowMs()))
                Q_EMIT found(finding);
        });
}

void ShardFeed::selectShard(std::uint32_t shard)
{
    if (shard >= m_connection.profile().totalShards || m_shard == shard)
        return;
    m_shard = shard;
    m_node.reset();
    m_ofShard.clear();
    readElections();
    Q_EMIT selected();
}

void ShardFeed::selectNode(std::size_t node)
{
    if (node >= m_nodes.count() || m_node == node)
        return;
    m_node = node;
    m_shard.reset();
    Q_EMIT selected();
}

void ShardFeed::countKeys()
{
    if (m_counting.running())
        return;
    m_counting = m_dispatcher.run(
        this,
        [&store = m_connection.store(), total = m_connection.profile().totalShards, known = m_known](
            const std::stop_token& stop) { return count(store, total, known, stop); },
        [this](client::Result<KeyCounts> counts) {
            if (counts) {
                counts->atMs = m_clock.nowMs();
                m_keys = std::make_shared<const KeyCounts>(std::move(*counts));
            } else {
                failed(tr("Count the keys"), counts.error());
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void ShardFeed::administer(Admin call, std::uint32_t shard, const QString& name, const QString& done)
{
    Action<bool> action;
    action.name = name;
    action.confirmed = true;
    const auto leader = m_connection.cluster().leaderOf(shard);
    action.work
        = [call, shard, leader](client::Store& store, client::Call& conditions) -> client::Result<bool> {
        conditions.node = leader;
        const auto answer = (store.*call)(conditions, shard);
        if (!answer)
            return tl::unexpected(answer.error());
        return true;
    };
    action.said = [done](bool) { return done; };
    act<bool>(std::move(action));
}

void ShardFeed::snapshotShard(std::uint32_t shard)
{
    administer(&client::Store::snapshotShard, shard, tr("Snapshot shard %1").arg(shard),
        tr("Shard %1 has a snapshot in the memory of its leader; its Raft log begins after it.").arg(shard));
}

void ShardFeed::transferShard(std::uint32_t shard)
{
    administer(&client::Store::transferShard, shard, tr("Transfer shard %1").arg(shard),
        tr("Shard %1 was handed over; the map shows to whom.").arg(shard));
}

void ShardFeed::askTransfer()
{
    if (m_asking.running() || m_canTransfer || !m_transferRefusal.isEmpty())
        return;
    m_asking = m_dispatcher.run(
        this,
        [&store = m_connection.store()](const std::stop_token& stop) {
            client::Call call;
            call.stop = stop;
            call.background = true;
            call.consent = true; // no such shard exists
            call.journal = false;
            call.why = "overview";
            return store.transferShard(call, NoSuchShard);
        },
        [this](const client::Result<void>& answer) {
            if (answer || answer.error().kind == client::ErrorKind::NotFound)
                m_canTransfer = true;
            else if (answer.error().kind == client::ErrorKind::Unsupported)
                m_transferRefusal = QString::fromStdString(
                    answer.error().detail.empty() ? answer.error().message : answer.error().detail);
            // Anything else says nothing about the server: asked again the next time.
            Q_EMIT changed();
        });
}

} // namespace norikv::models
