// SPDX-License-Identifier: GPL-3.0-or-later
// The ceiling of P25.
#include "barepca.h"

#include <Eigen/Dense>

#include <chrono>

namespace norikv::bench {

double barePca(const std::vector<float>& values, std::size_t rows, std::size_t dimensions)
{
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto start = std::chrono::steady_clock::now();
    Rows centred = Eigen::Map<const Rows>(
        values.data(), static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(dimensions));
    const Eigen::RowVectorXf mean = centred.colwise().mean();
    centred.rowwise() -= mean;
    Eigen::MatrixXf products = Eigen::MatrixXf::Zero(centred.cols(), centred.cols());
    products.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(products);
    const Eigen::MatrixXf placed = centred * solver.eigenvectors().rightCols(2);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    volatile float used = placed(0, 0);
    (void)used;
    return took.count();
}

} // namespace norikv::bench
