// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

#include <QFrame>
#include <QTimer>

#include <chrono>

class QLabel;
class QPropertyAnimation;
class QPushButton;
class QToolButton;

namespace norikv::widgets {

class TabularLabel;
class Theme;

struct Notice {
    Tone tone = Tone::Info; ///< Info, Ok, Warning or Danger
    QString text{};
    QString action{}; ///< button text; empty = no button
    std::chrono::milliseconds hideAfter{0}; ///< 0 = stays until closed
};

/// The strip at the top of a page that says what happened. It holds one notice: the newest wins, and the same
/// notice again only raises a counter. Never steals focus.
class NoticeBar : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the bar.
    explicit NoticeBar(const Theme& theme, QWidget* parent = nullptr);

    void showNotice(const Notice& notice);
    void closeNotice();

    bool isOpen() const { return m_open; }
    int repeats() const { return m_repeats; } ///< how often the shown notice came, 1 at first
    QString text() const { return m_notice.text; }

Q_SIGNALS:
    void actionTriggered();
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void slide(bool open);
    void restyle();

    const Theme& m_theme;
    Notice m_notice;
    int m_repeats = 0;
    bool m_open = false;
    QLabel* m_icon;
    QLabel* m_text;
    TabularLabel* m_count;
    QPushButton* m_action;
    QToolButton* m_close;
    QPropertyAnimation* m_slide;
    QTimer m_hide;
};

} // namespace norikv::widgets
