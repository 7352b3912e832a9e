// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QDialog>

#include <cstdint>
#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

/// Asks for a counter by name, and whether it is sharded: a server that cannot list keys must be told.
class OpenCounterDialog : public QDialog {
    Q_OBJECT

public:
    explicit OpenCounterDialog(QWidget* parent = nullptr);

Q_SIGNALS:
    /// `shards` is empty for a basic counter.
    void chosen(const norikv::client::Bytes& name, std::optional<std::uint32_t> shards);

private:
    void check();
    void choose();

    QLineEdit* m_name;
    QCheckBox* m_sharded;
    QSpinBox* m_shards;
    QLabel* m_problem;
    QPushButton* m_open;
};

} // namespace norikv::widgets
