// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/cataloguefile.h"

#include "client/patterns/relatedkeys.h"
#include "client/result.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace norikv::models {

/// What became of one key of the catalogue.
struct CatalogueChange {
    KnownKey row;
    bool gone = false; ///< no longer in the catalogue; `row` is what it was
};

/// The keys of one deployment that are known here: read, written, named by a pattern, pasted. On servers that
/// cannot list keys it *is* the list; elsewhere it keeps only what a Scan cannot say (rulings 10). One file,
/// one thread that writes it in batches; readers have connections of their own.
///
/// seen() may be called from any thread and never waits. Everything that returns a Result blocks: call it on
/// a worker, never on the GUI thread. Nothing throws.
class Catalogue final : public client::KeySink {
public:
    struct Where {
        std::string folder; ///< e.g. <data>/catalogue; made when missing
        std::string profileId;
        std::uint32_t totalShards = 1024;
    };
    /// Where its file is, whether or not it exists.
    static std::string file(const Where& where);
    /// Opens in the background. `clock` must outlive it.
    Catalogue(const Where& where, const Clock& clock);
    /// Writes what waits, for at most 0.8 s.
    ~Catalogue() override;

    std::string path() const { return m_file.path(); }

    enum class Keeps {
        Undecided, ///< not known yet whether the server can list: reads and writes are kept
        Everything, ///< it cannot
        OnlyOurs, ///< it can: marks, expiries set here, judged keys
    };
    void setKeeps(Keeps keeps) { m_keeps = keeps; }
    Keeps keeps() const { return m_keeps; }

    /// Where more wait than can be written, further ones are dropped: counted, and said once in a notice.
    /// They will be seen again.
    void seen(std::span<const client::Sighting> sightings) override;
    std::uint64_t dropped() const { return m_dropped; }
    /// The same for keys that an audit rule judged: their rows are kept whatever the server offers.
    void judged(std::span<const client::Sighting> sightings);

    /// A person's marks. A key that is not known becomes so.
    client::Result<void> favourite(const client::Bytes& key, bool on);
    client::Result<void> note(const client::Bytes& key, const std::string& text);
    /// Drops rows, marks included. A key that is seen again comes back.
    client::Result<void> forget(const std::vector<client::Bytes>& keys);
    struct Added {
        std::size_t fresh = 0;
        std::size_t known = 0; ///< before, or named twice
        std::size_t refused = 0; ///< empty or over the limit of a key
    };
    /// Pasted, imported, or known from a pattern: not seen yet.
    client::Result<Added> add(const std::vector<client::Bytes>& keys, const std::stop_token& stop = {});

    /// Every row in byte order, one and the same object for all; ends early when `visit` returns false. What
    /// waits to be written is not in it.
    client::Result<void> load(const KeyVisitor& visit, const std::stop_token& stop = {});
    client::Result<std::optional<KnownKey>> find(const client::Bytes& key);
    client::Result<CatalogueCounts> counts();
    /// Until all that was seen so far is in the file.
    client::Result<void> flush();

    /// A sentence for a person: the file was damaged, or cannot be written. Called on the writer's thread;
    /// what came before is told at once. Returns once a call under way has ended. A callback must not call
    /// back.
    void onNotice(std::function<void(const QString&)> callback);
    /// Told of each change after it is in the file, on the writer's thread, which waits: be quick, and call
    /// nothing here. unlisten() returns once a call under way has ended.
    using Listener = std::function<void(const std::vector<CatalogueChange>&)>;
    std::uint64_t listen(Listener listener);
    void unlisten(std::uint64_t id);

private:
    struct News {
        Learnt learnt;
        client::RelatedKeys related;
        bool judged = false;
    };
    using Task = std::function<void()>;
    /// One transaction: reads rows, remembers changes, writes them at its end.
    class Edit;
    using Work = std::function<SqlResult<void>(Edit&)>;

    void enqueue(std::span<const client::Sighting> sightings, bool judged);
    void run(const std::stop_token& stop);
    void writeAll(std::deque<News>& queue, std::chrono::milliseconds atMost);
    SqlResult<void> ensureOpen();
    SqlResult<void> transaction(const Work& work);
    SqlResult<void> attempt(const Work& work);
    SqlResult<void> apply(Edit& edit, const News& news);
    SqlResult<void> addRelated(Edit& edit, const client::RelatedKeys& related);
    KnownKey unseen(const client::Bytes& key) const;
    client::Result<void> ask(const Work& work);
    template <class T> client::Result<T> readWith(const std::function<SqlResult<T>()>& read);
    void tellListeners(const std::vector<CatalogueChange>& changes);
    void tellRebuilt(const CatalogueFile::Opened& opened);
    void notice(const QString& text);

    const Clock& m_clock;
    const std::uint32_t m_totalShards;
    std::atomic<Keeps> m_keeps = Keeps::Undecided;
    std::atomic<std::uint64_t> m_dropped = 0; ///< sightings

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake; ///< the writer has something to do
    std::condition_variable_any m_progress; ///< the first opening was tried
    std::deque<News> m_queue;
    std::deque<Task> m_tasks; ///< what a person waits for
    bool m_looked = false; ///< the first opening was tried
    bool m_closed = false;
    std::uint64_t m_taken = 0, m_queued = 0; ///< news so far
    SqlError m_trouble; ///< why the last batch could not be written

    std::mutex m_noticeMutex;
    std::function<void(const QString&)> m_onNotice;
    std::vector<QString> m_notices;
    std::mutex m_listenMutex;
    std::map<std::uint64_t, Listener> m_listeners;
    std::uint64_t m_lastListener = 0;

    // The writer's own.
    CatalogueFile m_file;
    bool m_troubled = false; ///< said that it cannot be written
    bool m_saidDropped = false;
    std::unordered_map<client::Bytes, std::uint64_t> m_runs; ///< how far each run of related keys was entered
    std::unordered_set<std::uint64_t> m_entered; ///< hashes of other related keys
    std::jthread m_writer;
};

} // namespace norikv::models
