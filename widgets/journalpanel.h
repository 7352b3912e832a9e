// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/copyas.h"
#include "models/journalfeed.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace norikv::widgets {

class Theme;

/// Every write of this connection with the value before and after; takes one back, exports them all.
class JournalPanel : public QWidget {
    Q_OBJECT

public:
    JournalPanel(
        models::JournalFeed& feed, client::CopyTarget target, const Theme& theme, QWidget* parent = nullptr);

    /// Filter and buttons, to be placed beside the panel's tab. Belongs to whoever places it.
    QWidget* tools() const { return m_tools; }
    /// Asks about the selected write, or the last one when none is selected.
    void undoSelected();
    /// Asks about the last write that can be taken back; says so when there is none.
    void undoLast();

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    /// A bulk job is undone from its file by whoever runs bulk jobs.
    void bulkUndoRequested(const QString& undoFile);
    void message(const QString& text, bool bad);

private:
    void ask(const client::JournalEntry* entry);
    void exportAs(models::JournalFeed::Format format);
    void copySelection() const;
    void refresh();
    client::Result<client::ShownOperation> shownOperation() const;
    const client::JournalEntry* current() const;

    models::JournalFeed& m_feed;
    const client::CopyTarget m_target;
    QWidget* m_tools;
    QTableView* m_table;
    QLineEdit* m_filter;
    QLabel* m_damaged;
    QToolButton* m_undo;
};

} // namespace norikv::widgets
