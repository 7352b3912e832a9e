// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QProgressBar;
class QPushButton;

namespace norikv::widgets {

class ElidedLabel;

/// One line about work under way: what, how far, and a way to stop it. Hidden while nothing runs.
class ProgressStrip : public QWidget {
    Q_OBJECT

public:
    explicit ProgressStrip(QWidget* parent = nullptr);
    void setCanCancel(bool can); ///< true at first

    /// `share` is 0 to 1; below 0 = how far is not known.
    void showProgress(const QString& what, double share);
    void done() { hide(); }

Q_SIGNALS:
    void cancelled();

private:
    ElidedLabel* m_what;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

} // namespace norikv::widgets
