// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sessionspage.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/emptystate.h"
#include "widgets/expirystrip.h"
#include "widgets/fadingtable.h"
#include "widgets/flowlayout.h"
#include "widgets/inlineconfirm.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tables.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::SessionModel;
using models::SessionOrder;

namespace {
constexpr EpochMs FadeMs = 2000;
}

SessionsPage::SessionsPage(models::SessionFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("sessionsPage"), tr("Sessions"), QStringLiteral("sessions"),
            tr("Looking for sessions …"), tr("The sessions could not be read"), tr("read the sessions")},
        parent)
    , m_feed(feed)
{
    auto* create = new QPushButton(tr("New session…"));
    create->setObjectName(QStringLiteral("newSession"));
    writes(create);
    header().addTrailing(create);
    m_form = makeForm();
    m_form->hide();
    top().addWidget(m_form);
    m_confirm = new InlineConfirm(Qt::Horizontal);
    m_confirm->setObjectName(QStringLiteral("sessionConfirm"));
    m_confirm->hide();
    top().addWidget(m_confirm);
    connect(create, &QPushButton::clicked, this, [this] {
        m_form->setVisible(!m_form->isVisible());
        if (auto* first = m_form->findChild<QLineEdit*>(); first && m_form->isVisible())
            first->setFocus();
    });

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(10);
    auto* ends = new Card(tr("When they end"));
    ends->setSubtitle(tr("minutes from now, by role; click a cell to see whose"));
    addWhatIf(*ends);
    m_strip = new ExpiryStrip(theme);
    ends->contentLayout()->addWidget(m_strip);
    column->addWidget(ends);
    column->addWidget(makeFilters());
    m_table = makeTable();
    auto* list = new Card;
    list->contentLayout()->setContentsMargins(0, 0, 0, 0);
    list->contentLayout()->addWidget(m_table, 1);
    column->addWidget(list, 1);
    setContent(content);

    connect(m_strip, &ExpiryStrip::chosen, this, [this](const QString& role, int minute) {
        changeFilter([&](models::SessionFilter& filter) {
            filter.role = role.toStdString();
            filter.minute = minute < 0 ? std::nullopt : std::optional(minute);
        });
    });
    connect(&feed, &models::SessionFeed::revokePlanned, this, &SessionsPage::askRevoke);
    connect(m_confirm, &InlineConfirm::acted, this, [this] {
        m_confirm->hide();
        if (m_onConfirm)
            std::exchange(m_onConfirm, {})();
    });
    connect(m_confirm, &InlineConfirm::dismissed, m_confirm, &QWidget::hide);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &SessionsPage::tick);
    m_tick.start();
    refreshAll();
}

QWidget* SessionsPage::makeForm()
{
    auto* box = new QFrame;
    setStyleRole(box, "card");
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    auto* user = new QLineEdit;
    user->setObjectName(QStringLiteral("newUser"));
    user->setPlaceholderText(tr("User id"));
    auto* email = new QLineEdit;
    email->setPlaceholderText(tr("E-mail"));
    auto* roles = new QLineEdit(QStringLiteral("user"));
    roles->setPlaceholderText(tr("Roles, separated by commas"));
    auto* apply = new QPushButton(tr("Create"));
    apply->setObjectName(QStringLiteral("createSession"));
    setStyleRole(apply, "primary");
    apply->setEnabled(false);
    for (auto* field : {user, email, roles}) {
        field->setAccessibleName(field->placeholderText());
        row->addWidget(field, 1);
    }
    row->addWidget(apply);
    connect(user, &QLineEdit::textChanged, apply,
        [apply](const QString& text) { apply->setEnabled(!text.isEmpty()); });
    const auto create = [this, user, email, roles] {
        if (user->text().isEmpty())
            return;
        std::vector<std::string> list;
        for (const QString& role : roles->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
            list.push_back(role.trimmed().toStdString());
        m_feed.create(user->text(), email->text(), list);
        m_form->hide();
    };
    connect(apply, &QPushButton::clicked, this, create);
    for (auto* field : {user, email, roles})
        connect(field, &QLineEdit::returnPressed, this, create);
    return box;
}

void SessionsPage::addWhatIf(Card& card)
{
    m_whatIfText = makeLabel(QString(), "muted");
    m_whatIfText->setObjectName(QStringLiteral("whatIfText"));
    m_whatIf = new QComboBox;
    m_whatIf->setObjectName(QStringLiteral("whatIf"));
    m_whatIf->setAccessibleName(tr("If the time to live were"));
    m_whatIf->setToolTip(
        tr("Draws when they would end with another time to live, counted from when each was last "
           "seen. Nothing is written"));
    m_whatIf->addItem(tr("As it is"));
    for (const int minutes : {5, 15, 30, 60, 240})
        m_whatIf->addItem(minutes < 60 ? tr("If the TTL were %1 min").arg(minutes)
                                       : tr("If the TTL were %1 h").arg(minutes / 60),
            minutes);
    card.addTrailing(m_whatIfText);
    card.addTrailing(m_whatIf);
    connect(m_whatIf, &QComboBox::currentIndexChanged, this, [this] {
        const int minutes = m_whatIf->currentData().toInt();
        m_feed.setWhatIf(minutes > 0 ? std::optional<EpochMs>(EpochMs(minutes) * 60'000) : std::nullopt);
    });
}

QWidget* SessionsPage::makeFilters()
{
    auto* box = new QWidget;
    auto* row = new FlowLayout(8, 8); // beside the inspector a small window has no room for one line
    box->setLayout(row);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("sessionFilter"));
    m_text->setPlaceholderText(tr("Filter by user, e-mail, role or id"));
    m_text->setAccessibleName(tr("Filter sessions"));
    m_text->setClearButtonEnabled(true);
    m_text->setFixedWidth(240);
    m_wrong = new QPushButton(tr("Something wrong"));
    m_wrong->setObjectName(QStringLiteral("onlyWrong"));
    m_endless = new QPushButton(tr("No expiry"));
    m_endless->setObjectName(QStringLiteral("onlyEndless"));
    m_crowded = new QPushButton(tr("Crowded users"));
    m_crowded->setObjectName(QStringLiteral("onlyCrowded"));
    m_crowded->setToolTip(tr("Sessions of users who have more than %1").arg(models::SessionStrip::Crowd));
    auto* probe = new QPushButton(tr("Probe shown"));
    probe->setObjectName(QStringLiteral("probeShown"));
    probe->setToolTip(
        tr("Reads up to 1,000 of the listed sessions: which are gone, alive or immortal. Nothing is "
           "written"));
    m_cell = new QPushButton;
    m_cell->hide();
    m_cell->setToolTip(tr("Show all again"));
    for (auto* chip : {m_wrong, m_endless, m_crowded})
        chip->setCheckable(true);
    m_order = new QComboBox;
    m_order->setObjectName(QStringLiteral("sessionOrder"));
    m_order->setAccessibleName(tr("Order"));
    m_order->addItem(tr("Next to end first"), int(SessionOrder::Expiry));
    m_order->addItem(tr("By user"), int(SessionOrder::User));
    m_order->addItem(tr("Last seen first"), int(SessionOrder::LastSeen));
    m_order->addItem(tr("Newest first"), int(SessionOrder::Created));
    row->addWidget(m_text);
    for (auto* chip : {m_wrong, m_endless, m_crowded, m_cell})
        row->addWidget(chip);
    row->addWidget(probe);
    row->addWidget(m_order);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        changeFilter([&](models::SessionFilter& filter) { filter.text = text.toLower().toStdString(); });
    });
    connect(m_wrong, &QPushButton::toggled, this,
        [this](bool on) { changeFilter([&](models::SessionFilter& filter) { filter.onlyWrong = on; }); });
    connect(m_endless, &QPushButton::toggled, this, [this](bool on) {
        changeFilter([&](models::SessionFilter& filter) { filter.onlyWithoutExpiry = on; });
    });
    connect(m_crowded, &QPushButton::toggled, this,
        [this](bool on) { changeFilter([&](models::SessionFilter& filter) { filter.onlyCrowded = on; }); });
    connect(probe, &QPushButton::clicked, this, [this] { m_feed.probeShown(); });
    connect(m_cell, &QPushButton::clicked, this, [this] {
        changeFilter([](models::SessionFilter& filter) {
            filter.role.clear();
            filter.minute.reset();
        });
    });
    connect(m_order, &QComboBox::currentIndexChanged, this,
        [this] { m_feed.setOrder(SessionOrder(m_order->currentData().toInt())); });
    return box;
}

FadingTable* SessionsPage::makeTable()
{
    auto* table = new FadingTable;
    table->setFade([this](int row) { return fadeOf(row); });
    table->setObjectName(QStringLiteral("sessionsTable"));
    table->setModel(&m_feed.model());
    styleTable(*table);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setAccessibleName(tr("Sessions"));
    auto* numbers = new NumberDelegate(table);
    table->setItemDelegateForColumn(SessionModel::EndsIn, numbers);
    table->setItemDelegateForColumn(SessionModel::LastSeen, numbers);
    table->setItemDelegateForColumn(
        SessionModel::State, new OutcomeDelegate(m_theme, models::ToneRole, -1, table));
    auto* header = table->horizontalHeader();
    header->setStretchLastSection(false); // the e-mail takes what is left
    header->setSectionResizeMode(SessionModel::Email, QHeaderView::Stretch);
    header->resizeSection(SessionModel::State, 108);
    header->resizeSection(SessionModel::User, 92);
    header->resizeSection(SessionModel::Roles, 110);
    header->resizeSection(SessionModel::LastSeen, 124);
    header->resizeSection(SessionModel::EndsIn, 104);
    header->resizeSection(SessionModel::Source, 98);
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

void SessionsPage::changeFilter(const std::function<void(models::SessionFilter&)>& change)
{
    models::SessionFilter filter = m_feed.filter();
    change(filter);
    m_feed.setFilter(filter);
    m_strip->setChosen(QString::fromStdString(filter.role), filter.minute);
    m_cell->setVisible(filter.minute.has_value());
    if (filter.minute) {
        const QString minute = *filter.minute == models::SessionStrip::Minutes
            ? tr("later")
            : tr("minute %1").arg(*filter.minute + 1);
        m_cell->setText(tr("%1 ✕").arg(
            filter.role.empty() ? minute : models::shown(filter.role, 32) + QStringLiteral(" · ") + minute));
    }
}

void SessionsPage::focusFilter() { m_text->setFocus(Qt::ShortcutFocusReason); }

void SessionsPage::sayNothing(EmptyState& empty)
{
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    empty.setContent(QStringLiteral("sessions"), tr("No session yet"),
        complete ? tr("No key of this store begins with “session:”.")
                 : tr("This server cannot list its keys. Open the key of a session, or create one."));
    auto* create = empty.addAction(tr("New session…"));
    create->setEnabled(!readOnly());
    connect(create, &QPushButton::clicked, this, [this] { m_form->show(); });
}

QString SessionsPage::countText() const
{
    const auto shown = static_cast<std::size_t>(m_feed.model().rowCount());
    QString text = shown == m_feed.all()
        ? tr("%n session(s)", nullptr, int(shown))
        : tr("%1 of %2").arg(models::grouped(shown), models::grouped(m_feed.all()));
    if (m_feed.wrong() > 0)
        text += tr(" · %n with something wrong", nullptr, int(m_feed.wrong()));
    return text;
}

void SessionsPage::refreshContent()
{
    m_strip->setStrip(m_feed.strip());
    const auto& strip = m_feed.strip();
    m_whatIfText->setText(strip.whatIfMs
            ? tr("%1 would be gone now").arg(models::grouped(qulonglong(strip.goneThen)))
            : QString());
    m_crowded->setVisible(strip.crowdedUsers > 0 || m_crowded->isChecked());
    m_crowded->setText(tr("%n crowded user(s)", nullptr, strip.crowdedUsers));
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

void SessionsPage::tick()
{
    if (!isVisible() || m_feed.paused())
        return;
    m_feed.model().setNow(m_feed.nowMs());
    const int first = m_table->rowAt(0);
    const int last = m_table->rowAt(m_table->viewport()->height() - 1);
    m_feed.model().tick(first, last < 0 ? m_feed.model().rowCount() - 1 : last);
    m_table->look();
}

/// Over its last two seconds (panels.md 2.2). One that should have ended and is still there stays in full.
double SessionsPage::fadeOf(int row) const
{
    const auto& end = m_feed.model().record(row).reading.expiry.atMs;
    if (!end || m_feed.paused())
        return 0;
    const EpochMs left = *end - m_feed.nowMs();
    return left > FadeMs || left < -FadeMs ? 0 : double(FadeMs - std::max<EpochMs>(0, left)) / FadeMs;
}

void SessionsPage::askRevoke(const QString& user, const std::vector<client::Bytes>& keys)
{
    if (keys.empty()) {
        Q_EMIT said(tr("No session of %1 is known.").arg(user));
        return;
    }
    QString question
        = tr("Destroy %n session(s) of %1? They are looked at again after 5 s.", nullptr, int(keys.size()))
              .arg(user);
    if (m_feed.coverage() != client::Coverage::Complete)
        question += tr(" Only known sessions: this server cannot list others.");
    m_onConfirm = [this, user, keys] { m_feed.revoke(user, keys); };
    m_confirm->ask(question, tr("Destroy %n", nullptr, int(keys.size())), tr("Keep them"));
    m_confirm->show();
}

QVariantMap SessionsPage::figures() const
{
    QVariantMap out;
    out.insert(QStringLiteral("sessions"), qulonglong(m_feed.all()));
    out.insert(QStringLiteral("shown"), m_feed.model().rowCount());
    out.insert(QStringLiteral("wrong"), qulonglong(m_feed.wrong()));
    return out;
}

} // namespace norikv::widgets
