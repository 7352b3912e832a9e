// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace norikv::widgets {

class Theme;

/// What a page shows when there is nothing to show: why, and what to do next.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit EmptyState(const Theme& theme, QWidget* parent = nullptr);

    /// One headline and one sentence. Replaces the content, keeps the actions.
    void setContent(const QString& iconId, const QString& headline, const QString& sentence);

    /// Adds a button, the first one primary; at most three, then null is returned. Owned by the widget.
    QPushButton* addAction(const QString& text);
    void clearActions();

private:
    void restyle();

    const Theme& m_theme;
    QString m_iconId;
    QLabel* m_icon;
    QLabel* m_headline;
    QLabel* m_sentence;
    QHBoxLayout* m_actions;
};

} // namespace norikv::widgets
