// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <QWidget>

#include <vector>

class QFrame;
class QVBoxLayout;

namespace norikv::widgets {

class ChoiceCard;
class Theme;

/// What a person sees first: three ways to begin, the first of them one Enter away, and the connections used
/// before.
class StartPage : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the page.
    explicit StartPage(const Theme& theme, QWidget* parent = nullptr);

    /// Newest first; the page shows the first five.
    void setRecent(const std::vector<client::Profile>& profiles);

Q_SIGNALS:
    void demoChosen();
    void sandboxChosen();
    void connectChosen();
    void profileChosen(const QString& id);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* heading();
    QWidget* choices();
    QWidget* promise();

    const Theme& m_theme;
    ChoiceCard* m_demo;
    QFrame* m_recent;
    QVBoxLayout* m_recentRows;
};

} // namespace norikv::widgets
