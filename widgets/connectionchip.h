// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QColor>

namespace norikv::widgets {

class Theme;

enum class LinkState { Offline, Connecting, Online, Degraded };

/// Names the deployment at the top of the window: a dot in the environment's colour, and the profile name.
/// The dot's shape tells the link: filled = online, ring = connecting, half = degraded, crossed ring =
/// offline.
class ConnectionChip : public QAbstractButton {
    Q_OBJECT

public:
    /// theme must outlive the chip.
    explicit ConnectionChip(const Theme& theme, QWidget* parent = nullptr);

    /// An invalid colour takes the theme's ok tone.
    void setConnection(const QString& name, const QColor& environment, LinkState state);

    LinkState state() const { return m_state; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintDot(QPainter& painter, const QRectF& box) const;

    const Theme& m_theme;
    QColor m_environment;
    LinkState m_state = LinkState::Offline;
};

} // namespace norikv::widgets
