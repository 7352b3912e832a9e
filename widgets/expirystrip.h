// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sessionbook.h"

#include <QWidget>

namespace norikv::widgets {

class Theme;

/// How many sessions end in each minute from now, by role, and under it how many are still there then. A cell
/// says its number; choosing one filters the list. Arrow keys move, Enter chooses, Escape lets go.
class ExpiryStrip : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit ExpiryStrip(const Theme& theme, QWidget* parent = nullptr);

    void setStrip(const models::SessionStrip& strip);
    /// The chosen cell, as the list is filtered; an empty role = the whole minute.
    void setChosen(const QString& role, std::optional<int> minute);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {320, sizeHint().height()}; }

Q_SIGNALS:
    /// Nothing chosen any more = an empty role and no minute (-1).
    void chosen(const QString& role, int minute);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Cell {
        int row = -1; ///< of the roles; -1 = the curve: a whole minute
        int minute = -1;
        bool valid() const { return minute >= 0; }
    };
    int rows() const { return static_cast<int>(m_strip.roles.size()); }
    double columnLeft(int minute) const;
    Cell cellAt(const QPointF& at) const;
    void choose(const Cell& cell);
    QString describe(const Cell& cell) const;
    void paintCells(QPainter& painter) const;
    void paintCurve(QPainter& painter) const;

    const Theme& m_theme;
    models::SessionStrip m_strip;
    QString m_role;
    std::optional<int> m_minute;
    Cell m_cursor{0, 0};
};

} // namespace norikv::widgets
