// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inventorypage.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/delegates/stockbardelegate.h"
#include "widgets/droptarget.h"
#include "widgets/emptystate.h"
#include "widgets/inlineconfirm.h"
#include "widgets/plaintext.h"
#include "widgets/plots/chartlegend.h"
#include "widgets/sectionheader.h"
#include "widgets/stockracebox.h"
#include "widgets/tables.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::ReservationModel;
using models::StockModel;
using models::StockOrder;

namespace {

constexpr int FirstRows = 2000; // how far down the board the selection is looked for
constexpr int MostUnits = 1'000'000'000;

} // namespace

InventoryPage::InventoryPage(models::StockFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("inventoryPage"), tr("Inventory"), QStringLiteral("inventory"),
            tr("Looking for stock …"), tr("The stock could not be read"), tr("read the stock")},
        parent)
    , m_feed(feed)
{
    auto* race = new QPushButton(tr("Race…"));
    race->setObjectName(QStringLiteral("raceStock"));
    auto* create = new QPushButton(tr("New item…"));
    create->setObjectName(QStringLiteral("newItem"));
    for (auto* button : {race, create}) {
        writes(button);
        header().addTrailing(button);
    }
    m_form = makeForm();
    m_form->hide();
    top().addWidget(m_form);
    m_race = new StockRaceBox;
    m_race->hide();
    top().addWidget(m_race);
    m_confirm = new InlineConfirm(Qt::Horizontal);
    m_confirm->setObjectName(QStringLiteral("stockConfirm"));
    m_confirm->hide();
    top().addWidget(m_confirm);
    connect(create, &QPushButton::clicked, this, [this] {
        m_form->setVisible(!m_form->isVisible());
        if (auto* first = m_form->findChild<QLineEdit*>(); first && m_form->isVisible())
            first->setFocus();
    });
    connect(race, &QPushButton::clicked, this, [this] { m_race->setVisible(!m_race->isVisible()); });

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(10);
    column->addWidget(makeFilters());
    m_board = makeBoard();
    auto* board = new Card;
    board->contentLayout()->setContentsMargins(0, 0, 0, 0);
    board->contentLayout()->addWidget(m_board, 1);
    column->addWidget(board, 3);
    m_reservationCard = makeReservationCard();
    column->addWidget(m_reservationCard, 2);
    setContent(content);

    connect(&feed, &models::StockFeed::planned, this, &InventoryPage::askReconcile);
    connect(m_race, &StockRaceBox::raceRequested, &feed, &models::StockFeed::race);
    connect(&feed, &models::StockFeed::raced, m_race, &StockRaceBox::show);
    connect(&feed, &models::StockFeed::acted, m_race, [this](const models::Outcome& outcome) {
        if (!outcome.ok && !m_feed.racing())
            m_race->failed();
    });
    connect(m_confirm, &InlineConfirm::acted, this, [this] {
        m_confirm->hide();
        if (m_onConfirm)
            std::exchange(m_onConfirm, {})();
    });
    connect(m_confirm, &InlineConfirm::dismissed, m_confirm, &QWidget::hide);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &InventoryPage::tick);
    m_tick.start();
    refreshAll();
}

QWidget* InventoryPage::makeForm()
{
    auto* box = new QFrame;
    setStyleRole(box, "card");
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    auto* sku = new QLineEdit;
    sku->setObjectName(QStringLiteral("newSku"));
    sku->setPlaceholderText(tr("SKU, e.g. CHAIR-OAK"));
    sku->setAccessibleName(tr("SKU"));
    auto* units = new QSpinBox;
    units->setObjectName(QStringLiteral("newQuantity"));
    units->setAccessibleName(tr("Units in stock"));
    units->setRange(0, MostUnits);
    units->setValue(100);
    units->setSuffix(tr(" units"));
    auto* apply = new QPushButton(tr("Create"));
    apply->setObjectName(QStringLiteral("createItem"));
    setStyleRole(apply, "primary");
    apply->setEnabled(false);
    row->addWidget(sku, 1);
    row->addWidget(units);
    row->addWidget(apply);
    connect(sku, &QLineEdit::textChanged, apply,
        [apply](const QString& text) { apply->setEnabled(!text.isEmpty()); });
    const auto create = [this, sku, units] {
        const auto name = client::fromPrintable(sku->text().toStdString());
        if (!name || name->empty())
            return;
        m_feed.createItem(*name, units->value());
        m_form->hide();
    };
    connect(apply, &QPushButton::clicked, this, create);
    connect(sku, &QLineEdit::returnPressed, this, create);
    return box;
}

QWidget* InventoryPage::makeFilters()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("stockFilter"));
    m_text->setPlaceholderText(tr("Filter by SKU"));
    m_text->setAccessibleName(tr("Filter items"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(320);
    m_wrong = new QPushButton(tr("Something wrong"));
    m_wrong->setObjectName(QStringLiteral("onlyWrongStock"));
    m_wrong->setCheckable(true);
    m_all = new QPushButton(tr("Give all back…"));
    m_all->setObjectName(QStringLiteral("reconcileAll"));
    m_all->setToolTip(tr("First shows what would change"));
    m_all->hide();
    m_order = new QComboBox;
    m_order->setObjectName(QStringLiteral("stockOrder"));
    m_order->setAccessibleName(tr("Order"));
    m_order->addItem(tr("Worst first"), int(StockOrder::WorstFirst));
    m_order->addItem(tr("By SKU"), int(StockOrder::Sku));
    m_order->addItem(tr("Fewest available first"), int(StockOrder::FewestAvailable));
    m_order->addItem(tr("Most reserved first"), int(StockOrder::MostReserved));
    row->addWidget(m_text, 1);
    row->addWidget(m_wrong);
    using Entry = plots::LegendEntry;
    auto* legend = new plots::ChartLegend({{Entry::Mark::Bar, 2, tr("available")},
        {Entry::Mark::Bar, 0, tr("reserved")}, {Entry::Mark::Bar, -1, tr("leaked")}});
    followTheme(*legend, m_theme);
    row->addStretch(1);
    row->addWidget(legend);
    row->addWidget(m_all);
    row->addWidget(m_order);
    const auto filter = [this] {
        m_feed.setFilter({m_text->text().toLower().toStdString(), m_wrong->isChecked()});
    };
    connect(m_text, &QLineEdit::textChanged, this, filter);
    connect(m_wrong, &QPushButton::toggled, this, filter);
    connect(m_all, &QPushButton::clicked, this, [this] { m_feed.planReconcile({}); });
    connect(m_order, &QComboBox::currentIndexChanged, this,
        [this] { m_feed.setOrder(StockOrder(m_order->currentData().toInt())); });
    return box;
}

QTableView* InventoryPage::makeBoard()
{
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("stockTable"));
    table->setModel(&m_feed.model());
    styleTable(*table);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setAccessibleName(tr("Stock"));
    auto* numbers = new NumberDelegate(table);
    for (const int column : {StockModel::Available, StockModel::Reserved, StockModel::Held})
        table->setItemDelegateForColumn(column, numbers);
    table->setItemDelegateForColumn(StockModel::Bar, new StockBarDelegate(m_theme, table));
    table->setItemDelegateForColumn(
        StockModel::State, new OutcomeDelegate(m_theme, models::ToneRole, -1, table));
    auto* header = table->horizontalHeader();
    header->setStretchLastSection(false); // the bar takes what is left
    header->setSectionResizeMode(StockModel::Bar, QHeaderView::Stretch);
    header->resizeSection(StockModel::Sku, 148);
    header->resizeSection(StockModel::Available, 84);
    header->resizeSection(StockModel::Reserved, 84);
    header->resizeSection(StockModel::Held, 120);
    header->resizeSection(StockModel::State, 168);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (!m_syncing && row.isValid())
                m_feed.select(m_feed.model().record(row.row()).reading.sku);
        });
    connect(table, &QTableView::activated, this, [this](const QModelIndex& row) {
        Q_EMIT keyActivated(models::toQt(m_feed.model().record(row.row()).key));
    });
    return table;
}

QTableView* InventoryPage::makeReservations()
{
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("reservationsTable"));
    table->setModel(&m_feed.reservations());
    styleTable(*table);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setAccessibleName(tr("Reservations; Enter commits, Delete releases"));
    table->setDragEnabled(true);
    table->setDragDropMode(QAbstractItemView::DragOnly);
    auto* numbers = new NumberDelegate(table);
    table->setItemDelegateForColumn(ReservationModel::Units, numbers);
    table->setItemDelegateForColumn(ReservationModel::Created, numbers);
    table->setItemDelegateForColumn(
        ReservationModel::EndsIn, new CountdownDelegate(m_theme, ReservationModel::LeftRole, table));
    table->setItemDelegateForColumn(
        ReservationModel::State, new OutcomeDelegate(m_theme, models::ToneRole, -1, table));
    auto* header = table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(ReservationModel::Id, QHeaderView::Stretch);
    header->resizeSection(ReservationModel::Units, 64);
    header->resizeSection(ReservationModel::Created, 126);
    header->resizeSection(ReservationModel::EndsIn, 124);
    header->resizeSection(ReservationModel::Source, 98);
    header->resizeSection(ReservationModel::State, 190);
    table->installEventFilter(this);
    connect(
        table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { refreshContent(); });
    return table;
}

Card* InventoryPage::makeReservationCard()
{
    auto* card = new Card(tr("Reservations"));
    m_commit = new DropTarget(tr("Commit"), ReservationModel::mimeType());
    m_commit->setObjectName(QStringLiteral("commitReservation"));
    m_commit->setToolTip(tr("The units are sold (Enter). Reservations can be dragged here"));
    setStyleRole(m_commit, "primary");
    m_release = new DropTarget(tr("Release"), ReservationModel::mimeType());
    m_release->setObjectName(QStringLiteral("releaseReservation"));
    m_release->setToolTip(tr("The units are free again (Del). Reservations can be dragged here"));
    for (auto* target : {m_commit, m_release})
        card->addTrailing(target);
    card->contentLayout()->setContentsMargins(0, 0, 0, 0);
    m_reservations = makeReservations();
    card->contentLayout()->addWidget(m_reservations, 1);
    m_none = makeLabel(QString(), "muted");
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    card->contentLayout()->addWidget(m_none, 1);
    connect(m_commit, &QPushButton::clicked, this, [this] { settle(true); });
    connect(m_release, &QPushButton::clicked, this, [this] { settle(false); });
    const auto dropped = [this](const QByteArray& key, bool sold) {
        const auto id = client::idOfReservationKey(models::fromQt(key));
        if (id && sold)
            m_feed.commit(*id);
        else if (id)
            m_feed.release(*id);
    };
    connect(m_commit, &DropTarget::dropped, this, [dropped](const QByteArray& key) { dropped(key, true); });
    connect(m_release, &DropTarget::dropped, this, [dropped](const QByteArray& key) { dropped(key, false); });
    return card;
}

bool InventoryPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_reservations && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const bool commits = key == Qt::Key_Return || key == Qt::Key_Enter;
        if (commits || key == Qt::Key_Delete) {
            if ((commits ? m_commit : m_release)->isEnabled())
                settle(commits);
            return true;
        }
    }
    return PatternPage::eventFilter(watched, event);
}

void InventoryPage::settle(bool sold)
{
    const QModelIndex current = m_reservations->currentIndex();
    if (!current.isValid())
        return;
    const auto id = client::idOfReservationKey(m_feed.reservations().record(current.row()).key);
    if (!id)
        return;
    if (sold)
        m_feed.commit(*id);
    else
        m_feed.release(*id);
}

void InventoryPage::focusFilter() { m_text->setFocus(Qt::ShortcutFocusReason); }

void InventoryPage::sayNothing(EmptyState& empty)
{
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    empty.setContent(QStringLiteral("inventory"), tr("No stock yet"),
        complete ? tr("No key of this store begins with “inventory:”.")
                 : tr("This server cannot list its keys. Open the key of an item, or create one."));
    auto* create = empty.addAction(tr("New item…"));
    create->setEnabled(!readOnly());
    connect(create, &QPushButton::clicked, this, [this] { m_form->show(); });
}

QString InventoryPage::countText() const
{
    const auto& totals = m_feed.totals();
    QString text = tr("%n item(s)", nullptr, int(totals.items));
    text += tr(" · %1 available").arg(models::grouped(qulonglong(totals.available)));
    text += tr(" · %n reservation(s)", nullptr, int(totals.reservations));
    if (totals.leaked > 0)
        text += tr(" · %1 leaked").arg(models::grouped(qulonglong(totals.leaked)));
    return text;
}

void InventoryPage::followSelection()
{
    const auto& model = m_feed.model();
    const int current = m_board->currentIndex().row();
    if (current >= 0 && current < model.rowCount() && model.record(current).reading.sku == m_feed.selected())
        return;
    // The selection follows the person, not the rows that come and go.
    const bool nested = std::exchange(m_syncing, true);
    int found = -1;
    for (int row = 0; row < std::min(model.rowCount(), FirstRows) && found < 0; ++row) {
        if (model.record(row).reading.sku == m_feed.selected())
            found = row;
    }
    m_board->setCurrentIndex(found < 0 ? QModelIndex() : m_feed.model().index(found, 0));
    m_syncing = nested;
}

void InventoryPage::refreshContent()
{
    if (!m_reservationCard)
        return;
    followSelection();
    m_all->setVisible(m_feed.totals().leaked > 0);
    m_all->setEnabled(!readOnly());
    const auto& row = m_feed.selectedRow();
    const int count = m_feed.reservations().rowCount();
    const bool stores = !row || !row->reading.item || row->reading.item->hasReservations();
    m_reservationCard->setSubtitle(
        m_feed.selected().empty() ? QString() : tr("of %1").arg(models::shown(m_feed.selected(), 60)));
    m_none->setText(stores ? tr("No reservation of this item can be read.")
                           : tr("The client that wrote this item stores no reservations."));
    m_none->setVisible(count == 0);
    m_reservations->setVisible(count > 0);
    const bool can = count > 0 && m_reservations->currentIndex().isValid() && !readOnly();
    for (auto* target : {m_commit, m_release}) {
        target->setVisible(count > 0);
        target->setEnabled(can || (count > 0 && !readOnly() && target->isDown()));
    }
    if (count > 0 && !m_reservations->currentIndex().isValid())
        m_reservations->setCurrentIndex(m_feed.reservations().index(0, 0));
}

void InventoryPage::tick()
{
    if (!isVisible() || m_feed.paused())
        return;
    auto& model = m_feed.reservations();
    model.setNow(m_feed.nowMs());
    const int first = m_reservations->rowAt(0);
    const int last = m_reservations->rowAt(m_reservations->viewport()->height() - 1);
    model.tick(first, last < 0 ? model.rowCount() - 1 : last);
}

void InventoryPage::askReconcile(const std::vector<client::ReconcilePlan>& plans)
{
    if (plans.empty()) {
        Q_EMIT said(tr("Nothing is reserved for nobody just now."));
        return;
    }
    std::int64_t units = 0;
    for (const auto& plan : plans)
        units += plan.leaked;
    QString question;
    if (plans.size() == 1) {
        const auto& plan = plans.front();
        question = tr("%1: reserved %2 → %3. %n unit(s) belong to no reservation and become available again.",
            nullptr, int(plan.leaked))
                       .arg(models::shown(plan.sku, 60))
                       .arg(plan.reserved)
                       .arg(plan.reserved - plan.leaked);
    } else {
        QStringList names;
        for (const auto& plan : plans) {
            if (names.size() < 6)
                names << tr("%1 (%2)").arg(models::shown(plan.sku, 40)).arg(plan.leaked);
        }
        question = tr("Give back %1 units in %n SKU(s): %2%3", nullptr, int(plans.size()))
                       .arg(models::grouped(qulonglong(units)), names.join(QStringLiteral(", ")),
                           qsizetype(plans.size()) > names.size() ? QStringLiteral(" …") : QString());
    }
    if (m_feed.coverage() != client::Coverage::Complete)
        question += tr(" Only known reservations were counted: this server cannot list others.");
    m_onConfirm = [this, plans] { m_feed.reconcile(plans); };
    m_confirm->ask(question, tr("Give back %1").arg(models::grouped(qulonglong(units))), tr("Leave it"));
    m_confirm->show();
}

QVariantMap InventoryPage::figures() const
{
    const auto& totals = m_feed.totals();
    return {{QStringLiteral("items"), qulonglong(totals.items)},
        {QStringLiteral("reservations"), qulonglong(totals.reservations)},
        {QStringLiteral("leaked"), qlonglong(totals.leaked)},
        {QStringLiteral("wrong"), qulonglong(totals.wrong)}};
}

} // namespace norikv::widgets
