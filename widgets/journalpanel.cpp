// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/journalpanel.h"

#include "widgets/copyasmenu.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"
#include "widgets/undodialog.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::JournalFeed;
using models::JournalModel;

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

JournalPanel::JournalPanel(JournalFeed& feed, client::CopyTarget target, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_target(std::move(target))
    , m_tools(new QWidget)
    , m_table(new QTableView)
    , m_filter(new QLineEdit)
    , m_damaged(makeLabel(QString(), "muted"))
    , m_undo(button("undo", tr("Undo the selected write, or the last one (Ctrl+Z)"), theme))
{
    setObjectName(QStringLiteral("journalPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout(m_tools);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(8);
    m_filter->setPlaceholderText(tr("Filter writes"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(220);
    m_undo->setObjectName(QStringLiteral("journalUndo"));
    auto* save = button("download", tr("Export the journal"), theme);
    save->setPopupMode(QToolButton::InstantPopup);
    auto* formats = new QMenu(save);
    formats->addAction(tr("As NDJSON …"), this, [this] { exportAs(JournalFeed::Format::Ndjson); });
    formats->addAction(
        tr("As a script of grpcurl commands …"), this, [this] { exportAs(JournalFeed::Format::Script); });
    save->setMenu(formats);
    auto* copy = button("copy", tr("Copy the selected rows"), theme);
    for (QWidget* widget : {static_cast<QWidget*>(m_damaged), static_cast<QWidget*>(m_filter),
             static_cast<QWidget*>(m_undo), static_cast<QWidget*>(copy), static_cast<QWidget*>(save)})
        bar->addWidget(widget);

    m_table->setObjectName(QStringLiteral("journalTable"));
    m_table->setModel(&feed.model());
    styleTable(*m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Writes"));
    for (const int bytes : {JournalModel::Key, JournalModel::Before, JournalModel::After})
        m_table->setItemDelegateForColumn(bytes, new MonoDelegate(m_table));
    m_table->setItemDelegateForColumn(
        JournalModel::Status, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    const std::pair<int, int> widths[]
        = {{JournalModel::Time, 150}, {JournalModel::Action, 92}, {JournalModel::Key, 190},
            {JournalModel::Before, 150}, {JournalModel::After, 150}, {JournalModel::Status, 220}};
    for (const auto& [section, width] : widths)
        header->resizeSection(section, width);
    header->setStretchLastSection(true);
    column->addWidget(m_table, 1);

    auto* copyAction = new QAction(tr("Copy"), m_table);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    auto* openAction = new QAction(tr("Open key"), m_table);
    auto* undoAction = new QAction(tr("Undo this write …"), m_table);
    m_table->addAction(openAction);
    m_table->addAction(copyAction);
    auto* copyAs = new CopyAsMenu([this] { return shownOperation(); }, m_target, this);
    copyAs->addTo(*m_table);
    m_table->addAction(undoAction);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto openCurrent = [this] {
        const QByteArray key = m_table->currentIndex().data(models::KeyRole).toByteArray();
        if (!key.isEmpty())
            Q_EMIT keyActivated(key);
    };
    connect(copyAs, &CopyAsMenu::copied, this, [this](const QString& text) { Q_EMIT message(text, false); });
    connect(copyAction, &QAction::triggered, this, &JournalPanel::copySelection);
    connect(copy, &QToolButton::clicked, this, &JournalPanel::copySelection);
    connect(openAction, &QAction::triggered, this, openCurrent);
    connect(m_table, &QTableView::activated, this, openCurrent);
    connect(undoAction, &QAction::triggered, this, &JournalPanel::undoSelected);
    connect(m_undo, &QToolButton::clicked, this, &JournalPanel::undoSelected);
    connect(m_filter, &QLineEdit::textChanged, &feed.model(), &JournalModel::setFilter);
    connect(&feed, &JournalFeed::changed, this, &JournalPanel::refresh);
    connect(&feed, &JournalFeed::failed, this, [this](const QString& text) { Q_EMIT message(text, true); });
    connect(&feed, &JournalFeed::exported, this, [this](const QString& file, int writes) {
        Q_EMIT message(tr("%n write(s) saved to %1.", nullptr, writes).arg(file), false);
    });
    refresh();
}

const client::JournalEntry* JournalPanel::current() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_feed.model().record(index.row()) : nullptr;
}

void JournalPanel::refresh()
{
    m_undo->setEnabled(m_feed.model().lastUndoable() != nullptr);
    m_damaged->setText(m_feed.damaged() == 0
            ? QString()
            : tr("%n line(s) of the journal cannot be read", nullptr, int(m_feed.damaged())));
    m_damaged->setToolTip(plainToolTip(m_feed.path()));
}

void JournalPanel::undoSelected() { current() ? ask(current()) : undoLast(); }

void JournalPanel::undoLast()
{
    if (const auto* last = m_feed.model().lastUndoable())
        ask(last);
    else
        Q_EMIT message(tr("There is no write to undo."), false);
}

void JournalPanel::ask(const client::JournalEntry* entry)
{
    if (!m_feed.model().undoable(*entry)) {
        Q_EMIT message(entry->undoes != 0 ? tr("This is an undo already.")
                                          : tr("There is nothing to undo: the write failed or was undone."),
            false);
        return;
    }
    if (entry->kind == client::WriteKind::Bulk) {
        Q_EMIT bulkUndoRequested(QString::fromStdString(entry->file));
        return;
    }
    auto* dialog = new UndoDialog(m_feed, *entry, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void JournalPanel::exportAs(JournalFeed::Format format)
{
    const bool script = format == JournalFeed::Format::Script;
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the journal"),
        script ? QStringLiteral("journal.sh") : QStringLiteral("journal.ndjson"));
    if (!file.isEmpty())
        m_feed.exportTo(file, format, m_target);
}

client::Result<client::ShownOperation> JournalPanel::shownOperation() const
{
    using client::ErrorKind;
    const auto* entry = current();
    if (!entry)
        return client::fail(ErrorKind::NotFound, "select a write");
    if (entry->kind == client::WriteKind::Bulk)
        return client::fail(ErrorKind::Unsupported, "a bulk job is no single write");
    if (entry->kind == client::WriteKind::Other)
        return client::fail(ErrorKind::Unsupported, "this call wrote no key");
    if (entry->after.valueSize > entry->after.value.size())
        return client::fail(ErrorKind::TooLarge, "the value is too large for a snippet; export the journal");
    client::ShownOperation op;
    const bool put = entry->kind == client::WriteKind::Put;
    op.what = put ? client::ShownOperation::What::Put : client::ShownOperation::What::Remove;
    op.key = entry->key;
    op.value = entry->after.value;
    if (entry->after.expiresAtMs && *entry->after.expiresAtMs > entry->atMs)
        op.ttlMs = std::uint64_t(*entry->after.expiresAtMs - entry->atMs);
    if (entry->cas)
        op.ifMatch = entry->before.version;
    return op;
}

void JournalPanel::copySelection() const
{
    QStringList lines;
    auto rows = m_table->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    for (const auto& row : rows)
        lines << m_feed.model().line(row.row());
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace norikv::widgets
