// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connectiondialog.h"

#include "widgets/checklistview.h"
#include "widgets/connectionform.h"
#include "widgets/delegates/profiledelegate.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/inlineconfirm.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tables.h"

#include "client/bytes.h"
#include "client/target.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>
#include <tuple>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

constexpr int listWidth = 268;
constexpr int checkWidth = 340;

bool same(const client::Profile& a, const client::Profile& b)
{
    const auto fields = [](const client::Profile& p) {
        return std::tie(p.id, p.name, p.folder, p.colour, p.environment, p.guard, p.seeds, p.addressMap,
            p.totalShards, p.timeout, p.maxMessageBytes, p.plainTextAccepted, p.counters, p.counterShards,
            p.tenants, p.javaTenants, p.ttls, p.rateLimits, p.tls.caFile, p.tls.certFile, p.tls.keyFile,
            p.tls.serverName, p.tls.tokenFile);
    };
    const auto http = [](const client::Profile& p) {
        auto list = p.httpAddresses;
        list.resize(p.seeds.size()); // none at all means the same as an empty one for each
        return list;
    };
    return fields(a) == fields(b) && http(a) == http(b);
}

/// Addresses from the clipboard, if its text is nothing else; a bare word is not taken for a host.
std::vector<std::string> clipboardSeeds()
{
    const QString text = QGuiApplication::clipboard()->text().trimmed();
    const auto port = text.lastIndexOf(u':');
    if (text.size() > maxShownChars || port < 0 || port + 1 == text.size() || !text.back().isDigit())
        return {};
    return client::parseSeeds(text.toStdString()).value_or(std::vector<std::string>());
}

QFrame* hairline(Qt::Orientation orientation)
{
    auto* line = new QFrame;
    line->setProperty("role", u"hairline"_s);
    if (orientation == Qt::Vertical)
        line->setFixedWidth(1);
    else
        line->setFixedHeight(1);
    return line;
}

QPushButton* button(const QString& text, const QString& name)
{
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAutoDefault(false);
    return made;
}

} // namespace

ConnectionDialog::ConnectionDialog(const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_model(new models::ProfilesModel(this))
    , m_middle(new QStackedWidget)
    , m_empty(new EmptyState(theme))
    , m_form(new ConnectionForm(theme))
{
    setWindowTitle(tr("Connections"));
    m_empty->setContent(u"connect"_s, tr("No connection chosen"),
        tr("Choose one on the left, or make a new one: an address is enough to start."));
    connect(
        m_empty->addAction(tr("New connection")), &QPushButton::clicked, this, &ConnectionDialog::newProfile);
    m_middle->addWidget(m_empty);
    m_middle->addWidget(m_form);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(0);
    columns->addWidget(listPanel());
    columns->addWidget(hairline(Qt::Vertical));
    columns->addWidget(m_middle, 1);
    columns->addWidget(hairline(Qt::Vertical));
    columns->addWidget(checkPanel());
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(columns, 1);
    all->addWidget(hairline(Qt::Horizontal));
    all->addWidget(footer());

    connect(m_form, &ConnectionForm::edited, this, &ConnectionDialog::takeEdits);
    connect(m_model, &models::ProfilesModel::moved, this, [this](const QString& id, const QString& folder) {
        // Filing is no edit of the connection: it is kept at once.
        for (client::Profile& profile : m_saved) {
            if (profile.id == id.toStdString())
                profile.folder = folder.toStdString();
        }
        if (id.toStdString() == m_current)
            m_form->setFolder(folder);
        m_tree->expandAll();
        edit(m_current);
        markEdited();
        Q_EMIT profilesChanged(m_saved);
    });
    auto* fresh = new QShortcut(QKeySequence::New, this);
    connect(fresh, &QShortcut::activated, this, &ConnectionDialog::newProfile);
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, m_filter, [this] { m_filter->setFocus(Qt::ShortcutFocusReason); });
    auto* keep = new QShortcut(QKeySequence::Save, this);
    connect(keep, &QShortcut::activated, this, &ConnectionDialog::saveCurrent);
    resize(1140, 716);
    updateButtons();
}

QWidget* ConnectionDialog::listPanel()
{
    m_filter = new QLineEdit;
    m_filter->setObjectName(u"filter"_s);
    m_filter->setPlaceholderText(tr("Find a connection"));
    m_filter->setAccessibleName(tr("Find a connection"));
    m_filter->setClearButtonEnabled(true);
    QAction* lens = m_filter->addAction(QIcon(), QLineEdit::LeadingPosition);
    bindIcon(lens, u"search"_s, m_theme);
    m_tree = new QTreeView;
    m_tree->setAccessibleName(tr("Connections"));
    styleTree(*m_tree);
    m_tree->setUniformRowHeights(false); // folders are lower, and there are few rows
    // The delegate paints the selection, rounded; the row behind it stays plain.
    m_tree->setStyleSheet(
        u"QTreeView { show-decoration-selected: 0; selection-background-color: transparent; }"
        u"QTreeView::item, QTreeView::item:selected, QTreeView::item:hover { background: transparent; border: none; }"_s);
    m_tree->setHeaderHidden(true);
    m_tree->setIndentation(14);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setDragDropMode(QAbstractItemView::DragDrop);
    m_tree->setDefaultDropAction(Qt::MoveAction);
    m_tree->setItemDelegate(new ProfileDelegate(m_theme, m_tree));
    m_tree->setModel(m_model);
    auto* fresh = button(tr("&New"), u"new"_s);
    bindIcon(fresh, u"plus"_s, m_theme);
    m_duplicate = button(tr("&Duplicate"), u"duplicate"_s);
    m_delete = button(QString(), u"delete"_s);
    m_delete->setToolTip(tr("Delete this connection"));
    m_delete->setAccessibleName(tr("Delete this connection"));
    bindIcon(m_delete, u"trash"_s, m_theme);
    m_confirmDelete = new InlineConfirm;

    auto* panel = new QWidget;
    panel->setFixedWidth(listWidth);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(16, 16, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_filter);
    column->addWidget(m_tree, 1);
    column->addWidget(m_confirmDelete);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(fresh);
    buttons->addWidget(m_duplicate);
    buttons->addStretch();
    buttons->addWidget(m_delete);
    column->addLayout(buttons);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_updating = true;
        m_model->setFilter(words);
        m_tree->expandAll();
        m_tree->setCurrentIndex(m_model->indexOf(m_current));
        m_updating = false;
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &ConnectionDialog::select);
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (!index.data(models::ProfilesModel::IdRole).toString().isEmpty())
            connectCurrent();
    });
    auto* remove = new QShortcut(QKeySequence::Delete, m_tree, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &ConnectionDialog::askDelete);
    connect(fresh, &QPushButton::clicked, this, &ConnectionDialog::newProfile);
    connect(m_duplicate, &QPushButton::clicked, this, &ConnectionDialog::duplicate);
    connect(m_delete, &QPushButton::clicked, this, &ConnectionDialog::askDelete);
    connect(m_confirmDelete, &InlineConfirm::acted, this, &ConnectionDialog::deleteCurrent);
    connect(m_confirmDelete, &InlineConfirm::dismissed, this, [this] { m_tree->setFocus(); });
    return panel;
}

QWidget* ConnectionDialog::checkPanel()
{
    m_test = button(tr("&Test"), u"test"_s);
    m_checklist = new ChecklistView(m_theme);
    m_verdict = new NoticeBar(m_theme);
    auto* header = new SectionHeader(tr("What this server offers"));
    header->addTrailing(m_test);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    auto* inside = new QWidget;
    auto* lines = new QVBoxLayout(inside);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->addWidget(m_checklist);
    lines->addStretch();
    area->setWidget(inside);
    inside->setAutoFillBackground(false); // the panel shines through

    auto* panel = new QWidget;
    panel->setFixedWidth(checkWidth);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    column->addWidget(header);
    column->addWidget(m_verdict);
    column->addWidget(area, 1);
    connect(m_test, &QPushButton::clicked, this, [this] { m_testing ? stopTest() : test(); });
    return panel;
}

QWidget* ConnectionDialog::footer()
{
    m_confirmClose = new InlineConfirm(Qt::Horizontal);
    m_why = makeLabel(QString(), "caption");
    m_why->setObjectName(u"why"_s);
    m_why->setWordWrap(true);
    auto* close = button(tr("Close"), u"close"_s);
    m_save = button(tr("&Save"), u"save"_s);
    m_connect = button(tr("Connect"), u"connect"_s);
    m_connect->setProperty("role", u"primary"_s);
    m_connect->setDefault(true);

    auto* panel = new QWidget;
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(16, 10, 16, 12);
    column->setSpacing(0);
    column->addWidget(m_confirmClose);
    m_actions = new QWidget;
    auto* line = new QHBoxLayout(m_actions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_why, 1);
    line->addWidget(close);
    line->addWidget(m_save);
    line->addWidget(m_connect);
    column->addWidget(m_actions);

    connect(close, &QPushButton::clicked, this, &ConnectionDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &ConnectionDialog::saveCurrent);
    connect(m_connect, &QPushButton::clicked, this, &ConnectionDialog::connectCurrent);
    connect(m_confirmClose, &InlineConfirm::acted, this, [this] {
        m_actions->show();
        setProfiles(m_saved);
        reject();
    });
    connect(m_confirmClose, &InlineConfirm::dismissed, m_actions, &QWidget::show);
    return panel;
}

const client::Profile* ConnectionDialog::saved(const std::string& id) const
{
    const auto found = std::ranges::find(m_saved, id, &client::Profile::id);
    return found == m_saved.end() ? nullptr : &*found;
}

bool ConnectionDialog::isEdited(const std::string& id) const
{
    const client::Profile* before = saved(id);
    const client::Profile* now = m_model->find(id);
    return now != nullptr && (before == nullptr || !same(*before, *now));
}

void ConnectionDialog::markEdited()
{
    std::set<std::string> ids;
    for (const client::Profile& profile : m_model->profiles()) {
        if (isEdited(profile.id))
            ids.insert(profile.id);
    }
    m_model->setEdited(std::move(ids));
    updateButtons();
}

void ConnectionDialog::setProfiles(std::vector<client::Profile> profiles)
{
    m_saved = std::move(profiles);
    m_updating = true;
    m_model->setProfiles(m_saved);
    m_tree->expandAll();
    m_updating = false;
    m_form->setFolders(m_model->folders());
    const bool kept = m_model->find(m_current) != nullptr;
    edit(kept ? m_current : m_saved.empty() ? std::string() : m_saved.front().id);
    markEdited();
}

void ConnectionDialog::selectProfile(const std::string& id)
{
    if (m_model->find(id))
        edit(id);
}

void ConnectionDialog::select(const QModelIndex& index)
{
    const std::string id = index.data(models::ProfilesModel::IdRole).toString().toStdString();
    if (!m_updating && !id.empty() && id != m_current)
        edit(id);
}

/// Makes `id` the one that is edited; an empty one shows the empty page.
void ConnectionDialog::edit(const std::string& id)
{
    if (m_testing && id != m_current)
        stopTest();
    m_current = id;
    m_updating = true;
    m_tree->setCurrentIndex(m_model->indexOf(id));
    m_updating = false;
    m_confirmDelete->hide();
    const client::Profile* profile = m_model->find(id);
    m_middle->setCurrentWidget(profile ? static_cast<QWidget*>(m_form) : m_empty);
    if (profile)
        m_form->setProfile(*profile, saved(id) == nullptr);
    const auto report = m_reports.find(id);
    if (report != m_reports.end()) {
        showReport(report->second);
    } else if (!m_testing) {
        m_checklist->clear();
        m_verdict->closeNotice();
    }
    updateButtons();
}

void ConnectionDialog::takeEdits()
{
    m_updating = true;
    m_model->put(m_form->profile());
    m_tree->expandAll();
    m_tree->setCurrentIndex(m_model->indexOf(m_current));
    m_updating = false;
    if (m_testing)
        stopTest();
    if (m_reports.erase(m_current) > 0) {
        m_checklist->clear();
        m_verdict->closeNotice();
    }
    markEdited();
}

void ConnectionDialog::updateButtons()
{
    const bool any = m_model->find(m_current) != nullptr;
    const QString problem = any ? m_form->problem() : QString();
    const QString consent = any ? m_form->consentMissing() : QString();
    const bool edited = any && isEdited(m_current);
    m_duplicate->setEnabled(any);
    m_delete->setEnabled(any);
    m_save->setEnabled(edited && problem.isEmpty());
    m_connect->setEnabled(any && problem.isEmpty() && consent.isEmpty());
    m_connect->setText(edited ? tr("Save and connect") : tr("Connect"));
    m_test->setEnabled(m_testing || m_connect->isEnabled());
    m_why->setText(problem.isEmpty() ? consent : clippedLine(problem));
}

void ConnectionDialog::add(client::Profile profile)
{
    const std::string id = profile.id;
    m_filter->clear();
    m_updating = true;
    m_model->put(std::move(profile));
    m_tree->expandAll();
    m_updating = false;
    edit(id);
    markEdited();
    m_form->focusName();
}

void ConnectionDialog::newProfile()
{
    client::Profile profile;
    profile.id = client::randomUuid();
    profile.name = tr("New connection").toStdString();
    if (const client::Profile* current = m_model->find(m_current))
        profile.folder = current->folder;
    profile.seeds = clipboardSeeds();
    if (profile.seeds.empty())
        profile.seeds = {"127.0.0.1:7447"};
    profile.guard = models::defaultGuard(profile.seeds);
    add(std::move(profile));
}

void ConnectionDialog::duplicate()
{
    const client::Profile* current = m_model->find(m_current);
    if (current == nullptr)
        return;
    client::Profile copy = *current;
    copy.id = client::randomUuid();
    copy.name = tr("%1 (copy)").arg(QString::fromStdString(copy.name)).toStdString();
    add(std::move(copy));
}

void ConnectionDialog::askDelete()
{
    const client::Profile* current = m_model->find(m_current);
    if (current == nullptr)
        return;
    m_confirmDelete->ask(tr("Delete \"%1\"? Only this entry goes, nothing on the server.")
                             .arg(QString::fromStdString(current->name).left(60)),
        tr("Delete"), tr("Keep"));
}

void ConnectionDialog::deleteCurrent()
{
    const std::string id = m_current;
    const QModelIndex row = m_model->indexOf(id);
    QModelIndex next = m_tree->indexBelow(row);
    if (!next.isValid())
        next = m_tree->indexAbove(row);
    std::string neighbour = next.data(models::ProfilesModel::IdRole).toString().toStdString();
    const bool wasSaved = std::erase_if(m_saved, [&](const client::Profile& p) { return p.id == id; }) > 0;
    m_updating = true;
    m_model->remove(id);
    m_updating = false;
    m_reports.erase(id);
    if (neighbour.empty() && !m_model->profiles().empty())
        neighbour = m_model->profiles().front().id;
    edit(neighbour);
    markEdited();
    m_tree->setFocus();
    if (wasSaved)
        Q_EMIT profilesChanged(m_saved);
}

bool ConnectionDialog::saveCurrent()
{
    const client::Profile* current = m_model->find(m_current);
    if (current == nullptr || !m_form->problem().isEmpty())
        return false;
    if (!isEdited(m_current))
        return true;
    const auto found = std::ranges::find(m_saved, m_current, &client::Profile::id);
    if (found == m_saved.end())
        m_saved.push_back(*current);
    else
        *found = *current;
    m_form->setProfile(*current, false);
    m_form->setFolders(m_model->folders());
    markEdited();
    Q_EMIT profilesChanged(m_saved);
    return true;
}

void ConnectionDialog::connectCurrent()
{
    if (!m_connect->isEnabled() || !saveCurrent())
        return;
    stopTest();
    Q_EMIT connectRequested(*m_model->find(m_current));
}

void ConnectionDialog::test()
{
    if (!m_test->isEnabled())
        return;
    m_testing = true;
    m_reports.erase(m_current);
    m_verdict->closeNotice();
    m_checklist->start();
    m_test->setText(tr("S&top"));
    updateButtons();
    Q_EMIT testRequested(*m_model->find(m_current));
}

void ConnectionDialog::stopTest()
{
    if (!m_testing)
        return;
    m_testing = false;
    m_checklist->finish();
    m_test->setText(tr("&Test"));
    updateButtons();
    Q_EMIT cancelTest();
}

void ConnectionDialog::showCheck(const client::Check& check)
{
    if (m_testing)
        m_checklist->showCheck(check);
}

void ConnectionDialog::showProbe(const client::ProbeReport& report)
{
    if (!m_testing)
        return;
    m_testing = false;
    m_test->setText(tr("&Test"));
    m_reports[m_current] = report;
    showReport(report);
    updateButtons();
}

void ConnectionDialog::showReport(const client::ProbeReport& report)
{
    m_checklist->clear();
    for (const client::Check& check : report.checks)
        m_checklist->showCheck(check);
    m_checklist->finish();
    if (report.reachable) {
        m_verdict->showNotice({Tone::Ok, tr("Reachable.")});
        return;
    }
    m_verdict->showNotice({Tone::Danger,
        QStringList{QString::fromStdString(report.errorWhat), QString::fromStdString(report.remedy)}
            .join(u' ')
            .trimmed()});
}

void ConnectionDialog::reject()
{
    int unsaved = 0;
    for (const client::Profile& profile : m_model->profiles())
        unsaved += isEdited(profile.id) ? 1 : 0;
    if (unsaved > 0 && !m_confirmClose->isVisible()) {
        m_confirmDelete->hide();
        m_actions->hide();
        m_confirmClose->ask(unsaved == 1 ? tr("One connection has unsaved changes.")
                                         : tr("%1 connections have unsaved changes.").arg(unsaved),
            tr("Discard changes"), tr("Keep editing"));
    }
    if (unsaved > 0)
        return;
    stopTest();
    QDialog::reject();
}

} // namespace norikv::widgets
