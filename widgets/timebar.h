// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timecursor.h"

#include <QFrame>

class QLabel;
class QMenu;
class QPushButton;
class QSlider;
class QToolButton;

namespace norikv::widgets {

class TabularLabel;
class Theme;

/// The bar of the time cursor: which moment all panels show, a slider over what is recorded, and the way back
/// to LIVE. Hidden while LIVE.
class TimeBar : public QFrame {
    Q_OBJECT

public:
    explicit TimeBar(const Theme& theme, QWidget* parent = nullptr);

    /// Shows this cursor, or nothing for null. It must outlive the next call.
    void setCursor(models::TimeCursor* cursor);

Q_SIGNALS:
    /// A person chose how much is kept; the cursor has it already.
    void limitsChosen(const models::TimeCursor::Limits& limits);

private:
    void refresh();
    void dragged(int value);
    void fillLimits();
    void choose(const models::TimeCursor::Limits& limits);

    const Theme& m_theme;
    models::TimeCursor* m_cursor = nullptr;
    EpochMs m_fromMs = 0; ///< the left end of the slider
    QLabel* m_state;
    QToolButton* m_back;
    QSlider* m_slider;
    QToolButton* m_forth;
    TabularLabel* m_text;
    QMenu* m_limits;
    QPushButton* m_live;
};

} // namespace norikv::widgets
