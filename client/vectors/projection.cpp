// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/projection.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace norikv::client {

namespace {

// The solver's work grows with the cube of the smaller side; this keeps 4,096 dimensions below a second.
constexpr std::size_t MostSolved = 1024;

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Both directions along an axis are right; the one with the largest part positive is taken.
std::vector<float> fixedSign(const Eigen::VectorXf& axis)
{
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    const float sign = axis[largest] < 0 ? -1.0F : 1.0F;
    std::vector<float> fixed(static_cast<std::size_t>(axis.size()));
    for (Eigen::Index i = 0; i < axis.size(); ++i)
        fixed[static_cast<std::size_t>(i)] = sign * axis[i];
    return fixed;
}

float along(std::span<const float> vector, const std::vector<float>& mean, const std::vector<float>& axis)
{
    using Values = Eigen::Map<const Eigen::VectorXf>;
    const auto size = static_cast<Eigen::Index>(axis.size());
    if (size == 0)
        return 0; // nothing to show along this axis
    return (Values(vector.data(), size) - Values(mean.data(), size)).dot(Values(axis.data(), size));
}

} // namespace

Projection Projection::fit(const VectorMatrix& matrix, std::size_t sample)
{
    Projection result;
    result.m_mean.assign(matrix.dimensions, 0);
    const std::size_t most = matrix.dimensions > MostSolved ? std::min(sample, MostSolved) : sample;
    const std::size_t count = std::min(matrix.rows(), most);
    if (count == 0 || matrix.dimensions == 0)
        return result;

    const auto dimensions = static_cast<Eigen::Index>(matrix.dimensions);
    Rows rows(static_cast<Eigen::Index>(count), dimensions);
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = matrix.row(i * matrix.rows() / count);
        rows.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Eigen::RowVectorXf>(row.data(), dimensions);
    }
    const Eigen::RowVectorXf mean = rows.colwise().mean();
    rows.rowwise() -= mean;
    std::ranges::copy(mean, result.m_mean.begin());

    // With fewer rows than dimensions the small matrix of the rows' products has the same answer.
    const bool byRows = count < matrix.dimensions;
    const Eigen::Index size = byRows ? rows.rows() : rows.cols();
    Eigen::MatrixXf products = Eigen::MatrixXf::Zero(size, size);
    if (byRows)
        products.selfadjointView<Eigen::Lower>().rankUpdate(rows);
    else
        products.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(products); // reads the lower half

    const float whole = products.diagonal().sum();
    float carried = 0;
    for (Eigen::Index axis = 0; axis < std::min<Eigen::Index>(2, size); ++axis) {
        const float variance = solver.eigenvalues()[size - 1 - axis];
        // Rounding leaves a little of nothing; an axis of that would show noise.
        if (!(variance > std::max(whole * 1e-6F, static_cast<float>(count) * mean.squaredNorm() * 1e-12F)))
            break;
        Eigen::VectorXf direction = solver.eigenvectors().col(size - 1 - axis);
        if (byRows)
            direction = (rows.transpose() * direction).normalized();
        (axis == 0 ? result.m_first : result.m_second) = fixedSign(direction);
        carried += variance;
    }
    if (whole > 0)
        result.m_explained = std::clamp(static_cast<double>(carried / whole), 0.0, 1.0);
    return result;
}

std::pair<float, float> Projection::place(std::span<const float> vector) const
{
    if (vector.size() != m_mean.size())
        return {};
    return {along(vector, m_mean, m_first), along(vector, m_mean, m_second)};
}

} // namespace norikv::client
