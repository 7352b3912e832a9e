// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterfeed.h"
#include "models/countermodel.h"

#include <QWidget>

#include <functional>

class QButtonGroup;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace norikv::plots {
class CounterChart;
class CurveChart;
class HeatStrip;
class ShardBars;
} // namespace norikv::plots

namespace norikv::widgets {

class Card;
class EmptyState;
class NoticeBar;
class SectionHeader;
class StatCard;
class Theme;

/// Counters: the list on the left; value, rate, conflicts, losses and shards of the selected one on the right
/// (panels.md 2.1).
class CountersPage : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    CountersPage(models::CounterFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    NoticeBar& notices() { return *m_notices; }
    /// The headline figures as shown, for --screenshot's line of JSON.
    QVariantMap figures() const;
    void focusFilter();

Q_SIGNALS:
    /// Open this stored key in the inspector.
    void keyActivated(const QByteArray& key);
    void openCounterRequested();

private:
    QWidget* makeList();
    QWidget* makeDetail();
    void refresh();
    void refreshState();
    void refreshCards(const models::CounterState& state);
    void refreshChart(const models::CounterState& state);
    void refreshShards(const models::CounterState& state);
    void refreshAdvice(const models::CounterState& state);
    void refreshHeat();
    void syncSelection();
    void tell(const models::CounterFeed::Outcome& outcome);

    models::CounterFeed& m_feed;
    const Theme& m_theme;
    models::CounterModel m_model;
    SectionHeader* m_header = nullptr;
    NoticeBar* m_notices = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QLineEdit* m_filter = nullptr;
    QTableView* m_list = nullptr;
    StatCard* m_total = nullptr;
    StatCard* m_rate = nullptr;
    StatCard* m_conflicts = nullptr;
    StatCard* m_meter = nullptr;
    Card* m_chartCard = nullptr;
    plots::CounterChart* m_chart = nullptr;
    Card* m_shardCard = nullptr;
    plots::ShardBars* m_bars = nullptr;
    Card* m_adviceCard = nullptr;
    plots::CurveChart* m_curve = nullptr;
    Card* m_heatCard = nullptr;
    plots::HeatStrip* m_heat = nullptr;
    int m_range = 60;
    bool m_syncing = false;
    int m_slowTick = 0;
    std::function<void()> m_onNotice; ///< what the notice's button does
};

} // namespace norikv::widgets
