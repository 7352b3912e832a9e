// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace norikv::widgets {

class Theme;

/// One line that opens a saved connection: dot, name, addresses, environment.
class RecentRow : public QAbstractButton {
    Q_OBJECT

public:
    struct Content {
        QString name;
        QString addresses;
        QString environment;
        QString colour; ///< #rrggbb or empty
    };

    /// theme must outlive the row.
    RecentRow(const Theme& theme, const Content& content, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const Theme& m_theme;
    Content m_content;
};

} // namespace norikv::widgets
