// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/electionmodel.h"
#include "models/shardfeed.h"
#include "widgets/patternpage.h"

#include <QTimer>

#include <vector>

class QLabel;
class QTableView;

namespace norikv::models {
class FindingsModel;
}

namespace norikv::widgets {

class NodeCard;
class ShardMapView;
class StatCard;
struct NodeFigures;

/// The state of the deployment on one page: its nodes, who leads which shard and how that changed, what is
/// wrong, and what this program itself asks of the server.
class OverviewPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed, findings and theme must outlive the page.
    OverviewPage(models::ShardFeed& feed, const models::FindingsModel& findings, const Theme& theme,
        QWidget* parent = nullptr);

    void refreshNow() override;
    void toggleTable() override;
    QVariantMap place() const override;
    void setPlace(const QVariantMap& place) override;
    QVariantMap figures() const override;

protected:
    bool nothing() const override { return !m_feed.met(); }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;
    QString freshnessText() const override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeNodes();
    QWidget* makeFigures();
    QWidget* makeElections();
    NodeFigures nodeFigures(std::size_t node) const;
    void refreshFigures();

    models::ShardFeed& m_feed;
    const models::FindingsModel& m_findings;
    models::ElectionModel m_model;
    std::vector<NodeCard*> m_nodes;
    QLabel* m_alone = nullptr; ///< what one node means
    ShardMapView* m_map = nullptr;
    StatCard* m_calls = nullptr;
    StatCard* m_latency = nullptr;
    StatCard* m_conflicts = nullptr;
    StatCard* m_wrong = nullptr;
    QLabel* m_electionCount = nullptr;
    QTableView* m_elections = nullptr;
};

} // namespace norikv::widgets
