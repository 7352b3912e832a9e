// SPDX-License-Identifier: GPL-3.0-or-later
// The small forms of the vectors page. Each opens under the line of the index, Esc closes it.
#pragma once

#include "models/vectorfeed.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

/// A new index: name, dimensions, distance and type.
class NewIndexForm : public QFrame {
    Q_OBJECT

public:
    explicit NewIndexForm(models::VectorFeed& feed, QWidget* parent = nullptr);

Q_SIGNALS:
    void creating(const std::string& name); ///< it is listed a little later, if at all

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    models::VectorFeed& m_feed;
    QLineEdit* m_name;
    QSpinBox* m_dimensions;
    QComboBox* m_distance;
    QComboBox* m_type;
    QPushButton* m_create;
    QLabel* m_hint;
};

/// A text to be made a vector and stored with its metadata in the chosen index.
class IndexTextForm : public QFrame {
    Q_OBJECT

public:
    explicit IndexTextForm(models::VectorFeed& feed, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    models::VectorFeed& m_feed;
    QLineEdit* m_id;
    QLineEdit* m_title;
    QLineEdit* m_theme;
    QPlainTextEdit* m_text;
    QPushButton* m_store;
    QLabel* m_hint;
};

/// Drops an index after its name was typed.
class DropIndexForm : public QFrame {
    Q_OBJECT

public:
    explicit DropIndexForm(models::VectorFeed& feed, QWidget* parent = nullptr);

    void ask(const std::string& name);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    models::VectorFeed& m_feed;
    std::string m_index;
    QLabel* m_question;
    QLineEdit* m_typed;
    QPushButton* m_drop;
};

} // namespace norikv::widgets
