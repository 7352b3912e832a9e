// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nodediff.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace norikv::models {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("norikv::models::NodeDifference", text, nullptr, n);
}

std::vector<std::uint32_t> ledBy(const client::ClusterView& view)
{
    std::vector<std::uint32_t> led;
    for (const auto& claim : view.claims) {
        if (claim.leader)
            led.push_back(claim.shard);
    }
    std::ranges::sort(led);
    return led;
}

std::map<QString, const client::ClusterView::Node*> byId(const client::ClusterView& view)
{
    std::map<QString, const client::ClusterView::Node*> nodes;
    for (const auto& node : view.nodes)
        nodes[QString::fromStdString(client::printable(node.id))] = &node;
    return nodes;
}

QString shown(const std::string& text) { return QString::fromStdString(client::printable(text)); }

} // namespace

QString shardsText(const std::vector<std::uint32_t>& sorted, std::size_t mostRuns)
{
    QStringList runs;
    std::size_t said = 0;
    for (std::size_t from = 0; from < sorted.size() && std::size_t(runs.size()) < mostRuns;) {
        std::size_t end = from + 1;
        while (end < sorted.size() && sorted[end] == sorted[end - 1] + 1)
            ++end;
        runs << (end - from == 1  ? QString::number(sorted[from])
                : end - from == 2 ? QStringLiteral("%1, %2").arg(sorted[from]).arg(sorted[end - 1])
                                  : QStringLiteral("%1–%2").arg(sorted[from]).arg(sorted[end - 1]));
        said += end - from;
        from = end;
    }
    QString text = runs.join(QStringLiteral(", "));
    if (said < sorted.size())
        text += tr(" and %n more", int(sorted.size() - said));
    return text;
}

std::vector<NodeDifference> differences(const client::ClusterView& left, const client::ClusterView& right)
{
    std::vector<NodeDifference> out;
    const auto ours = ledBy(left);
    const auto theirs = ledBy(right);
    std::vector<std::uint32_t> both;
    std::ranges::set_intersection(ours, theirs, std::back_inserter(both));
    if (!both.empty())
        out.push_back({tr("Both lead"), shardsText(both), shardsText(both), true});
    if (ours.size() != theirs.size())
        out.push_back(
            {tr("Shards led"), QString::number(ours.size()), QString::number(theirs.size()), false});
    if (left.claims.size() != right.claims.size())
        out.push_back({tr("Shards open"), QString::number(left.claims.size()),
            QString::number(right.claims.size()), false});
    const auto leftNodes = byId(left);
    const auto rightNodes = byId(right);
    auto all = leftNodes;
    all.insert(rightNodes.begin(), rightNodes.end());
    for (const auto& [id, any] : all) {
        const auto a = leftNodes.find(id);
        const auto b = rightNodes.find(id);
        if (a == leftNodes.end() || b == rightNodes.end()) {
            out.push_back({id, a == leftNodes.end() ? tr("not known") : tr("known"),
                b == rightNodes.end() ? tr("not known") : tr("known"), true});
            continue;
        }
        if (a->second->address != b->second->address)
            out.push_back(
                {tr("%1, address").arg(id), shown(a->second->address), shown(b->second->address), false});
        // A node calls itself unknown and its peers follower: that is no contradiction, failed is.
        const bool failed = a->second->role == "failed" || b->second->role == "failed"
            || a->second->role == "suspect" || b->second->role == "suspect";
        if (a->second->role != b->second->role && failed)
            out.push_back({tr("%1, role").arg(id), shown(a->second->role), shown(b->second->role), true});
    }
    return out;
}

} // namespace norikv::models
