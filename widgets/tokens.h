// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tone.h"

#include <QColor>
#include <QString>

#include <array>

namespace norikv::widgets {

enum class ThemeKind { Light, Dark };
/// Scoped: the window works inside one part of the store and must look like it.
enum class Accent { Usual, Scoped };

using models::Tone;

/// The three colours of a tone: readable text, the soft fill behind that text, and the strong mark (dots,
/// bars).
struct ToneColors {
    QColor text;
    QColor soft;
    QColor strong;
};

/// Every colour the program paints with. Text tones keep 4.5:1 on surface, background and their soft fill.
struct Tokens {
    QColor background, surface, overlay, field, border; ///< page, cards and docks, menus, inputs, hairlines
    QColor text, muted, disabledText;
    QColor accent, accentHover, accentPressed, onAccent, accentText, accentSoft;
    QColor hover, pressed, selection, control, controlHover, disabledFill, track, scroll;
    ToneColors neutral, ok, warning, danger, info;
    std::array<QColor, 8>
        series; ///< Okabe-Ito order: blue, orange, green, vermilion, purple, sky, yellow, grey

    ToneColors tone(Tone tone) const;
};

/// The tokens of one theme; constant data.
const Tokens& tokensFor(ThemeKind kind, Accent accent = Accent::Usual);

/// Icon id that carries a tone without colour ("check", "warning", "error", "info", "dot").
QString toneIcon(Tone tone);

/// WCAG 2 contrast ratio, 1 to 21; alpha is ignored.
double contrastRatio(const QColor& a, const QColor& b);

} // namespace norikv::widgets
