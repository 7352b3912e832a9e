// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"
#include "models/vectorimport.h"

#include "client/embed/embedder.h"
#include "client/vectors/crawl.h"

#include <QTimer>

#include <set>

namespace norikv::models {

/// The indexes of a deployment, the one chosen and its vectors, and what a person does to them. The tasks of
/// the panel (VectorSearchFeed, VectorMapFeed, VectorDuplicateFeed, VectorRecommendFeed) stand on it: they
/// read snapshot() and start their actions here, so that consent and unknown outcomes have one place. It is a
/// PatternFeed for its actions; it follows no prefix. Shows now only (rulings 34).
class VectorFeed final : public PatternFeed {
    Q_OBJECT
public:
    VectorFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~VectorFeed() override;

    /// Nothing is asked of the server before the first true; while true the index list is looked at every
    /// five seconds.
    void setWatched(bool watched);
    /// Looks at the index list again; vectors that came or went since are read.
    void refresh() override;

    enum class Service { Unknown, Offered, NotOffered };
    Service service() const { return m_service; }
    /// Why it is Unknown: the last look failed. Kind Cancelled with an empty message before the first one.
    const client::Error& serviceError() const { return m_serviceError; }

    /// By name. Where !listed(), only those that a person named or that our systems use and that answered;
    /// their distance is then what was given, their count what is loaded.
    const std::vector<client::VectorIndex>& indexes() const { return m_indexes; }
    bool listed() const { return m_listed; }
    const client::VectorIndex* index(const std::string& name) const;

    /// Chooses an index and reads its vectors; empty = none. Cancels the load under way.
    void choose(const std::string& name);
    const std::string& chosen() const { return m_chosen; }
    /// An index that the server does not list, as a person describes it.
    void addIndex(const client::VectorIndex& index);
    /// Reads everything of the chosen index anew.
    void reload();
    void cancelLoad();

    struct Load {
        FeedState state = FeedState::Idle; ///< Idle: nothing chosen, or cancelled
        std::size_t read = 0; ///< vectors
        std::size_t total = 0; ///< 0 = not known yet
        bool crawling = false; ///< ids are being found by searching: the server does not list them
        client::Error error; ///< of Failed; what was read before stays in snapshot()
    };
    const Load& load() const { return m_load; }
    /// Never null; of the chosen index once it is loaded, else without rows.
    const SharedSnapshot& snapshot() const { return m_snapshot; }

    /// Makes vectors of texts; may be null: then only ids and vectors can be asked with.
    void setEmbedder(std::shared_ptr<client::Embedder> embedder);
    const std::shared_ptr<client::Embedder>& embedder() const { return m_embedder; }
    /// "" when the embedder and the chosen index go together, else why not: "This index has 384 dimensions,
    /// Built in makes 256."
    QString mismatch() const;

    // Actions; each ends in acted().

    void createIndex(const client::VectorIndex& index);
    void dropIndex(const std::string& name, bool confirmed = false);
    /// The four indexes of the document's three systems, with the embedder's dimensions, cosine and HNSW.
    void createSystems();
    /// A text with its metadata into the chosen index (documents, products: by their system, which writes the
    /// metadata too; any other: vector and `doc:meta:<id>`).
    void indexText(
        const std::string& id, const std::string& title, const std::string& text, const std::string& theme);
    void insertVector(const std::string& id, const std::vector<float>& vector);
    /// Vector and metadata; undoDelete() puts the last back.
    void deleteVectors(const std::vector<std::string>& ids, bool confirmed = false);
    bool canUndoDelete() const { return !m_deleted.empty(); }
    void undoDelete();

    /// One row to put in.
    using Row = VectorRow;
    /// Into the chosen index, in batches; broken rows are counted and the rest goes on. One at a time.
    void import(const QString& what, RowSource source);
    /// A text list, CSV, NDJSON, .npy or .fvecs file.
    void importFile(const QString& path);
    void cancelImport();
    /// Goes on where the last import of a file was cancelled or failed.
    bool canResumeImport() const { return !m_import.running && !m_resumePath.isEmpty(); }
    void resumeImport();
    struct Import {
        bool running = false;
        QString what;
        std::size_t done = 0; ///< rows stored
        std::size_t bad = 0; ///< refused or unreadable
        std::size_t expected = 0; ///< in all, of a file perhaps an estimate; 0 = not known
    };
    const Import& importing() const { return m_import; }

    // For the feeds of the tasks.

    using PatternFeed::act;
    using PatternFeed::Action;
    using PatternFeed::failed;
    using PatternFeed::succeeded;
    Dispatcher& dispatcher() { return m_dispatcher; }
    /// Rows that came and went by our own actions, without reading the rest again.
    void patch(std::vector<Row> came, std::vector<std::string> gone);
    /// Ids met in results, for a server that cannot list them.
    void met(const std::vector<std::string>& ids);

Q_SIGNALS:
    void serviceChanged(); ///< service(), serviceError(), indexes()
    void chosenChanged();
    void loadChanged(); ///< load(), at most ten times a second
    void snapshotChanged(); ///< snapshot() is another one
    void embedderChanged();
    void importChanged(); ///< importing(), at most ten times a second

private:
    struct Deleted;
    struct Patch {
        std::vector<Row> came;
        std::vector<std::string> gone;
    };

    void look();
    void looked(client::Result<client::FoundIndexes> found);
    void use(const client::VectorIndex& index);
    void drop();
    void read(SharedSnapshot base);
    void take(SharedSnapshot snapshot);
    void retire();
    void applyPatches();
    void catchUp();
    void tick();
    void import(const QString& what, RowSource source, const QString& path);
    void begin(const Row& row, const QString& name, std::function<void()> repeat);
    void checkRow(const std::string& index, const Row& row);
    void checkGone(const std::string& index, const std::vector<std::string>& ids);
    void checkIndex(const std::string& name, bool wanted);

    const EntryFollower::KnownKeys m_known;
    Service m_service = Service::Unknown;
    client::Error m_serviceError{client::ErrorKind::Cancelled, {}, {}};
    std::vector<client::VectorIndex> m_indexes;
    std::vector<client::VectorIndex> m_named; ///< by a person
    bool m_listed = false;
    bool m_watched = false;
    bool m_behind = false; ///< a look saw another count while vectors were being read
    std::string m_chosen;
    std::string m_wanted; ///< to be chosen when it is listed
    Load m_load;
    SharedSnapshot m_snapshot;
    std::vector<SharedSnapshot> m_past; ///< others may still hold them
    std::shared_ptr<client::Embedder> m_embedder;
    std::shared_ptr<LoadMeter> m_meter;
    std::set<std::string> m_met;
    std::vector<Patch> m_patches; ///< wait for the load or patch under way
    std::vector<std::shared_ptr<Deleted>> m_deleted;
    Import m_import;
    QString m_resumePath;
    std::uint64_t m_resumeAfter = 0;
    std::shared_ptr<ImportMeter> m_importMeter;
    QTimer m_looking, m_ticking;
    Job m_lookJob, m_loadJob, m_patchJob, m_retireJob;
};

} // namespace norikv::models
