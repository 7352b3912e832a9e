// SPDX-License-Identifier: GPL-3.0-or-later
#include "ceilings/proxylist.h"

#include "guithread.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QStandardItemModel>

#include <algorithm>
#include <chrono>
#include <numeric>

#include <string.h> // memmem is not in <cstring>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

double since(steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

class Keys final : public QAbstractTableModel {
public:
    explicit Keys(std::vector<QString> keys)
        : m_keys(std::move(keys))
    {
    }
    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 1; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(m_keys[static_cast<std::size_t>(index.row())]) : QVariant();
    }

private:
    std::vector<QString> m_keys;
};

template <class T> double sortMs(const std::vector<T>& values)
{
    std::vector<std::uint32_t> index(values.size());
    std::iota(index.begin(), index.end(), 0U);
    const auto start = steady_clock::now();
    std::sort(
        index.begin(), index.end(), [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
    return since(start);
}

} // namespace

ProxyList::ProxyList(std::vector<QString> keys)
    : m_keys(std::make_unique<Keys>(std::move(keys)))
{
    m_proxy.setSourceModel(m_keys.get());
    m_view.setModel(&m_proxy);
    m_view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view.resize(1200, 800);
    m_view.show();
    spin(0.1);
}

double ProxyList::filterMs(const QString& text)
{
    const auto start = steady_clock::now();
    m_proxy.setFilterFixedString(text);
    m_view.viewport()->repaint();
    return since(start);
}

double memmemPassMs(const std::string& bytes, const std::string& needle)
{
    const auto start = steady_clock::now();
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::size_t hits = 0;
    while (
        const void* found = ::memmem(at, static_cast<std::size_t>(end - at), needle.data(), needle.size())) {
        at = static_cast<const char*>(found) + 1;
        ++hits;
    }
    return hits == 0 ? 0 : since(start);
}

double indexSortMs(const std::vector<std::uint32_t>& numbers) { return sortMs(numbers); }
double indexSortMs(const std::vector<std::string>& texts) { return sortMs(texts); }

double standardItemBytes(int rows)
{
    const double before = heapInUse();
    QStandardItemModel model;
    for (int row = 0; row < rows; ++row) {
        QList<QStandardItem*> items;
        for (int column = 0; column < 5; ++column)
            items.push_back(new QStandardItem(QStringLiteral("key:%1").arg(row)));
        model.appendRow(items);
    }
    return (heapInUse() - before) / rows;
}

} // namespace norikv::bench
