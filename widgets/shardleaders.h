// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"

#include <QWidget>

namespace norikv::plots {
class ShardTimeline;
struct ShardSpan;
} // namespace norikv::plots

namespace norikv::widgets {

class Card;
class ChartWithTable;
class ShardMapView;
class Theme;

/// The leaders of shards beside those of leases: the map of now, and the same over time. What is chosen is
/// the feed's shard, taken apart in ClusterInspector.
class ShardLeaders final : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    ShardLeaders(models::ShardFeed& feed, const Theme& theme, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    QStringList row(const plots::ShardSpan& span) const;

    models::ShardFeed& m_feed;
    ShardMapView* m_map;
    Card* m_card;
    plots::ShardTimeline* m_timeline;
    ChartWithTable* m_stack;
};

} // namespace norikv::widgets
