// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tenantspage.h"

#include "models/text.h"
#include "widgets/emptystate.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tenantcard.h"
#include "widgets/tenantform.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::FeedState;
using models::TenantFeed;

namespace {

constexpr int Margin = 16;

QString remarkText(const TenantFeed& feed)
{
    if (feed.state() == FeedState::Loading)
        return TenantsPage::tr("reading …");
    // Nothing was read: there is no coverage to speak of.
    if (feed.state() == FeedState::Failed && feed.tenants().empty())
        return {};
    QString text = TenantsPage::tr("%n known", nullptr, int(feed.tenants().size()));
    if (feed.coverage() == client::Coverage::Complete)
        text += TenantsPage::tr(" · complete");
    else if (feed.coverage() == client::Coverage::KnownKeys)
        text += TenantsPage::tr(" · this server cannot list keys: sums are at least what is shown");
    return text
        + (feed.live() ? TenantsPage::tr(" · followed live") : TenantsPage::tr(" · asked every second"));
}

} // namespace

TenantsPage::TenantsPage(TenantFeed& feed, const Theme& theme, QWidget* parent)
    : Page(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_order(m_model)
{
    setObjectName(QStringLiteral("tenantsPage"));
    setFocusPolicy(Qt::StrongFocus); // the page takes the first focus, so that no button is lit
    auto* column = new QVBoxLayout(this);
    // The scroll bar of the cards stands in the right margin, so that the cards end where the header does.
    column->setContentsMargins(Margin, 12, 0, 0);
    column->setSpacing(8);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(0, 0, Margin, 0);
    top->setSpacing(8);
    column->addLayout(top);
    m_header = new SectionHeader(tr("Tenants"), SectionHeader::Level::Page);
    auto* follow = new QPushButton(tr("Follow tenant…"));
    follow->setToolTip(tr("Follow a tenant that the server does not list, by its id"));
    auto* create = new QPushButton(tr("Create tenant…"));
    create->setObjectName(QStringLiteral("createTenant"));
    m_create = create;
    m_header->addTrailing(follow);
    m_header->addTrailing(create);
    top->addWidget(m_header);
    m_notices = new NoticeBar(theme);
    top->addWidget(m_notices);
    m_form = new TenantForm(theme);
    top->addWidget(m_form);
    m_stack = new QStackedWidget;
    m_empty = new EmptyState(theme);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeCards());
    column->addWidget(m_stack, 1);

    connect(follow, &QPushButton::clicked, this, [this] { m_form->start(TenantForm::Mode::Follow); });
    connect(create, &QPushButton::clicked, this, [this] { m_form->start(TenantForm::Mode::Create); });
    connect(m_form, &TenantForm::createChosen, &feed, &TenantFeed::create);
    connect(m_form, &TenantForm::followChosen, &feed, &TenantFeed::openTenant);
    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (m_onNotice)
            m_onNotice();
    });
    connect(&feed, &TenantFeed::stateChanged, this, &TenantsPage::refreshState);
    connect(&feed, &TenantFeed::changed, this, &TenantsPage::refresh);
    connect(&feed, &TenantFeed::acted, this, &TenantsPage::tell);
    refreshState();
}

QWidget* TenantsPage::makeCards()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, Margin, 0);
    row->setSpacing(8);
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("tenantFilter"));
    m_filter->setPlaceholderText(tr("Filter by name or id"));
    m_filter->setAccessibleName(tr("Filter tenants by name or id"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(320);
    m_sort = new QComboBox;
    m_sort->setObjectName(QStringLiteral("tenantSort"));
    m_sort->setAccessibleName(tr("Order"));
    m_sort->addItem(tr("Closest to a limit first"), int(models::TenantOrder::By::Pressure));
    m_sort->addItem(tr("By name"), int(models::TenantOrder::By::Name));
    m_sort->addItem(tr("Largest first"), int(models::TenantOrder::By::Size));
    row->addWidget(m_filter, 1);
    row->addStretch(1);
    row->addWidget(m_sort);
    column->addLayout(row);
    m_cards = new TenantCards(m_order, m_theme);
    column->addWidget(m_cards, 1);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        const bool nested = std::exchange(m_syncing, true);
        m_order.setText(text);
        m_syncing = nested;
        refreshCards();
    });
    connect(m_sort, &QComboBox::currentIndexChanged, this, [this] {
        m_order.setOrder(models::TenantOrder::By(m_sort->currentData().toInt()));
        m_cards->scrollTo(m_cards->currentIndex());
    });
    connect(m_cards->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& current) {
            if (!m_syncing && current.isValid())
                m_feed.select(m_order.record(current.row()).id);
        });
    connect(m_cards, &QAbstractItemView::activated, this, [this](const QModelIndex& card) {
        Q_EMIT keyActivated(models::toQt(client::tenantMetaKey(m_order.record(card.row()).id)));
    });
    return box;
}

void TenantsPage::setReadOnly(bool readOnly)
{
    m_create->setEnabled(!readOnly);
    m_create->setToolTip(
        readOnly ? tr("This connection is read-only: change the mode in the top bar to write") : QString());
}

void TenantsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh(); // while hidden nothing was
}

void TenantsPage::focusFilter() { m_filter->setFocus(Qt::ShortcutFocusReason); }

void TenantsPage::fillEmpty()
{
    m_empty->clearActions();
    switch (m_feed.state()) {
    case FeedState::Idle:
    case FeedState::Loading:
        m_empty->setContent(QStringLiteral("tenants"), tr("Looking for tenants …"),
            tr("Reading the keys of %1.").arg(QString::fromStdString(m_feed.connection().profile().name)));
        return;
    case FeedState::Failed:
        m_empty->setContent(QStringLiteral("error"), tr("The tenants could not be read"),
            models::errorText(m_feed.error(), tr("read the tenants")).line());
        return;
    case FeedState::Ready:
        break;
    }
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    m_empty->setContent(QStringLiteral("tenants"), tr("No tenant yet"),
        complete ? tr("No key of this store begins with “tenant:” or “tenant-meta:”.")
                 : tr("This server cannot list its keys. Name a tenant to follow it."));
    connect(m_empty->addAction(tr("Create tenant…")), &QPushButton::clicked, this,
        [this] { m_form->start(TenantForm::Mode::Create); });
    connect(m_empty->addAction(tr("Follow tenant…")), &QPushButton::clicked, this,
        [this] { m_form->start(TenantForm::Mode::Follow); });
}

void TenantsPage::refreshState()
{
    const bool any = !m_feed.tenants().empty();
    if (!any) {
        fillEmpty();
    } else if (m_feed.state() == FeedState::Failed) {
        m_away = true;
        m_onNotice = {};
        m_notices->showNotice({Tone::Warning,
            tr("The server is away: what you see is from before. Reconnecting by itself …"), {}, {}});
    } else if (m_feed.state() == FeedState::Ready && std::exchange(m_away, false)) {
        m_notices->showNotice({Tone::Ok, tr("Connected again."), {}, std::chrono::seconds(3)});
    }
    m_stack->setCurrentIndex(any ? 1 : 0);
    refresh();
}

void TenantsPage::refresh()
{
    if ((m_stack->currentIndex() == 0) != m_feed.tenants().empty()) {
        refreshState();
        return;
    }
    m_header->setRemark(remarkText(m_feed));
    if (isVisible())
        refreshCards();
}

/// Rows that go make the view choose another current row. That is no choice of the person's: the feed must
/// not follow.
void TenantsPage::refreshCards()
{
    const bool nested = std::exchange(m_syncing, true);
    m_model.refresh(m_feed.rows());
    const int row = m_order.rowOf(m_feed.selected());
    if (m_cards->currentIndex().row() != row)
        m_cards->setCurrentIndex(row < 0 ? QModelIndex() : m_order.index(row, 0));
    m_syncing = nested;
}

void TenantsPage::tell(const TenantFeed::Outcome& outcome)
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

QVariantMap TenantsPage::figures() const
{
    QVariantMap out;
    out.insert(QStringLiteral("tenants"), int(m_feed.tenants().size()));
    std::uint64_t keys = 0;
    for (const auto& tenant : m_feed.tenants())
        keys += tenant.usage().keys;
    out.insert(QStringLiteral("tenant_keys"), qulonglong(keys));
    if (const auto* tenant = m_feed.selectedState()) {
        out.insert(QStringLiteral("selected"), models::shown(tenant->id()));
        out.insert(QStringLiteral("pressure"), tenant->pressure().value_or(-1));
    }
    return out;
}

} // namespace norikv::widgets
