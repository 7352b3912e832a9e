// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/recall.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace norikv::client {

double tieTolerance(Distance distance, float size)
{
    // A cosine distance is 1 less a sum near 1: its error does not shrink with it.
    return distance == Distance::Cosine ? 2e-6 : 1e-5 * std::abs(static_cast<double>(size));
}

RecallResult recallAt(
    std::size_t k, std::span<const Neighbour> given, std::span<const Neighbour> exact, double tolerance)
{
    RecallResult result;
    k = std::min(k, exact.size());
    if (k == 0)
        return result;
    const double farthest = static_cast<double>(exact[k - 1].distance) + tolerance;
    std::unordered_set<std::size_t> hits;
    for (const Neighbour& one : given) {
        if (one.row != NoRow && static_cast<double>(one.distance) <= farthest)
            hits.insert(one.row);
    }
    const std::size_t found = std::min(hits.size(), k);
    result.recall = static_cast<double>(found) / static_cast<double>(k);
    // Tied ones stand last, so what is missing are the nearest that were not given.
    for (std::size_t i = 0; i < k && result.missed.size() < k - found; ++i) {
        if (!hits.contains(exact[i].row))
            result.missed.push_back(i);
    }
    return result;
}

RankDisagreement compareRanks(std::span<const std::string> left, std::span<const std::string> right)
{
    RankDisagreement result;
    std::unordered_map<std::string_view, std::size_t> rightRanks;
    for (std::size_t i = 0; i < right.size(); ++i)
        rightRanks.emplace(right[i], i + 1);
    double shift = 0;
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (!seen.insert(left[i]).second)
            continue;
        RankLine line{left[i], i + 1, std::nullopt};
        if (const auto at = rightRanks.find(left[i]); at != rightRanks.end()) {
            line.right = at->second;
            ++result.shared;
            shift += std::abs(static_cast<double>(i + 1) - static_cast<double>(at->second));
        }
        result.lines.push_back(std::move(line));
    }
    for (std::size_t i = 0; i < right.size(); ++i) {
        if (seen.insert(right[i]).second)
            result.lines.push_back({right[i], std::nullopt, i + 1});
    }
    if (result.shared > 0)
        result.meanShift = shift / static_cast<double>(result.shared);
    return result;
}

} // namespace norikv::client
