// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tokens.h"

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

namespace {

QColor rgb(unsigned value) { return QColor::fromRgb(QRgb(0xff000000u | value)); }

ToneColors toneOf(unsigned text, unsigned soft, unsigned strong)
{
    return {rgb(text), rgb(soft), rgb(strong)};
}

Tokens lightTokens()
{
    Tokens t;
    t.background = rgb(0xF6F7F9);
    t.surface = t.overlay = t.field = rgb(0xFFFFFF);
    t.border = rgb(0xDFE3E8);
    t.text = rgb(0x1A1F27);
    t.muted = rgb(0x5A6472);
    t.disabledText = rgb(0x8A939F);
    t.accent = rgb(0x2F6FDE);
    t.accentHover = rgb(0x2862C8);
    t.accentPressed = rgb(0x2155B0);
    t.onAccent = rgb(0xFFFFFF);
    t.accentText = rgb(0x2459BD);
    t.accentSoft = rgb(0xE8F0FD);
    t.hover = rgb(0xF0F3F7);
    t.pressed = rgb(0xE4E9EF);
    t.selection = rgb(0xE2ECFC);
    t.control = rgb(0xD3D9E0);
    t.controlHover = rgb(0x9AA4B1);
    t.disabledFill = rgb(0xE9ECF0);
    t.track = rgb(0xE4E8ED);
    t.scroll = rgb(0xC3CAD3);
    t.neutral = toneOf(0x5A6472, 0xEDF0F4, 0x8A939F);
    t.ok = toneOf(0x17734B, 0xE3F4EC, 0x1F8A5B);
    t.warning = toneOf(0x8A5A10, 0xFDF1D8, 0xB7791F);
    t.danger = toneOf(0xB5322D, 0xFDE8E7, 0xC93C37);
    t.info = toneOf(0x1F6496, 0xE4F0F9, 0x2B7AB8);
    t.series = {rgb(0x0072B2), rgb(0xBE8300), rgb(0x008A65), rgb(0xD55E00), rgb(0xC575A1), rgb(0x4897C3),
        rgb(0x8F8727), rgb(0x5A6472)};
    return t;
}

Tokens darkTokens()
{
    Tokens t;
    t.background = rgb(0x14171C);
    t.surface = rgb(0x1B2027);
    t.overlay = rgb(0x222831);
    t.field = rgb(0x161A20);
    t.border = rgb(0x2C333D);
    t.text = rgb(0xE7EAEF);
    t.muted = rgb(0x98A2B0);
    t.disabledText = rgb(0x677180);
    t.accent = rgb(0x6EA0FF);
    t.accentHover = rgb(0x86B0FF);
    t.accentPressed = rgb(0x5A8EF0);
    t.onAccent = rgb(0x10151D);
    t.accentText = rgb(0x8DB4FF);
    t.accentSoft = rgb(0x22314D);
    t.hover = rgb(0x252C36);
    t.pressed = rgb(0x2E3743);
    t.selection = rgb(0x1F2E49);
    t.control = rgb(0x3A4350);
    t.controlHover = rgb(0x667283);
    t.disabledFill = rgb(0x262D37);
    t.track = rgb(0x2C333D);
    t.scroll = rgb(0x414B59);
    t.neutral = toneOf(0x98A2B0, 0x272E38, 0x7A8594);
    t.ok = toneOf(0x4CC38A, 0x17332A, 0x4CC38A);
    t.warning = toneOf(0xE3B341, 0x382C14, 0xE3B341);
    t.danger = toneOf(0xF47067, 0x3C2022, 0xF47067);
    t.info = toneOf(0x6CB6FF, 0x1B3247, 0x6CB6FF);
    t.series = {rgb(0x4C9FE0), rgb(0xF0B23C), rgb(0x35B88F), rgb(0xF0813A), rgb(0xD996B8), rgb(0x8CCBF2),
        rgb(0xEDE36A), rgb(0x98A2B0)};
    return t;
}

/// Violet for what is blue otherwise; only the accent and what is filled with it.
Tokens scoped(ThemeKind kind, Tokens t)
{
    const bool dark = kind == ThemeKind::Dark;
    t.accent = rgb(dark ? 0xC4A1FF : 0x7B3FC4);
    t.accentHover = rgb(dark ? 0xD2B7FF : 0x6D36B0);
    t.accentPressed = rgb(dark ? 0xB48BF5 : 0x5F2E9C);
    t.accentText = rgb(dark ? 0xCDB0FF : 0x6A34AD);
    t.accentSoft = rgb(dark ? 0x362A52 : 0xF1E9FB);
    t.selection = rgb(dark ? 0x31264A : 0xEBE0F9);
    return t;
}

double linear(float channel)
{
    const double c = double(channel);
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c)
{
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

} // namespace

ToneColors Tokens::tone(Tone which) const
{
    switch (which) {
    case Tone::Ok:
        return ok;
    case Tone::Warning:
        return warning;
    case Tone::Danger:
        return danger;
    case Tone::Info:
        return info;
    case Tone::Accent:
        return {accentText, accentSoft, accent};
    case Tone::Neutral:
    case Tone::Muted:
        break;
    }
    return neutral;
}

const Tokens& tokensFor(ThemeKind kind, Accent accent)
{
    static const Tokens light = lightTokens();
    static const Tokens dark = darkTokens();
    static const Tokens scopedLight = scoped(ThemeKind::Light, light);
    static const Tokens scopedDark = scoped(ThemeKind::Dark, dark);
    if (accent == Accent::Scoped)
        return kind == ThemeKind::Dark ? scopedDark : scopedLight;
    return kind == ThemeKind::Dark ? dark : light;
}

QString toneIcon(Tone tone)
{
    switch (tone) {
    case Tone::Ok:
        return QStringLiteral("check");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Danger:
        return QStringLiteral("error");
    case Tone::Info:
        return QStringLiteral("info");
    case Tone::Accent:
    case Tone::Neutral:
    case Tone::Muted:
        break;
    }
    return QStringLiteral("dot");
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

} // namespace norikv::widgets
