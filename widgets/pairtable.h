// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <utility>
#include <vector>

class QPushButton;
class QTableWidget;

namespace norikv::widgets {

/// A small table of two texts per row, edited in place. The last row is always empty: typing there adds one.
/// Del removes the selected rows.
class PairTable : public QWidget {
    Q_OBJECT

public:
    using Pairs = std::vector<std::pair<QString, QString>>;

    PairTable(const QString& left, const QString& right, QWidget* parent = nullptr);

    void setPairs(const Pairs& pairs);
    Pairs pairs() const; ///< trimmed; rows with two empty cells are left out
    QTableWidget* table() const { return m_table; }

Q_SIGNALS:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QString textAt(int row, int column) const;
    void keepEmptyRow();
    void removeSelected();

    QTableWidget* m_table;
    QPushButton* m_remove;
};

} // namespace norikv::widgets
