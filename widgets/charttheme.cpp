// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charttheme.h"

#include "widgets/plots/chartlegend.h"
#include "widgets/plots/chartwidget.h"
#include "widgets/theme.h"

namespace norikv::widgets {

plots::ChartStyle chartStyle(const Theme& theme)
{
    const Tokens& t = theme.tokens();
    plots::ChartStyle style;
    style.surface = t.surface;
    style.overlay = t.overlay;
    style.border = t.border;
    style.text = t.text;
    style.muted = t.muted;
    style.accent = t.accent;
    style.accentText = t.accentText;
    style.danger = t.danger.strong;
    style.gap = t.controlHover;
    style.series = t.series;
    style.font = Theme::smallFont();
    return style;
}

namespace {

template <class Chart> void follow(Chart& chart, const Theme& theme)
{
    const auto set = [&chart, &theme] { chart.setChartStyle(chartStyle(theme)); };
    set();
    QObject::connect(&theme, &Theme::changed, &chart, set);
}

} // namespace

void followTheme(plots::ChartWidget& chart, const Theme& theme) { follow(chart, theme); }

void followTheme(plots::ChartLegend& legend, const Theme& theme) { follow(legend, theme); }

} // namespace norikv::widgets
