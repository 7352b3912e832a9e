// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventreplay.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSlider;

namespace norikv::widgets {

class ElidedLabel;
class TabularLabel;
class Theme;

/// Where in a stream one stands: a slider over its events, play and step, speed, and what to stop at.
class ReplayBar : public QWidget {
    Q_OBJECT

public:
    /// replay and theme must outlive the bar.
    ReplayBar(models::EventReplay& replay, const Theme& theme, QWidget* parent = nullptr);

private:
    QWidget* makeButtons();
    QWidget* makeStops();
    /// The condition as typed; says beside the field what is wrong with it.
    std::optional<client::StateCondition> condition();
    void refresh();
    void say(const QString& text);

    models::EventReplay& m_replay;
    const Theme& m_theme;
    QPushButton* m_older = nullptr;
    QPushButton* m_play = nullptr;
    QPushButton* m_newer = nullptr;
    QPushButton* m_newest = nullptr;
    QSlider* m_slider = nullptr;
    TabularLabel* m_where = nullptr;
    QComboBox* m_speed = nullptr;
    QLineEdit* m_stop = nullptr;
    QPushButton* m_find = nullptr;
    ElidedLabel* m_word = nullptr;
    bool m_syncing = false;
};

} // namespace norikv::widgets
