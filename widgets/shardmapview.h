// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"
#include "widgets/card.h"

class QComboBox;
class QLabel;

namespace norikv::plots {
class ShardGrid;
struct ShardSquare;
} // namespace norikv::plots

namespace norikv::widgets {

class ChartWithTable;
class Theme;

/// The shard map in its card: which node leads each shard, an overlay to choose, and the same as a table. A
/// square that is chosen becomes the feed's shard.
class ShardMapView : public Card {
    Q_OBJECT

public:
    /// feed and theme must outlive the view.
    ShardMapView(models::ShardFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    enum class Overlay { Leader, Twice, Unclaimed, Cold, Keys, Calls };
    Overlay overlay() const;
    void setOverlay(Overlay overlay);
    void toggleTable();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    QString describe(int shard) const;
    QStringList row(int shard) const;
    QString stateText(const models::ShardCell& cell) const;
    QString sayWhatIsShown() const;
    bool faint(const models::ShardCell& cell) const;
    double heat(std::size_t shard) const;

    models::ShardFeed& m_feed;
    plots::ShardGrid* m_grid;
    ChartWithTable* m_stack;
    QComboBox* m_overlay;
    QLabel* m_legend;
};

} // namespace norikv::widgets
