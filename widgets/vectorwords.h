// SPDX-License-Identifier: GPL-3.0-or-later
// How the vectors panel puts things: one place, so that tables, map and panes say the same.
#pragma once

#include "models/vectorsearchfeed.h"
#include "models/vectorwords.h"
#include "widgets/vectorresults.h"

#include <QString>

#include <string>

namespace norikv::widgets {

using models::distanceName;
using models::typeName;
QString distanceTip(client::Distance distance); ///< what it means, in a sentence
QString indexTypeTip(client::IndexType type);
/// "256 dimensions · Cosine · HNSW (approximate) · 312 vectors"
QString indexFacts(const client::VectorIndex& index);

/// An id as text, and a title that falls back to it.
QString idText(const std::string& id);
QString titleOf(const std::string& id, const models::VectorMeta& meta);

/// Head of the score column and what it says of itself: similarity for cosine, else the raw distance.
QString scoreName(client::Distance distance);
QString scoreTip(client::Distance distance);
QString scoreText(client::Distance distance, double value);

/// "recall@10 = 0.94 vs exact"; what it was held against when not every vector is known.
QString recallText(const models::VectorResult& result);
/// "Built in · server 0.4 ms, here 2 ms · 2 hits have no metadata"
QString resultFacts(const models::VectorResult& result);
std::vector<VectorResultLine> resultLines(const models::VectorResult& result);

} // namespace norikv::widgets
