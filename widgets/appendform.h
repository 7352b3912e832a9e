// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventbook.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// A new event: its type, and the fields that the last event of this type had; or its data as JSON.
class AppendForm : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the form.
    explicit AppendForm(const Theme& theme, QWidget* parent = nullptr);

    /// Types that were met, each with an example of its data. Keeps what is being typed.
    void setTypes(const std::vector<models::EventTypeCount>& types);
    /// Greyed with the reason; empty = it can be appended.
    void setRefusal(const QString& why);
    /// The data as JSON, or nothing and says what is wrong.
    std::optional<QByteArray> data();

Q_SIGNALS:
    void appendRequested(const QString& type, const QByteArray& data);

private:
    struct Field {
        std::string name; ///< as written: a JSON text with its quotation marks
        bool text = false; ///< the last event had a text here, so what is typed is one
        QLineEdit* edit = nullptr;
    };
    void showFields();
    void append();

    std::vector<models::EventTypeCount> m_types;
    QComboBox* m_type = nullptr;
    QFormLayout* m_form = nullptr;
    std::vector<Field> m_fields;
    QPlainTextEdit* m_json = nullptr; ///< instead of fields, where the data is no small object
    QLabel* m_about = nullptr;
    FieldHint* m_hint = nullptr;
    QPushButton* m_append = nullptr;
    QString m_shownType;
};

} // namespace norikv::widgets
