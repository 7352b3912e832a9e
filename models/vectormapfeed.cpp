// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectormapfeed.h"

#include "models/text.h"

#include "client/vectors/clusters.h"
#include "client/vectors/neighbourlayout.h"
#include "client/vectors/trust.h"

#include <algorithm>
#include <numeric>
#include <thread>
#include <unordered_map>

namespace norikv::models {

namespace {

constexpr int TickMs = 100;
constexpr std::size_t Clusters = 8; // as many as the series have colours
constexpr std::size_t Neighbours = 15; // of the layout
constexpr std::size_t TrustedAtOnce = 5'000; // rows whose neighbours take under a second
constexpr std::size_t Amid = 3; // neighbours that place a vector that is no row

std::size_t threads() { return std::max(1U, std::thread::hardware_concurrency()); }

std::vector<client::Position> positions(const VectorPicture& picture, const std::vector<std::uint32_t>& rows)
{
    std::unordered_map<std::uint32_t, std::size_t> at;
    for (std::size_t i = 0; i < picture.rows.size(); ++i)
        at.emplace(picture.rows[i], i);
    std::vector<client::Position> found;
    found.reserve(rows.size());
    for (const auto row : rows)
        found.push_back({picture.x[at.at(row)], picture.y[at.at(row)]});
    return found;
}

void trustIn(VectorPicture& picture, std::vector<float> shares)
{
    picture.trust = std::move(shares);
    if (!picture.trust.empty())
        picture.meanTrust = std::accumulate(picture.trust.begin(), picture.trust.end(), 0.0)
            / static_cast<double>(picture.trust.size());
}

} // namespace

struct VectorMapFeed::Meter {
    std::atomic<bool> layingOut = false;
    std::atomic<double> share = 0;
};

struct VectorMapFeed::Drawn {
    SharedPicture picture;
    std::shared_ptr<const client::Projection> projection;
    std::shared_ptr<const client::NeighbourGraph> graph;
};

VectorMapFeed::VectorMapFeed(VectorFeed& vectors, QObject* parent)
    : QObject(parent)
    , m_vectors(vectors)
{
    m_ticking.setInterval(TickMs);
    connect(&m_ticking, &QTimer::timeout, this, &VectorMapFeed::tick);
    connect(&vectors, &VectorFeed::snapshotChanged, this, &VectorMapFeed::start);
    start();
}

VectorMapFeed::~VectorMapFeed() = default;

void VectorMapFeed::start()
{
    m_layoutJob.cancel();
    setProgress({});
    const auto snapshot = m_vectors.snapshot();
    if (snapshot->matrix.rows() == 0) {
        m_projectJob.cancel();
        m_picture.reset();
        m_graph.reset();
        m_projection.reset();
        Q_EMIT pictureChanged();
        return;
    }
    m_projectJob = m_vectors.dispatcher().run(
        this,
        [snapshot](const std::stop_token& stop) {
            const auto& matrix = snapshot->matrix;
            Drawn drawn;
            auto projection = std::make_shared<client::Projection>(client::Projection::fit(matrix));
            auto picture = std::make_shared<VectorPicture>();
            picture->snapshot = snapshot;
            picture->explained = projection->explained();
            picture->rows = client::evenSample(matrix.rows(), matrix.rows());
            for (std::size_t row = 0; row < matrix.rows(); ++row) {
                const auto [x, y] = projection->place(matrix.row(row));
                picture->x.push_back(x);
                picture->y.push_back(y);
            }
            auto clusters = client::kMeans(matrix, snapshot->index.distance, Clusters, stop);
            picture->clusters = std::move(clusters.clusters);
            picture->clusterCount = clusters.count;
            drawn.projection = std::move(projection);
            drawn.picture = std::move(picture);
            return drawn;
        },
        [this](const Drawn& drawn) {
            m_picture = drawn.picture;
            m_projection = drawn.projection;
            m_graph.reset();
            Q_EMIT pictureChanged();
            improve();
        });
}

/// Neighbours, and with them the trust in PCA or the other layout.
void VectorMapFeed::improve()
{
    const bool layingOut = m_layout == VectorPicture::Layout::Neighbours;
    if (!m_picture || (!layingOut && m_picture->rows.size() > TrustedAtOnce))
        return;
    m_meter = std::make_shared<Meter>();
    m_ticking.start();
    m_layoutJob = m_vectors.dispatcher().run(
        this,
        [pca = m_picture, known = m_graph, layingOut, meter = m_meter](const std::stop_token& stop) {
            const auto& matrix = pca->snapshot->matrix;
            const auto told = [&meter](double share) { meter->share = share; };
            Drawn drawn;
            drawn.graph = known
                ? known
                : std::make_shared<const client::NeighbourGraph>(client::neighbourGraph(
                    matrix, pca->snapshot->index.distance, Neighbours, threads(), stop, told));
            auto picture = std::make_shared<VectorPicture>(*pca);
            auto at = positions(*pca, drawn.graph->rows);
            if (layingOut) {
                meter->share = 0;
                meter->layingOut = true;
                at = client::neighbourLayout(*drawn.graph, at, {}, stop, told);
                if (at.size() != drawn.graph->rows.size() || at.empty())
                    return drawn;
                picture->layout = VectorPicture::Layout::Neighbours;
                picture->rows = drawn.graph->rows;
                picture->x.clear();
                picture->y.clear();
                picture->clusters.clear();
                for (std::size_t i = 0; i < at.size(); ++i) {
                    picture->x.push_back(at[i].x);
                    picture->y.push_back(at[i].y);
                    picture->clusters.push_back(pca->clusters[picture->rows[i]]);
                }
            }
            trustIn(*picture, client::trust(*drawn.graph, at, threads(), stop));
            drawn.picture = std::move(picture);
            return drawn;
        },
        [this](const Drawn& drawn) {
            m_graph = drawn.graph;
            if (drawn.picture)
                m_picture = drawn.picture;
            setProgress({});
            Q_EMIT pictureChanged();
        });
    tick();
}

void VectorMapFeed::setLayout(VectorPicture::Layout layout)
{
    if (std::exchange(m_layout, layout) == layout || !m_picture || m_projectJob.running())
        return;
    m_layoutJob.cancel();
    setProgress({});
    if (m_picture->layout == VectorPicture::Layout::Neighbours)
        start();
    else
        improve();
}

void VectorMapFeed::cancel()
{
    if (!m_layoutJob.running())
        return;
    m_layout = VectorPicture::Layout::Pca;
    m_layoutJob.cancel();
    setProgress({});
}

void VectorMapFeed::tick()
{
    if (!m_layoutJob.running()) {
        setProgress({});
        return;
    }
    Progress progress;
    progress.running = true;
    progress.share = m_meter->share;
    progress.what = m_meter->layingOut
        ? tr("Layout")
        : tr("Neighbours of %1 vectors")
              .arg(grouped(std::min(m_picture->rows.size(), client::NeighbourGraph::MostRows)));
    setProgress(progress);
}

void VectorMapFeed::setProgress(const Progress& progress)
{
    if (!progress.running)
        m_ticking.stop();
    const bool same = !progress.running && !m_progress.running;
    m_progress = progress;
    if (!same)
        Q_EMIT progressChanged();
}

void VectorMapFeed::place(int tag, std::vector<std::vector<float>> vectors)
{
    m_placeJobs[tag] = m_vectors.dispatcher().run(
        this,
        [picture = m_picture, projection = m_projection, vectors = std::move(vectors)](
            const std::stop_token&) {
            std::vector<Place> places(vectors.size());
            std::unordered_map<std::size_t, std::size_t> at;
            for (std::size_t i = 0; picture && i < picture->rows.size(); ++i)
                at.emplace(picture->rows[i], i);
            for (std::size_t i = 0; picture && i < vectors.size(); ++i) {
                const auto& matrix = picture->snapshot->matrix;
                if (vectors[i].size() != matrix.dimensions)
                    continue;
                if (picture->layout == VectorPicture::Layout::Pca) {
                    const auto [x, y] = projection->place(vectors[i]);
                    places[i] = {x, y, true};
                    continue;
                }
                // The nearest that are drawn; of a sample about every k-th is.
                const std::size_t k = 4 * Amid * (matrix.rows() / picture->rows.size() + 1);
                float weights = 0;
                std::size_t used = 0;
                for (const auto& one :
                    exactSearch(matrix, picture->snapshot->index.distance, vectors[i], k)) {
                    const auto drawn = at.find(one.row);
                    if (drawn == at.end() || used == Amid)
                        continue;
                    const float weight = 1.0F / static_cast<float>(++used);
                    places[i].x += weight * picture->x[drawn->second];
                    places[i].y += weight * picture->y[drawn->second];
                    weights += weight;
                }
                if (used > 0)
                    places[i] = {places[i].x / weights, places[i].y / weights, true};
            }
            return places;
        },
        [this, tag](const std::vector<Place>& places) { Q_EMIT placed(tag, places); });
}

} // namespace norikv::models
