// SPDX-License-Identifier: GPL-3.0-or-later
// Which indexes there are, and the vectors of the one chosen. Its actions: vectoractions.cpp.
#include "models/vectorfeed.h"

#include "models/text.h"

#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"

#include <algorithm>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Result;
using client::VectorIndex;

constexpr int LookMs = 5000;
constexpr int TickMs = 100;
constexpr std::uint32_t GuessedDimensions = 256; // any: the answer names the right number

SharedSnapshot emptySnapshot(const VectorIndex& index)
{
    auto snapshot = std::make_shared<VectorSnapshot>();
    snapshot->index = index;
    snapshot->matrix.dimensions = index.dimensions;
    return snapshot;
}

Call lookingCall(const std::stop_token& stop)
{
    Call call;
    call.stop = stop;
    call.background = true;
    call.why = "vectors";
    return call;
}

/// Ids that the catalogue knows by the words stored beside them.
std::vector<std::string> knownIds(
    const EntryFollower::KnownKeys& known, const std::string& index, const std::stop_token& stop)
{
    std::vector<std::string> ids;
    if (!known)
        return ids;
    const auto kind = client::metaKindOf(index);
    known(
        [&](const KnownKey& key) {
            if (const auto id = client::vectorOfMetaKey(kind, key.key))
                ids.push_back(*id);
            return true;
        },
        stop);
    return ids;
}

} // namespace

VectorFeed::VectorFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
    , m_known(std::move(known))
    , m_snapshot(emptySnapshot({}))
{
    standAlone("vectors");
    m_looking.setInterval(LookMs);
    connect(&m_looking, &QTimer::timeout, this, &VectorFeed::look);
    m_ticking.setInterval(TickMs);
    connect(&m_ticking, &QTimer::timeout, this, &VectorFeed::tick);
}

VectorFeed::~VectorFeed() { cancelImport(); }

void VectorFeed::setWatched(bool watched)
{
    if (std::exchange(m_watched, watched) == watched)
        return;
    m_looking.stop();
    if (watched)
        look();
}

void VectorFeed::refresh()
{
    if (m_watched)
        look();
}

void VectorFeed::look()
{
    m_looking.start(); // the next one is due five seconds after this
    retire();
    auto candidates = m_named;
    for (const auto& name :
        {client::DocumentIndex, client::ProductIndex, client::PreferenceIndex, client::FingerprintIndex}) {
        if (std::ranges::find(candidates, name, &VectorIndex::name) == candidates.end())
            candidates.push_back(client::systemIndex(name, 0));
    }
    std::uint32_t guess = m_embedder ? m_embedder->dimensions() : 0;
    if (guess == 0)
        guess = GuessedDimensions;
    m_lookJob = m_dispatcher.run(
        this,
        [&store = m_connection.store(), candidates = std::move(candidates), guess](
            const std::stop_token& stop) {
            Call call = lookingCall(stop);
            return client::findIndexes(store, call, candidates, guess);
        },
        [this](Result<client::FoundIndexes> found) { looked(std::move(found)); });
}

void VectorFeed::looked(Result<client::FoundIndexes> found)
{
    if (!found) {
        m_serviceError = found.error();
        if (found.error().kind == ErrorKind::Unsupported) {
            m_service = Service::NotOffered;
            m_looking.stop(); // a server does not learn it while it runs; refresh() asks again
            m_indexes.clear();
            drop();
        }
        Q_EMIT serviceChanged();
        return;
    }
    m_service = Service::Offered;
    m_serviceError = {ErrorKind::Cancelled, {}, {}};
    m_listed = found->listed;
    m_indexes = std::move(found->indexes);
    Q_EMIT serviceChanged();

    if (const auto* const wanted = index(std::exchange(m_wanted, {}))) {
        use(*wanted);
        return;
    }
    const VectorIndex* const now = index(m_chosen);
    if (!now) {
        drop();
        // What a person sees first: the documents, else whatever has most in it.
        const auto* first = index(client::DocumentIndex);
        if (!first && !m_indexes.empty())
            first = &*std::ranges::max_element(m_indexes, {}, &VectorIndex::count);
        if (first)
            use(*first);
        return;
    }
    const bool another = now->dimensions != m_snapshot->index.dimensions
        || now->distance != m_snapshot->index.distance || now->type != m_snapshot->index.type;
    const bool busy = m_loadJob.running() || m_patchJob.running();
    if (another)
        use(*now);
    else if (m_listed && busy)
        m_behind = now->count != m_snapshot->matrix.rows();
    else if (m_listed && m_load.state == FeedState::Ready && now->count != m_snapshot->matrix.rows())
        read(m_snapshot);
    else if (!busy && m_load.state == FeedState::Failed)
        read(m_snapshot);
}

const VectorIndex* VectorFeed::index(const std::string& name) const
{
    const auto at = std::ranges::find(m_indexes, name, &VectorIndex::name);
    return at == m_indexes.end() ? nullptr : &*at;
}

void VectorFeed::choose(const std::string& name)
{
    if (name == m_chosen)
        return;
    if (const auto* found = index(name))
        use(*found);
    else
        drop();
}

void VectorFeed::use(const VectorIndex& index)
{
    m_chosen = index.name;
    m_met.clear();
    m_patches.clear();
    m_patchJob.cancel();
    take(emptySnapshot(index));
    Q_EMIT chosenChanged();
    read({});
}

void VectorFeed::drop()
{
    if (m_chosen.empty())
        return;
    m_loadJob.cancel();
    m_patchJob.cancel();
    m_patches.clear();
    m_chosen.clear();
    m_load = {};
    take(emptySnapshot({}));
    Q_EMIT chosenChanged();
    Q_EMIT loadChanged();
}

void VectorFeed::addIndex(const VectorIndex& index)
{
    std::erase_if(m_named, [&](const VectorIndex& old) { return old.name == index.name; });
    m_named.push_back(index);
    look();
}

void VectorFeed::reload()
{
    if (!m_chosen.empty())
        read({});
}

void VectorFeed::read(SharedSnapshot base)
{
    m_patchJob.cancel(); // what it puts in is on the server, and read with the rest
    m_meter = std::make_shared<LoadMeter>();
    m_load = {};
    m_load.state = FeedState::Loading;
    m_ticking.start();
    LoadRequest request;
    request.index = m_snapshot->index;
    request.known.assign(m_met.begin(), m_met.end());
    request.base = std::move(base);
    m_loadJob = m_dispatcher.run(
        this,
        [&store = m_connection.store(), request = std::move(request), known = m_known, meter = m_meter](
            const std::stop_token& stop) mutable {
            Call call = lookingCall(stop);
            auto ids = knownIds(known, request.index.name, stop);
            std::ranges::move(ids, std::back_inserter(request.known));
            return loadVectors(store, call, request, *meter);
        },
        [this](Result<SharedSnapshot> loaded) {
            m_load.read = m_meter->read;
            if (loaded) {
                m_load.state = FeedState::Ready;
                take(std::move(*loaded));
            } else {
                m_load.state = FeedState::Failed;
                m_load.error = loaded.error();
            }
            Q_EMIT loadChanged();
            applyPatches();
            catchUp();
        });
    Q_EMIT loadChanged();
}

void VectorFeed::take(SharedSnapshot snapshot)
{
    m_past.push_back(std::exchange(m_snapshot, std::move(snapshot)));
    Q_EMIT snapshotChanged();
    retire();
}

/// Half a million strings take longer to free than a frame may last: nobody but this feed frees a snapshot,
/// and it does so on a worker.
void VectorFeed::retire()
{
    std::vector<SharedSnapshot> unused;
    std::erase_if(m_past, [&](SharedSnapshot& past) {
        if (past.use_count() > 1)
            return false;
        unused.push_back(std::move(past));
        return true;
    });
    if (!unused.empty())
        m_retireJob = m_dispatcher.run(
            this, [unused = std::move(unused)](const std::stop_token&) { return unused.size(); },
            [](std::size_t) {});
}

void VectorFeed::cancelLoad()
{
    if (!m_loadJob.running())
        return;
    m_loadJob.cancel();
    m_load.state = m_snapshot->matrix.rows() > 0 ? FeedState::Ready : FeedState::Idle;
    Q_EMIT loadChanged();
    applyPatches();
}

void VectorFeed::tick()
{
    const bool loading = m_loadJob.running();
    if (loading) {
        m_load.read = m_meter->read;
        m_load.total = m_meter->total;
        m_load.crawling = m_meter->crawling;
        Q_EMIT loadChanged();
    }
    if (m_import.running) {
        m_import.done = m_importMeter->done;
        m_import.bad = m_importMeter->bad;
        m_import.expected = m_importMeter->expected;
        Q_EMIT importChanged();
    }
    if (!loading && !m_import.running)
        m_ticking.stop();
}

void VectorFeed::setEmbedder(std::shared_ptr<client::Embedder> embedder)
{
    m_embedder = std::move(embedder);
    Q_EMIT embedderChanged();
}

QString VectorFeed::mismatch() const
{
    if (!m_embedder || m_chosen.empty() || m_embedder->dimensions() == 0)
        return {};
    const auto wanted = m_snapshot->index.dimensions;
    if (wanted == m_embedder->dimensions())
        return {};
    return tr("This index has %1 dimensions, %2 makes %3.")
        .arg(QString::number(wanted), shown(m_embedder->name()), QString::number(m_embedder->dimensions()));
}

void VectorFeed::met(const std::vector<std::string>& ids)
{
    if (!m_listed)
        m_met.insert(ids.begin(), ids.end());
}

void VectorFeed::patch(std::vector<Row> came, std::vector<std::string> gone)
{
    if (m_chosen.empty())
        return;
    m_patches.push_back({std::move(came), std::move(gone)});
    applyPatches();
}

void VectorFeed::applyPatches()
{
    if (m_patches.empty() || m_loadJob.running() || m_patchJob.running())
        return;
    m_patchJob = m_dispatcher.run(
        this,
        [base = m_snapshot, patches = std::exchange(m_patches, {})](const std::stop_token&) {
            SharedSnapshot now = base;
            for (const Patch& patch : patches)
                now = patched(*now, patch.came, patch.gone);
            return now;
        },
        [this](SharedSnapshot now) {
            take(std::move(now));
            applyPatches();
            catchUp();
        });
}

/// What came while vectors were being read is not left until the next look.
void VectorFeed::catchUp()
{
    if (!m_loadJob.running() && !m_patchJob.running() && std::exchange(m_behind, false))
        look();
}

} // namespace norikv::models
