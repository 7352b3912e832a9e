// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors.h"

#include <QString>

#include <optional>

namespace norikv::models {

/// "Cosine", "Euclidean (L2)", "Inner product".
QString distanceName(client::Distance distance);
/// "HNSW (approximate)", "Brute force (exact)".
QString typeName(client::IndexType type);
/// 1 - distance means something for cosine alone (panels 2.7, point 9); nothing for the others.
std::optional<double> similarityOf(client::Distance distance, float value);

} // namespace norikv::models
