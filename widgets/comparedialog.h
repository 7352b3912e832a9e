// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keycompare.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace norikv::widgets {

class DiffView;
class ElidedLabel;
class Theme;

/// Two keys side by side: one is given, the other is typed.
class CompareDialog : public QDialog {
    Q_OBJECT

public:
    CompareDialog(models::Dispatcher& dispatcher, client::Connection& connection, const client::Bytes& left,
        const Theme& theme, QWidget* parent = nullptr);

private:
    void compare();
    void refresh();

    models::KeyCompare m_compare;
    client::Bytes m_leftKey;
    ElidedLabel* m_left = nullptr;
    QLineEdit* m_right = nullptr;
    QPushButton* m_go = nullptr;
    QLabel* m_remark = nullptr;
    DiffView* m_diff = nullptr;
};

} // namespace norikv::widgets
