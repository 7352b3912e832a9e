// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/neighbourgraph.h"

#include "client/vectors/parallel.h"

#include <algorithm>

namespace norikv::client {

std::vector<std::uint32_t> evenSample(std::size_t rows, std::size_t most)
{
    const std::size_t count = std::min(rows, most);
    std::vector<std::uint32_t> sample(count);
    for (std::size_t i = 0; i < count; ++i)
        sample[i] = static_cast<std::uint32_t>(i * rows / count);
    return sample;
}

NeighbourGraph neighbourGraph(const VectorMatrix& matrix, Distance distance, std::size_t k,
    std::size_t threads, const std::stop_token& stop, const ShareDone& done, std::size_t mostRows)
{
    NeighbourGraph graph;
    graph.distance = distance;
    graph.rows = evenSample(matrix.rows(), mostRows);
    graph.k = graph.rows.empty() ? 0 : std::min(k, graph.rows.size() - 1);
    if (graph.k == 0)
        return graph;

    VectorMatrix sampled;
    if (graph.size() < matrix.rows()) {
        sampled.values.reserve(graph.size() * matrix.dimensions);
        for (const auto row : graph.rows)
            sampled.append({}, matrix.row(row));
    }
    const VectorMatrix& from = graph.size() < matrix.rows() ? sampled : matrix;

    graph.neighbours.resize(graph.size() * graph.k);
    graph.distances.resize(graph.size() * graph.k);
    inParallel(
        graph.size(), threads, stop,
        [&](std::size_t at) {
            const auto found = exactSearch(from, distance, from.row(at), graph.k, at);
            for (std::size_t i = 0; i < graph.k; ++i) {
                // Vectors whose distance is no number have fewer: they are each their own neighbour.
                const bool there = i < found.size();
                graph.neighbours[at * graph.k + i] = static_cast<std::uint32_t>(there ? found[i].row : at);
                graph.distances[at * graph.k + i] = there ? found[i].distance : 0;
            }
        },
        [&](double share) {
            if (done)
                done(share);
        });
    if (stop.stop_requested())
        return {};
    if (done)
        done(1);
    return graph;
}

} // namespace norikv::client
