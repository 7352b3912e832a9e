// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"
#include "models/vectorsearch.h"

#include "client/vectors/recall.h"

namespace norikv::models {

/// Recall and latency of one over-fetch, over many queries.
struct FrontierPoint {
    std::uint32_t asked = 0; ///< k'
    double recall = 0;
    double p50Ms = 0, p95Ms = 0; ///< as seen here, one search at a time
    double serverP50Us = 0;
    std::size_t queries = 0;
};
struct Frontier {
    std::uint32_t k = 0;
    std::vector<FrontierPoint> points; ///< k, 2k, 4k, 8k; as far as it came while running
    std::uint32_t suggested = 0; ///< least k' with recall >= 0.99, else the least with most; 0 = none yet
    std::optional<client::Error> error; ///< why it ended before 8k
};

/// The second list of a slope chart; the first is the server's answer shown.
struct CompareWith {
    enum class What { Exact, OtherDistance, OtherConsistency, OtherIndex, Before };
    What what = What::Exact;
    client::Distance distance = client::Distance::Euclidean; ///< of OtherDistance, exact
    client::Consistency consistency = client::Consistency::Eventual; ///< of OtherConsistency
    std::string index; ///< of OtherIndex: same dimensions
};
struct VectorComparison {
    QString left, right; ///< "HNSW", "Exact"
    client::RankDisagreement disagreement;
};

/// Search in the chosen index, always with the exact answer beside it.
class VectorSearchFeed final : public QObject {
    Q_OBJECT
public:
    explicit VectorSearchFeed(VectorFeed& vectors, QObject* parent = nullptr);
    ~VectorSearchFeed() override;

    /// The newest search wins.
    void search(const VectorQuery& query);
    void cancel();
    bool searching() const { return m_job.running(); }
    /// The last answer; stays while another search runs or fails. Null before the first and after another
    /// index was chosen.
    const std::shared_ptr<const VectorResult>& result() const { return m_result; }
    /// Why the last search gave nothing; nothing when it did.
    const std::optional<client::Error>& error() const { return m_error; }

    static constexpr std::size_t FrontierQueries = 50;
    /// Measures with rows of the index as queries, themselves left out; fixed seed.
    void measureFrontier(std::uint32_t k);
    void cancelFrontier();
    bool measuring() const { return m_frontierJob.running(); }
    const Frontier& frontier() const { return m_frontier; }

    void compare(const CompareWith& with);
    const std::optional<VectorComparison>& comparison() const { return m_comparison; }
    /// There is an earlier answer to the same question.
    bool canCompareBefore() const { return m_before != nullptr; }

    /// The exact nearest rows of a row, by the index' own distance, itself left out; for a click on the map.
    /// Told by neighboursFound().
    void findNeighbours(std::size_t row, std::size_t k);

Q_SIGNALS:
    void changed(); ///< result, error or searching
    void frontierChanged();
    void comparisonChanged();
    void neighboursFound(std::size_t row, const std::vector<std::size_t>& neighbours);

private:
    struct FrontierRun;

    void forget();
    void measureNext(std::shared_ptr<FrontierRun> run);

    VectorFeed& m_vectors;
    std::shared_ptr<const VectorResult> m_result;
    std::shared_ptr<const VectorResult> m_before;
    std::optional<client::Error> m_error;
    Frontier m_frontier;
    std::optional<VectorComparison> m_comparison;
    Job m_job, m_frontierJob, m_compareJob, m_neighbourJob;
};

} // namespace norikv::models
