// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <QImage>

#include <cstdint>
#include <functional>
#include <vector>

namespace norikv::plots {

/// One node's time as the leader of one shard.
struct ShardSpan {
    int shard = 0;
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    int series = -1; ///< index into ChartStyle::series, modulo their number; -1 = nobody
};

struct ShardTimelineData {
    int shards = 0;
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    std::vector<ShardSpan> spans; ///< sorted by shard, then by time
};

/// Shards from top to bottom, time from left to right, the colour of who led: one picture of who led what
/// when, made once per data and size. A click chooses the shard.
class ShardTimeline : public ChartWidget {
    Q_OBJECT

public:
    explicit ShardTimeline(QWidget* parent = nullptr);

    void setData(ShardTimelineData shown);
    /// What a tool tip says of a span, the title row of the table and a row of it. Asked when needed.
    void setWords(std::function<QString(const ShardSpan&)> describe, QStringList headers,
        std::function<QStringList(const ShardSpan&)> row);
    void setChosen(int shard); ///< -1 = none

    /// The span at this position; null for none.
    const ShardSpan* spanAt(const QPoint& position) const;

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {356, 330}; }
    QSize minimumSizeHint() const override { return {216, 160}; }

Q_SIGNALS:
    void shardActivated(int shard);

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override;
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QRect field(const QSize& size) const; ///< where the picture is
    QImage picture(int width) const;

    ShardTimelineData m_data;
    QImage m_picture; ///< one row a shard
    std::function<QString(const ShardSpan&)> m_describe;
    QStringList m_headers;
    std::function<QStringList(const ShardSpan&)> m_row;
    int m_chosen = -1;
};

} // namespace norikv::plots
