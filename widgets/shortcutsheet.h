// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QKeySequence>

#include <vector>

class QLabel;
class QLineEdit;
class QTableWidget;

namespace norikv::widgets {

/// One row of the sheet.
struct ShortcutRow {
    QString keys; ///< as the system writes them
    QString what;
    bool operator==(const ShortcutRow&) const = default;
};

/// Every shortcut below `window`: of actions that have one, and of QShortcuts that say in whatsThis() what
/// they do. Each key and meaning once, sorted by meaning.
std::vector<ShortcutRow> shortcutsOf(const QWidget& window);

/// All shortcuts, found by typing a key or a word.
class ShortcutSheet : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutSheet(std::vector<ShortcutRow> rows, QWidget* parent = nullptr);

private:
    void filter(const QString& text);

    std::vector<ShortcutRow> m_rows;
    QLineEdit* m_field;
    QTableWidget* m_table;
    QLabel* m_none;
};

} // namespace norikv::widgets
