// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitfeed.h"

#include <QFrame>

class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace norikv::widgets {

/// The limits by prefix of the identifier: what the profile declares and what is set here. Nothing is written
/// to the store: a limit says what its keys are held to.
class LimitsEditor : public QFrame {
    Q_OBJECT

public:
    /// feed must outlive the widget.
    explicit LimitsEditor(models::RateLimitFeed& feed, QWidget* parent = nullptr);

    /// Fills the form for this identifier: its prefix and the limit it is held to.
    void edit(const client::Bytes& identifier);

private:
    void refresh();
    void choose(int row);
    void fill(const client::Bytes& prefix, const client::RateLimit& limit);
    void apply();

    models::RateLimitFeed& m_feed;
    QTableWidget* m_table = nullptr;
    QLineEdit* m_prefix = nullptr;
    QSpinBox* m_most = nullptr;
    QDoubleSpinBox* m_window = nullptr; ///< seconds
    QPushButton* m_apply = nullptr;
    QPushButton* m_forget = nullptr;
};

} // namespace norikv::widgets
