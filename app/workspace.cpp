// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace.h"

#include "app/patterns.h"
#include "client/demo/counters.h"
#include "client/literals.h"
#include "client/patterns/relatedkeys.h"
#include "models/cachefeed.h"
#include "models/cataloguesource.h"
#include "models/scansource.h"
#include "models/shardfeed.h"
#include "models/vectorfeed.h"

#include <QDir>

namespace norikv::app {

namespace {
constexpr std::size_t MostLearnt = 100'000; // known keys that tenants are told of at the start
constexpr std::chrono::seconds AgeEvery{5}; // as often as standing findings are told again
} // namespace

Workspace::Workspace(const Clock& clock)
    : m_clock(clock)
    , m_cursor(clock, models::TimeCursor::Limits())
{
}

Workspace::~Workspace() = default;

client::Result<std::unique_ptr<Workspace>> Workspace::open(
    const client::Profile& profile, const Clock& clock, const QString& dataFolder)
{
    std::unique_ptr<Workspace> w(new Workspace(clock));
    if (dataFolder.isEmpty())
        w->m_temporary = std::make_unique<QTemporaryDir>();
    const QDir data(dataFolder.isEmpty() ? w->m_temporary->path() : dataFolder);
    w->m_catalogue = std::make_unique<models::Catalogue>(
        models::Catalogue::Where{
            data.filePath(QStringLiteral("catalogue")).toStdString(), profile.id, profile.totalShards},
        clock);
    // An address or a name is no name of a file.
    const QString own
        = QStringLiteral("journal/") + QString::fromStdString(client::percentEncoded(profile.id));
    w->m_undoFolder = data.filePath(own + QStringLiteral("/undo"));
    w->m_journal = std::make_unique<client::Journal>(
        data.filePath(own + QStringLiteral("/journal.ndjson")).toStdString(), clock);
    w->m_elections = std::make_unique<models::ElectionHistory>(
        data.filePath(QStringLiteral("elections/%1.sqlite"))
            .arg(QString::fromStdString(models::fileSafe(profile.id)))
            .toStdString(),
        clock);
    auto connection = client::Connection::open(
        profile, clock, client::Recorders(w->m_trace, w->m_catalogue.get(), w->m_journal.get()));
    if (!connection)
        return tl::unexpected(connection.error());
    w->m_connection = std::move(*connection);
    w->m_dispatcher = std::make_unique<models::Dispatcher>();
    auto& pool = *w->m_dispatcher;
    w->m_cluster
        = std::make_unique<models::ClusterFeed>(pool, *w->m_connection, w->m_trace, clock, w->m_operations);
    w->m_counters = std::make_unique<models::CounterFeed>(pool, *w->m_connection, clock);
    w->m_key = std::make_unique<models::KeyFeed>(pool, *w->m_connection, clock);
    w->m_tenants = std::make_unique<models::TenantFeed>(pool, *w->m_connection, clock);
    w->m_journalFeed = std::make_unique<models::JournalFeed>(pool, *w->m_connection, *w->m_journal, clock);
    w->m_favourites = std::make_unique<models::Favourites>(pool, *w->m_catalogue);
    w->m_notes = std::make_unique<models::KeyNotes>(pool, *w->m_catalogue);
    QObject::connect(
        w->m_counters.get(), &models::CounterFeed::found, &w->m_findings, &models::FindingsModel::report);
    QObject::connect(w->m_counters.get(), &models::CounterFeed::stateChanged, w->m_counters.get(),
        [workspace = w.get()] { workspace->decideWhatIsKept(); });
    QObject::connect(
        w->m_tenants.get(), &models::TenantFeed::found, &w->m_findings, &models::FindingsModel::report);
    const models::EntryFollower::KnownKeys known
        = [catalogue = w->m_catalogue.get()](const auto& visit, const std::stop_token& stop) {
              // A catalogue that cannot be read has said so itself.
              (void)catalogue->load(visit, stop);
          };
    w->m_patterns = makePatternFeeds(pool, *w->m_connection, clock, known);
    w->m_patterns.push_back(std::make_unique<models::ShardFeed>(
        pool, *w->m_connection, clock, known, *w->m_cluster, *w->m_elections));
    w->m_embedder
        = std::make_unique<EmbedderChoice>(pool, w->pattern<models::VectorFeed>(), profile.embedder);
    w->m_audit = std::make_unique<models::AuditFeed>(pool, *w->m_connection, clock, known, w->m_findings);
    w->m_ageFindings = std::make_unique<QTimer>();
    QObject::connect(w->m_ageFindings.get(), &QTimer::timeout, &w->m_findings, [workspace = w.get()] {
        workspace->m_findings.age(workspace->m_clock.nowMs(), [workspace](const std::string& rule) {
            return std::ranges::any_of(workspace->m_patterns,
                [&](const auto& feed) { return feed->judges(rule) && feed->watching(); });
        });
    });
    w->m_ageFindings->start(AgeEvery);
    w->m_counters->setCursor(w->m_cursor);
    for (const auto& feed : w->m_patterns) {
        feed->setCursor(w->m_cursor);
        QObject::connect(
            feed.get(), &models::PatternFeed::found, &w->m_findings, &models::FindingsModel::report);
    }
    // Where keys cannot be listed, one that was opened counts for its tenant.
    QObject::connect(w->m_key.get(), &models::KeyFeed::changed, w->m_tenants.get(),
        [key = w->m_key.get(), tenants = w->m_tenants.get()] {
            if (key->state() == models::KeyFeed::State::Ready)
                tenants->learn(key->key());
        });
    QObject::connect(w->m_key.get(), &models::KeyFeed::changed, w->m_key.get(), [workspace = w.get()] {
        if (workspace->m_key->state() == models::KeyFeed::State::Ready) {
            for (const auto& feed : workspace->m_patterns)
                feed->learn({workspace->m_key->key()});
        }
    });
    return w;
}

// The counters' follower is the first to find out whether the server can list keys.
void Workspace::decideWhatIsKept()
{
    using Keeps = models::Catalogue::Keeps;
    if (m_counters->state() != models::FeedState::Ready || m_catalogue->keeps() != Keeps::Undecided)
        return;
    if (m_counters->coverage() == client::Coverage::Complete) {
        m_catalogue->setKeeps(Keeps::OnlyOurs);
        return;
    }
    m_catalogue->setKeeps(Keeps::Everything);
    // What a person named is known before it is seen; and tenants count what is known of theirs.
    const auto& profile = m_connection->profile();
    m_namedJob = m_dispatcher->run(
        m_tenants.get(),
        [catalogue = m_catalogue.get(), named = client::counterKeys(profile.counters, profile.counterShards)](
            const std::stop_token& stop) {
            std::vector<client::Bytes> ofTenants;
            // A catalogue that cannot be read or written has said so itself.
            (void)catalogue->add(named, stop);
            (void)catalogue->load(
                [&](const models::KnownKey& known) {
                    if (known.key.starts_with("tenant"))
                        ofTenants.push_back(known.key);
                    return ofTenants.size() < MostLearnt;
                },
                stop);
            return ofTenants;
        },
        [tenants = m_tenants.get()](const std::vector<client::Bytes>& keys) {
            for (const auto& key : keys)
                tenants->learn(key);
        });
}

models::PatternFeed* Workspace::fixer(const client::Finding& finding) const
{
    const auto found = std::ranges::find_if(
        m_patterns, [&](const auto& feed) { return !feed->fixTitle(finding).isEmpty(); });
    return found == m_patterns.end() ? nullptr : found->get();
}

bool Workspace::ourSandbox() const
{
    const std::string& id = m_connection->profile().id;
    return id == "sandbox" || id == "demo";
}

models::KeysFeed& Workspace::keys()
{
    if (m_keys)
        return *m_keys;
    std::vector<std::unique_ptr<models::KeySource>> sources;
    sources.push_back(std::make_unique<models::ScanSource>(m_connection->store()));
    sources.push_back(std::make_unique<models::CatalogueSource>(*m_catalogue));
    m_keys = std::make_unique<models::KeysFeed>(*m_dispatcher, m_clock, std::move(sources));
    auto* keys = m_keys.get();
    const auto follow = [keys, cursor = &m_cursor] { keys->setPaused(cursor->moment().has_value()); };
    QObject::connect(&m_cursor, &models::TimeCursor::changed, keys, follow);
    follow();
    keys->setOpenedKey(m_key->key());
    QObject::connect(m_key.get(), &models::KeyFeed::changed, keys,
        [keys, key = m_key.get()] { keys->setOpenedKey(key->key()); });
    keys->setFavourites(m_favourites->keys());
    QObject::connect(m_favourites.get(), &models::Favourites::changed, keys,
        [keys, favourites = m_favourites.get()] { keys->setFavourites(favourites->keys()); });
    QObject::connect(keys, &models::KeysFeed::favouriteChanged, m_favourites.get(), &models::Favourites::set);
    return *m_keys;
}

void Workspace::startDemo(client::ScenarioKind kind)
{
    m_scenario = std::make_unique<client::Scenario>(m_connection->store(), m_clock, kind, 1, true);
    m_counters->startLoad(client::demo::Counters::showcase());
    pattern<models::CacheFeed>().startShop();
}

} // namespace norikv::app
