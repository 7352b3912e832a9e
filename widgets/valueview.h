// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/valuelayout.h"

#include <QAbstractScrollArea>

namespace norikv::widgets {

class Theme;

/// A read-only view of a laid out value that shapes only the lines on screen, so a megabyte costs what a page
/// costs.
class ValueView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ValueView(const Theme& theme, QWidget* parent = nullptr);

    /// `keepPlace` leaves the view scrolled where it is.
    void setLayoutLines(models::ValueLayout layout, bool keepPlace = false);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void updateBars();
    void paintJson(QPainter& painter, int x, int y, const QString& line) const;

    const Theme& m_theme;
    models::ValueLayout m_value;
};

} // namespace norikv::widgets
