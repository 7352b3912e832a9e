// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace norikv::widgets {

class Theme;

/// The path of a file: typed, browsed for, or dropped.
class PathField : public QLineEdit {
    Q_OBJECT

public:
    /// `title` heads the file dialog; theme must outlive the field.
    PathField(const Theme& theme, const QString& title, QWidget* parent = nullptr);

protected:
    void dropEvent(QDropEvent* event) override;

private:
    void browse();

    QString m_title;
};

} // namespace norikv::widgets
