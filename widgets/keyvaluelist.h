// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace norikv::widgets {

struct KeyValueRow {
    QString key;
    QString value{}; ///< right end, tabular digits
    QString middle = {}; ///< optional third column
    bool monoKey = false; ///< keys of the store are set in monospace
};

/// Facts, one per hairline row: name left, value right. Keeps its row widgets when only texts change.
class KeyValueList : public QWidget {
    Q_OBJECT

public:
    explicit KeyValueList(QWidget* parent = nullptr);

    void setRows(const std::vector<KeyValueRow>& rows);
    int rowCount() const { return int(m_rows.size()); }

private:
    class Row;

    QVBoxLayout* m_column;
    std::vector<Row*> m_rows; // children
};

} // namespace norikv::widgets
