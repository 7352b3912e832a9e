// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <array>

namespace norikv::plots {

/// Cividis (Nuñez, Anderton, Renslow 2018) at nine stops: even in lightness, the same for colour-blind eyes.
constexpr std::array<QRgb, 9> Cividis{
    0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xfee838};

/// How much, 0 to 1, as a colour of it.
QColor heatColour(double share);

} // namespace norikv::plots
