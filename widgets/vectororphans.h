// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <string>
#include <vector>

class QLabel;
class QTableWidget;

namespace norikv::widgets {

/// Vectors without metadata and metadata without a vector. Enter or a double click shows the key.
class VectorOrphans : public QFrame {
    Q_OBJECT

public:
    static constexpr std::size_t Most = 500; ///< shown of each kind

    explicit VectorOrphans(QWidget* parent = nullptr);

    void setOrphans(const std::vector<std::string>& vectors, const std::vector<std::string>& metas);

Q_SIGNALS:
    void idActivated(const std::string& id);

private:
    QLabel* m_words;
    QTableWidget* m_table;
};

} // namespace norikv::widgets
