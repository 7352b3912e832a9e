// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitfeed.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// One rate limit: how much of it is used, what would become of the next request, what is odd; and what can
/// be done to it. Looking at it counts nothing.
class RateLimitInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    RateLimitInspector(models::RateLimitFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    /// The limit of this identifier is to be set.
    void limitRequested(const QByteArray& identifier);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    client::Bytes identifier() const { return client::identifierOf(m_shown).value_or(m_shown); }

    models::RateLimitFeed& m_feed;
    ElidedLabel* m_name = nullptr;
    QLabel* m_trouble = nullptr;
    QLabel* m_next = nullptr;
    KeyValueList* m_facts = nullptr;
    QWidget* m_body = nullptr;
    QPushButton* m_check = nullptr;
    client::Bytes m_shown;
    QTimer m_tick;
};

} // namespace norikv::widgets
