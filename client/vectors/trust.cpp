// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/trust.h"

#include <algorithm>
#include <array>

namespace norikv::client {

std::vector<float> trust(const NeighbourGraph& truth, const std::vector<Position>& picture,
    std::size_t threads, const std::stop_token& stop, std::size_t k)
{
    k = std::min(k, truth.k);
    if (k == 0 || picture.size() != truth.size())
        return {};
    VectorMatrix flat;
    flat.values.reserve(picture.size() * 2);
    for (const Position& at : picture)
        flat.append({}, std::array{at.x, at.y});
    const auto seen = neighbourGraph(flat, Distance::Euclidean, k, threads, stop, {}, picture.size());
    if (seen.size() != truth.size())
        return {};
    std::vector<float> shares(truth.size());
    for (std::size_t at = 0; at < shares.size(); ++at) {
        const auto real = truth.of(at).first(k);
        const auto kept = std::ranges::count_if(
            seen.of(at), [&](std::uint32_t row) { return std::ranges::find(real, row) != real.end(); });
        shares[at] = static_cast<float>(kept) / static_cast<float>(k);
    }
    return shares;
}

} // namespace norikv::client
