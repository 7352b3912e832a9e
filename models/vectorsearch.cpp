// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorsearch.h"

#include "models/vectorloader.h"
#include "models/vectorwords.h"

#include "client/patterns/semanticsearch.h"
#include "client/vectors/distance.h"
#include "client/vectors/recall.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Neighbour;
using client::Result;

constexpr std::size_t LeastExact = 200; // true ranks are told this far down

Result<std::vector<float>> vectorOf(
    const SearchContext& context, Call& call, const VectorQuery& query, VectorResult& result)
{
    if (!query.text.empty()) {
        if (!context.embedder)
            return client::fail(
                ErrorKind::InvalidRequest, "no embedder is chosen that makes vectors of texts");
        const auto start = context.clock.elapsed();
        result.embedder = context.embedder->name();
        auto vector = client::embedOne(*context.embedder, query.text, call);
        result.embedMs = millisecondsSince(context.clock, start);
        return vector;
    }
    if (!query.id.empty()) {
        if (const auto row = context.snapshot->find(query.id)) {
            const auto values = context.snapshot->matrix.row(*row);
            return std::vector<float>(values.begin(), values.end());
        }
        auto stored = context.store.getVector(call, result.index.name, query.id);
        if (!stored)
            return tl::unexpected(stored.error());
        if (!*stored)
            return client::fail(
                ErrorKind::NotFound, "there is no vector " + client::printable(query.id) + " in this index");
        return std::move(**stored);
    }
    if (query.vector.empty())
        return client::fail(ErrorKind::InvalidRequest, "there is nothing to search for");
    return query.vector;
}

Result<void> fits(const VectorResult& result)
{
    const auto wanted = result.index.dimensions;
    if (wanted == 0 || result.vector.size() == wanted)
        return {};
    return client::fail(ErrorKind::InvalidRequest,
        "the index has " + std::to_string(wanted) + " dimensions, the query "
            + std::to_string(result.vector.size())
            + (result.embedder.empty() ? "" : ": " + result.embedder + " does not go with it"));
}

/// Missed true neighbours go before the first hit that is farther.
void putMissed(const SearchContext& context, const std::vector<Neighbour>& exact,
    const std::vector<std::size_t>& missed, const Reranked& given, VectorResult& result)
{
    std::vector<VectorHit> all;
    std::size_t next = 0;
    const auto putBefore = [&](double distance) {
        for (; next < missed.size() && static_cast<double>(exact[missed[next]].distance) < distance; ++next) {
            VectorHit hit;
            hit.id = context.snapshot->matrix.ids[exact[missed[next]].row];
            hit.exactRank = missed[next] + 1;
            hit.distance = exact[missed[next]].distance;
            all.push_back(std::move(hit));
        }
    };
    for (std::size_t i = 0; i < result.hits.size(); ++i) {
        putBefore(static_cast<double>(given.exact[i].distance));
        all.push_back(std::move(result.hits[i]));
    }
    putBefore(std::numeric_limits<double>::infinity());
    result.hits = std::move(all);
    result.missed = missed.size();
}

Result<void> putMetas(const SearchContext& context, Call& call, VectorResult& result)
{
    const bool allRead = context.snapshot->metasRead == context.snapshot->matrix.rows();
    std::vector<std::string> unknown;
    for (auto& hit : result.hits) {
        const auto row = context.snapshot->find(hit.id);
        if (row && (allRead || context.snapshot->metas[*row].stored))
            hit.meta = context.snapshot->metas[*row];
        else
            unknown.push_back(hit.id);
    }
    if (!unknown.empty()) {
        const auto metas = readMetas(context.store, call, result.index.name, unknown);
        if (!metas)
            return tl::unexpected(metas.error());
        std::size_t at = 0;
        for (auto& hit : result.hits) {
            if (at < unknown.size() && hit.id == unknown[at])
                hit.meta = (*metas)[at++];
        }
    }
    result.withoutMeta = static_cast<std::size_t>(std::ranges::count_if(
        result.hits, [](const auto& hit) { return !hit.missed() && !hit.meta.stored; }));
    return {};
}

} // namespace

double millisecondsSince(const Clock& clock, Clock::Elapsed start)
{
    return std::chrono::duration<double, std::milli>(clock.elapsed() - start).count();
}

std::vector<std::string> VectorResult::ids() const
{
    std::vector<std::string> ids;
    for (const auto& hit : hits) {
        if (!hit.missed())
            ids.push_back(hit.id);
    }
    return ids;
}

Reranked reranked(const VectorSnapshot& snapshot, const std::vector<float>& query,
    std::vector<client::VectorMatch> matches, const std::string& leaveOut, bool byExact)
{
    struct Line {
        client::VectorMatch match;
        std::size_t serverRank;
        Neighbour exact;
    };
    std::vector<Line> lines;
    for (auto& match : matches) {
        if (!leaveOut.empty() && match.id == leaveOut)
            continue;
        Neighbour exact{client::NoRow, match.distance};
        if (const auto row = snapshot.find(match.id); row && query.size() == snapshot.matrix.dimensions)
            exact = {*row,
                distance(
                    snapshot.index.distance, query.data(), snapshot.matrix.row(*row).data(), query.size())};
        const std::size_t rank = lines.size() + 1;
        lines.push_back({std::move(match), rank, exact});
    }
    if (byExact)
        std::ranges::stable_sort(lines, {}, [](const Line& line) { return line.exact.distance; });
    Reranked result;
    for (auto& line : lines) {
        result.matches.push_back(std::move(line.match));
        result.serverRanks.push_back(line.serverRank);
        result.exact.push_back(line.exact);
    }
    return result;
}

Result<VectorResult> searchWithTruth(const SearchContext& context, Call& call, const VectorQuery& query)
{
    VectorResult result;
    result.index = context.snapshot->index;
    result.query = query;
    result.complete = context.snapshot->complete();
    auto vector = vectorOf(context, call, query, result);
    if (!vector)
        return tl::unexpected(vector.error());
    result.vector = std::move(*vector);
    if (const auto fit = fits(result); !fit)
        return tl::unexpected(fit.error());

    // An id is its own nearest: one more is asked for, and it is left out.
    const std::string leaveOut = query.text.empty() ? query.id : std::string();
    client::VectorSearch search;
    search.index = result.index.name;
    search.query = result.vector;
    search.k = query.k * std::max(query.overFetch, 1U) + (leaveOut.empty() ? 0 : 1);
    search.consistency = query.consistency;
    auto start = context.clock.elapsed();
    auto answer = context.store.searchVectors(call, search);
    result.clientMs = millisecondsSince(context.clock, start);
    if (!answer)
        return tl::unexpected(answer.error());
    result.serverUs = answer->searchTimeUs;

    start = context.clock.elapsed();
    const auto& matrix = context.snapshot->matrix;
    const auto exact = exactSearch(matrix, result.index.distance, result.vector,
        std::max<std::size_t>(search.k, LeastExact),
        leaveOut.empty() ? client::NoRow : context.snapshot->find(leaveOut).value_or(client::NoRow));
    result.exactMs = millisecondsSince(context.clock, start);
    const std::size_t k = std::min<std::size_t>(query.k, exact.size());
    const double tolerance = k == 0 ? 0 : client::tieTolerance(result.index.distance, exact[k - 1].distance);

    const bool over = query.overFetch > 1;
    if (over && k > 0) {
        const auto own = reranked(*context.snapshot, result.vector, answer->matches, leaveOut, false);
        result.recallBeforeRerank = recallAt(query.k,
            std::span(own.exact).first(std::min<std::size_t>(query.k, own.exact.size())), exact, tolerance)
                                        .recall;
    }
    auto given = reranked(*context.snapshot, result.vector, std::move(answer->matches), leaveOut, over);
    const std::size_t shown = std::min<std::size_t>(query.k, given.matches.size());
    std::unordered_map<std::size_t, std::size_t> exactRanks;
    for (std::size_t i = 0; i < exact.size(); ++i)
        exactRanks.emplace(exact[i].row, i + 1);
    for (std::size_t i = 0; i < shown; ++i) {
        VectorHit hit;
        hit.id = given.matches[i].id;
        hit.rank = i + 1;
        hit.serverRank = given.serverRanks[i];
        if (const auto rank = exactRanks.find(given.exact[i].row); rank != exactRanks.end())
            hit.exactRank = rank->second;
        hit.distance = given.matches[i].distance;
        result.hits.push_back(std::move(hit));
    }
    result.given = shown;
    // An id that is not loaded came since: the exact list is behind the server.
    if (std::ranges::find(given.exact, client::NoRow, &Neighbour::row) != given.exact.end())
        result.complete = false;
    if (k > 0) {
        const auto recall = recallAt(query.k, std::span(given.exact).first(shown), exact, tolerance);
        result.recall = recall.recall;
        putMissed(context, exact, recall.missed, given, result);
    }
    for (auto& hit : result.hits)
        hit.similarity = similarityOf(result.index.distance, hit.distance);
    if (const auto put = putMetas(context, call, result); !put)
        return tl::unexpected(put.error());
    return result;
}

} // namespace norikv::models
