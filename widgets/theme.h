// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

#include <QFont>
#include <QObject>

class QApplication;

namespace norikv::widgets {

enum class ThemePreference { System, Light, Dark };

/// The one source of colours and fonts. Owned by the application, handed to widgets by reference; it outlives
/// them. Widgets that paint themselves read tokens() while painting and update on changed().
class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(ThemePreference preference = ThemePreference::System, QObject* parent = nullptr);

    ThemeKind kind() const;
    bool isDark() const { return kind() == ThemeKind::Dark; }
    const Tokens& tokens() const { return tokensFor(kind(), m_accent); }
    ThemePreference preference() const { return m_preference; }

    /// Takes effect at once on the application given to apply().
    void setPreference(ThemePreference preference);

    Accent accent() const { return m_accent; }
    /// Takes effect at once, as setPreference() does.
    void setAccent(Accent accent);

    /// Sets Fusion, palette, font and style sheet. Call once, before the first window is shown.
    void apply(QApplication& app);

    /// Fades and slides are skipped when set; widgets ask before they animate.
    bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }

    static QFont baseFont(); ///< 10 pt; Inter where installed
    static QFont smallFont(); ///< 9 pt, captions and chart labels
    static QFont monoFont(); ///< keys and values; JetBrains Mono where installed

Q_SIGNALS:
    void changed();

private:
    void paintApplication();

    QApplication* m_app = nullptr;
    ThemePreference m_preference;
    Accent m_accent = Accent::Usual;
    bool m_systemDark = false;
    bool m_reducedMotion = false;
};

} // namespace norikv::widgets
