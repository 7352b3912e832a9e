// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterfeed.h"

#include <QWidget>

namespace norikv::plots {
class CounterChart;
class CurveChart;
class HeatStrip;
class ShardBars;
} // namespace norikv::plots

namespace norikv::widgets {

class Card;
class ChartWithTable;
class StatCard;
class Theme;

/// The selected counter in figures and charts: value, rate, conflicts, losses, shards, advice, contention
/// (panels.md 2.1, points 1 to 7).
class CounterDetail : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    CounterDetail(models::CounterFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void refresh();
    /// The main chart as a table, and back.
    void toggleTable();

Q_SIGNALS:
    /// A shard's bar was chosen: open its key.
    void keyActivated(const QByteArray& key);

private:
    void refreshCards(const models::CounterState& state);
    void refreshChart(const models::CounterState& state);
    void refreshShards(const models::CounterState& state);
    void refreshAdvice(const models::CounterState& state);
    void refreshHeat();

    models::CounterFeed& m_feed;
    const Theme& m_theme;
    StatCard* m_total = nullptr;
    StatCard* m_rate = nullptr;
    StatCard* m_conflicts = nullptr;
    StatCard* m_meter = nullptr;
    Card* m_chartCard = nullptr;
    plots::CounterChart* m_chart = nullptr;
    ChartWithTable* m_chartTable = nullptr;
    Card* m_shardCard = nullptr;
    plots::ShardBars* m_bars = nullptr;
    Card* m_adviceCard = nullptr;
    plots::CurveChart* m_curve = nullptr;
    Card* m_heatCard = nullptr;
    plots::HeatStrip* m_heat = nullptr;
    int m_range = 60; ///< seconds
    double m_shownMoment = 0; ///< of the past, in monotonic seconds
    int m_slowTick = 0;
    client::Bytes m_shown; ///< the counter the slow half belongs to
};

} // namespace norikv::widgets
