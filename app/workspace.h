// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/embedderchoice.h"
#include "client/connection.h"
#include "client/demo/scenario.h"
#include "client/journal/journal.h"
#include "client/trace.h"
#include "models/auditfeed.h"
#include "models/catalogue.h"
#include "models/clusterfeed.h"
#include "models/counterfeed.h"
#include "models/electionhistory.h"
#include "models/favourites.h"
#include "models/findingsmodel.h"
#include "models/journalfeed.h"
#include "models/keyfeed.h"
#include "models/keynotes.h"
#include "models/keysfeed.h"
#include "models/lens.h"
#include "models/operationsmodel.h"
#include "models/patternfeed.h"
#include "models/tenantfeed.h"
#include "models/timecursor.h"

#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <vector>

namespace norikv::app {

/// All that lives as long as one connection is open: the connection, its feeds and lists, and the demo's
/// traffic. Torn down in reverse. Lives on the GUI thread.
class Workspace {
public:
    /// `clock` must outlive the workspace. What is learnt of keys, the journal and undo files are kept in
    /// `dataFolder`; an empty one means a temporary folder that goes with the workspace.
    static client::Result<std::unique_ptr<Workspace>> open(
        const client::Profile& profile, const Clock& clock, const QString& dataFolder);
    ~Workspace();

    client::Connection& connection() { return *m_connection; }
    models::OperationsModel& operations() { return m_operations; }
    models::FindingsModel& findings() { return m_findings; }
    models::AuditFeed& audit() { return *m_audit; }
    /// The feed that can do something provable about a finding; null where none can.
    models::PatternFeed* fixer(const client::Finding& finding) const;
    models::ClusterFeed& cluster() { return *m_cluster; }
    models::CounterFeed& counters() { return *m_counters; }
    models::KeyFeed& key() { return *m_key; }
    models::Catalogue& catalogue() { return *m_catalogue; }
    models::TenantFeed& tenants() { return *m_tenants; }
    /// "Work as tenant X": what lists are restricted to; nothing for all keys.
    models::Lens& lens() { return m_lens; }
    void setLens(std::optional<client::Bytes> tenant) { m_lens.set(std::move(tenant)); }
    models::JournalFeed& journal() { return *m_journalFeed; }
    client::Journal& journalFile() { return *m_journal; }
    /// Where undo files of this connection go.
    const QString& undoFolder() const { return m_undoFolder; }
    /// Served by this program: bulk jobs may go as fast as they can.
    bool ourSandbox() const;
    /// The list of keys. Asked for the first time it begins to list them: nobody else needs it.
    models::KeysFeed& keys();
    models::Favourites& favourites() { return *m_favourites; }
    models::KeyNotes& notes() { return *m_notes; }
    /// The moment that counters, patterns and the cluster show; the list of keys and the tenants show now, or
    /// stand still.
    models::TimeCursor& cursor() { return m_cursor; }
    /// The feed of one pattern, e.g. pattern<models::SessionFeed>().
    template <class Feed> Feed& pattern()
    {
        const auto found = std::ranges::find_if(
            m_patterns, [](const auto& feed) { return dynamic_cast<Feed*>(feed.get()) != nullptr; });
        Q_ASSERT(found != m_patterns.end()); // makePatternFeeds() makes one of each
        return static_cast<Feed&>(**found);
    }
    const std::vector<std::unique_ptr<models::PatternFeed>>& patterns() const { return m_patterns; }
    /// What makes vectors of texts.
    EmbedderChoice& embedder() { return *m_embedder; }
    models::Dispatcher& dispatcher() { return *m_dispatcher; }
    const Clock& clock() const { return m_clock; }

    /// Seeds the store and keeps writing; also starts the load that the counters page shows.
    void startDemo(client::ScenarioKind kind);
    bool demo() const { return m_scenario != nullptr; }

private:
    explicit Workspace(const Clock& clock);
    void decideWhatIsKept();

    const Clock& m_clock;
    client::TraceLog m_trace;
    models::OperationsModel m_operations;
    models::FindingsModel m_findings;
    models::Lens m_lens;
    models::TimeCursor m_cursor; ///< before the feeds that follow it
    std::unique_ptr<QTemporaryDir> m_temporary; ///< of what nobody wants to keep
    std::unique_ptr<models::Catalogue> m_catalogue; ///< before the connection, which reports to it
    QString m_undoFolder;
    std::unique_ptr<client::Journal> m_journal; ///< before the connection, which writes it
    std::unique_ptr<models::ElectionHistory>
        m_elections; ///< before the connection, whose watcher reports to it
    std::unique_ptr<client::Connection> m_connection;
    /// After the connection: its threads have ended before the stores that they use go.
    std::unique_ptr<models::Dispatcher> m_dispatcher;
    std::unique_ptr<models::ClusterFeed> m_cluster;
    std::unique_ptr<models::CounterFeed> m_counters;
    std::unique_ptr<models::KeyFeed> m_key;
    std::unique_ptr<models::TenantFeed> m_tenants;
    std::vector<std::unique_ptr<models::PatternFeed>> m_patterns;
    std::unique_ptr<EmbedderChoice> m_embedder; ///< after the feed that it serves
    std::unique_ptr<models::AuditFeed> m_audit;
    std::unique_ptr<QTimer> m_ageFindings;
    std::unique_ptr<models::JournalFeed> m_journalFeed;
    std::unique_ptr<models::Favourites> m_favourites;
    std::unique_ptr<models::KeyNotes> m_notes;
    std::unique_ptr<models::KeysFeed> m_keys;
    std::unique_ptr<client::Scenario> m_scenario;
    models::Job m_namedJob;
};

} // namespace norikv::app
