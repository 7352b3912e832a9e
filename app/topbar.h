// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"
#include "models/counterfeed.h"

#include <QFrame>

class QLineEdit;
class QMenu;
class QPushButton;
class QStringListModel;
class QToolButton;

namespace norikv::widgets {
class ConnectionChip;
class Theme;
} // namespace norikv::widgets

namespace norikv::app {

/// The strip over the window: menu, name, connection, the field that opens anything, guard mode, pause.
class TopBar : public QFrame {
    Q_OBJECT

public:
    TopBar(const widgets::Theme& theme, QMenu& menu, QWidget* parent = nullptr);

    widgets::ConnectionChip& chip() { return *m_chip; }
    void setGuard(client::GuardMode mode);
    void setPaused(bool paused);
    void togglePause(); ///< as a click on the button
    /// Controls that need a connection.
    void setConnected(bool connected);
    /// Whose keys the field opens, said in it; empty = anybody's.
    void setFieldOwner(const QString& owner);
    void setSuggestions(const QStringList& names);
    void focusField();

Q_SIGNALS:
    void opened(const QString& text);
    void guardChosen(norikv::client::GuardMode mode);
    void pauseToggled(bool paused);
    void chipClicked();

private:
    const widgets::Theme& m_theme;
    widgets::ConnectionChip* m_chip;
    QLineEdit* m_field;
    QStringListModel* m_suggestions;
    QPushButton* m_guard;
    QPushButton* m_pause;
};

} // namespace norikv::app
