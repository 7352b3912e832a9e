// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/operationspanel.h"

#include "widgets/copyasmenu.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::OperationsModel;

namespace {

QToolButton* button(const char* icon, const QString& tip, const Theme& theme)
{
    auto* b = new QToolButton;
    b->setAutoRaise(true);
    b->setToolTip(tip);
    b->setAccessibleName(tip);
    bindIcon(b, QString::fromLatin1(icon), theme);
    return b;
}

} // namespace

OperationsPanel::OperationsPanel(
    OperationsModel& model, const Theme& theme, QWidget* parent, client::CopyTarget target)
    : QWidget(parent)
    , m_model(model)
{
    setObjectName(QStringLiteral("operationsPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tools = new QWidget;
    auto* bar = new QHBoxLayout(m_tools);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(8);
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Filter operations"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(220);
    m_waiting = makeLabel(QString(), "muted");
    m_pause = button("pause", tr("Pause the list"), theme);
    m_pause->setCheckable(true);
    auto* copy = button("copy", tr("Copy the selected rows"), theme);
    auto* clear = button("trash", tr("Clear the list"), theme);
    bar->addWidget(m_waiting);
    bar->addWidget(m_filter);
    bar->addWidget(m_pause);
    bar->addWidget(copy);
    bar->addWidget(clear);

    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("operationsTable"));
    m_table->setModel(&model);
    styleTable(*m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Operations"));
    m_table->setItemDelegateForColumn(OperationsModel::Key, new MonoDelegate(m_table));
    for (const int number : {OperationsModel::Shard, OperationsModel::Attempts, OperationsModel::Took})
        m_table->setItemDelegateForColumn(number, new NumberDelegate(m_table));
    m_table->setItemDelegateForColumn(
        OperationsModel::Outcome, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    const std::pair<int, int> widths[] = {{OperationsModel::Time, 118}, {OperationsModel::Name, 112},
        {OperationsModel::Key, 250}, {OperationsModel::Shard, 64}, {OperationsModel::Node, 110},
        {OperationsModel::Attempts, 52}, {OperationsModel::Took, 84}};
    for (const auto& [section, width] : widths)
        header->resizeSection(section, width);
    header->setStretchLastSection(true);
    column->addWidget(m_table, 1);

    auto* copyAction = new QAction(tr("Copy"), m_table);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(copyAction);
    auto* openAction = new QAction(tr("Open key"), m_table);
    m_table->addAction(openAction);
    (new CopyAsMenu([this] { return shownOperation(); }, std::move(target), this))->addTo(*m_table);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto openCurrent = [this] {
        const QByteArray key = m_table->currentIndex().data(models::KeyRole).toByteArray();
        if (!key.isEmpty())
            Q_EMIT keyActivated(key);
    };
    connect(copyAction, &QAction::triggered, this, &OperationsPanel::copySelection);
    connect(copy, &QToolButton::clicked, this, &OperationsPanel::copySelection);
    connect(openAction, &QAction::triggered, this, openCurrent);
    connect(m_table, &QTableView::activated, this, openCurrent);
    connect(clear, &QToolButton::clicked, &model, &OperationsModel::clear);
    connect(m_pause, &QToolButton::toggled, &model, &OperationsModel::setPaused);
    connect(m_filter, &QLineEdit::textChanged, &model, &OperationsModel::setFilter);
    connect(&model, &OperationsModel::waitingChanged, this, &OperationsPanel::showWaiting);
}

void OperationsPanel::showWaiting(int count)
{
    m_waiting->setText(m_model.paused() ? tr("paused · %n new", nullptr, count) : QString());
}

client::Result<client::ShownOperation> OperationsPanel::shownOperation() const
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid())
        return client::fail(client::ErrorKind::NotFound, "select an operation");
    return m_model.shownOperation(index.row());
}

void OperationsPanel::copySelection() const
{
    QStringList lines;
    auto rows = m_table->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    for (const auto& row : rows)
        lines << m_model.line(row.row());
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace norikv::widgets
