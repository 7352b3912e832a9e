// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// What turns events into a state: one of the program's reducers, or a few lines of a person's JavaScript,
/// written here. The combo box stands elsewhere, in a title line; this is what unfolds under it.
class ReducerBox : public QWidget {
    Q_OBJECT

public:
    /// Ids of the combo box: empty = what fits the types, "bank", "merge", "counter", "script".
    struct Choice {
        QString id;
        QString script; ///< kept while another one is chosen
        bool operator==(const Choice&) const = default;
    };
    /// theme must outlive the box.
    explicit ReducerBox(const Theme& theme, QWidget* parent = nullptr);

    QComboBox* combo() const { return m_combo; } ///< to be placed; belongs to whoever does so
    const Choice& choice() const { return m_choice; }
    /// Without telling it back.
    void setChoice(const Choice& choice);
    /// What is wrong with the script; empty = nothing.
    void setProblem(const QString& problem);

Q_SIGNALS:
    void chosen();

private:
    void use();
    void refresh();

    Choice m_choice;
    QComboBox* m_combo = nullptr;
    QPlainTextEdit* m_editor = nullptr;
    QPushButton* m_use = nullptr;
    FieldHint* m_hint = nullptr;
};

} // namespace norikv::widgets
