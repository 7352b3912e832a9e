// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

#include <QWidget>

namespace norikv::widgets {

class Theme;

/// Icon and text on a soft pill. The tone's icon says what the colour says. Hidden while it has no text.
class Badge : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the badge.
    explicit Badge(const Theme& theme, QWidget* parent = nullptr);

    /// An empty iconId takes the icon of the tone.
    void setBadge(Tone tone, const QString& text, const QString& iconId = {});
    void clear();

    Tone tone() const { return m_tone; }
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Tone m_tone = Tone::Neutral;
    QString m_text;
    QString m_iconId;
};

} // namespace norikv::widgets
