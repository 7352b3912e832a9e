// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorwords.h"

#include <QCoreApplication>

namespace norikv::models {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("vectorwords", text); }

} // namespace

QString distanceName(client::Distance distance)
{
    switch (distance) {
    case client::Distance::Euclidean:
        return tr("Euclidean (L2)");
    case client::Distance::Cosine:
        return tr("Cosine");
    case client::Distance::InnerProduct:
        return tr("Inner product");
    }
    return {};
}

QString typeName(client::IndexType type)
{
    return type == client::IndexType::Hnsw ? tr("HNSW (approximate)") : tr("Brute force (exact)");
}

std::optional<double> similarityOf(client::Distance distance, float value)
{
    return distance == client::Distance::Cosine ? std::optional(1.0 - static_cast<double>(value))
                                                : std::nullopt;
}

} // namespace norikv::models
