// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include "client/vectors/neighbourgraph.h"
#include "client/vectors/projection.h"

#include <map>

namespace norikv::models {

/// A picture of the chosen index in two dimensions. Distances are never taken from it.
struct VectorPicture {
    enum class Layout { Pca, Neighbours };
    Layout layout = Layout::Pca;
    SharedSnapshot snapshot; ///< what it shows
    std::vector<std::uint32_t> rows; ///< of the snapshot, ascending; a sample in a layout of over 20,000
    std::vector<float> x, y; ///< one for each of `rows`; finite, in no particular unit
    /// Share of the 10 true nearest that are among the 10 nearest in the picture, 0 to 1; empty = not known,
    /// as it is until the neighbours were computed: at once up to 5,000 rows, else for the neighbour layout
    /// only.
    std::vector<float> trust;
    std::vector<std::uint16_t> clusters; ///< of each of `rows`: 0 to clusterCount - 1, for colours
    std::size_t clusterCount = 0;
    double meanTrust = -1; ///< below 0 = not known
    double explained = 0; ///< share of the variance that the two axes of PCA carry
};
using SharedPicture = std::shared_ptr<const VectorPicture>;

/// Draws the map: PCA as soon as an index is loaded, the neighbour layout on request. All of it on workers,
/// with fixed seeds: the same vectors give the same picture.
class VectorMapFeed final : public QObject {
    Q_OBJECT
public:
    explicit VectorMapFeed(VectorFeed& vectors, QObject* parent = nullptr);
    ~VectorMapFeed() override;

    /// Null until there is one; of snapshot() or, while the new one is made, of the snapshot before.
    const SharedPicture& picture() const { return m_picture; }
    /// Which layout a loaded index gets; starts it at once. PCA stays in the picture until the other is
    /// there.
    void setLayout(VectorPicture::Layout layout);
    VectorPicture::Layout layout() const { return m_layout; }

    struct Progress {
        bool running = false;
        QString what; ///< "Neighbours of 3 200 vectors", "Layout"
        double share = 0; ///< 0 to 1
    };
    const Progress& progress() const { return m_progress; }
    /// Ends what runs; the layout wanted is PCA then.
    void cancel();

    /// The true neighbours of each row that is drawn; null until they were computed.
    const std::shared_ptr<const client::NeighbourGraph>& graph() const { return m_graph; }

    struct Place {
        float x = 0, y = 0;
        bool known = false;
    };
    /// Where vectors that are not rows belong in the picture: on PCA's axes, or in the neighbour layout amid
    /// their exact neighbours. Told by placed(), in the order asked; the newest `tag` of one kind wins.
    void place(int tag, std::vector<std::vector<float>> vectors);

Q_SIGNALS:
    void pictureChanged();
    void progressChanged(); ///< at most ten times a second
    void placed(int tag, const std::vector<norikv::models::VectorMapFeed::Place>& places);

private:
    struct Meter;
    struct Drawn;

    void start();
    void improve();
    void tick();
    void setProgress(const Progress& progress);

    VectorFeed& m_vectors;
    VectorPicture::Layout m_layout = VectorPicture::Layout::Pca;
    SharedPicture m_picture;
    std::shared_ptr<const client::Projection> m_projection;
    std::shared_ptr<const client::NeighbourGraph> m_graph;
    Progress m_progress;
    std::shared_ptr<Meter> m_meter;
    QTimer m_ticking;
    Job m_projectJob, m_layoutJob;
    std::map<int, Job> m_placeJobs;
};

} // namespace norikv::models
