// SPDX-License-Identifier: GPL-3.0-or-later
// The usual Qt way to filter a list of keys, and the least that a search can cost.
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QTableView>

#include <memory>
#include <string>
#include <vector>

namespace norikv::bench {

/// Keys in a table model behind QSortFilterProxyModel, in a visible view.
class ProxyList {
public:
    explicit ProxyList(std::vector<QString> keys);
    /// Filters by a part of the key and paints; in ms, all of it on the GUI thread.
    double filterMs(const QString& text);

private:
    std::unique_ptr<QAbstractTableModel> m_keys;
    QSortFilterProxyModel m_proxy;
    QTableView m_view;
};

/// One pass of memmem over all keys, in ms.
double memmemPassMs(const std::string& bytes, const std::string& needle);

/// std::sort of an index vector by the numbers or texts it points at, in ms.
double indexSortMs(const std::vector<std::uint32_t>& numbers);
double indexSortMs(const std::vector<std::string>& texts);

/// Heap per row of QStandardItemModel with five columns, in bytes.
double standardItemBytes(int rows);

} // namespace norikv::bench
