// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leasefeed.h"

#include <QWidget>

namespace norikv::plots {
class Histogram;
}

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// One election: who leads, how regular the heartbeats are, what is wrong; and candidates of this program's
/// own.
class LeaseInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    LeaseInspector(models::LeaseFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void refreshJitter(const client::HeartbeatStats& beats);
    void refreshCandidates();

    models::LeaseFeed& m_feed;
    ElidedLabel* m_name = nullptr;
    QLabel* m_trouble = nullptr;
    KeyValueList* m_facts = nullptr;
    plots::Histogram* m_jitter = nullptr;
    QPushButton* m_open = nullptr;
    QLineEdit* m_election = nullptr;
    QLineEdit* m_node = nullptr;
    QSpinBox* m_lease = nullptr;
    QVBoxLayout* m_candidates = nullptr;
    client::Bytes m_shown;
    std::vector<std::pair<client::Bytes, QString>> m_listed;
};

} // namespace norikv::widgets
