// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include "widgets/stylesheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

QPalette paletteOf(const Tokens& t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.background);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.background);
    p.setColor(QPalette::ToolTipBase, t.overlay);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::Button, t.surface);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.danger.text);
    p.setColor(QPalette::Light, t.surface);
    p.setColor(QPalette::Midlight, t.hover);
    p.setColor(QPalette::Mid, t.border);
    p.setColor(QPalette::Dark, t.control);
    p.setColor(QPalette::Shadow, t.border);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accentText);
    p.setColor(QPalette::LinkVisited, t.accentText);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.disabledText);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.disabledFill);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, t.disabledText);
    return p;
}

bool installed(const QString& family) { return QFontDatabase::families().contains(family); }

} // namespace

Theme::Theme(ThemePreference preference, QObject* parent)
    : QObject(parent)
    , m_preference(preference)
{
}

ThemeKind Theme::kind() const
{
    const bool dark
        = m_preference == ThemePreference::System ? m_systemDark : m_preference == ThemePreference::Dark;
    return dark ? ThemeKind::Dark : ThemeKind::Light;
}

void Theme::setPreference(ThemePreference preference)
{
    const ThemeKind before = kind();
    m_preference = preference;
    if (kind() == before)
        return;
    paintApplication();
    Q_EMIT changed();
}

void Theme::setAccent(Accent accent)
{
    if (accent == m_accent)
        return;
    m_accent = accent;
    paintApplication();
    Q_EMIT changed();
}

void Theme::apply(QApplication& app)
{
    // Qt 6.4 cannot be asked for the desktop's scheme; its first palette tells, before we replace it.
    const QPalette system = QApplication::palette();
    m_systemDark
        = system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
    m_app = &app;
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QApplication::setFont(baseFont());
    paintApplication();
    Q_EMIT changed();
}

void Theme::paintApplication()
{
    if (m_app == nullptr)
        return;
    const QPalette palette = paletteOf(tokens());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    QToolTip::setFont(smallFont());
    m_app->setStyleSheet(styleSheet(kind(), m_accent));
}

QFont Theme::baseFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (installed(u"Inter"_s))
        font.setFamilies({u"Inter"_s});
    font.setPointSizeF(10);
    return font;
}

QFont Theme::smallFont()
{
    QFont font = baseFont();
    font.setPointSizeF(9);
    return font;
}

QFont Theme::monoFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (installed(u"JetBrains Mono"_s))
        font.setFamilies({u"JetBrains Mono"_s});
    font.setPointSizeF(9);
    font.setFixedPitch(true);
    return font;
}

} // namespace norikv::widgets
