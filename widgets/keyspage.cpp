// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyspage.h"

#include "models/errortext.h"
#include "models/sizetext.h"
#include "models/text.h"
#include "widgets/badge.h"
#include "widgets/card.h"
#include "widgets/emptystate.h"
#include "widgets/keyfilterbar.h"
#include "widgets/keysview.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMetaMethod>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using client::Bytes;
using client::Coverage;
using models::FeedState;
using models::KeyFilter;

namespace {

constexpr int Margin = 16;
constexpr int Patience = 300; // ms
constexpr std::size_t ExpandAtMost = 200; // matches of a filter that are shown without a click
constexpr std::size_t CopyAtMost = 100'000;

QString number(std::size_t n) { return groupDigits(qlonglong(n)); }

} // namespace

KeysPage::KeysPage(models::KeysFeed& feed, const Clock& clock, const Theme& theme, const QString& server,
    std::uint32_t totalShards, QWidget* parent)
    : Page(parent)
    , m_feed(feed)
    , m_server(server)
    , m_header(new SectionHeader(tr("Keys"), SectionHeader::Level::Page))
    , m_coverage(new Badge(theme))
    , m_guard(new Badge(theme))
    , m_probe(new QPushButton(tr("Look for known keys …")))
    , m_new(new QPushButton(tr("New key …")))
    , m_notices(new NoticeBar(theme))
    , m_tabs(new KeyTabs(theme))
    , m_filter(new KeyFilterBar(theme))
    , m_progress(new QWidget)
    , m_progressText(new TabularLabel)
    , m_progressBar(new QProgressBar)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(theme))
    , m_view(new KeysView(feed, clock, theme, totalShards))
    , m_chosen(new TabularLabel)
    , m_shown(new TabularLabel)
{
    setObjectName(QStringLiteral("keysPage"));
    setFocusPolicy(Qt::StrongFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Margin, 12, Margin, 0);
    column->setSpacing(8);
    m_coverage->setObjectName(QStringLiteral("keyCoverage"));
    m_header->addTrailing(m_guard);
    m_header->addTrailing(m_coverage);
    m_probe->setObjectName(QStringLiteral("probeKeys"));
    m_probe->setToolTip(tr("Reads the keys that are known here, after telling what that costs the server"));
    m_probe->hide();
    m_new->setObjectName(QStringLiteral("newKey"));
    m_new->setToolTip(tr("Create a key that does not exist yet (Ctrl+Shift+N)"));
    for (auto* button : {m_probe, m_new}) {
        setStyleRole(button, "quiet");
        m_header->addTrailing(button);
    }
    column->addWidget(m_header);
    column->addWidget(m_notices);
    auto* card = new Card;
    auto* content = card->contentLayout();
    content->setContentsMargins(0, 8, 0, 0);
    content->setSpacing(6);
    auto* tools = new QVBoxLayout;
    tools->setContentsMargins(8, 0, 8, 0);
    tools->setSpacing(6);
    tools->addWidget(m_tabs);
    tools->addWidget(m_filter);
    m_filter->addTrailing(m_tabs->addButton());
    content->addLayout(tools);
    makeProgress();
    content->addWidget(m_progress);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    content->addWidget(m_stack, 1);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(11, 2, 11, 6);
    m_shown->setObjectName(QStringLiteral("keysShown"));
    m_chosen->setObjectName(QStringLiteral("keysChosen"));
    setStyleRole(m_shown, "caption");
    setStyleRole(m_chosen, "caption");
    foot->addWidget(m_shown);
    foot->addStretch(1);
    foot->addWidget(m_chosen);
    content->addLayout(foot);
    column->addWidget(card, 1);

    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (const auto act = std::exchange(m_onNotice, {}))
            act();
    });
    connect(m_probe, &QPushButton::clicked, this, &KeysPage::probeRequested);
    connect(m_new, &QPushButton::clicked, this, [this] { Q_EMIT newKeyRequested({}); });
    connect(m_filter, &KeyFilterBar::filterChanged, this, &KeysPage::filterChanged);
    connect(m_filter, &KeyFilterBar::treeChanged, this, [this](bool tree) {
        m_tabs->current().tree = tree;
        applyTab();
    });
    connect(m_tabs, &KeyTabs::leaving, this, &KeysPage::saveTab);
    connect(m_tabs, &KeyTabs::entered, this, &KeysPage::loadTab);
    connect(m_view, &KeysView::keyActivated, this, &KeysPage::openRequested);
    connect(m_view, &KeysView::menuRequested, this, &KeysPage::showMenu);
    connect(m_view, &KeysView::chosenChanged, this, [this] {
        refreshContent();
        refreshChosen();
    });
    connect(m_view, &KeysView::orderRequested, this, [this](models::KeyOrder order) {
        m_tabs->current().order = order;
        m_feed.setOrder(order);
    });
    connect(&feed, &models::KeysFeed::stateChanged, this, &KeysPage::stateChanged);
    connect(&feed, &models::KeysFeed::progressed, this, [this] {
        refreshProgress();
        refreshContent();
    });
    connect(&feed.view(), &models::KeyView::editEnds, this, [this] {
        if (m_stack->currentIndex() == 0 && m_feed.view().size() > 0)
            refreshContent(); // the first rows at once
    });
    connect(&feed, &models::KeysFeed::indexed, this, &KeysPage::indexed);
    connect(&feed, &models::KeysFeed::rejected, this, [this](const QString& message, int) {
        m_filter->setProblem(tr("The pattern cannot be used: %1.").arg(message));
    });
    m_patience.setSingleShot(true);
    m_patience.setInterval(Patience);
    connect(&m_patience, &QTimer::timeout, this, &KeysPage::refreshProgress);
    makeShortcuts();
    stateChanged();
    refreshChosen();
}

void KeysPage::makeProgress()
{
    auto* row = new QHBoxLayout(m_progress);
    row->setContentsMargins(11, 0, 11, 0);
    row->setSpacing(12);
    m_progressBar->setRange(0, 100);
    m_progressBar->setFixedWidth(96);
    m_progressBar->setTextVisible(false);
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelListing"));
    cancel->setProperty("role", QStringLiteral("quiet"));
    row->addWidget(m_progressBar);
    row->addWidget(m_progressText);
    row->addStretch(1);
    row->addWidget(cancel);
    connect(cancel, &QPushButton::clicked, this, [this] { m_feed.cancel(); });
    m_progress->hide();
}

void KeysPage::makeShortcuts()
{
    const auto add = [this](const QKeySequence& keys, QWidget* where, const QString& what, auto call) {
        auto* shortcut = new QShortcut(keys, where);
        shortcut->setWhatsThis(what);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, call);
    };
    add(QKeySequence::Copy, m_view, tr("Copy the chosen keys"), [this] { copyKeys(); });
    add(QKeySequence(Qt::Key_Delete), m_view, tr("Delete the chosen keys …"), [this] {
        static const auto bulk = QMetaMethod::fromSignal(&KeysPage::bulkRequested);
        if (m_readOnly || !isSignalConnected(bulk))
            return;
        if (const auto keys = m_view->chosenKeys(); !keys.empty())
            Q_EMIT bulkRequested(QStringLiteral("delete"), keys);
    });
    add(QKeySequence(Qt::CTRL | Qt::Key_W), this, tr("Close the tab of keys"),
        [this] { m_tabs->closeCurrent(); });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T), this, tr("Open the closed tab of keys again"),
        [this] { m_tabs->reopen(); });
    add(QKeySequence(Qt::Key_Down), m_filter, tr("From the filter into the keys"), [this] {
        // From the field into the rows, without the mouse.
        m_view->items().setFocus(Qt::OtherFocusReason);
        auto* model = m_view->items().model();
        if (!m_view->items().currentIndex().isValid() && model->rowCount() > 0)
            m_view->items().setCurrentIndex(model->index(0, 0));
    });
}

void KeysPage::focusFilter() { m_filter->focusField(); }

void KeysPage::refreshNow() { m_feed.refresh(); }

void KeysPage::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_new->setEnabled(!readOnly);
    if (readOnly)
        m_guard->setBadge(Tone::Neutral, tr("read-only"), QStringLiteral("lock"));
    else
        m_guard->clear();
}

QByteArray KeysPage::currentKey() const
{
    bool folder = false;
    const Bytes key = m_view->current(&folder);
    return folder || !m_view->isAncestorOf(QApplication::focusWidget()) ? QByteArray() : models::toQt(key);
}

void KeysPage::showKey(const Bytes& key)
{
    m_tabs->add({});
    m_tabs->current().current = key;
    loadTab();
}

void KeysPage::setScope(const Bytes& prefix, const QString& owner)
{
    if (prefix == m_feed.scope())
        return;
    m_owner = owner;
    m_scopeDue = !prefix.empty();
    m_filter->setSubject(owner);
    m_emptyShown.clear();
    m_feed.setScope(prefix);
    m_patience.start();
    refreshContent();
}

void KeysPage::openPrefix(const Bytes& prefix)
{
    KeyTab tab;
    tab.filter.mode = KeyFilter::Mode::Prefix;
    tab.filter.text = QString::fromStdString(client::printable(prefix));
    m_tabs->add(tab);
}

// --- tabs and filters ---------------------------------------------------------------------------------

void KeysPage::saveTab()
{
    KeyTab& tab = m_tabs->current();
    tab.tree = m_view->tree();
    if (m_loadingTab && m_feed.state() == FeedState::Loading)
        return; // its place was not found yet: what is saved is better than what is shown
    tab.expanded = m_filtered ? m_foldersBefore : m_view->expanded();
    tab.current = m_view->current();
    tab.top = m_view->topKey();
}

void KeysPage::loadTab()
{
    const KeyTab& tab = m_tabs->current();
    m_filter->setFilter(tab.filter);
    m_filter->setTree(tab.tree);
    m_foldersBefore = tab.expanded;
    m_filtered = !tab.filter.text.isEmpty();
    m_loadingTab = true;
    applyTab();
    m_feed.setFilter(tab.filter);
}

/// Folders are made of keys in their order; the list has the order of its own.
void KeysPage::applyTab()
{
    const KeyTab& tab = m_tabs->current();
    m_view->setTree(tab.tree);
    const models::KeyOrder order = tab.tree ? models::KeyOrder() : tab.order;
    if (m_feed.order() != order)
        m_feed.setOrder(order);
}

void KeysPage::filterChanged(const KeyFilter& filter)
{
    m_loadingTab = false;
    const bool filtered = !filter.text.isEmpty();
    if (filtered && !m_filtered)
        m_foldersBefore = m_view->expanded();
    m_foldersDue = m_filtered && !filtered;
    m_filtered = filtered;
    m_tabs->current().filter = filter;
    m_tabs->refreshTitle();
    m_feed.setFilter(filter);
    m_patience.start();
}

void KeysPage::indexed()
{
    refreshContent();
    if (std::exchange(m_foldersDue, false) || m_loadingTab)
        openFolders(m_foldersBefore);
    if (m_scopeDue && m_feed.view().size() > 0) {
        m_scopeDue = m_feed.state() == FeedState::Loading;
        openFolders(m_view->expanded());
    }
    if (m_view->tree() && m_filtered && m_feed.view().size() <= ExpandAtMost)
        m_view->expandAll();
    findPlace();
    refreshProgress();
}

/// These, and those above the scope: each of them has one child, which nobody wants to open one by one.
void KeysPage::openFolders(std::vector<Bytes> folders)
{
    const Bytes& scope = m_feed.scope();
    for (std::size_t end = scope.find(':'); end != Bytes::npos; end = scope.find(':', end + 1))
        folders.push_back(scope.substr(0, end + 1));
    m_view->setExpanded(folders);
}

/// The rows of the place may come late: after a restart the list is told first.
void KeysPage::findPlace()
{
    if (!m_loadingTab || m_feed.state() == models::FeedState::Loading)
        return;
    const KeyTab& tab = m_tabs->current();
    openFolders(m_foldersBefore);
    m_loadingTab = !m_view->setCurrent(tab.current) && !tab.current.empty();
    m_view->setTopKey(tab.top);
}

QVariantMap KeysPage::place() const
{
    const_cast<KeysPage*>(this)->saveTab(); // the tab's own record of what is shown
    QVariantList tabs;
    for (const KeyTab& tab : m_tabs->all())
        tabs << tab.toMap();
    return {{QStringLiteral("tabs"), tabs}, {QStringLiteral("tab"), m_tabs->currentIndex()}};
}

void KeysPage::setPlace(const QVariantMap& place)
{
    std::vector<KeyTab> tabs;
    for (const QVariant& tab : place.value(QStringLiteral("tabs")).toList())
        tabs.push_back(KeyTab::fromMap(tab.toMap()));
    m_tabs->setAll(std::move(tabs), place.value(QStringLiteral("tab")).toInt());
}

// --- actions ------------------------------------------------------------------------------------------

void KeysPage::copyKeys()
{
    QStringList lines;
    for (const Bytes& key : m_view->chosenKeys(CopyAtMost))
        lines << QString::fromStdString(client::printable(key));
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void KeysPage::favour(bool on)
{
    for (const Bytes& key : m_view->chosenKeys(CopyAtMost))
        m_feed.setFavourite(key, on);
}

void KeysPage::addWrite(QMenu& menu, const QString& text, const char* action)
{
    static const auto bulk = QMetaMethod::fromSignal(&KeysPage::bulkRequested);
    auto* entry = menu.addAction(text, this,
        [this, name = QString::fromLatin1(action)] { Q_EMIT bulkRequested(name, m_view->chosenKeys()); });
    entry->setEnabled(!m_readOnly && isSignalConnected(bulk));
    if (m_readOnly)
        entry->setText(tr("%1 (read-only)").arg(text));
}

/// In the order that every subject of the program has.
void KeysPage::showMenu(const QPoint& global)
{
    bool folder = false;
    const Bytes subject = m_view->current(&folder);
    if (subject.empty())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("keyMenu"));
    if (folder) {
        menu->addAction(tr("Open in a tab"), this, [this, subject] { openPrefix(subject); });
    } else {
        menu->addAction(tr("Open"), this, [this, subject] { Q_EMIT openRequested(subject); });
        static const auto panels = QMetaMethod::fromSignal(&KeysPage::openInPanelRequested);
        const client::KeyKind kind = client::keyKind(subject, {});
        auto* panel = menu->addAction(
            tr("Open in panel"), this, [this, kind, subject] { Q_EMIT openInPanelRequested(kind, subject); });
        panel->setEnabled(isSignalConnected(panels) && kind != client::KeyKind::Other);
        auto* copy = menu->addAction(
            tr("Duplicate…"), this, [this, subject] { Q_EMIT newKeyRequested(models::toQt(subject)); });
        copy->setEnabled(!m_readOnly);
    }
    menu->addAction(folder ? tr("Copy prefix") : tr("Copy key"), this, [subject] {
        QApplication::clipboard()->setText(QString::fromStdString(client::printable(subject)));
    });
    const std::size_t chosen = m_view->chosen().keys;
    if (chosen > 1)
        menu->addAction(
            tr("Copy %1 keys").arg(number(std::min(chosen, CopyAtMost))), this, [this] { copyKeys(); });
    if (chosen > 0 && chosen <= CopyAtMost) {
        const bool on = m_feed.favourites().contains(subject);
        menu->addAction(
            on ? tr("No favourite any more") : tr("Favourite"), this, [this, on] { favour(!on); });
    }
    static const auto bulk = QMetaMethod::fromSignal(&KeysPage::bulkRequested);
    if (chosen > 0 && isSignalConnected(bulk))
        menu->addAction(tr("Export…"), this,
            [this] { Q_EMIT bulkRequested(QStringLiteral("export"), m_view->chosenKeys()); });
    menu->addSeparator();
    addWrite(*menu, tr("TTL…"), "ttl");
    addWrite(*menu, tr("Delete…"), "delete");
    menu->popup(global);
}

// --- what is said -------------------------------------------------------------------------------------

void KeysPage::stateChanged()
{
    findPlace();
    if (m_feed.state() == FeedState::Loading)
        m_patience.start();
    if (m_feed.stopped())
        m_coverage->setBadge(Tone::Warning, tr("stopped: not all keys"));
    else if (m_feed.stale())
        m_coverage->setBadge(Tone::Warning, tr("from before"));
    else if (m_feed.coverage() == Coverage::Complete)
        m_coverage->setBadge(Tone::Ok, tr("complete"));
    else if (m_feed.coverage() == Coverage::KnownKeys)
        m_coverage->setBadge(Tone::Warning, tr("known keys only"));
    else
        m_coverage->clear();
    m_coverage->setToolTip(m_feed.coverage() == Coverage::KnownKeys
            ? tr("This server cannot list its keys. These are the keys that were seen here.")
            : QString());

    const bool any = m_feed.known() > 0;
    m_onNotice = {};
    if (any && m_feed.state() == FeedState::Failed) {
        m_away = true;
        m_notices->showNotice(
            {Tone::Warning, tr("The server is away: what you see is from before. Reconnecting by itself …"),
                tr("Try again"), {}});
        m_onNotice = [this] { m_feed.refresh(); };
    } else if (any && m_feed.stopped()) {
        m_notices->showNotice(
            {Tone::Info, tr("Stopped: %1 keys were listed, more may exist.").arg(number(m_feed.known())),
                tr("List all"), {}});
        m_onNotice = [this] { m_feed.refresh(); };
    } else if (!m_feed.resumedAfter().empty() && m_feed.state() == FeedState::Loading) {
        m_away = false;
        m_notices->showNotice({Tone::Info,
            tr("The server was lost in mid-list; resumed after %1.")
                .arg(models::shown(m_feed.resumedAfter())),
            {}, std::chrono::seconds(8)});
    } else if (m_feed.state() == FeedState::Ready && std::exchange(m_away, false)) {
        m_notices->showNotice({Tone::Ok, tr("Connected again."), {}, std::chrono::seconds(3)});
    }
    refreshProgress();
    refreshContent();
}

void KeysPage::refreshContent()
{
    const bool rows = m_feed.view().size() > 0;
    if (!rows)
        refreshEmpty();
    m_stack->setCurrentIndex(rows ? 1 : 0);
    refreshCounts();
}

void KeysPage::refreshEmpty()
{
    struct Next {
        QString text;
        std::function<void()> act;
    };
    const auto say
        = [this](const char* icon, const QString& headline, const QString& sentence, const Next& next) {
              if (std::exchange(m_emptyShown, headline + sentence) == headline + sentence)
                  return;
              m_empty->clearActions();
              m_empty->setContent(QString::fromLatin1(icon), headline, sentence);
              connect(m_empty->addAction(next.text), &QPushButton::clicked, this, next.act);
          };
    const auto again = [this] { m_feed.refresh(); };
    const bool ready = m_feed.state() == FeedState::Ready;
    const bool failed = m_feed.state() == FeedState::Failed;
    if (m_feed.within() > 0)
        say("search", tr("No key matches"),
            tr("None of %1 keys is what the filter asks for.").arg(number(m_feed.within())),
            {tr("Clear the filter"), [this] {
                 m_filter->setFilter({});
                 filterChanged({});
             }});
    else if (!m_feed.scope().empty() && m_feed.known() > 0)
        say("keys", tr("No key of %1").arg(m_owner),
            tr("Keys under %1 appear here as soon as they are written.").arg(models::shown(m_feed.scope())),
            {tr("Look again"), again});
    else if ((failed && m_feed.error().kind == client::ErrorKind::Unsupported)
        || (ready && m_feed.coverage() == Coverage::KnownKeys))
        say("keys", tr("No key is known yet"),
            tr("This server cannot list its keys. Open one by its name; what is read or written here is "
               "remembered."),
            {tr("Open a key…"), [this] { Q_EMIT openByNameRequested(); }});
    else if (failed)
        say("error", tr("The keys could not be listed"),
            models::errorText(m_feed.error(), tr("list the keys")).line(), {tr("Try again"), again});
    else if (m_feed.stopped())
        say("stop", tr("Stopped"), tr("No key was listed before you stopped it."), {tr("List all"), again});
    else if (ready)
        say("keys", tr("No key yet"),
            tr("This store is empty. Keys appear here as soon as they are written."),
            {tr("Look again"), again});
    else
        say("keys", tr("Listing keys …"), tr("Reading the keys of %1.").arg(m_server),
            {tr("Cancel"), [this] { m_feed.cancel(); }});
}

void KeysPage::refreshCounts()
{
    const bool partial = m_feed.coverage() != Coverage::Complete;
    const std::size_t known = m_feed.within();
    const QString sign = partial && known > 0 ? QStringLiteral("\u2265 ") : QString();
    QString all = tr("%n key(s)", nullptr, int(known)).replace(QString::number(known), number(known));
    if (!m_feed.scope().empty())
        all = tr("%1 of %2").arg(all, m_owner);
    QString remark = m_feed.known() > 0 || m_feed.state() == FeedState::Ready ? sign + all : QString();
    if (m_feed.paused())
        remark += tr(" · paused, %1 changes wait").arg(number(m_feed.waiting()));
    else if (m_feed.coverage() == Coverage::KnownKeys)
        remark += tr(" · known from what was opened and written here");
    else if (m_feed.live())
        remark += tr(" · followed live");
    if (!m_feed.status().isEmpty())
        remark += QStringLiteral(" · ") + m_feed.status();
    m_header->setRemark(remark);
    m_probe->setVisible(m_feed.coverage() == Coverage::KnownKeys && m_feed.known() > 0);
    const std::size_t shown = m_feed.view().size();
    m_shown->setText(shown == known ? QString() : tr("%1 of %2 keys").arg(number(shown), number(known)));
}

void KeysPage::refreshChosen()
{
    const auto chosen = m_view->chosen();
    m_chosen->setText(chosen.keys < 2
            ? QString()
            : tr("%1 keys, %2").arg(number(chosen.keys), models::sizeText(chosen.bytes)));
}

void KeysPage::refreshProgress()
{
    const bool listing = m_feed.state() == FeedState::Loading && m_feed.known() > 0;
    const bool busy = listing || m_feed.indexing();
    m_progress->setVisible(busy && !m_patience.isActive());
    // How many there are is known only where they were listed before.
    const bool again = listing && m_feed.known() > m_feed.loaded();
    m_progressBar->setVisible(again || !listing);
    m_progressBar->setValue(
        again ? int(m_feed.loaded() * 100 / m_feed.known()) : int(m_feed.indexProgress() * 100));
    if (listing) {
        m_progressText->setText(tr("%1 keys so far, %2 a second")
                                    .arg(number(m_feed.loaded()), number(std::size_t(m_feed.rate()))));
    } else if (busy) {
        m_progressText->setText(tr("looking through %1 keys: %2 %")
                                    .arg(number(m_feed.known()))
                                    .arg(int(m_feed.indexProgress() * 100)));
    }
}

QVariantMap KeysPage::figures() const
{
    return {{QStringLiteral("keys"), qulonglong(m_feed.within())},
        {QStringLiteral("shown"), qulonglong(m_feed.view().size())}, {QStringLiteral("live"), m_feed.live()},
        {QStringLiteral("coverage"), m_coverage->text()}};
}

} // namespace norikv::widgets
