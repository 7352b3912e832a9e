// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitbook.h"

#include <QWidget>

#include <optional>

namespace norikv::widgets {

class Theme;

/// One rate limit in time: a dot for each request, the window up to now as a band, how many count at each
/// moment against the limit as a line, and right of now how they will leave the window. Nothing here is a
/// guess about requests to come.
class WindowStrip : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit WindowStrip(const Theme& theme, QWidget* parent = nullptr);

    /// What is shown, at this moment; nothing = an empty strip.
    void setRow(const std::optional<models::RateLimitRow>& row, EpochMs nowMs);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {280, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Step {
        EpochMs atMs = 0; ///< from here on
        std::uint64_t count = 0;
    };
    EpochMs windowMs() const;
    double xOf(EpochMs atMs) const;
    double yOf(double count) const;
    void makeSteps();
    void paintBand(QPainter& painter) const;
    void paintDots(QPainter& painter) const;
    void paintSteps(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;

    const Theme& m_theme;
    std::optional<models::RateLimitRow> m_row;
    EpochMs m_nowMs = 0;
    std::vector<Step> m_steps; ///< how many count, from one window ago to one window from now
    double m_top = 1; ///< count at the upper edge
};

} // namespace norikv::widgets
