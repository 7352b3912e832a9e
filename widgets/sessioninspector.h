// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sessionfeed.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// One session: whose, until when, what is odd; and what can be done to it. Looking at it keeps nothing
/// alive.
class SessionInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    SessionInspector(models::SessionFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();

    models::SessionFeed& m_feed;
    ElidedLabel* m_name = nullptr;
    QLabel* m_trouble = nullptr;
    KeyValueList* m_facts = nullptr;
    QWidget* m_body = nullptr;
    QLineEdit* m_roles = nullptr;
    QPushButton* m_applyRoles = nullptr;
    QPushButton* m_touch = nullptr;
    QPushButton* m_revoke = nullptr;
    client::Bytes m_shown;
    QString m_storedRoles;
    QTimer m_tick;
};

} // namespace norikv::widgets
