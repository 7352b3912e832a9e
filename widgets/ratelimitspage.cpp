// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ratelimitspage.h"

#include "models/sessionmodel.h"
#include "models/text.h"
#include "widgets/burstbox.h"
#include "widgets/card.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/limitseditor.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tables.h"
#include "widgets/windowstrip.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

using models::RateLimitModel;
using models::RateLimitOrder;

namespace {
constexpr int TickMs = 500; // the band moves with the time
constexpr int MostTimes = 1000; // newest ones, in the table
constexpr int RoomForAll = 740; // px: an open box, the window and a list of some rows
} // namespace

RateLimitsPage::RateLimitsPage(models::RateLimitFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("rateLimitsPage"), tr("Rate limits"), QStringLiteral("ratelimits"),
            tr("Looking for rate limits …"), tr("The rate limits could not be read"),
            tr("read the rate limits")},
        parent)
    , m_feed(feed)
{
    m_limits = new LimitsEditor(feed);
    m_burst = new BurstBox(feed);
    const auto opener = [this](const QString& text, const char* name, QWidget* box) {
        auto* button = new QPushButton(text);
        button->setObjectName(QString::fromLatin1(name));
        header().addTrailing(button);
        box->hide();
        top().addWidget(box);
        connect(button, &QPushButton::clicked, this, [this, box] { open(box->isHidden() ? box : nullptr); });
    };
    opener(tr("Limits…"), "openLimits", m_limits);
    opener(tr("Burst…"), "openBurst", m_burst);
    writes(m_burst->sendButton());

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(10);
    column->addWidget(makeWindow());
    column->addWidget(makeFilters());
    m_table = makeTable();
    auto* list = new Card;
    list->contentLayout()->setContentsMargins(0, 0, 0, 0);
    list->contentLayout()->addWidget(m_table, 1);
    column->addWidget(list, 1);
    setContent(content);

    m_tick.setInterval(TickMs);
    connect(&m_tick, &QTimer::timeout, this, &RateLimitsPage::tick);
    m_tick.start();
    refreshAll();
}

/// One at a time; nothing closes both.
void RateLimitsPage::open(const QWidget* box)
{
    m_limits->setVisible(box == m_limits);
    m_burst->setVisible(box == m_burst);
    makeRoom();
}

/// On a low page the window of the chosen one makes way for an open box, so that the list stays.
void RateLimitsPage::makeRoom()
{
    const bool open = !m_limits->isHidden() || !m_burst->isHidden();
    m_window->setVisible(!open || height() >= RoomForAll);
}

void RateLimitsPage::resizeEvent(QResizeEvent* event)
{
    PatternPage::resizeEvent(event);
    makeRoom();
}

QWidget* RateLimitsPage::makeWindow()
{
    m_window = new Card(tr("Its window"));
    m_strip = new WindowStrip(m_theme);
    m_times = new QTableWidget(0, 3);
    m_times->setObjectName(QStringLiteral("windowTimes"));
    m_times->setHorizontalHeaderLabels({tr("request"), tr("came"), tr("counts for another")});
    styleTable(*m_times);
    m_times->setFrameShape(QFrame::NoFrame);
    m_times->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_times->setAccessibleName(tr("Requests of the chosen identifier"));
    m_times->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_views = new QStackedWidget;
    m_views->addWidget(m_strip);
    m_views->addWidget(m_times);
    m_views->setFixedHeight(m_strip->sizeHint().height());
    m_asTable = new QToolButton;
    m_asTable->setObjectName(QStringLiteral("windowAsTable"));
    m_asTable->setCheckable(true);
    m_asTable->setAutoRaise(true);
    m_asTable->setToolTip(tr("Show the requests as a table (Ctrl+T)"));
    m_asTable->setAccessibleName(tr("Show the requests as a table"));
    bindIcon(m_asTable, QStringLiteral("table"), m_theme);
    m_window->addTrailing(m_asTable);
    m_window->contentLayout()->addWidget(m_views);
    m_words = makeLabel(QString(), "muted");
    m_words->setObjectName(QStringLiteral("windowWords"));
    m_words->setWordWrap(true);
    m_window->contentLayout()->addWidget(m_words);
    connect(m_asTable, &QToolButton::toggled, this, [this](bool table) {
        m_views->setCurrentWidget(table ? static_cast<QWidget*>(m_times) : m_strip);
        refreshWindow();
    });
    return m_window;
}

QWidget* RateLimitsPage::makeFilters()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("rateLimitFilter"));
    m_text->setPlaceholderText(tr("Filter by identifier"));
    m_text->setAccessibleName(tr("Filter rate limits"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(200);
    m_text->setMaximumWidth(320);
    auto* wrong = new QPushButton(tr("Something wrong"));
    wrong->setObjectName(QStringLiteral("onlyWrong"));
    auto* full = new QPushButton(tr("Full"));
    full->setObjectName(QStringLiteral("onlyFull"));
    full->setToolTip(tr("Those whose next request would be refused"));
    for (auto* chip : {wrong, full})
        chip->setCheckable(true);
    auto* order = new QComboBox;
    order->setObjectName(QStringLiteral("rateLimitOrder"));
    order->setAccessibleName(tr("Order"));
    order->addItem(tr("Highest pressure first"), int(RateLimitOrder::Pressure));
    order->addItem(tr("By identifier"), int(RateLimitOrder::Identifier));
    row->addWidget(m_text, 1);
    row->addWidget(wrong);
    row->addWidget(full);
    row->addStretch(1);
    row->addWidget(order);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        changeFilter([&](models::RateLimitFilter& filter) { filter.text = text.toLower().toStdString(); });
    });
    connect(wrong, &QPushButton::toggled, this,
        [this](bool on) { changeFilter([&](models::RateLimitFilter& filter) { filter.onlyWrong = on; }); });
    connect(full, &QPushButton::toggled, this,
        [this](bool on) { changeFilter([&](models::RateLimitFilter& filter) { filter.onlyFull = on; }); });
    connect(order, &QComboBox::currentIndexChanged, this,
        [this, order] { m_feed.setOrder(RateLimitOrder(order->currentData().toInt())); });
    return box;
}

QTableView* RateLimitsPage::makeTable()
{
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("rateLimitsTable"));
    table->setModel(&m_feed.model());
    styleTable(*table);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setAccessibleName(tr("Rate limits"));
    auto* numbers = new NumberDelegate(table);
    for (const int column : {RateLimitModel::Used, RateLimitModel::Pressure, RateLimitModel::Resets})
        table->setItemDelegateForColumn(column, numbers);
    table->setItemDelegateForColumn(
        RateLimitModel::State, new OutcomeDelegate(m_theme, models::ToneRole, -1, table));
    auto* header = table->horizontalHeader();
    header->setStretchLastSection(false); // the identifier takes what is left
    header->setSectionResizeMode(RateLimitModel::Identifier, QHeaderView::Stretch);
    header->resizeSection(RateLimitModel::Used, 80);
    header->resizeSection(RateLimitModel::Pressure, 78);
    header->resizeSection(RateLimitModel::Next, 104);
    header->resizeSection(RateLimitModel::Resets, 92);
    header->resizeSection(RateLimitModel::Limit, 108);
    header->resizeSection(RateLimitModel::State, 136);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (!m_syncing && row.isValid())
                m_feed.select(m_feed.model().record(row.row()).key);
        });
    connect(table, &QTableView::activated, this, [this](const QModelIndex& row) {
        Q_EMIT keyActivated(models::toQt(m_feed.model().record(row.row()).key));
    });
    return table;
}

void RateLimitsPage::changeFilter(const std::function<void(models::RateLimitFilter&)>& change)
{
    models::RateLimitFilter filter = m_feed.filter();
    change(filter);
    m_feed.setFilter(filter);
}

void RateLimitsPage::focusFilter() { m_text->setFocus(Qt::ShortcutFocusReason); }

void RateLimitsPage::toggleTable() { m_asTable->toggle(); }

void RateLimitsPage::sayNothing(EmptyState& empty)
{
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    empty.setContent(QStringLiteral("ratelimits"), tr("No rate limit yet"),
        complete ? tr("No key of this store begins with “ratelimit:”. A burst shows how one behaves.")
                 : tr("This server cannot list its keys. Open the key of a rate limit, or send a burst."));
    auto* burst = empty.addAction(tr("Burst…"));
    burst->setEnabled(!readOnly());
    connect(burst, &QPushButton::clicked, this, [this] { open(m_burst); });
}

QString RateLimitsPage::countText() const
{
    const auto shown = static_cast<std::size_t>(m_feed.model().rowCount());
    QString text = shown == m_feed.all()
        ? tr("%n identifier(s)", nullptr, int(shown))
        : tr("%1 of %2").arg(models::grouped(shown), models::grouped(m_feed.all()));
    if (m_feed.full() > 0)
        text += tr(" · %n full", nullptr, int(m_feed.full()));
    if (m_feed.wrong() > 0)
        text += tr(" · %n with something wrong", nullptr, int(m_feed.wrong()));
    return text;
}

void RateLimitsPage::refreshWindow()
{
    const auto& row = m_feed.selectedRow();
    const EpochMs now = m_feed.nowMs();
    m_strip->setRow(row, now);
    if (m_asTable->isChecked())
        fillTimes();
    if (!row) {
        m_window->setSubtitle(QString());
        m_words->setText(m_feed.selected().empty() ? QString() : tr("Its key is not there: nothing counts."));
        return;
    }
    m_window->setSubtitle(models::shown(client::identifierOf(row->key).value_or(row->key), 80));
    if (!row->reading.record) {
        m_words->setText(tr("It cannot be read: %1.").arg(QString::fromStdString(row->reading.unreadable)));
        return;
    }
    const auto state = row->reading.state(now);
    QString words
        = tr("%1 of %2 used, %3 remaining. %4")
              .arg(models::grouped(state.used), models::grouped(row->reading.limit.limit.maxRequests),
                  models::grouped(state.remaining), models::nextSentence(state, now));
    if (state.used > 0 && state.passes)
        words += tr(" The oldest one leaves in %1.")
                     .arg(models::countdownText(std::max<EpochMs>(0, state.resetAtMs - now) + 999));
    m_words->setText(words);
}

void RateLimitsPage::fillTimes()
{
    const auto& row = m_feed.selectedRow();
    std::vector<EpochMs> times;
    if (row && row->reading.record)
        times = row->reading.record->times;
    std::ranges::sort(times, std::greater());
    times.resize(std::min<std::size_t>(times.size(), MostTimes));
    const EpochMs now = m_feed.nowMs();
    m_times->setRowCount(int(times.size()));
    for (int at = 0; at < int(times.size()); ++at) {
        const EpochMs ts = times[std::size_t(at)];
        const EpochMs left = ts + EpochMs(row->reading.limit.limit.windowMs) - now;
        const QString cells[]{
            QDateTime::fromMSecsSinceEpoch(ts).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")),
            models::agoText(client::StoredTime{ts}, now),
            left > 0 ? models::countdownText(left + 999) : tr("it left the window")};
        for (int column = 0; column < 3; ++column) {
            auto* item = m_times->item(at, column);
            if (!item)
                m_times->setItem(at, column, item = new QTableWidgetItem);
            item->setText(cells[column]);
        }
    }
}

void RateLimitsPage::refreshContent()
{
    refreshWindow();
    const auto& row = m_feed.selectedRow();
    if (!row)
        return;
    const int current = m_table->currentIndex().row();
    if (current >= 0 && current < m_feed.model().rowCount() && m_feed.model().record(current).key == row->key)
        return;
    // The selection follows the person, not the rows that come and go.
    const bool nested = std::exchange(m_syncing, true);
    int found = -1;
    const int near = std::min(m_feed.model().rowCount(), 2000);
    for (int i = 0; i < near && found < 0; ++i) {
        if (m_feed.model().record(i).key == row->key)
            found = i;
    }
    m_table->setCurrentIndex(found < 0 ? QModelIndex() : m_feed.model().index(found, 0));
    m_syncing = nested;
}

void RateLimitsPage::tick()
{
    if (!isVisible() || m_feed.paused())
        return;
    refreshWindow();
    m_feed.model().setNow(m_feed.nowMs());
    const int first = m_table->rowAt(0);
    const int last = m_table->rowAt(m_table->viewport()->height() - 1);
    m_feed.model().tick(first, last < 0 ? m_feed.model().rowCount() - 1 : last);
}

void RateLimitsPage::editLimit(const QByteArray& identifier)
{
    open(m_limits);
    m_limits->edit(models::fromQt(identifier));
}

QVariantMap RateLimitsPage::place() const { return {{QStringLiteral("limits"), m_feed.ownLimits()}}; }

void RateLimitsPage::setPlace(const QVariantMap& place)
{
    m_feed.setOwnLimits(place.value(QStringLiteral("limits")).toMap());
}

QVariantMap RateLimitsPage::figures() const
{
    QVariantMap out;
    out.insert(QStringLiteral("identifiers"), qulonglong(m_feed.all()));
    out.insert(QStringLiteral("shown"), m_feed.model().rowCount());
    out.insert(QStringLiteral("full"), qulonglong(m_feed.full()));
    out.insert(QStringLiteral("wrong"), qulonglong(m_feed.wrong()));
    return out;
}

} // namespace norikv::widgets
