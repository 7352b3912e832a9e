// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/idlescale.h"

class QPainter;

namespace norikv::widgets {

struct Tokens;

/// Which part of an IdleScale is in sight, and where its moments stand between two edges. Pure but paint().
class TimeAxis {
public:
    static constexpr int Height = 24; ///< px of its words at the top

    /// A view that is not everything stays on the moments it shows.
    void setScale(IdleScale scale);
    const IdleScale& scale() const { return m_scale; }
    void setEdges(double left, double right); ///< px; right > left

    double left() const { return m_left; }
    double right() const { return m_right; }
    double x(EpochMs at) const;
    EpochMs at(double x) const;

    bool zoomed() const { return m_to - m_from < m_scale.length() - 1e-6; }
    void showAll();
    void show(EpochMs from, EpochMs to);
    /// factor < 1 comes closer; what is at `aroundX` stays there.
    void zoom(double factor, double aroundX);

    /// Times along the top, and hatched with its length every stretch that was cut, down to `bottom`.
    void paint(QPainter& painter, int bottom, const Tokens& tokens) const;

private:
    IdleScale m_scale;
    double m_from = 0; ///< in active milliseconds
    double m_to = 1;
    double m_left = 0;
    double m_right = 1;
};

} // namespace norikv::widgets
