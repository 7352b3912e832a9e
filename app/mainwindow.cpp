// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mainwindow.h"

#include "app/pages.h"
#include "app/topbar.h"
#include "app/workspace.h"

#include "client/audit/audit.h"
#include "models/text.h"
#include "widgets/connectionchip.h"
#include "widgets/counterspage.h"
#include "widgets/findingspanel.h"
#include "widgets/icons.h"
#include "widgets/keyinspector.h"
#include "widgets/noticebar.h"
#include "widgets/opencounterdialog.h"
#include "widgets/operationspanel.h"
#include "widgets/plaintext.h"
#include "widgets/siderail.h"
#include "widgets/startpage.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScreen>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>

namespace norikv::app {

using widgets::makeLabel;

namespace {

constexpr int InspectorWidth = 300;
constexpr int BottomHeight = 176;

QDockWidget* dock(const QString& title, const char* name, QWidget* content)
{
    auto* d = new QDockWidget(title);
    d->setObjectName(QString::fromLatin1(name));
    d->setWidget(content);
    // The tabs inside name the content; a title bar would say it twice.
    d->setTitleBarWidget(new QWidget(d));
    return d;
}

QTabBar* tabBar()
{
    auto* bar = new QTabBar;
    bar->setExpanding(false);
    bar->setDrawBase(false);
    bar->setDocumentMode(true);
    return bar;
}

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
    setMenuWidget(m_top);

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
    row->addLayout(middle, 1);
    setCentralWidget(frame);

    makeDocks();
    makeStatusBar();
    makeShortcuts();
    connect(m_rail, &widgets::SideRail::activated, this, &MainWindow::showPanel);
    connect(m_top, &TopBar::chipClicked, this, &MainWindow::connectionsRequested);
    connect(m_top, &TopBar::opened, this, &MainWindow::openFromField);
    connect(m_top, &TopBar::pauseToggled, this, &MainWindow::setPaused);
    connect(m_top, &TopBar::guardChosen, this, [this](client::GuardMode mode) {
        if (m_workspace)
            m_workspace->connection().setGuardMode(mode);
        m_top->setGuard(mode);
    });
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
    auto* view = m_menu->addMenu(tr("&View"));
    auto* theme = view->addMenu(tr("&Theme"));
    const std::pair<QString, QString> themes[] = {{QStringLiteral("light"), tr("Light")},
        {QStringLiteral("dark"), tr("Dark")}, {QStringLiteral("system"), tr("As the system")}};
    for (const auto& [id, name] : themes)
        theme->addAction(name, this, [this, choice = id] { Q_EMIT themeChosen(choice); });
    view->addAction(tr("Show or hide the &inspector"), QKeySequence(Qt::CTRL | Qt::Key_I), this,
        [this] { m_inspectorDock->setVisible(!m_inspectorDock->isVisible()); });
    view->addAction(tr("Show or hide the &lists below"), QKeySequence(Qt::CTRL | Qt::Key_J), this,
        [this] { m_bottomDock->setVisible(!m_bottomDock->isVisible()); });
    view->addAction(tr("&Reset the layout"), this, &MainWindow::resetLayout);
    m_menu->addSeparator();
    m_menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    // Shortcuts of menu actions work only when the window owns the actions.
    for (QMenu* menu : {connection, view})
        addActions(menu->actions());
    addActions(m_menu->actions());
}

void MainWindow::makeDocks()
{
    auto* side = new QWidget;
    auto* sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins(0, 0, 0, 0);
    sideColumn->setSpacing(0);
    m_inspectorTabs = tabBar();
    m_inspectorTabs->setObjectName(QStringLiteral("inspectorTabs"));
    m_inspectors = new QStackedWidget;
    auto* sideTabs = new QHBoxLayout;
    sideTabs->setContentsMargins(8, 4, 8, 0);
    sideTabs->addWidget(m_inspectorTabs);
    sideTabs->addStretch(1);
    sideColumn->addLayout(sideTabs);
    sideColumn->addWidget(m_inspectors, 1);
    side->setMinimumWidth(260);
    m_inspectorDock = dock(tr("Inspector"), "inspectorDock", side);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    connect(m_inspectorTabs, &QTabBar::currentChanged, this, &MainWindow::selectInspector);

    auto* below = new QWidget;
    auto* belowColumn = new QVBoxLayout(below);
    belowColumn->setContentsMargins(0, 0, 0, 0);
    belowColumn->setSpacing(0);
    m_bottomTabs = tabBar();
    m_bottomTabs->setObjectName(QStringLiteral("bottomTabs"));
    m_bottom = new QStackedWidget;
    auto* belowTabs = new QHBoxLayout;
    belowTabs->setContentsMargins(8, 4, 16, 0);
    belowTabs->addWidget(m_bottomTabs);
    belowTabs->addStretch(1);
    m_bottomTools = new QStackedWidget;
    m_bottomTools->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Maximum);
    belowTabs->addWidget(m_bottomTools);
    belowColumn->addLayout(belowTabs);
    belowColumn->addWidget(m_bottom, 1);
    m_bottomDock = dock(tr("Lists"), "bottomDock", below);
    addDockWidget(Qt::BottomDockWidgetArea, m_bottomDock);
    connect(m_bottomTabs, &QTabBar::currentChanged, m_bottom, &QStackedWidget::setCurrentIndex);
    connect(m_bottomTabs, &QTabBar::currentChanged, m_bottomTools, &QStackedWidget::setCurrentIndex);
    resizeDocks({m_inspectorDock}, {InspectorWidth}, Qt::Horizontal);
    resizeDocks({m_bottomDock}, {BottomHeight}, Qt::Vertical);
}

void MainWindow::makeStatusBar()
{
    auto* bar = statusBar();
    bar->setSizeGripEnabled(false);
    m_statusNodes = makeLabel(QString());
    m_statusTrouble = makeLabel(QString());
    m_statusLatency = new widgets::TabularLabel;
    m_statusOps = new widgets::TabularLabel;
    m_statusOps->setToolTip(tr("Calls per second that this program makes"));
    m_statusCoverage = makeLabel(QString(), "muted");
    m_statusFindings = makeLabel(QString());
    m_statusLive = makeLabel(QString());
    for (QLabel* label : {m_statusNodes, m_statusTrouble, static_cast<QLabel*>(m_statusLatency),
             static_cast<QLabel*>(m_statusOps), m_statusCoverage})
        bar->addWidget(label);
    bar->addPermanentWidget(m_statusFindings);
    bar->addPermanentWidget(m_statusLive);
}

void MainWindow::makeShortcuts()
{
    const auto shortcut = [this](const QKeySequence& keys, auto&& call) {
        auto* s = new QShortcut(keys, this);
        connect(s, &QShortcut::activated, this, call);
    };
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_P), [this] { m_top->focusField(); });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_F), [this] {
        if (auto* counters = qobject_cast<widgets::CountersPage*>(m_centre->currentWidget()))
            counters->focusFilter();
    });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_T), [this] {
        if (auto* counters = qobject_cast<widgets::CountersPage*>(m_centre->currentWidget()))
            counters->toggleTable();
    });
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        if (!m_workspace)
            return;
        m_workspace->connection().setGuardMode(client::GuardMode::ReadOnly);
        m_top->setGuard(client::GuardMode::ReadOnly);
    });
    for (const auto& keys : {QKeySequence(Qt::Key_F5), QKeySequence(Qt::CTRL | Qt::Key_R)}) {
        shortcut(keys, [this] {
            if (m_workspace)
                m_workspace->key().refresh();
        });
    }
    shortcut(
        QKeySequence(Qt::Key_F10), [this] { m_menu->popup(m_top->mapToGlobal(QPoint(8, m_top->height()))); });
    shortcut(QKeySequence(Qt::Key_Space), [this] {
        // Space belongs to the text and buttons that have the focus.
        if (m_workspace && !qobject_cast<QLineEdit*>(focusWidget()))
            setPaused(!m_workspace->counters().paused());
    });
    int digit = Qt::Key_1;
    for (const auto& page : pages()) {
        if (digit > Qt::Key_9)
            break;
        shortcut(QKeySequence(Qt::CTRL | digit++), [this, id = page.id] { showPanel(id); });
    }
}

void MainWindow::setWorkspace(Workspace* workspace)
{
    m_keyInspector = nullptr;
    for (QStackedWidget* stack : {m_inspectors, m_bottom, m_bottomTools}) {
        while (stack->count() > 0)
            delete stack->widget(0);
    }
    for (QTabBar* tabs : {m_inspectorTabs, m_bottomTabs}) {
        while (tabs->count() > 0)
            tabs->removeTab(0);
    }
    qDeleteAll(std::exchange(m_pages, {}));
    m_workspace = workspace;
    m_top->setConnected(workspace != nullptr);
    m_top->setPaused(false);
    m_inspectorDock->setVisible(workspace != nullptr);
    m_bottomDock->setVisible(workspace != nullptr);
    statusBar()->setVisible(workspace != nullptr);
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

    auto* operations = new widgets::OperationsPanel(workspace->operations(), m_theme);
    connect(operations, &widgets::OperationsPanel::keyActivated, this,
        [this](const QByteArray& key) { openKey(models::fromQt(key)); });
    m_bottom->addWidget(operations);
    m_bottomTools->addWidget(operations->tools());
    m_bottomTabs->addTab(tr("Operations"));
    auto* findings = new widgets::FindingsPanel(workspace->findings(), m_theme);
    connect(findings, &widgets::FindingsPanel::showMe, this, &MainWindow::showFinding);
    m_bottom->addWidget(findings);
    m_bottomTools->addWidget(findings->tools());
    m_bottomTabs->addTab(tr("Findings"));
    m_keyInspector = new widgets::KeyInspector(workspace->key(), workspace->clock(), m_theme);
    connect(m_keyInspector, &widgets::KeyInspector::openRequested, m_top, &TopBar::focusField);
    connect(m_keyInspector, &widgets::KeyInspector::copied, this,
        [this](const QString& text) { statusBar()->showMessage(text, 3000); });

    connect(&workspace->cluster(), &models::ClusterFeed::changed, this, &MainWindow::refreshStatus);
    connect(
        &workspace->findings(), &models::FindingsModel::countChanged, this, &MainWindow::refreshFindingsTab);
    refreshFindingsTab();
    refreshStatus();
}

QWidget* MainWindow::makePage(const QString& id)
{
    const PageSpec* spec = findPage(id);
    if (!m_workspace || !spec || !spec->make)
        return nullptr;
    const PageWidgets made = spec->make(*m_workspace, m_theme);
    m_pages.insert(id, made.page);
    m_centre->addWidget(made.page);
    if (made.inspector) {
        m_inspectors->insertWidget(0, scrolled(made.inspector));
        m_inspectorTabs->insertTab(0, made.inspectorTitle);
    }
    if (m_keyInspector && m_inspectors->indexOf(m_keyInspector) < 0) {
        m_inspectors->addWidget(m_keyInspector);
        m_inspectorTabs->addTab(tr("Key"));
    }
    m_inspectorTabs->setCurrentIndex(0);
    m_inspectors->setCurrentIndex(0);
    if (auto* counters = qobject_cast<widgets::CountersPage*>(made.page)) {
        connect(counters, &widgets::CountersPage::keyActivated, this,
            [this](const QByteArray& key) { openKey(models::fromQt(key)); });
        connect(counters, &widgets::CountersPage::openCounterRequested, this, &MainWindow::askOpenCounter);
    }
    return made.page;
}

void MainWindow::showPanel(const QString& id)
{
    QWidget* page = m_pages.value(id);
    if (!page)
        page = makePage(id);
    if (!page)
        return;
    m_centre->setCurrentWidget(page);
    m_rail->setCurrent(id);
    page->setFocus(Qt::OtherFocusReason);
}

QString MainWindow::currentPanel() const { return m_pages.key(m_centre->currentWidget()); }

void MainWindow::selectInspector(int index)
{
    if (index >= 0 && index < m_inspectors->count())
        m_inspectors->setCurrentIndex(index);
}

void MainWindow::openKey(const client::Bytes& key)
{
    if (!m_workspace || !m_keyInspector)
        return;
    m_workspace->key().open(key);
    m_inspectorDock->show();
    const int index = m_inspectors->indexOf(m_keyInspector);
    m_inspectorTabs->setCurrentIndex(index);
    selectInspector(index);
}

void MainWindow::openFromField(const QString& text)
{
    const auto key = client::fromPrintable(text.toStdString());
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

void MainWindow::showFinding(const client::Finding& finding)
{
    if (!m_workspace)
        return;
    if (m_workspace->counters().book().find(finding.subject)) {
        m_workspace->counters().select(finding.subject);
        showPanel(QStringLiteral("counters"));
    }
    openKey(finding.key);
}

void MainWindow::setPaused(bool paused)
{
    if (!m_workspace)
        return;
    m_workspace->counters().setPaused(paused);
    m_top->setPaused(paused);
    refreshStatus();
}

void MainWindow::refreshFindingsTab()
{
    const int serious = m_workspace->findings().serious();
    const int all = m_workspace->findings().rowCount();
    m_bottomTabs->setTabText(1, all > 0 ? tr("Findings %1").arg(all) : tr("Findings"));
    m_statusFindings->setText(serious > 0 ? tr("▲ %n finding(s)", nullptr, serious) : tr("no findings"));
    m_statusFindings->setStyleSheet(
        serious > 0 ? QStringLiteral("color: %1").arg(m_theme.tokens().warning.text.name()) : QString());
}

void MainWindow::refreshStatus()
{
    if (!m_workspace)
        return;
    const auto& feed = m_workspace->cluster();
    const auto& profile = m_workspace->connection().profile();
    const int up = feed.nodesUp();
    const int all = int(feed.cluster().nodes.size());
    const QString trouble = feed.trouble();
    const auto& t = m_theme.tokens();
    m_statusNodes->setText(tr("%1 %2 of %3 nodes")
                               .arg(up == all   ? QStringLiteral("●")
                                       : up > 0 ? QStringLiteral("◐")
                                                : QStringLiteral("○"))
                               .arg(up)
                               .arg(all));
    m_statusNodes->setStyleSheet(QStringLiteral("color: %1").arg((up == all ? t.ok : t.danger).text.name()));
    m_statusTrouble->setText(trouble);
    m_statusTrouble->setVisible(!trouble.isEmpty());
    m_statusTrouble->setStyleSheet(QStringLiteral("color: %1").arg(t.danger.text.name()));
    m_statusLatency->setText(feed.p95Ms() > 0 ? tr("p95 %1 ms").arg(feed.p95Ms(), 0, 'f', 1) : QString());
    m_statusOps->setText(tr("we cause %1 ops/s").arg(feed.opsPerSecond(), 0, 'f', 0));
    const auto coverage = client::name(m_workspace->counters().coverage());
    m_statusCoverage->setText(
        tr("coverage: %1").arg(QString::fromUtf8(coverage.data(), qsizetype(coverage.size()))));
    m_statusLive->setText(m_workspace->counters().paused() ? tr("PAUSED") : tr("LIVE"));
    const auto link = up == all ? widgets::LinkState::Online
        : up > 0                ? widgets::LinkState::Degraded
        : trouble.isEmpty()     ? widgets::LinkState::Connecting
                                : widgets::LinkState::Offline;
    m_top->chip().setConnection(
        QString::fromStdString(profile.name), QColor(QString::fromStdString(profile.colour)), link);
    QStringList names;
    for (const auto& [name, state] : m_workspace->counters().book().counters())
        names << models::shown(name);
    m_top->setSuggestions(names);
}

void MainWindow::showNotice(const QString& text, bool bad)
{
    m_notices->showNotice({bad ? widgets::Tone::Warning : widgets::Tone::Info, text, {}, {}});
}

QVariantMap MainWindow::figures() const
{
    QVariantMap out;
    if (const auto* counters = qobject_cast<widgets::CountersPage*>(m_centre->currentWidget()))
        out = counters->figures();
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

void MainWindow::closeEvent(QCloseEvent* event)
{
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
