// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keycreation.h"

#include <QDialog>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

class FieldHint;
class Theme;
class ValueEdit;

/// Names a new key, its value and its expiry, and creates it unless it exists; then it says what is there.
/// Non-modal.
class NewKeyDialog : public QDialog {
    Q_OBJECT

public:
    /// Takes `creation` over. Whatever is typed is a key under `prefix`; empty = any key.
    NewKeyDialog(std::unique_ptr<models::KeyCreation> creation, const Theme& theme,
        const client::Bytes& prefix, QWidget* parent = nullptr);
    ~NewKeyDialog() override;

    /// Starts from what is stored under `source`: its value byte for byte, and what is left of its life.
    void copyFrom(const client::Bytes& source);

    /// Not while a write is under way: what became of it is told first.
    void reject() override;

Q_SIGNALS:
    /// Open this key: it was created, or the person wants to see the one that exists.
    void openRequested(const QByteArray& key);
    void said(const QString& text);

private:
    QWidget* makeKeyRow();
    QWidget* makeExpiryRow();
    std::optional<client::Bytes> key() const;
    client::Bytes value() const;
    void keepPasted(const QString& text);
    void take(const models::KeyCreation::Source& source);
    void check();
    void create();
    void tell(const models::KeyCreation::Made& made);

    std::unique_ptr<models::KeyCreation> m_creation;
    const Theme& m_theme;
    const client::Bytes m_prefix;
    client::Bytes m_source; ///< empty = a key from nothing
    std::optional<client::Bytes> m_fixed; ///< a value that no editor keeps as it is
    bool m_reading = false; ///< the value to copy is not here (yet)
    bool m_consent = false; ///< the guard asked, and the next click answers
    client::Bytes m_there; ///< the key that was refused because it exists
    QLineEdit* m_key = nullptr;
    FieldHint* m_hint = nullptr;
    ValueEdit* m_value = nullptr;
    QComboBox* m_expiry = nullptr;
    QSpinBox* m_seconds = nullptr;
    QLabel* m_expiryNote = nullptr;
    QLabel* m_outcome = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_create = nullptr;
};

} // namespace norikv::widgets
