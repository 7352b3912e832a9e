// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/counterspage.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/counterdetail.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/noticebar.h"
#include "widgets/sectionheader.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::CounterFeed;
using models::CounterState;

namespace {

constexpr int Margin = 16;

QString coverageText(const CounterFeed& feed)
{
    const int count = int(feed.shownBook().counters().size());
    QString text = CountersPage::tr("%n known", nullptr, count);
    if (feed.coverage() == client::Coverage::Complete)
        text += CountersPage::tr(" · complete");
    else if (feed.coverage() == client::Coverage::KnownKeys)
        text += CountersPage::tr(" · this server cannot list keys");
    text += feed.live() ? CountersPage::tr(" · followed live") : CountersPage::tr(" · asked twice a second");
    return text;
}

QString remarkText(const CounterFeed& feed)
{
    if (feed.state() == models::FeedState::Loading)
        return CountersPage::tr("reading …");
    // Nothing was read: there is no coverage to speak of.
    return feed.state() == models::FeedState::Failed && feed.shownBook().counters().empty() ? QString()
                                                                                       : coverageText(feed);
}

} // namespace

CountersPage::CountersPage(CounterFeed& feed, const Theme& theme, QWidget* parent)
    : Page(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("countersPage"));
    setFocusPolicy(
        Qt::StrongFocus); // the page itself takes the first focus, so that Space pauses and no button is lit
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Margin, 12, Margin, 0);
    column->setSpacing(8);
    m_header = new SectionHeader(tr("Counters"), SectionHeader::Level::Page);
    auto* open = new QPushButton(tr("Open counter…"));
    open->setToolTip(tr("Follow a counter by its name"));
    connect(open, &QPushButton::clicked, this, &CountersPage::openCounterRequested);
    m_header->addTrailing(open);
    column->addWidget(m_header);
    m_notices = new NoticeBar(theme);
    column->addWidget(m_notices);
    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (m_onNotice)
            m_onNotice();
    });

    m_stack = new QStackedWidget;
    m_empty = new EmptyState(theme);
    m_stack->addWidget(m_empty);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName(QStringLiteral("countersSplit"));
    split->addWidget(makeList());
    m_detail = new CounterDetail(feed, theme);
    connect(m_detail, &CounterDetail::keyActivated, this, &CountersPage::keyActivated);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({230, 700});
    split->setChildrenCollapsible(false);
    split->setHandleWidth(12);
    split->setProperty("role", QStringLiteral("gap"));
    m_stack->addWidget(split);
    column->addWidget(m_stack, 1);

    connect(&feed, &CounterFeed::stateChanged, this, &CountersPage::refreshState);
    connect(&feed, &CounterFeed::changed, this, &CountersPage::refresh);
    connect(&feed, &CounterFeed::acted, this, &CountersPage::tell);
    refreshState();
}

QWidget* CountersPage::makeList()
{
    auto* card = new Card;
    card->setMinimumWidth(200);
    auto* content = card->contentLayout();
    content->setContentsMargins(0, 8, 0, 4);
    content->setSpacing(0);
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Filter counters"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter counters by name"));
    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 0, 8, 6);
    filterRow->addWidget(m_filter);
    content->addLayout(filterRow);
    m_list = new QTableView;
    m_list->setObjectName(QStringLiteral("counterList"));
    m_list->setModel(&m_model);
    styleTable(*m_list);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setItemDelegateForColumn(models::CounterModel::Total, new NumberDelegate(m_list));
    m_list->setColumnHidden(models::CounterModel::Rate, true);
    m_list->horizontalHeader()->setSectionResizeMode(models::CounterModel::Name, QHeaderView::Stretch);
    m_list->horizontalHeader()->setSectionResizeMode(
        models::CounterModel::Total, QHeaderView::ResizeToContents);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Counters"));
    content->addWidget(m_list, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &CountersPage::refreshList);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (!m_syncing && row.isValid())
                m_feed.select(m_model.record(row.row()).name);
        });
    return card;
}

void CountersPage::focusFilter() { m_filter->setFocus(Qt::ShortcutFocusReason); }

void CountersPage::toggleTable() { m_detail->toggleTable(); }

void CountersPage::refreshState()
{
    const bool any = !m_feed.shownBook().counters().empty();
    if (!any) {
        m_empty->clearActions();
        switch (m_feed.state()) {
        case models::FeedState::Idle:
        case models::FeedState::Loading:
            m_empty->setContent(QStringLiteral("counters"), tr("Looking for counters …"),
                tr("Reading the keys of %1.")
                    .arg(QString::fromStdString(m_feed.connection().profile().name)));
            break;
        case models::FeedState::Failed:
            m_empty->setContent(QStringLiteral("error"), tr("The counters could not be read"),
                models::errorText(m_feed.error(), tr("read the counters")).line());
            connect(m_empty->addAction(tr("Try again now")), &QPushButton::clicked, this,
                [this] { m_feed.tryNow(); });
            break;
        case models::FeedState::Ready: {
            m_empty->setContent(QStringLiteral("counters"), tr("No counter yet"),
                m_feed.coverage() == client::Coverage::Complete
                    ? tr("No key of this store holds an integer. Create a counter, or start a load on one.")
                    : tr("This server cannot list its keys. Name a counter to follow it."));
            auto* open = m_empty->addAction(tr("Open counter…"));
            connect(open, &QPushButton::clicked, this, &CountersPage::openCounterRequested);
            break;
        }
        }
    } else if (m_feed.state() == models::FeedState::Failed) {
        m_away = true;
        m_onNotice = {};
        m_notices->showNotice({Tone::Warning,
            tr("The server is away: what you see is from before. Reconnecting by itself …"), {}, {}});
    } else if (m_feed.state() == models::FeedState::Ready && std::exchange(m_away, false)) {
        m_notices->showNotice({Tone::Ok, tr("Connected again."), {}, std::chrono::seconds(3)});
    }
    m_stack->setCurrentIndex(any ? 1 : 0);
    refresh();
}

void CountersPage::refresh()
{
    if ((m_stack->currentIndex() == 0) != m_feed.shownBook().counters().empty()) {
        refreshState();
        return;
    }
    m_header->setRemark(remarkText(m_feed));
    if (!isVisible())
        return;
    refreshList();
    m_detail->refresh();
}

/// Rows that go make the view choose another current row. That is no choice of the person's: the feed must
/// not follow, and above all must not refresh the model in the middle of its own merge.
void CountersPage::refreshList()
{
    const bool nested = std::exchange(m_syncing, true);
    m_model.refresh(m_feed.shownBook(), m_filter->text());
    const int row = m_model.rowOf(m_feed.selected());
    if (m_list->currentIndex().row() != row)
        m_list->setCurrentIndex(row < 0 ? QModelIndex() : m_model.index(row, 0));
    m_syncing = nested;
}

void CountersPage::tell(const CounterFeed::Outcome& outcome)
{
    m_onNotice = {};
    if (outcome.needsConsent) {
        m_notices->showNotice(
            {Tone::Warning, tr("%1? %2").arg(outcome.action, outcome.text), tr("Confirm"), {}});
        m_onNotice = [this] { m_feed.repeatWithConsent(); };
        return;
    }
    if (outcome.ok) {
        m_notices->showNotice({Tone::Ok, outcome.text, {}, std::chrono::seconds(4)});
        return;
    }
    const QString text
        = outcome.remedy.isEmpty() ? outcome.text : outcome.text + QLatin1Char(' ') + outcome.remedy;
    m_notices->showNotice({outcome.unknown ? Tone::Warning : Tone::Danger, text, {}, {}});
}

QVariantMap CountersPage::figures() const
{
    QVariantMap out;
    out.insert(QStringLiteral("counters"), int(m_feed.shownBook().counters().size()));
    if (const auto* state = m_feed.selectedState()) {
        out.insert(QStringLiteral("selected"), models::shown(state->name));
        out.insert(QStringLiteral("total"), qlonglong(state->total));
        out.insert(QStringLiteral("rate"), state->rate10.perSecond());
        out.insert(QStringLiteral("shards"), int(state->sharded ? state->shardCount() : 0));
    }
    out.insert(QStringLiteral("acknowledged"), qlonglong(m_feed.loadStats().acknowledged));
    out.insert(QStringLiteral("conflicts"), qlonglong(m_feed.loadStats().conflicts));
    return out;
}

} // namespace norikv::widgets
