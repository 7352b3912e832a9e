// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyinspector.h"

#include "models/keynotes.h"
#include "models/sizetext.h"
#include "models/text.h"
#include "widgets/comparedialog.h"
#include "widgets/decodechips.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/emptystate.h"
#include "widgets/historyview.h"
#include "widgets/imageview.h"
#include "widgets/keyhead.h"
#include "widgets/mergeview.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/savebar.h"
#include "widgets/tables.h"
#include "widgets/theme.h"
#include "widgets/valueedit.h"
#include "widgets/valueview.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::KeyFeed;
using models::ViewMode;

namespace {

constexpr int HistoryTab = 5; // after the views, which stand in the order of ViewMode

} // namespace

KeyInspector::KeyInspector(KeyFeed& feed, const Clock& clock, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_clock(clock)
    , m_theme(theme)
    , m_edit(feed)
{
    setObjectName(QStringLiteral("keyInspector"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget;
    outer->addWidget(m_stack);
    m_empty = new EmptyState(theme);
    m_stack->addWidget(m_empty);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_head = new KeyHead(feed, theme);
    column->addWidget(m_head);
    m_note = new QLineEdit;
    m_note->setObjectName(QStringLiteral("keyNote"));
    m_note->setPlaceholderText(tr("Add a note …"));
    m_note->setAccessibleName(tr("Note on this key"));
    m_note->setToolTip(tr("Kept on this computer for this connection; never sent to the server"));
    m_note->setMaxLength(models::KeyNotes::Longest);
    column->addWidget(m_note);
    m_notices = new NoticeBar(theme);
    column->addWidget(m_notices);
    makeViews(*column);
    m_stack->addWidget(page);
    m_countdown = new QTimer(this);
    m_countdown->setInterval(1000);
    connectAll();
    refresh();
}

void KeyInspector::makeViews(QVBoxLayout& column)
{
    m_chips = new DecodeChips(m_feed.presenter(), m_theme);
    column.addWidget(m_chips);
    m_modes = new QTabBar;
    m_modes->setObjectName(QStringLiteral("valueViews"));
    setStyleRole(m_modes, "views");
    m_modes->setExpanding(false);
    m_modes->setDrawBase(false);
    for (const auto& name : {tr("Text"), tr("JSON"), tr("Tree"), tr("Hex"), tr("Image"), tr("History")})
        m_modes->addTab(name);
    column.addWidget(m_modes);
    m_values = new QStackedWidget;
    m_view = new ValueView(m_theme);
    m_tree = new QTreeView;
    m_tree->setObjectName(QStringLiteral("jsonTree"));
    m_tree->setAccessibleName(tr("JSON tree"));
    styleTree(*m_tree);
    setStyleRole(m_tree, "values");
    m_tree->setModel(&m_treeModel);
    m_tree->setItemDelegate(new MonoDelegate(m_tree));
    m_tree->setColumnWidth(models::JsonTreeModel::Name, 150);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_image = new ImageView(m_feed.dispatcher(), m_theme);
    m_history = new HistoryView(m_feed, m_theme);
    m_editor = new ValueEdit;
    m_editor->setObjectName(QStringLiteral("valueEditor"));
    m_editor->setFont(Theme::monoFont());
    m_editor->setAccessibleName(tr("New value"));
    m_editor->setTabChangesFocus(true);
    m_merge = new MergeView;
    for (auto* view : std::initializer_list<QWidget*>{m_view, m_tree, m_image, m_history, m_editor, m_merge})
        m_values->addWidget(view);
    column.addWidget(m_values, 1);
    m_remark = makeLabel(QString(), "muted");
    m_remark->setWordWrap(true);
    column.addWidget(m_remark);
    m_saveBar = new SaveBar(m_feed);
    m_saveBar->hide();
    column.addWidget(m_saveBar);
}

void KeyInspector::connectAll()
{
    connect(m_editor, &ValueEdit::tooLong, this, [this](const QString& text) {
        m_remark->setText(tr("A line of %1 is too long to edit here; File > Import takes it from a file.")
                              .arg(models::sizeText(std::size_t(text.toUtf8().size()))));
        m_remark->show();
    });
    connect(m_countdown, &QTimer::timeout, this, [this] {
        if (m_stack->currentIndex() != 0)
            m_head->refreshFacts();
        if (m_saveBar->isVisible())
            m_saveBar->refresh();
    });
    connect(m_modes, &QTabBar::tabBarClicked, this, &KeyInspector::showTab);
    connect(m_modes, &QTabBar::currentChanged, this, [this](int tab) {
        if (m_modes->hasFocus()) // by keyboard; what we set ourselves is no choice
            showTab(tab);
    });
    connect(m_note, &QLineEdit::editingFinished, this, &KeyInspector::keepNote);
    connect(m_head, &KeyHead::editRequested, this, &KeyInspector::startEdit);
    connect(m_head, &KeyHead::deleteRequested, this, &KeyInspector::remove);
    connect(m_head, &KeyHead::compareRequested, this, &KeyInspector::compare);
    connect(m_head, &KeyHead::openInPanelRequested, this, &KeyInspector::openInPanelRequested);
    connect(m_head, &KeyHead::favouriteToggled, this, &KeyInspector::favouriteToggled);
    connect(m_head, &KeyHead::copied, this, &KeyInspector::copied);
    connect(m_head, &KeyHead::watchToggled, this, [this](bool on) {
        m_feed.setFollowing(on && isVisible());
        m_head->refreshFacts();
    });
    connect(m_saveBar, &SaveBar::saveRequested, this, [this] { save(); });
    connect(m_saveBar, &SaveBar::cancelled, this, &KeyInspector::endEdit);
    connect(m_merge, &MergeView::accepted, this, &KeyInspector::takeMerged);
    connect(m_merge, &MergeView::rejected, this, [this] {
        m_values->setCurrentWidget(m_editor);
        m_saveBar->show();
        tellOfOthers();
    });
    connect(&m_edit, &models::EditSession::merged, this, [this] {
        m_notices->closeNotice();
        m_merge->setMerge(m_edit.result());
        m_saveBar->hide();
        m_values->setCurrentWidget(m_merge);
    });
    connect(&m_edit, &models::EditSession::unmergeable, this, [this] {
        m_onNotice = [this] {
            m_edit.keepMine();
            m_saveBar->begin();
        };
        const bool gone = m_feed.newer() && !m_feed.newer()->exists();
        m_notices->showNotice({Tone::Warning,
            gone ? tr("This key was deleted while you edit. Saving can create it again.")
                 : tr("It now holds something that cannot be merged with text. Saving would replace it."),
            gone ? tr("Create it again") : tr("Replace it"), {}});
    });
    connect(m_tree, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
        const auto index = m_tree->indexAt(at);
        if (!index.isValid())
            return;
        auto* menu = new QMenu(m_tree);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        const auto copy = [&](const QString& text, const QString& what) {
            connect(menu->addAction(text), &QAction::triggered, this, [this, what] {
                QApplication::clipboard()->setText(what);
                Q_EMIT copied(tr("Copied."));
            });
        };
        copy(tr("Copy path"), index.data(models::JsonTreeModel::PathRole).toString());
        copy(tr("Copy value"), QString::fromUtf8(index.data(models::JsonTreeModel::RawRole).toByteArray()));
        menu->popup(m_tree->viewport()->mapToGlobal(at));
    });
    connect(&m_feed, &KeyFeed::changed, this, &KeyInspector::refresh);
    connect(&m_feed, &KeyFeed::laidOut, this, &KeyInspector::showValue);
    connect(&m_feed, &KeyFeed::saved, this, &KeyInspector::tell);
    connect(m_image, &ImageView::ready, this, [this] {
        if (m_values->currentWidget() == m_image) {
            m_remark->setText(m_image->remark());
            m_remark->show();
        }
    });
    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        // A copy: what it does may put another in its place.
        if (const auto act = m_onNotice)
            act();
    });
}

void KeyInspector::setFavourite(bool favourite) { m_head->setFavourite(favourite); }

void KeyInspector::setPanels(std::function<bool(client::KeyKind)> offered)
{
    m_head->setPanels(std::move(offered));
}

void KeyInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_feed.setFollowing(m_head->watching());
    m_countdown->start();
}

void KeyInspector::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // Sixteen bytes take 76 characters; a dock of the usual width has room for eight.
    const int wide = QFontMetrics(Theme::monoFont()).averageCharWidth() * 76 + 60;
    m_feed.presenter().setHexColumns(width() >= wide ? 16 : 8);
}

void KeyInspector::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_feed.setFollowing(false);
    m_countdown->stop();
}

void KeyInspector::refresh()
{
    if (m_asked != m_feed.key()) {
        // A question about one key must not be answered for another.
        m_asked = m_feed.key();
        m_editWhenReady = false;
        m_onNotice = {};
        m_notices->closeNotice();
    }
    if (editing() && m_edit.key() != m_feed.key())
        endEdit();
    const auto state = m_feed.state();
    if (state == KeyFeed::State::Empty || state == KeyFeed::State::Loading
        || state == KeyFeed::State::Failed) {
        showEmpty(state);
        return;
    }
    m_stack->setCurrentIndex(1);
    m_head->refresh(editing());
    if (editing() && m_feed.moved() && m_values->currentWidget() == m_editor)
        tellOfOthers();
}

void KeyInspector::showEmpty(KeyFeed::State state)
{
    m_empty->clearActions();
    if (state == KeyFeed::State::Empty) {
        m_empty->setContent(QStringLiteral("keys"), tr("No key open"),
            tr("Open one with Ctrl+P, or click a bar, a row or a finding."));
        connect(m_empty->addAction(tr("Open a key …")), &QPushButton::clicked, this,
            &KeyInspector::openRequested);
    } else if (state == KeyFeed::State::Loading) {
        m_empty->setContent(QStringLiteral("keys"), tr("Reading …"), models::shown(m_feed.key()));
    } else {
        m_empty->setContent(QStringLiteral("error"), tr("The key could not be read"), m_feed.error().line());
        connect(m_empty->addAction(tr("Read again")), &QPushButton::clicked, &m_feed, &KeyFeed::refresh);
    }
    m_stack->setCurrentIndex(0);
}

// What others wrote waits: it is offered for a merge, never put under the edit.
void KeyInspector::tellOfOthers()
{
    if (!m_feed.newer() || (m_conflictTold && m_notices->isOpen()))
        return;
    if (!m_feed.newer()->exists()) {
        m_edit.merge({}); // says what can be done
        return;
    }
    m_onNotice = [this] { merge(); };
    m_notices->showNotice(
        {Tone::Warning, tr("Somebody changed this key while you edit."), tr("Merge …"), {}});
}

void KeyInspector::showTab(int tab)
{
    if (tab < 0 || editing())
        return;
    m_historyOpen = tab == HistoryTab;
    if (m_historyOpen)
        showValue();
    else
        m_feed.setMode(static_cast<ViewMode>(tab));
}

void KeyInspector::showValue()
{
    if (std::exchange(m_editWhenReady, false) && !editing())
        startEdit();
    if (editing())
        return;
    const auto& now = m_feed.presenter().now();
    const bool picture = now.decoded && !now.decoded->imageType.empty();
    m_modes->setTabVisible(int(ViewMode::Image), picture);
    m_modes->setTabEnabled(int(ViewMode::Image), picture); // the arrow keys would stop at it
    m_modes->setCurrentIndex(m_historyOpen ? HistoryTab : int(now.mode));
    // The same key in the same form: a refresh does not move what one reads.
    const bool same = m_shownKey == m_feed.key() && m_shownMode == now.mode;
    m_shownKey = m_feed.key();
    m_shownMode = now.mode;
    m_treeModel.setTree(now.tree);
    m_view->setLayoutLines(now.layout, same);
    m_image->setImage(now.mode == ViewMode::Image ? now.decoded : nullptr);
    if (!editing()) {
        QWidget* view = m_view;
        if (m_historyOpen)
            view = m_history;
        else if (now.mode == ViewMode::Image)
            view = m_image;
        else if (now.tree)
            view = m_tree;
        m_values->setCurrentWidget(view);
    }
    const QString remark = now.mode == ViewMode::Image ? m_image->remark() : now.layout.remark;
    m_remark->setText(remark);
    m_remark->setVisible(!remark.isEmpty() && !m_historyOpen);
    m_head->refresh(editing());
}

client::Bytes KeyInspector::editedText() const { return editorText(*m_editor); }

void KeyInspector::setNote(const client::Bytes& key, const QString& note)
{
    // What is being typed is newer than what is told of the same key.
    if (key == m_noteKey && m_note->isModified())
        return;
    keepNote();
    m_noteKey = key;
    m_note->setText(note);
    m_note->setCursorPosition(0);
}

void KeyInspector::keepNote()
{
    if (!m_note->isModified())
        return;
    m_note->setModified(false);
    Q_EMIT noteChanged(models::toQt(m_noteKey), m_note->text());
}

void KeyInspector::setReadOnly(bool readOnly) { m_head->setReadOnly(readOnly); }

bool KeyInspector::unsaved() const { return editing() && editedText() != m_edit.draft().text; }

void KeyInspector::askToLeave(std::function<void()> proceed)
{
    m_onNotice = [this, proceed = std::move(proceed)] {
        endEdit();
        proceed();
    };
    m_notices->showNotice(
        {Tone::Warning, tr("Your changes to %1 are not saved.").arg(models::shown(m_edit.key(), 60)),
            tr("Discard them"), {}});
}

void KeyInspector::startEdit()
{
    m_conflictTold = false;
    m_editWhenReady = !m_edit.begin();
    if (m_editWhenReady)
        return; // a newer value is being decoded; showValue() comes back here
    m_editor->setPlainText(QString::fromStdString(m_edit.draft().text));
    m_editor->setReadOnly(false);
    m_saveBar->begin();
    m_values->setCurrentWidget(m_editor);
    m_modes->setEnabled(false);
    m_chips->setFrozen(true);
    m_remark->hide();
    m_saveBar->show();
    m_head->refresh(true);
    m_editor->setFocus();
}

void KeyInspector::endEdit()
{
    m_edit.end();
    m_modes->setEnabled(true);
    m_chips->setFrozen(false);
    m_saveBar->hide();
    m_notices->closeNotice();
    showValue();
    refresh();
}

void KeyInspector::merge() { m_edit.merge(editedText()); }

void KeyInspector::takeMerged()
{
    m_editor->setPlainText(QString::fromStdString(m_edit.accept(m_merge->sides())));
    m_values->setCurrentWidget(m_editor);
    m_saveBar->begin();
    m_saveBar->show();
    m_editor->setFocus();
    if (m_feed.moved())
        tellOfOthers();
    else
        m_notices->showNotice({Tone::Info, tr("Merged. Nothing is written until you save."), {}, {}});
}

void KeyInspector::save(bool asTyped, bool consent)
{
    const auto choice = m_saveBar->choice();
    const auto text = editedText();
    m_conflictTold = false;
    m_onNotice = [this, text, choice, asTyped] { m_edit.save(text, choice, asTyped, true); };
    m_editor->setReadOnly(true); // what is typed while it is sent would be lost
    m_edit.save(text, choice, asTyped, consent);
}

void KeyInspector::remove()
{
    m_onNotice = [this] {
        m_onNotice = [this] { m_feed.remove(true); };
        m_feed.remove(true);
    };
    m_notices->showNotice(
        {Tone::Warning, tr("Delete this key? NoriKV deletes without comparing versions."), tr("Delete"), {}});
}

void KeyInspector::compare()
{
    auto* dialog = new CompareDialog(m_feed.dispatcher(), m_feed.connection(), m_feed.key(), m_theme, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void KeyInspector::tell(const KeyFeed::Saved& saved)
{
    const bool here = saved.key == m_feed.key();
    m_editor->setReadOnly(false);
    if (saved.ok) {
        if (editing() && here)
            endEdit();
        m_notices->showNotice({Tone::Ok, saved.text, {}, std::chrono::seconds(4)});
        return;
    }
    QString text = saved.text;
    if (!saved.remedy.isEmpty())
        text += QLatin1Char(' ') + saved.remedy;
    QString action;
    if (!here) {
        m_onNotice = {}; // told, but what could be done about it belongs to the other key
    } else if (saved.needsConsent) {
        action = tr("Confirm");
    } else if (saved.conflict && editing()) {
        action = tr("Merge …");
        m_conflictTold = true;
        m_onNotice = [this] {
            m_conflictTold = false;
            m_feed.newer() ? merge() : m_feed.refresh();
        };
    } else if (saved.conflict) {
        action = tr("Read again");
        m_onNotice = [this] { m_feed.refresh(); };
    } else if (saved.badJson) {
        action = tr("Save as it is");
        m_onNotice = [this] { save(true); };
    }
    m_notices->showNotice(
        {saved.needsConsent || saved.conflict || saved.badJson ? Tone::Warning : Tone::Danger, text, action,
            {}});
}

} // namespace norikv::widgets
