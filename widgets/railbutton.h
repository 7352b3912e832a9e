// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace norikv::widgets {

class Theme;

/// One entry of the SideRail: icon and name, a soft pill with accent icon when checked.
class RailButton : public QAbstractButton {
    Q_OBJECT

public:
    RailButton(const Theme& theme, const QString& iconId, const QString& text, QWidget* parent = nullptr);

    /// Only the icon is painted; the name stays in the tool tip and for screen readers.
    void setIconOnly(bool iconOnly);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const Theme& m_theme;
    QString m_iconId;
    bool m_iconOnly = false;
};

} // namespace norikv::widgets
