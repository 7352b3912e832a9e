// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journalfeed.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace norikv::widgets {

class Theme;

/// Asks before one write is taken back, and then says exactly what was found and done.
class UndoDialog : public QDialog {
    Q_OBJECT

public:
    /// The feed must outlive the dialog; the entry is copied.
    UndoDialog(models::JournalFeed& feed, const client::JournalEntry& entry, QWidget* parent = nullptr);

private:
    void begin(bool force);
    void tell(const client::UndoReport& report);

    models::JournalFeed& m_feed;
    const std::uint64_t m_id;
    QLabel* m_summary;
    QLabel* m_steps;
    QLabel* m_bestEffort;
    QPushButton* m_undo;
    QPushButton* m_force;
    QPushButton* m_close;
};

} // namespace norikv::widgets
