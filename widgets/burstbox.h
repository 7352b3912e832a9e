// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitfeed.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

/// A closed run: clients with differing clocks send at once, and the sheet says how many were let in, how
/// many may be, and which rule caught it.
class BurstBox : public QFrame {
    Q_OBJECT

public:
    /// feed must outlive the widget.
    explicit BurstBox(models::RateLimitFeed& feed, QWidget* parent = nullptr);

    /// The button that writes, for whoever greys it while the connection is read-only.
    QPushButton* sendButton() const { return m_send; }

private:
    void send();
    void refresh();
    QString resultText() const;

    models::RateLimitFeed& m_feed;
    QSpinBox* m_most = nullptr;
    QSpinBox* m_window = nullptr; ///< seconds
    QSpinBox* m_clients = nullptr;
    QSpinBox* m_each = nullptr;
    QSpinBox* m_pace = nullptr; ///< requests a second of one client; 0 = as fast as it can
    QSpinBox* m_skew = nullptr; ///< seconds
    QCheckBox* m_documents = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_result = nullptr;
};

} // namespace norikv::widgets
