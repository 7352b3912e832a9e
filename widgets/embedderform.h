// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <QFrame>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QWidget;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// Chooses what makes vectors of texts: the table that comes along, an endpoint, or nothing.
class EmbedderForm : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the form.
    explicit EmbedderForm(const Theme& theme, QWidget* parent = nullptr);

    void setSettings(const client::EmbedderSettings& settings);
    client::EmbedderSettings settings() const;
    /// Why what was chosen last cannot be used; empty = it can.
    void setProblem(const QString& problem);

Q_SIGNALS:
    /// `key` is for this run alone and is written nowhere; empty = from the variable, or none.
    void chosen(const norikv::client::EmbedderSettings& settings, const QString& key);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    QComboBox* m_kind;
    QWidget* m_endpoint;
    QLineEdit* m_url;
    QLineEdit* m_model;
    QSpinBox* m_batch;
    QLineEdit* m_key;
    QLineEdit* m_keyVariable;
    FieldHint* m_hint;
    QPushButton* m_apply;
};

} // namespace norikv::widgets
