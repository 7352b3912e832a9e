// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

#include <vector>

class QAbstractButton;

namespace norikv::widgets {

class Theme;

/// One colour out of a few that read well in both themes, or none. Arrow keys move.
class ColourSwatches : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit ColourSwatches(const Theme& theme, QWidget* parent = nullptr);

    /// "#rrggbb", or empty for none. A colour of the user's own gets a swatch of its own.
    void setColour(const QString& colour);
    QString colour() const { return m_colour; }

    /// The colour that an environment suggests; empty for none.
    static QString suggestedFor(const QString& environment);

Q_SIGNALS:
    /// The user chose.
    void colourChosen(const QString& colour);

private:
    class Swatch;

    Swatch* add(const QString& colour, const QString& name);

    const Theme& m_theme;
    QString m_colour;
    std::vector<Swatch*> m_swatches; // children
};

} // namespace norikv::widgets
