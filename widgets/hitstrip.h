// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/cachefeed.h"

#include <QWidget>

namespace norikv::widgets {

class Theme;

/// The reads of the last two minutes, a bar for each second: hits, stale hits (hatched), misses.
class HitStrip final : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit HitStrip(const Theme& theme, QWidget* parent = nullptr);

    void setSeconds(const std::deque<models::CacheFeed::Second>& seconds);

    QSize sizeHint() const override { return {420, 96}; }
    QSize minimumSizeHint() const override { return {160, 72}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    std::deque<models::CacheFeed::Second> m_seconds;
};

} // namespace norikv::widgets
