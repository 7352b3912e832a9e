// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>

class QLabel;

namespace norikv::widgets {

class Theme;

/// An icon of resources/icons in the theme's muted colour; text colour when active or checked, faded when
/// disabled. It renders at any size and scale. Set it again on Theme::changed, or use bindIcon below.
QIcon icon(const QString& id, const Theme& theme);

/// The same in a given colour, e.g. on a primary button.
QIcon icon(const QString& id, const QColor& color);

/// The icon recoloured, size logical pixels square, crisp at dpr. Cached. Null for an unknown id.
QPixmap iconPixmap(const QString& id, const QColor& color, int size, qreal dpr);

/// All ids, sorted.
QStringList iconIds();

/// The coloured program icon for windows and launchers.
QIcon applicationIcon();

/// Calls setIcon on the target (any button or action) now and after each theme change.
template <class Target> void bindIcon(Target* target, const QString& id, const Theme& theme);

} // namespace norikv::widgets

#include "widgets/theme.h"

namespace norikv::widgets {

template <class Target> void bindIcon(Target* target, const QString& id, const Theme& theme)
{
    const auto set = [target, id, &theme] { target->setIcon(icon(id, theme)); };
    set();
    QObject::connect(&theme, &Theme::changed, target, set);
}

} // namespace norikv::widgets
