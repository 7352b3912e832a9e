// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/mmr.h"

#include "client/vectors/distance.h"

#include <algorithm>
#include <limits>

namespace norikv::client {

std::vector<std::size_t> diverse(
    const VectorMatrix& candidates, std::span<const double> similarities, std::size_t k, double diversity)
{
    const std::size_t count = std::min(candidates.rows(), similarities.size());
    k = std::min(k, count);
    std::vector<std::size_t> order;
    std::vector<bool> taken(count, false);
    // -1 is the least a similarity can be: before the first choice nothing counts against anyone.
    std::vector<double> likest(count, -1);
    while (order.size() < k) {
        std::size_t best = count;
        double most = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < count; ++i) {
            const double worth = (1 - diversity) * similarities[i] - diversity * likest[i];
            if (!taken[i] && worth > most) {
                most = worth;
                best = i;
            }
        }
        if (best == count)
            break;
        taken[best] = true;
        order.push_back(best);
        for (std::size_t i = 0; i < count; ++i) {
            const float apart = distance(Distance::Cosine, candidates.row(best).data(),
                candidates.row(i).data(), candidates.dimensions);
            likest[i] = std::max(likest[i], 1 - static_cast<double>(apart));
        }
    }
    return order;
}

} // namespace norikv::client
