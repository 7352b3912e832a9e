// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorsearchfeed.h"

#include "models/vectorwords.h"

#include "client/vectors/neighbourgraph.h"

#include <algorithm>
#include <array>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Result;

constexpr std::array<std::uint32_t, 4> Factors{1, 2, 4, 8};
constexpr double GoodRecall = 0.99;

Call askingCall(const std::stop_token& stop)
{
    Call call;
    call.stop = stop;
    call.why = "vectors";
    return call;
}

double at(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    const auto place
        = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1) + 0.5);
    std::ranges::nth_element(values, place);
    return *place;
}

std::vector<std::string> idsOf(const VectorSnapshot& snapshot, const std::vector<client::Neighbour>& rows)
{
    std::vector<std::string> ids;
    for (const auto& row : rows)
        ids.push_back(snapshot.matrix.ids[row.row]);
    return ids;
}

/// The right-hand list of a comparison.
Result<std::vector<std::string>> otherList(client::Store& store, Call& call, const VectorSnapshot& snapshot,
    const VectorResult& result, const CompareWith& with)
{
    // The answer leaves an id out that was searched with; so must the other list.
    const std::string leaveOut = result.query.text.empty() ? result.query.id : std::string();
    const std::size_t k = result.query.k;
    if (with.what == CompareWith::What::Exact || with.what == CompareWith::What::OtherDistance) {
        const auto distance = with.what == CompareWith::What::Exact ? result.index.distance : with.distance;
        return idsOf(snapshot,
            exactSearch(snapshot.matrix, distance, result.vector, k,
                leaveOut.empty() ? client::NoRow : snapshot.find(leaveOut).value_or(client::NoRow)));
    }
    client::VectorSearch search;
    search.index = with.what == CompareWith::What::OtherIndex ? with.index : result.index.name;
    search.query = result.vector;
    search.k = static_cast<std::uint32_t>(k) + (leaveOut.empty() ? 0 : 1);
    search.consistency
        = with.what == CompareWith::What::OtherConsistency ? with.consistency : result.query.consistency;
    const auto answer = store.searchVectors(call, search);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<std::string> ids;
    for (const auto& match : answer->matches) {
        if ((leaveOut.empty() || match.id != leaveOut) && ids.size() < k)
            ids.push_back(match.id);
    }
    return ids;
}

QString consistencyName(client::Consistency consistency)
{
    return QString::fromLatin1(client::wireName(consistency).data());
}

bool sameQuestion(const VectorResult& a, const VectorResult& b)
{
    return a.index.name == b.index.name && a.query.k == b.query.k && a.vector == b.vector
        && a.query.id == b.query.id;
}

} // namespace

/// The queries of one measurement and their true answers.
struct VectorSearchFeed::FrontierRun {
    SharedSnapshot snapshot;
    std::uint32_t k = 0;
    std::size_t next = 0; ///< of Factors
    std::vector<std::uint32_t> rows;
    std::vector<std::vector<client::Neighbour>> exact;
};

VectorSearchFeed::VectorSearchFeed(VectorFeed& vectors, QObject* parent)
    : QObject(parent)
    , m_vectors(vectors)
{
    connect(&vectors, &VectorFeed::chosenChanged, this, &VectorSearchFeed::forget);
}

VectorSearchFeed::~VectorSearchFeed() = default;

void VectorSearchFeed::forget()
{
    m_job.cancel();
    m_frontierJob.cancel();
    m_compareJob.cancel();
    m_neighbourJob.cancel();
    m_result.reset();
    m_before.reset();
    m_error.reset();
    m_frontier = {};
    m_comparison.reset();
    Q_EMIT changed();
    Q_EMIT frontierChanged();
    Q_EMIT comparisonChanged();
}

void VectorSearchFeed::search(const VectorQuery& query)
{
    if (m_vectors.chosen().empty())
        return;
    m_job = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), &clock = m_vectors.clock(), snapshot = m_vectors.snapshot(),
            embedder = m_vectors.embedder(), query](const std::stop_token& stop) {
            Call call = askingCall(stop);
            return searchWithTruth({store, clock, snapshot, embedder.get()}, call, query);
        },
        [this](Result<VectorResult> found) {
            m_error.reset();
            if (found) {
                const auto result = std::make_shared<const VectorResult>(std::move(*found));
                m_before = m_result && sameQuestion(*m_result, *result) ? m_result : nullptr;
                m_result = result;
                m_comparison.reset();
                m_vectors.met(result->ids());
                if (m_vectors.snapshot()->complete() && !result->complete)
                    m_vectors.refresh();
                Q_EMIT comparisonChanged();
            } else {
                m_error = found.error();
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void VectorSearchFeed::cancel()
{
    if (!m_job.running())
        return;
    m_job.cancel();
    Q_EMIT changed();
}

void VectorSearchFeed::measureFrontier(std::uint32_t k)
{
    const auto snapshot = m_vectors.snapshot();
    if (snapshot->matrix.rows() < 2 || k == 0)
        return;
    auto run = std::make_shared<FrontierRun>();
    run->snapshot = snapshot;
    run->k = k;
    run->rows = client::evenSample(snapshot->matrix.rows(), FrontierQueries);
    m_frontier = {};
    m_frontier.k = k;
    measureNext(std::move(run));
    Q_EMIT frontierChanged();
}

void VectorSearchFeed::measureNext(std::shared_ptr<FrontierRun> run)
{
    m_frontierJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), &clock = m_vectors.clock(), run](
            const std::stop_token& stop) -> Result<FrontierPoint> {
            const auto& matrix = run->snapshot->matrix;
            const auto& index = run->snapshot->index;
            FrontierPoint point;
            point.asked = run->k * Factors[run->next];
            std::vector<double> seen;
            std::vector<double> served;
            for (std::size_t i = 0; i < run->rows.size(); ++i) {
                if (stop.stop_requested())
                    return client::fail(ErrorKind::Cancelled, "stopped here");
                const std::size_t row = run->rows[i];
                client::VectorSearch search;
                search.index = index.name;
                search.query.assign(matrix.row(row).begin(), matrix.row(row).end());
                search.k = point.asked + 1;
                if (run->exact.size() == i)
                    run->exact.push_back(exactSearch(matrix, index.distance, search.query, run->k, row));
                Call call = askingCall(stop);
                const auto start = clock.elapsed();
                auto answer = store.searchVectors(call, search);
                if (!answer)
                    return tl::unexpected(answer.error());
                seen.push_back(millisecondsSince(clock, start));
                served.push_back(static_cast<double>(answer->searchTimeUs));
                const auto given = reranked(
                    *run->snapshot, search.query, std::move(answer->matches), matrix.ids[row], true);
                const auto& exact = run->exact[i];
                point.recall += recallAt(run->k,
                    std::span(given.exact).first(std::min<std::size_t>(run->k, given.exact.size())), exact,
                    client::tieTolerance(index.distance, exact.back().distance))
                                    .recall;
            }
            point.queries = run->rows.size();
            point.recall /= static_cast<double>(point.queries);
            point.p50Ms = at(seen, 0.5);
            point.p95Ms = at(seen, 0.95);
            point.serverP50Us = at(served, 0.5);
            return point;
        },
        [this, run](const Result<FrontierPoint>& point) {
            if (point) {
                auto& points = m_frontier.points;
                points.push_back(*point);
                const auto good = std::ranges::find_if(
                    points, [](const FrontierPoint& one) { return one.recall >= GoodRecall; });
                m_frontier.suggested = good != points.end()
                    ? good->asked
                    : std::ranges::max_element(points, {}, &FrontierPoint::recall)->asked;
                if (++run->next < Factors.size())
                    measureNext(run);
            } else {
                m_frontier.error = point.error();
            }
            Q_EMIT frontierChanged();
        });
}

void VectorSearchFeed::cancelFrontier()
{
    if (!m_frontierJob.running())
        return;
    m_frontierJob.cancel();
    Q_EMIT frontierChanged();
}

void VectorSearchFeed::compare(const CompareWith& with)
{
    if (!m_result)
        return;
    VectorComparison comparison;
    comparison.left = tr("Server");
    switch (with.what) {
    case CompareWith::What::Exact:
        comparison.right = tr("Exact");
        break;
    case CompareWith::What::OtherDistance:
        comparison.right = tr("Exact, %1").arg(distanceName(with.distance));
        break;
    case CompareWith::What::OtherConsistency:
        comparison.left = consistencyName(m_result->query.consistency);
        comparison.right = consistencyName(with.consistency);
        break;
    case CompareWith::What::OtherIndex:
        comparison.left = QString::fromStdString(client::printable(m_result->index.name));
        comparison.right = QString::fromStdString(client::printable(with.index));
        break;
    case CompareWith::What::Before:
        if (!m_before)
            return;
        comparison.left = tr("Before");
        comparison.right = tr("Now");
        comparison.disagreement = client::compareRanks(m_before->ids(), m_result->ids());
        m_comparison = std::move(comparison);
        Q_EMIT comparisonChanged();
        return;
    }
    m_compareJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), snapshot = m_vectors.snapshot(), result = m_result, with](
            const std::stop_token& stop) {
            Call call = askingCall(stop);
            return otherList(store, call, *snapshot, *result, with);
        },
        [this, comparison, left = m_result->ids()](const Result<std::vector<std::string>>& right) mutable {
            if (!right) {
                m_vectors.failed(tr("Compare two lists"), right.error());
                return;
            }
            comparison.disagreement = client::compareRanks(left, *right);
            m_comparison = std::move(comparison);
            Q_EMIT comparisonChanged();
        });
}

void VectorSearchFeed::findNeighbours(std::size_t row, std::size_t k)
{
    const auto snapshot = m_vectors.snapshot();
    if (row >= snapshot->matrix.rows())
        return;
    m_neighbourJob = m_vectors.dispatcher().run(
        this,
        [snapshot, row, k](const std::stop_token&) {
            std::vector<std::size_t> rows;
            for (const auto& one :
                exactSearch(snapshot->matrix, snapshot->index.distance, snapshot->matrix.row(row), k, row))
                rows.push_back(one.row);
            return rows;
        },
        [this, row](const std::vector<std::size_t>& rows) { Q_EMIT neighboursFound(row, rows); });
}

} // namespace norikv::models
