// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"

namespace norikv::plots {
class ChartLegend;
class ChartWidget;
} // namespace norikv::plots

namespace norikv::widgets {

class Theme;

/// Colours and fonts of the charts in this theme.
plots::ChartStyle chartStyle(const Theme& theme);

/// Gives the chart the theme's style now and after every change. theme must outlive the chart.
void followTheme(plots::ChartWidget& chart, const Theme& theme);
void followTheme(plots::ChartLegend& legend, const Theme& theme);

} // namespace norikv::widgets
