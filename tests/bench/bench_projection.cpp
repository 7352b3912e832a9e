// SPDX-License-Identifier: GPL-3.0-or-later
// P25: the map's first picture, principal components of 10,000 vectors of 384 dimensions.
#include "ceilings/barepca.h"
#include "figure.h"

#include "client/vectors/projection.h"

#include <chrono>
#include <random>

namespace norikv::bench {

namespace {

constexpr std::size_t Dimensions = 384;

/// Seconds from the vectors to a place for each of them, on one thread as in the panel.
class FirstPicture final : public Bench {
public:
    explicit FirstPicture(const Effort& effort)
    {
        std::mt19937 random(25);
        std::normal_distribution<float> gauss;
        std::vector<float> vector(Dimensions);
        for (std::size_t row = 0; row < effort.count(10'000); ++row) {
            for (float& value : vector)
                value = gauss(random);
            m_matrix.append({}, vector);
        }
    }
    double ours() override
    {
        const auto start = std::chrono::steady_clock::now();
        const auto projection = client::Projection::fit(m_matrix);
        float sum = 0;
        for (std::size_t row = 0; row < m_matrix.rows(); ++row)
            sum += projection.place(m_matrix.row(row)).first;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (!(sum == sum))
            throw std::runtime_error("the picture has places that are no numbers");
        return took.count();
    }
    double ceiling() override { return barePca(m_matrix.values, m_matrix.rows(), Dimensions); }

private:
    client::VectorMatrix m_matrix;
};

} // namespace

std::vector<Figure> projectionFigures()
{
    return {{"P25", "map of 10k x 384 by principal components vs bare Eigen", Better::Lower, 1.3, "s",
        [](const Effort& effort) { return std::make_unique<FirstPicture>(effort); }}};
}

} // namespace norikv::bench
