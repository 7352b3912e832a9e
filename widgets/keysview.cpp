// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keysview.h"

#include "models/text.h"
#include "widgets/delegates/keydelegate.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QTreeView>

#include <algorithm>
#include <array>
#include <functional>

namespace norikv::widgets {

using models::KeyColumn;
using models::KeyOrder;

namespace {

constexpr std::array<int, models::KeyColumns> Widths{320, 150, 84, 104, 96, 64};

std::optional<KeyOrder::By> orderOf(KeyColumn column)
{
    switch (column) {
    case KeyColumn::Key:
        return KeyOrder::By::Key;
    case KeyColumn::Kind:
        return KeyOrder::By::Kind;
    case KeyColumn::Size:
        return KeyOrder::By::Size;
    case KeyColumn::Expires:
        return KeyOrder::By::Expiry;
    case KeyColumn::Version:
        return KeyOrder::By::Version;
    case KeyColumn::Shard:
        break; // is not kept, and says nothing sorted
    }
    return std::nullopt;
}

int columnOf(KeyOrder::By by)
{
    for (int column = 0; column < models::KeyColumns; ++column) {
        if (orderOf(KeyColumn(column)) == by)
            return column;
    }
    return 0;
}

void layOut(QHeaderView& header)
{
    header.setStretchLastSection(false);
    header.setSectionResizeMode(QHeaderView::Interactive);
    for (int column = 0; column < models::KeyColumns; ++column)
        header.resizeSection(column, Widths[std::size_t(column)]);
    header.setSectionResizeMode(int(KeyColumn::Key), QHeaderView::Stretch);
    header.setMinimumSectionSize(56);
}

} // namespace

/// Lets the scroll bar know at once how many rows there are.
class PlaceKeepingTable : public QTableView {
public:
    using QTableView::QTableView;
    using QTableView::updateGeometries;
};

KeysView::KeysView(models::KeysFeed& feed, const Clock& clock, const Theme& theme, std::uint32_t totalShards,
    QWidget* parent)
    : QStackedWidget(parent)
    , m_feed(feed)
    , m_clock(clock)
    , m_totalShards(totalShards)
    , m_listModel(feed.view())
    , m_treeModel(feed.view())
    , m_delegate(new KeyDelegate(theme, this))
{
    refreshContext();
    makeTable();
    makeTree();
    addWidget(m_tree);
    addWidget(m_table);
    // After the models, which must have spoken to the views first.
    connect(&feed.view(), &models::KeyView::editBegins, this, &KeysView::keepPlace);
    connect(&feed.view(), &models::KeyView::editEnds, this, &KeysView::restorePlace);
    connect(&feed, &models::KeysFeed::stateChanged, this, &KeysView::refreshContext);
    connect(&feed, &models::KeysFeed::openedKeyChanged, this, [this] {
        m_delegate->setOpenedKey(models::toQt(m_feed.openedKey()));
        items().viewport()->update();
    });
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, &KeysView::tick);
    m_recount.setSingleShot(true);
    m_recount.setInterval(30);
    connect(&m_recount, &QTimer::timeout, this, &KeysView::chosenChanged);
}

KeysView::~KeysView() = default;

void KeysView::prepare(QAbstractItemView& view)
{
    view.setItemDelegate(m_delegate);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.setEditTriggers(QAbstractItemView::NoEditTriggers);
    view.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&view, &QAbstractItemView::activated, this, &KeysView::activate);
    connect(&view, &QWidget::customContextMenuRequested, this, [this, &view](const QPoint& at) {
        if (view.indexAt(at).isValid())
            Q_EMIT menuRequested(view.viewport()->mapToGlobal(at));
    });
    connect(view.selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_recount.isActive())
            m_recount.start();
    });
}

void KeysView::makeTable()
{
    m_table = new PlaceKeepingTable;
    m_table->setObjectName(QStringLiteral("keyList"));
    m_table->setAccessibleName(tr("Keys"));
    m_table->setModel(&m_listModel);
    styleTable(*m_table);
    prepare(*m_table);
    auto* header = m_table->horizontalHeader();
    layOut(*header);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(0, Qt::AscendingOrder);
    connect(header, &QHeaderView::sectionClicked, this, [this](int section) {
        const auto by = orderOf(KeyColumn(section));
        if (!by)
            return;
        const KeyOrder now = m_feed.order();
        Q_EMIT orderRequested({*by, now.by == *by && !now.descending});
    });
    connect(&m_feed, &models::KeysFeed::indexed, this, [this, header] {
        const KeyOrder order = m_feed.view().order();
        header->setSortIndicator(
            columnOf(order.by), order.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    });
}

void KeysView::makeTree()
{
    m_tree = new QTreeView;
    m_tree->setObjectName(QStringLiteral("keyTree"));
    m_tree->setAccessibleName(tr("Keys in folders"));
    m_tree->setModel(&m_treeModel);
    styleTree(*m_tree);
    prepare(*m_tree);
    m_tree->setIndentation(18);
    m_tree->setExpandsOnDoubleClick(false); // activation does it, by mouse and keyboard alike
    layOut(*m_tree->header());
    m_tree->header()->setSectionsClickable(false);
}

QAbstractItemView& KeysView::items() const
{
    return m_treeShown ? static_cast<QAbstractItemView&>(*m_tree) : *m_table;
}

void KeysView::setTree(bool tree)
{
    if (tree == m_treeShown)
        return;
    const client::Bytes key = current();
    const bool focused = items().hasFocus();
    m_treeShown = tree;
    m_treeModel.setActive(tree);
    setCurrentIndex(tree ? 0 : 1);
    setCurrent(key);
    if (focused)
        items().setFocus(Qt::OtherFocusReason);
    m_recount.start();
}

void KeysView::refreshContext()
{
    models::KeyCellContext context;
    context.clock = &m_clock;
    context.clockOffsetMs = m_feed.clockOffsetMs();
    context.totalShards = m_totalShards;
    context.partial = m_feed.coverage() != client::Coverage::Complete;
    m_listModel.setContext(context);
    m_treeModel.setContext(context);
}

void KeysView::activate(const QModelIndex& index)
{
    if (index.data(models::FolderRole).toBool()) {
        const QModelIndex row = index.siblingAtColumn(0);
        m_tree->setExpanded(row, !m_tree->isExpanded(row));
        return;
    }
    Q_EMIT keyActivated(models::fromQt(index.data(models::KeyRole).toByteArray()));
}

void KeysView::showEvent(QShowEvent* event)
{
    QStackedWidget::showEvent(event);
    m_second.start();
}

void KeysView::hideEvent(QHideEvent* event)
{
    QStackedWidget::hideEvent(event);
    m_second.stop();
}

/// The countdowns: only what is visible is told and painted.
void KeysView::tick()
{
    if (m_treeShown) {
        m_tree->viewport()->update();
        return;
    }
    const int top = m_table->rowAt(0);
    const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    m_listModel.tick(top, bottom >= 0 ? bottom : m_listModel.rowCount() - 1);
}

void KeysView::keepPlace()
{
    m_anchor.clear();
    if (items().verticalScrollBar()->value() == 0)
        return;
    const QModelIndex top = items().indexAt(QPoint(0, 0));
    if (!top.isValid())
        return;
    m_anchor = models::fromQt(top.data(models::KeyRole).toByteArray());
    m_anchorFolder = top.data(models::FolderRole).toBool();
    m_anchorOffset = items().visualRect(top).top();
}

void KeysView::restorePlace()
{
    if (!m_recount.isActive())
        m_recount.start();
    if (m_anchor.empty() || m_feed.view().touched().appended)
        return;
    QModelIndex row;
    if (m_treeShown) {
        row = m_anchorFolder ? m_treeModel.indexOfFolder(m_anchor) : m_treeModel.indexOf(m_anchor);
    } else {
        m_table->updateGeometries();
        row = m_listModel.indexOf(m_anchor);
    }
    if (!row.isValid())
        return;
    items().scrollTo(row, QAbstractItemView::PositionAtTop);
    auto* bar = items().verticalScrollBar();
    bar->setValue(bar->value() + items().visualRect(row).top() - m_anchorOffset);
}

std::vector<std::pair<std::size_t, std::size_t>> KeysView::chosenRows() const
{
    std::vector<std::pair<std::size_t, std::size_t>> rows;
    for (const auto& range : items().selectionModel()->selection()) {
        if (m_treeShown)
            rows.emplace_back(
                m_treeModel.rowsOf(range.topLeft()).first, m_treeModel.rowsOf(range.bottomRight()).second);
        else
            rows.emplace_back(std::size_t(range.top()), std::size_t(range.bottom()) + 1);
    }
    // A folder and a key inside it may both be selected.
    std::ranges::sort(rows);
    std::vector<std::pair<std::size_t, std::size_t>> apart;
    for (const auto& [first, last] : rows) {
        if (!apart.empty() && first <= apart.back().second)
            apart.back().second = std::max(apart.back().second, last);
        else
            apart.emplace_back(first, last);
    }
    return apart;
}

KeysView::Chosen KeysView::chosen() const
{
    Chosen chosen;
    const auto& rows = m_feed.view().rows();
    for (const auto& [first, last] : chosenRows()) {
        for (std::size_t row = first; row < std::min(last, rows.size()); ++row) {
            ++chosen.keys;
            chosen.bytes += m_feed.store().valueSize(rows[row]);
        }
    }
    return chosen;
}

std::vector<client::Bytes> KeysView::chosenKeys(std::size_t most) const
{
    std::vector<client::Bytes> keys;
    const auto& rows = m_feed.view().rows();
    for (const auto& [first, last] : chosenRows()) {
        for (std::size_t row = first; row < std::min(last, rows.size()) && keys.size() < most; ++row)
            keys.emplace_back(m_feed.store().key(rows[row]));
    }
    return keys;
}

client::Bytes KeysView::current(bool* folder) const
{
    const QModelIndex index = items().currentIndex();
    if (folder)
        *folder = index.isValid() && index.data(models::FolderRole).toBool();
    return index.isValid() ? models::fromQt(index.data(models::KeyRole).toByteArray()) : client::Bytes();
}

bool KeysView::setCurrent(const client::Bytes& key)
{
    if (key.empty())
        return false;
    QModelIndex index = m_treeShown ? m_treeModel.indexOf(key) : m_listModel.indexOf(key);
    if (!index.isValid() && m_treeShown)
        index = m_treeModel.indexOfFolder(key);
    if (!index.isValid())
        return false;
    items().setCurrentIndex(index);
    items().scrollTo(index);
    return true;
}

std::vector<client::Bytes> KeysView::expanded() const
{
    std::vector<client::Bytes> folders;
    const std::function<void(const QModelIndex&)> visit = [&](const QModelIndex& parent) {
        // Only folders that are open: others cost nothing and are not asked.
        for (const QModelIndex& folder : m_treeModel.openedIn(parent)) {
            if (!m_tree->isExpanded(folder))
                continue;
            folders.push_back(models::fromQt(folder.data(models::KeyRole).toByteArray()));
            visit(folder);
        }
    };
    if (m_treeShown)
        visit({});
    return folders;
}

void KeysView::setExpanded(const std::vector<client::Bytes>& folders)
{
    m_tree->collapseAll();
    for (const auto& folder : folders) {
        const QModelIndex index = m_treeModel.indexOfFolder(folder);
        if (index.isValid())
            m_tree->setExpanded(index, true);
    }
}

void KeysView::expandAll() { m_tree->expandAll(); }

client::Bytes KeysView::topKey() const
{
    if (items().verticalScrollBar()->value() == 0)
        return {};
    const QModelIndex top = items().indexAt(QPoint(0, 0));
    return top.isValid() ? models::fromQt(top.data(models::KeyRole).toByteArray()) : client::Bytes();
}

void KeysView::setTopKey(const client::Bytes& key)
{
    if (key.empty())
        return;
    QModelIndex index = m_treeShown ? m_treeModel.indexOf(key) : m_listModel.indexOf(key);
    if (!index.isValid() && m_treeShown)
        index = m_treeModel.indexOfFolder(key);
    if (index.isValid())
        items().scrollTo(index, QAbstractItemView::PositionAtTop);
}

} // namespace norikv::widgets
