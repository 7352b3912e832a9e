// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include "client/vectors/recall.h"

namespace norikv::models {

/// One line of a result list.
struct VectorHit {
    std::string id;
    VectorMeta meta;
    std::size_t rank = 0; ///< in the list shown, from 1; 0 = missed: a true neighbour the server did not give
    std::optional<std::size_t> serverRank; ///< in what the server gave, from 1
    std::optional<std::size_t> exactRank; ///< among the vectors loaded, from 1; nothing = not loaded
    float distance = 0; ///< the server's; of a missed one computed here
    std::optional<double> similarity; ///< 1 - distance, of cosine only
    bool missed() const { return rank == 0; }
};

/// What is asked. One of text, id and vector; checked in this order.
struct VectorQuery {
    std::string text;
    std::string id; ///< search with the vector of this id; it is left out of the answer
    std::vector<float> vector;
    std::uint32_t k = 10;
    std::uint32_t overFetch = 1; ///< ask for k times this, keep the exact k best
    client::Consistency consistency = client::Consistency::Strong;
};

/// A list with its truth beside it.
struct VectorResult {
    client::VectorIndex index;
    VectorQuery query;
    std::vector<float> vector; ///< what was searched with
    std::string embedder; ///< of a text
    std::vector<VectorHit> hits; ///< by distance; missed ones in their place
    std::size_t given = 0; ///< hits that are not missed
    std::size_t missed = 0;
    std::size_t withoutMeta = 0; ///< hits that the document's code would drop
    std::optional<double> recall; ///< 0 to 1, against the exact k best of the vectors loaded; ties count as hits
    std::optional<double> recallBeforeRerank; ///< of the server's own first k, where over-fetched
    bool complete = false; ///< the exact list saw every vector of the index; else only those known
    double embedMs = 0;
    double clientMs = 0; ///< the search as seen here
    double exactMs = 0;
    std::uint64_t serverUs = 0;
};

/// Recall and latency of one over-fetch, over many queries.
struct FrontierPoint {
    std::uint32_t asked = 0; ///< k'
    double recall = 0;
    double p50Ms = 0, p95Ms = 0; ///< as seen here
    double serverP50Us = 0;
    std::size_t queries = 0;
};
struct Frontier {
    std::uint32_t k = 0;
    std::vector<FrontierPoint> points; ///< k, 2k, 4k, 8k; as far as it came while running
    std::uint32_t suggested = 0; ///< least k' with recall >= 0.99, else the one with most recall; 0 = none yet
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
    void forget();

    VectorFeed& m_vectors;
    std::shared_ptr<const VectorResult> m_result;
    std::shared_ptr<const VectorResult> m_before;
    std::optional<client::Error> m_error;
    Frontier m_frontier;
    std::optional<VectorComparison> m_comparison;
    Job m_job, m_frontierJob, m_compareJob, m_neighbourJob;
};

} // namespace norikv::models
