// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorwords.h"

#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QCoreApplication>

#include <algorithm>

namespace norikv::widgets {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("VectorWords", text, nullptr, n);
}

constexpr qsizetype TipText = 400; // characters of a text in a tool tip

QString dash() { return QStringLiteral("–"); }

QString milliseconds(double ms) { return tr("%1 ms").arg(shortNumber(ms)); }

} // namespace

QString distanceTip(client::Distance distance)
{
    switch (distance) {
    case client::Distance::Cosine:
        return tr("Compares directions: 0 = the same, 1 = nothing in common, 2 = opposite. Similarity is 1 - "
                  "distance.");
    case client::Distance::Euclidean:
        return tr("The straight line between two vectors: 0 = the same, no upper end.");
    case client::Distance::InnerProduct:
        return tr("The negated dot product: the more negative the closer. Longer vectors come out closer.");
    }
    return {};
}

QString indexTypeTip(client::IndexType type)
{
    return type == client::IndexType::Hnsw
        ? tr("A graph of neighbours (HNSW): fast, but may miss some of the nearest. The panel says how many.")
        : tr("Compares with every vector: always right, slower the more there are.");
}

QString indexFacts(const client::VectorIndex& index)
{
    return tr("%1 dimensions · %2 · %3 · ")
               .arg(index.dimensions)
               .arg(distanceName(index.distance), typeName(index.type))
        + tr("%n vector(s)", int(index.count));
}

QString idText(const std::string& id) { return models::shown(id, 96); }

QString titleOf(const std::string& id, const models::VectorMeta& meta)
{
    const std::string& words = meta.title.empty() ? meta.text : meta.title;
    return words.empty() ? idText(id) : clippedLine(QString::fromStdString(words.substr(0, 512)));
}

QString scoreName(client::Distance distance)
{
    return distance == client::Distance::Cosine ? tr("similarity") : tr("distance");
}

QString scoreTip(client::Distance distance)
{
    return distance == client::Distance::Cosine
        ? tr("1 - cosine distance: 1 = the same direction, 0 = nothing in common")
        : tr("The raw distance of this index (%1): smaller is closer. It is no share of anything.")
              .arg(distanceName(distance));
}

QString scoreText(client::Distance distance, double value)
{
    return distance == client::Distance::Cosine ? QString::number(value, 'f', 3) : shortNumber(value);
}

QString recallText(const models::VectorResult& result)
{
    if (!result.recall)
        return tr("recall not known: no vector of this index is loaded");
    const QString recall = tr("recall@%1 = %2").arg(result.query.k).arg(*result.recall, 0, 'f', 2);
    return result.complete ? tr("%1 vs exact").arg(recall) : tr("%1 vs the vectors known").arg(recall);
}

QString resultFacts(const models::VectorResult& result)
{
    QStringList parts;
    if (!result.embedder.empty())
        parts << clippedLine(QString::fromStdString(result.embedder));
    parts << tr("server %1, here %2")
                 .arg(milliseconds(double(result.serverUs) / 1000.0), milliseconds(result.clientMs));
    if (result.query.overFetch > 1) {
        QString text = tr("asked for %1, the best %2 kept")
                           .arg(result.query.k * result.query.overFetch)
                           .arg(result.query.k);
        if (result.recallBeforeRerank)
            text += tr(" (%1 without)").arg(*result.recallBeforeRerank, 0, 'f', 2);
        parts << text;
    }
    if (result.missed > 0)
        parts << tr("%n true neighbour(s) missed", int(result.missed));
    if (result.withoutMeta > 0)
        parts << tr("%n hit(s) have no metadata", int(result.withoutMeta));
    return parts.join(QStringLiteral(" · "));
}

std::vector<VectorResultLine> resultLines(const models::VectorResult& result)
{
    std::vector<VectorResultLine> lines;
    const client::Distance distance = result.index.distance;
    const auto rank = [](const std::optional<std::size_t>& at) { return at ? QString::number(*at) : dash(); };
    for (const models::VectorHit& hit : result.hits) {
        VectorResultLine line;
        line.id = hit.id;
        line.missed = hit.missed();
        line.rank = hit.missed() ? dash() : QString::number(hit.rank);
        line.what = titleOf(hit.id, hit.meta);
        if (!hit.meta.stored)
            line.idText = tr("no metadata");
        else if (line.what != idText(hit.id))
            line.idText = idText(hit.id);
        line.score = scoreText(distance, hit.similarity ? *hit.similarity : double(hit.distance));
        line.found = rank(hit.serverRank);
        line.exact = rank(hit.exactRank);
        line.tip
            = hit.missed() ? tr("Missed: found at rank –, its true rank is %1.").arg(line.exact) : line.what;
        if (!hit.meta.text.empty())
            line.tip += QLatin1Char('\n') + QString::fromStdString(hit.meta.text).left(TipText);
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace norikv::widgets
