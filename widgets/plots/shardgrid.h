// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <functional>
#include <vector>

namespace norikv::plots {

/// One square of the grid.
struct ShardSquare {
    enum class Kind {
        Led, ///< filled with the colour of its leader
        Twice, ///< halves of two colours in a frame of warning
        Unclaimed, ///< hatched
        Cold, ///< a dot
    };
    Kind kind = Kind::Cold;
    int series = 0; ///< index into ChartStyle::series, modulo their number
    int other = 0; ///< of Twice
    double heat = 0; ///< with ShardGridData::heat: how much
    bool faint = false; ///< not what is looked for
};

struct ShardGridData {
    std::vector<ShardSquare> squares; ///< one a shard, in order
    bool heat = false; ///< colours say how much, from little (dark) to `most`, instead of who leads
    double most = 0;
};

/// All shards as a square of squares, 32 by 32 for NoriKV's 1,024. Painted in one pass; the squares are
/// replaced whole. Arrows move, Enter or a click chooses.
class ShardGrid : public ChartWidget {
    Q_OBJECT

public:
    explicit ShardGrid(QWidget* parent = nullptr);

    void setData(ShardGridData shown);
    /// What a tool tip says of a shard, and a row of the table. Asked when needed.
    void setWords(std::function<QString(int shard)> describe, QStringList headers,
        std::function<QStringList(int shard)> row);
    void setChosen(int shard); ///< -1 = none
    int chosen() const { return m_chosen; }

    int columns() const;
    /// The shard at this position, -1 for none.
    int shardAt(const QPoint& position) const;
    QRect squareOf(int shard) const;

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {356, 330}; }
    QSize minimumSizeHint() const override { return {216, 198}; }

Q_SIGNALS:
    void shardActivated(int shard);

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Layout {
        int columns = 1;
        int pitch = 1; ///< pixels from square to square
        int left = 0;
    };
    Layout layoutFor(const QSize& size) const;
    void moveTo(int shard);

    ShardGridData m_data;
    std::function<QString(int)> m_describe;
    QStringList m_headers;
    std::function<QStringList(int)> m_row;
    int m_current = -1; ///< under the keyboard
    int m_chosen = -1;
};

} // namespace norikv::plots
