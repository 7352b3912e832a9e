// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mainwindow.h"

#include "app/bulkactions.h"
#include "app/keydialogs.h"
#include "app/keyspanel.h"
#include "app/lensstrip.h"
#include "app/pages.h"
#include "app/statusline.h"
#include "app/tabdock.h"
#include "app/topbar.h"
#include "app/workspace.h"

#include "models/shardfeed.h"
#include "models/text.h"
#include "widgets/connectionchip.h"
#include "widgets/counterspage.h"
#include "widgets/findingspanel.h"
#include "widgets/icons.h"
#include "widgets/journalpanel.h"
#include "widgets/keyinspector.h"
#include "widgets/noticebar.h"
#include "widgets/opencounterdialog.h"
#include "widgets/operationspanel.h"
#include "widgets/shortcutsheet.h"
#include "widgets/siderail.h"
#include "widgets/startpage.h"
#include "widgets/theme.h"
#include "widgets/timebar.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QScreen>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace norikv::app {

using namespace std::chrono_literals;

namespace {

const QString FindingsPlace = QStringLiteral("findings"); // beside the panels' places: what is muted
constexpr int InspectorWidth = 300;
constexpr int BottomHeight = 176;

QWidget* scrolled(QWidget* content)
{
    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return scroll;
}

} // namespace

MainWindow::MainWindow(widgets::Theme& theme, QWidget* parent)
    : QMainWindow(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("NoriKV Workbench"));
    setWindowIcon(widgets::applicationIcon());
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    makeMenus();
    m_top = new TopBar(theme, *m_menu);
    m_lens = new LensStrip(theme);
    auto* strips = new QWidget;
    auto* stripColumn = new QVBoxLayout(strips);
    stripColumn->setContentsMargins(0, 0, 0, 0);
    stripColumn->setSpacing(0);
    stripColumn->addWidget(m_top);
    stripColumn->addWidget(m_lens);
    setMenuWidget(strips);

    auto* frame = new QWidget;
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_rail = new widgets::SideRail(theme);
    for (const auto& page : pages()) {
        m_rail->addEntry(page.id, page.icon, page.name);
        m_rail->setUnavailable(page.id, page.make ? tr("Connect first") : tr("Not built yet"));
    }
    row->addWidget(m_rail);
    auto* middle = new QVBoxLayout;
    middle->setContentsMargins(0, 0, 0, 0);
    middle->setSpacing(0);
    m_notices = new widgets::NoticeBar(theme);
    middle->addWidget(m_notices);
    m_centre = new QStackedWidget;
    m_start = new widgets::StartPage(theme);
    m_centre->addWidget(m_start);
    middle->addWidget(m_centre, 1);
    m_timeBar = new widgets::TimeBar(theme);
    connect(m_timeBar, &widgets::TimeBar::limitsChosen, this, &MainWindow::timeLimitsChosen);
    middle->addWidget(m_timeBar);
    row->addLayout(middle, 1);
    setCentralWidget(frame);

    makeDocks();
    m_status = new StatusLine(theme);
    setStatusBar(m_status);
    makeShortcuts();
    connect(m_rail, &widgets::SideRail::activated, this, &MainWindow::showPanel);
    connect(m_top, &TopBar::chipClicked, this, &MainWindow::connectionsRequested);
    connect(m_top, &TopBar::opened, this, &MainWindow::openFromField);
    connect(m_top, &TopBar::pauseToggled, this, [this](bool paused) {
        if (m_workspace && paused)
            m_workspace->cursor().pause();
        else if (m_workspace)
            m_workspace->cursor().live();
    });
    connect(m_top, &TopBar::guardChosen, this, &MainWindow::setGuard);
    resize(1280, 800);
    m_defaultState = saveState(LayoutVersion);
    setWorkspace(nullptr);
}

MainWindow::~MainWindow() = default;

void MainWindow::makeMenus()
{
    m_menu = new QMenu(this);
    auto* connection = m_menu->addMenu(tr("&Connection"));
    connection->addAction(tr("&Connections …"), QKeySequence::New, this, &MainWindow::connectionsRequested);
    connection->addAction(tr("Start the &demo"), this, &MainWindow::demoRequested);
    connection->addAction(tr("Open the &sandbox"), this, &MainWindow::sandboxRequested);
    m_demoMenu = m_menu->addMenu(tr("&Demo"));
    m_demoMenu->menuAction()->setVisible(false);
    auto* edit = m_menu->addMenu(tr("&Edit"));
    // An editor with the focus takes Ctrl+Z for itself before this one hears of it.
    edit->addAction(tr("&Undo the last write …"), QKeySequence::Undo, this, [this] {
        if (m_journal)
            m_journal->undoLast();
    });
    edit->addAction(
        tr("&New key …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N), this, [this] { newKey({}); });
    edit->addAction(tr("&Duplicate the key …"), QKeySequence(Qt::CTRL | Qt::Key_D), this, [this] {
        const auto* page = currentPage();
        const QByteArray current = page ? page->currentKey() : QByteArray();
        if (!current.isEmpty())
            newKey(current);
        else if (m_workspace && !m_workspace->key().key().empty())
            newKey(models::toQt(m_workspace->key().key()));
        else
            showNotice(tr("Open or choose a key first: there is none to duplicate."), false);
    });
    edit->addAction(tr("&Import keys …"), this, [this] {
        if (m_workspace)
            startImport(*m_workspace, m_theme, this);
    });
    auto* view = m_menu->addMenu(tr("&View"));
    auto* theme = view->addMenu(tr("&Theme"));
    const std::pair<QString, QString> themes[] = {{QStringLiteral("light"), tr("Light")},
        {QStringLiteral("dark"), tr("Dark")}, {QStringLiteral("system"), tr("As the system")}};
    for (const auto& [id, name] : themes)
        theme->addAction(name, this, [this, choice = id] { Q_EMIT themeChosen(choice); });
    m_panelsMenu = view->addMenu(tr("&Panels"));
    view->addAction(tr("&Reset the layout"), this, &MainWindow::resetLayout);
    m_menu->addAction(tr("&Shortcuts …"), QKeySequence(Qt::CTRL | Qt::Key_Slash), this, [this] {
        auto* sheet = new widgets::ShortcutSheet(widgets::shortcutsOf(*this), this);
        sheet->setAttribute(Qt::WA_DeleteOnClose);
        sheet->show();
    });
    m_menu->addSeparator();
    m_menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    // Shortcuts of menu actions work only when the window owns the actions.
    for (QMenu* menu : {connection, edit, view})
        addActions(menu->actions());
    addActions(m_menu->actions());
}

void MainWindow::makeDocks()
{
    m_inspectorDock = new TabDock(tr("Inspector"), "inspectorDock", "inspectorTabs", m_theme);
    m_inspectorDock->widget()->setMinimumWidth(260);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    m_bottomDock = new TabDock(tr("Lists"), "bottomDock", "bottomTabs", m_theme);
    addDockWidget(Qt::BottomDockWidgetArea, m_bottomDock);
    resizeDocks({m_inspectorDock}, {InspectorWidth}, Qt::Horizontal);
    resizeDocks({m_bottomDock}, {BottomHeight}, Qt::Vertical);
    const std::pair<TabDock*, QKeySequence> docks[] = {{m_inspectorDock, QKeySequence(Qt::CTRL | Qt::Key_I)},
        {m_bottomDock, QKeySequence(Qt::CTRL | Qt::Key_J)}};
    for (const auto& [dock, keys] : docks) {
        QAction* shows = dock->toggleViewAction();
        shows->setShortcut(keys);
        m_panelsMenu->addAction(shows);
        addAction(shows);
    }
}

void MainWindow::makeShortcuts()
{
    const auto shortcut = [this](const QKeySequence& keys, const QString& what, auto&& call) {
        auto* s = new QShortcut(keys, this);
        s->setWhatsThis(what);
        connect(s, &QShortcut::activated, this, call);
    };
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_P), tr("Open a key or counter by its name"),
        [this] { m_top->focusField(); });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_F), tr("Find in the panel"), [this] {
        if (auto* page = currentPage())
            page->focusFilter();
    });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_T), tr("Show the chart as a table"), [this] {
        if (auto* page = currentPage())
            page->toggleTable();
    });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_L), tr("Read-only from now on"), [this] {
        if (!m_workspace)
            return;
        setGuard(client::GuardMode::ReadOnly);
    });
    for (const auto& keys : {QKeySequence(Qt::Key_F5), QKeySequence(Qt::CTRL | Qt::Key_R)}) {
        shortcut(keys, tr("Read again"), [this] {
            if (m_workspace)
                m_workspace->key().refresh();
            if (auto* page = currentPage())
                page->refreshNow();
        });
    }
    shortcut(QKeySequence(Qt::Key_F10), tr("Open the menu"),
        [this] { m_menu->popup(m_top->mapToGlobal(QPoint(8, m_top->height()))); });
    shortcut(QKeySequence(Qt::Key_Space), tr("Pause or resume what is shown"), [this] {
        // Space belongs to the text and buttons that have the focus.
        if (m_workspace && !qobject_cast<QLineEdit*>(focusWidget()))
            m_top->togglePause();
    });
    // A text field with the focus keeps these keys for itself.
    const auto step = [this](std::chrono::milliseconds by) {
        if (m_workspace)
            m_workspace->cursor().step(by);
    };
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_Left), tr("A second back in time"), [step] { step(-1s); });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_Right), tr("A second forward in time"), [step] { step(1s); });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_Home), tr("The oldest moment that is recorded"), [this] {
        if (m_workspace)
            m_workspace->cursor().show(m_workspace->cursor().oldestMs());
    });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_End), tr("Back to LIVE"), [this] {
        if (m_workspace)
            m_workspace->cursor().live();
    });
    int digit = Qt::Key_1;
    for (const auto& page : pages()) {
        if (digit > Qt::Key_9)
            break;
        shortcut(QKeySequence(Qt::CTRL | digit++), tr("Go to %1").arg(page.name),
            [this, id = page.id] { showPanel(id); });
    }
}

void MainWindow::setWorkspace(Workspace* workspace)
{
    m_keyInspector = nullptr;
    m_findings = nullptr;
    m_journal = nullptr;
    closeBulkDialogs(*this);
    closeKeyDialogs(*this);
    for (const Made& made : std::exchange(m_pages, {})) {
        delete made.page;
        delete made.inspector.data();
    }
    m_inspectorDock->clear();
    m_bottomDock->clear();
    m_workspace = workspace;
    m_closesWhenSaved = false;
    m_lens->setLens(workspace ? &workspace->lens() : nullptr);
    if (workspace)
        connect(&workspace->lens(), &models::Lens::changed, this, &MainWindow::followLens);
    followLens();
    m_timeBar->setCursor(workspace ? &workspace->cursor() : nullptr);
    if (workspace)
        connect(&workspace->cursor(), &models::TimeCursor::changed, this, &MainWindow::followCursor);
    m_top->setConnected(workspace != nullptr);
    m_top->setPaused(false);
    for (TabDock* dock : {m_inspectorDock, m_bottomDock}) {
        dock->setVisible(workspace != nullptr);
        dock->toggleViewAction()->setEnabled(workspace != nullptr);
    }
    m_status->setVisible(workspace != nullptr);
    m_rail->setVisible(workspace != nullptr);
    if (!workspace) {
        m_centre->setCurrentWidget(m_start);
        m_top->chip().setConnection(tr("not connected"), QColor(), widgets::LinkState::Offline);
        setWindowTitle(tr("NoriKV Workbench"));
        return;
    }
    const auto& profile = workspace->connection().profile();
    setWindowTitle(tr("%1 — NoriKV Workbench").arg(QString::fromStdString(profile.name)));
    m_top->setGuard(workspace->connection().guardMode());
    for (const auto& page : pages()) {
        if (page.make)
            m_rail->setAvailable(page.id);
    }

    auto* operations
        = new widgets::OperationsPanel(workspace->operations(), m_theme, nullptr, copyTarget(profile));
    connect(operations, &widgets::OperationsPanel::keyActivated, this,
        [this](const QByteArray& key) { openKey(models::fromQt(key)); });
    m_bottomDock->addTab(operations, tr("Operations"), operations->tools());
    makeFindings();
    m_bottomDock->addTab(m_findings, tr("Findings"), m_findings->tools());
    auto* journal = makeJournal();
    m_bottomDock->addTab(journal, tr("Journal"), m_journal->tools());
    m_keyInspector = makeKeyInspector(*workspace, m_theme);
    m_keyInspector->setReadOnly(workspace->connection().guardMode() == client::GuardMode::ReadOnly);
    connect(m_keyInspector, &widgets::KeyInspector::openRequested, m_top, &TopBar::focusField);
    connect(m_keyInspector, &widgets::KeyInspector::openInPanelRequested, this,
        [this](client::KeyKind kind, const QByteArray& key) {
            openInPanel(panelOf(kind), models::fromQt(key));
        });
    connect(m_keyInspector, &widgets::KeyInspector::copied, this,
        [this](const QString& text) { m_status->showMessage(text, 3000); });
    m_inspectorDock->addTab(m_keyInspector, tr("Key"));

    connect(&workspace->cluster(), &models::ClusterFeed::changed, this, &MainWindow::refreshStatus);
    connect(&workspace->pattern<models::ShardFeed>(), &models::ShardFeed::noticed, this,
        [this](const QString& text) { showNotice(text, true); });
    connect(&workspace->findings(), &models::FindingsModel::countChanged, this, &MainWindow::refreshFindings);
    refreshFindings();
}

widgets::Page* MainWindow::pageFor(const QString& id)
{
    if (const auto found = m_pages.constFind(id); found != m_pages.constEnd())
        return found->page;
    const PageSpec* spec = findPage(id);
    if (!m_workspace || !spec || !spec->make)
        return nullptr;
    const PageWidgets made = spec->make(*m_workspace, m_theme);
    m_pages.insert(id, {made.page, made.inspector ? scrolled(made.inspector) : nullptr, made.inspectorTitle});
    m_centre->addWidget(made.page);
    connect(made.page, &widgets::Page::keyActivated, this,
        [this](const QByteArray& key) { openKey(models::fromQt(key)); });
    connect(made.page, &widgets::Page::panelRequested, this,
        [this](const QString& panel, const QByteArray& key) { openInPanel(panel, models::fromQt(key)); });
    connect(made.page, &widgets::Page::said, this,
        [this](const QString& text) { m_status->showMessage(text, 3000); });
    connect(made.page, &widgets::Page::scenarioRequested, this,
        [this, id](const QString& name) { Q_EMIT scenarioRequested(name, id); });
    connect(made.page, &widgets::Page::resumeRequested, this, [this] {
        if (m_workspace)
            m_workspace->cursor().live();
    });
    connect(made.page, &widgets::Page::newKeyRequested, this, &MainWindow::newKey);
    connect(made.page, &widgets::Page::openByNameRequested, m_top, &TopBar::focusField);
    if (const auto place = m_places.constFind(id); place != m_places.constEnd())
        made.page->setPlace(place->toMap());
    made.page->setReadOnly(m_workspace->connection().guardMode() == client::GuardMode::ReadOnly);
    if (auto* counters = qobject_cast<widgets::CountersPage*>(made.page))
        connect(counters, &widgets::CountersPage::openCounterRequested, this, &MainWindow::askOpenCounter);
    return made.page;
}

widgets::Page* MainWindow::currentPage() const
{
    return qobject_cast<widgets::Page*>(m_centre->currentWidget());
}

void MainWindow::showPanel(const QString& id)
{
    widgets::Page* page = pageFor(id);
    if (!page)
        return;
    m_centre->setCurrentWidget(page);
    m_rail->setCurrent(id);
    // Beside a page stands its own inspector, and the key's.
    for (const Made& made : std::as_const(m_pages)) {
        if (made.inspector && made.page != page)
            m_inspectorDock->removeTab(made.inspector);
    }
    const Made& made = m_pages[id];
    if (made.inspector && !m_inspectorDock->has(made.inspector))
        m_inspectorDock->insertTab(0, made.inspector, made.inspectorTitle);
    if (made.inspector)
        m_inspectorDock->show(made.inspector);
    page->setFocus(Qt::OtherFocusReason);
}

QString MainWindow::currentPanel() const
{
    for (auto it = m_pages.constBegin(); it != m_pages.constEnd(); ++it) {
        if (it->page == m_centre->currentWidget())
            return it.key();
    }
    return {};
}

void MainWindow::openKey(const client::Bytes& key)
{
    if (!m_workspace || !m_keyInspector)
        return;
    m_inspectorDock->QWidget::show();
    m_inspectorDock->show(m_keyInspector);
    if (m_keyInspector->unsaved() && key != m_workspace->key().key()) {
        m_keyInspector->askToLeave([this, key] { openKey(key); });
        return;
    }
    m_workspace->key().open(key);
}

/// The whole window shows that it is about one tenant; lists follow the lens themselves.
void MainWindow::followLens()
{
    const auto tenant = m_workspace ? m_workspace->lens().tenant() : std::nullopt;
    m_theme.setAccent(tenant ? widgets::Accent::Scoped : widgets::Accent::Usual);
    m_top->setFieldOwner(tenant ? models::shown(*tenant, 40) : QString());
    scopeFindings();
    refreshStatus();
}

void MainWindow::scopeFindings()
{
    if (!m_findings)
        return;
    const auto& lens = m_workspace->lens();
    if (!lens.tenant())
        return m_findings->setScope({}, QString());
    m_findings->setScope(
        [&lens](const client::Finding& finding) {
            return lens.covers(finding.key.empty() ? finding.subject : finding.key);
        },
        tr("tenant %1").arg(models::shown(*lens.tenant(), 40)));
}

void MainWindow::newKey(const QByteArray& source)
{
    if (!m_workspace)
        return;
    if (m_workspace->connection().guardMode() == client::GuardMode::ReadOnly) {
        showNotice(tr("This connection is read-only: change the mode in the top bar to write."), true);
        return;
    }
    startNewKey(*m_workspace, m_theme, this, models::fromQt(source),
        {[this](const QByteArray& key) { openKey(models::fromQt(key)); },
            [this](const QString& text) { m_status->showMessage(text, 3000); }});
}

void MainWindow::openInPanel(const QString& id, const client::Bytes& subject)
{
    const PageSpec* spec = findPage(id);
    if (!m_workspace || !spec)
        return;
    if (!spec->make) {
        showNotice(tr("The panel %1 is not built yet.").arg(spec->name), false);
        return;
    }
    if (spec->select)
        spec->select(*m_workspace, subject);
    showPanel(id);
}

void MainWindow::openFromField(const QString& text)
{
    auto key = client::fromPrintable(text.toStdString());
    if (key)
        key = m_workspace->lens().inside(*key);
    if (!key || key->size() > client::MaxKeyBytes) {
        showNotice(key ? tr("A key has at most 1,024 bytes; this one has %1.").arg(key->size())
                       : tr("\"%1\" has a broken escape: write \\xNN for a byte and \\\\ for a backslash.")
                             .arg(text),
            true);
        return;
    }
    // The name of a sharded counter is no key: show the counter instead.
    const auto* counter = m_workspace->counters().book().find(*key);
    if (counter) {
        m_workspace->counters().select(*key);
        showPanel(QStringLiteral("counters"));
        if (counter->sharded)
            return;
    }
    openKey(*key);
}

void MainWindow::askOpenCounter()
{
    auto* dialog = new widgets::OpenCounterDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &widgets::OpenCounterDialog::chosen, this,
        [this](const client::Bytes& name, std::optional<std::uint32_t> shards) {
            if (m_workspace)
                m_workspace->counters().openCounter(name, shards);
        });
    dialog->open();
}

void MainWindow::makeFindings()
{
    auto& findings = m_workspace->findings();
    findings.setMutes(m_places.value(FindingsPlace).toMap());
    m_findings = new widgets::FindingsPanel(findings, &m_workspace->audit(), m_theme);
    m_findings->setFixes([workspace = m_workspace](const client::Finding& finding) {
        const auto* feed = workspace->fixer(finding);
        return feed ? feed->fixTitle(finding) : QString();
    });
    m_findings->setListed(
        [workspace = m_workspace] { return workspace->counters().coverage() == client::Coverage::Complete; });
    scopeFindings();
    connect(m_findings, &widgets::FindingsPanel::showMe, this, &MainWindow::showFinding);
    connect(m_findings, &widgets::FindingsPanel::fixRequested, this, [this](const client::Finding& finding) {
        if (auto* feed = m_workspace->fixer(finding)) {
            openInPanel(panelOfRule(finding.rule), finding.subject);
            feed->fix(finding);
        }
    });
}

QWidget* MainWindow::makeJournal()
{
    m_journal = new widgets::JournalPanel(
        m_workspace->journal(), copyTarget(m_workspace->connection().profile()), m_theme);
    connect(m_journal, &widgets::JournalPanel::keyActivated, this,
        [this](const QByteArray& key) { openKey(models::fromQt(key)); });
    connect(m_journal, &widgets::JournalPanel::message, this, &MainWindow::showNotice);
    connect(m_journal, &widgets::JournalPanel::bulkUndoRequested, this,
        [this](const QString& file) { startUndo(*m_workspace, m_theme, this, file); });
    return m_journal;
}

void MainWindow::showFinding(const client::Finding& finding)
{
    if (!m_workspace)
        return;
    const QString panel = panelOfRule(finding.rule);
    const PageSpec* page = findPage(panel);
    const bool known
        = panel != QLatin1String("counters") || m_workspace->counters().book().find(finding.subject);
    if (page && page->make && known)
        openInPanel(panel, finding.subject);
    if (!finding.key.empty())
        openKey(finding.key);
}

void MainWindow::setGuard(client::GuardMode mode)
{
    if (m_workspace)
        m_workspace->connection().setGuardMode(mode);
    m_top->setGuard(mode);
    if (m_keyInspector)
        m_keyInspector->setReadOnly(mode == client::GuardMode::ReadOnly);
    for (const Made& made : std::as_const(m_pages))
        made.page->setReadOnly(mode == client::GuardMode::ReadOnly);
}

void MainWindow::followCursor()
{
    m_top->setPaused(m_workspace->cursor().moment().has_value());
    refreshStatus();
}

void MainWindow::refreshFindings()
{
    const int open = m_workspace->findings().open();
    m_bottomDock->setTabTitle(m_findings, open > 0 ? tr("Findings %1").arg(open) : tr("Findings"));
    refreshStatus();
}

void MainWindow::refreshStatus()
{
    if (!m_workspace)
        return;
    m_status->refresh(*m_workspace);
    const auto& feed = m_workspace->cluster();
    const auto& profile = m_workspace->connection().profile();
    const int up = feed.nodesUp();
    const int all = int(feed.cluster().nodes.size());
    const QString trouble = feed.trouble();
    const auto link = up == all ? widgets::LinkState::Online
        : up > 0                ? widgets::LinkState::Degraded
        : trouble.isEmpty()     ? widgets::LinkState::Connecting
                                : widgets::LinkState::Offline;
    m_top->chip().setConnection(
        QString::fromStdString(profile.name), QColor(QString::fromStdString(profile.colour)), link);
    QStringList names;
    for (const auto& [name, state] : m_workspace->counters().book().counters()) {
        if (m_workspace->lens().covers(name))
            names << models::shown(name);
    }
    m_top->setSuggestions(names);
}

void MainWindow::showNotice(const QString& text, bool bad)
{
    m_notices->showNotice({bad ? widgets::Tone::Warning : widgets::Tone::Info, text, {}, {}});
}

QVariantMap MainWindow::places() const
{
    QVariantMap out = m_places;
    for (auto it = m_pages.constBegin(); it != m_pages.constEnd(); ++it)
        out.insert(it.key(), it->page->place());
    if (m_workspace)
        out.insert(FindingsPlace, m_workspace->findings().mutes());
    return out;
}

QVariantMap MainWindow::figures() const
{
    QVariantMap out;
    if (const auto* page = currentPage())
        out = page->figures();
    if (m_workspace) {
        out.insert(QStringLiteral("findings"), m_workspace->findings().rowCount());
        out.insert(QStringLiteral("nodes_up"), m_workspace->cluster().nodesUp());
        out.insert(QStringLiteral("operations"), m_workspace->operations().rowCount());
    }
    return out;
}

void MainWindow::restoreLayout(const WindowLayout& layout)
{
    if (!layout.geometry.isEmpty())
        restoreGeometry(layout.geometry);
    // Never open off-screen: the monitor of last time may be gone.
    const QRect frame = frameGeometry();
    const bool visible = std::ranges::any_of(QGuiApplication::screens(), [&](const QScreen* screen) {
        return screen->availableGeometry().intersects(frame.adjusted(40, 40, -40, -40));
    });
    if (!visible)
        setGeometry(QRect(QPoint(40, 40), QSize(1280, 800)));
    if (!layout.state.isEmpty() && !restoreState(layout.state, LayoutVersion))
        restoreState(m_defaultState, LayoutVersion);
    if (!m_workspace) {
        m_inspectorDock->hide();
        m_bottomDock->hide();
    }
}

WindowLayout MainWindow::layout() const { return {LayoutVersion, saveGeometry(), saveState(LayoutVersion)}; }

void MainWindow::resetLayout()
{
    restoreState(m_defaultState, LayoutVersion);
    m_inspectorDock->setVisible(m_workspace != nullptr);
    m_bottomDock->setVisible(m_workspace != nullptr);
    resizeDocks({m_inspectorDock}, {InspectorWidth}, Qt::Horizontal);
    resizeDocks({m_bottomDock}, {BottomHeight}, Qt::Vertical);
}

// A write on its way is not dropped unseen: what became of it is waited for, and said where it failed.
void MainWindow::closeWhenSaved()
{
    if (std::exchange(m_closesWhenSaved, true))
        return;
    showNotice(tr("A save is under way. The window closes when the server has answered."), false);
    connect(
        &m_workspace->key(), &models::KeyFeed::saved, this,
        [this](const models::KeyFeed::Saved& saved) {
            m_closesWhenSaved = false;
            if (saved.ok)
                QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
        },
        Qt::SingleShotConnection);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_workspace && m_workspace->key().writing()) {
        event->ignore();
        closeWhenSaved();
        return;
    }
    if (m_keyInspector && m_keyInspector->unsaved()) {
        event->ignore();
        m_inspectorDock->QWidget::show();
        m_inspectorDock->show(m_keyInspector);
        m_keyInspector->askToLeave([this] { close(); });
        return;
    }
    QMainWindow::closeEvent(event);
    QApplication::quit();
}

bool MainWindow::event(QEvent* event)
{
    const bool handled = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !m_paintedOnce) {
        m_paintedOnce = true;
        QTimer::singleShot(0, this, &MainWindow::painted);
    }
    return handled;
}

} // namespace norikv::app
