// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heatcolour.h"

#include <algorithm>
#include <cmath>

namespace norikv::plots {

QColor heatColour(double share)
{
    const double place = std::clamp(share, 0.0, 1.0) * double(Cividis.size() - 1);
    const auto low = std::min(std::size_t(place), Cividis.size() - 2);
    const double rest = place - double(low);
    const auto part = [rest](int a, int b) { return int(std::lround(a + (b - a) * rest)); };
    const QColor from(Cividis[low]);
    const QColor to(Cividis[low + 1]);
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

} // namespace norikv::plots
