// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyinspector.h"

#include "client/patterns/keykind.h"
#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/keyvaluelist.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"
#include "widgets/valueview.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabBar>
#include <QTextDocument>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::KeyFeed;
using models::TtlChoice;

namespace {

// Stock editors freeze on long lines: larger values are shown, not edited in place.
constexpr std::size_t MostEditable = 64 * 1024;
constexpr std::size_t LongestEditableLine = 4096;

bool editable(const client::Bytes& value)
{
    if (value.size() > MostEditable || !client::isUtf8(value) || value.find('\0') != client::Bytes::npos)
        return false;
    std::size_t line = 0;
    for (const char c : value) {
        line = c == '\n' ? 0 : line + 1;
        if (line > LongestEditableLine)
            return false;
    }
    // What an editor turns into line breaks, or a QString drops, would not come back byte for byte.
    const QString text = QString::fromStdString(value);
    static const QString breaks
        = QStringLiteral("\r") + QChar(QChar::ParagraphSeparator) + QChar(0xFDD0) + QChar(0xFDD1);
    const bool broken = std::ranges::any_of(text, [](QChar c) { return breaks.contains(c); })
        || text.toStdString() != value;
    return !broken;
}

// toPlainText() would turn no-break spaces and line separators into others.
QString editedText(const QPlainTextEdit& editor)
{
    return editor.document()->toRawText().replace(QChar(QChar::ParagraphSeparator), QLatin1Char('\n'));
}

QString provenanceText(client::TtlProvenance provenance)
{
    switch (provenance) {
    case client::TtlProvenance::Server:
        return KeyInspector::tr("told by the server");
    case client::TtlProvenance::SetHere:
        return KeyInspector::tr("set here");
    case client::TtlProvenance::FromValue:
        return KeyInspector::tr("read from the value");
    case client::TtlProvenance::PatternDefault:
        return KeyInspector::tr("the pattern's default");
    case client::TtlProvenance::Unknown:
        break;
    }
    return KeyInspector::tr("this server does not tell");
}

} // namespace

KeyInspector::KeyInspector(KeyFeed& feed, const Clock& clock, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_clock(clock)
    , m_theme(theme)
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
    column->addWidget(makeHead());
    m_notices = new NoticeBar(theme);
    column->addWidget(m_notices);
    m_facts = new KeyValueList;
    column->addWidget(m_facts);
    m_modes = new QTabBar;
    m_modes->setExpanding(false);
    m_modes->setDrawBase(false);
    for (const auto& name : {tr("Text"), tr("JSON"), tr("Hex")})
        m_modes->addTab(name);
    column->addWidget(m_modes);
    m_values = new QStackedWidget;
    m_view = new ValueView(theme);
    m_editor = new QPlainTextEdit;
    m_editor->setObjectName(QStringLiteral("valueEditor"));
    m_editor->setFont(Theme::monoFont());
    m_editor->setAccessibleName(tr("New value"));
    m_editor->setTabChangesFocus(true);
    m_values->addWidget(m_view);
    m_values->addWidget(m_editor);
    column->addWidget(m_values, 1);
    m_remark = makeLabel(QString(), "muted");
    m_remark->setWordWrap(true);
    column->addWidget(m_remark);
    column->addWidget(makeSaveBar());
    m_stack->addWidget(page);

    m_countdown = new QTimer(this);
    m_countdown->setInterval(1000);
    connect(m_countdown, &QTimer::timeout, this, &KeyInspector::refreshFacts);
    connect(m_modes, &QTabBar::tabBarClicked, this, [this](int index) {
        if (index >= 0)
            m_feed.setMode(static_cast<models::ViewMode>(index));
    });
    connect(&feed, &KeyFeed::changed, this, &KeyInspector::refresh);
    connect(&feed, &KeyFeed::laidOut, this, &KeyInspector::showValue);
    connect(&feed, &KeyFeed::saved, this, &KeyInspector::tell);
    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (m_onNotice)
            m_onNotice();
    });
    refresh();
}

QWidget* KeyInspector::makeHead()
{
    auto* head = new QWidget;
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* top = new QHBoxLayout;
    m_name = new ElidedLabel(QString(), Qt::ElideMiddle);
    m_name->setFont(Theme::monoFont());
    auto* copy = new QToolButton;
    copy->setAutoRaise(true);
    copy->setToolTip(tr("Copy the key"));
    copy->setAccessibleName(copy->toolTip());
    bindIcon(copy, QStringLiteral("copy"), m_theme);
    auto* refreshButton = new QToolButton;
    refreshButton->setAutoRaise(true);
    refreshButton->setToolTip(tr("Read again (F5)"));
    refreshButton->setAccessibleName(tr("Read again"));
    bindIcon(refreshButton, QStringLiteral("refresh"), m_theme);
    top->addWidget(m_name, 1);
    top->addWidget(copy);
    top->addWidget(refreshButton);
    column->addLayout(top);
    m_kind = new ElidedLabel;
    setStyleRole(m_kind, "caption");
    column->addWidget(m_kind);
    auto* buttons = new QHBoxLayout;
    m_edit = new QPushButton(tr("Edit"));
    m_edit->setObjectName(QStringLiteral("editValue"));
    auto* copyValue = new QPushButton(tr("Copy value"));
    m_delete = new QPushButton(tr("Delete"));
    m_delete->setObjectName(QStringLiteral("deleteKey"));
    setStyleRole(m_delete, "danger");
    buttons->addWidget(m_edit);
    buttons->addWidget(copyValue);
    buttons->addStretch(1);
    buttons->addWidget(m_delete);
    column->addLayout(buttons);
    connect(copy, &QToolButton::clicked, this, [this] {
        QApplication::clipboard()->setText(models::shown(m_feed.key(), client::MaxKeyBytes));
        Q_EMIT copied(tr("The key was copied."));
    });
    connect(copyValue, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(QString::fromStdString(client::isUtf8(m_feed.entry().value)
                ? m_feed.entry().value
                : client::printable(m_feed.entry().value)));
        Q_EMIT copied(tr("The value was copied."));
    });
    connect(refreshButton, &QToolButton::clicked, &m_feed, &KeyFeed::refresh);
    connect(m_edit, &QPushButton::clicked, this, &KeyInspector::startEdit);
    connect(m_delete, &QPushButton::clicked, this, &KeyInspector::remove);
    return head;
}

QWidget* KeyInspector::makeSaveBar()
{
    m_saveBar = new QWidget;
    auto* column = new QVBoxLayout(m_saveBar);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(8);
    auto* ttlRow = new QHBoxLayout;
    m_ttl = new QComboBox;
    m_ttl->setObjectName(QStringLiteral("ttlChoice"));
    m_ttl->setAccessibleName(tr("Expiry after saving"));
    m_ttlSeconds = new QSpinBox;
    m_ttlSeconds->setRange(1, 31'536'000);
    m_ttlSeconds->setValue(3600);
    m_ttlSeconds->setSuffix(tr(" s"));
    m_ttlSeconds->setAccessibleName(tr("New time to live in seconds"));
    ttlRow->addWidget(m_ttl, 1);
    ttlRow->addWidget(m_ttlSeconds);
    column->addLayout(ttlRow);
    auto* buttons = new QHBoxLayout;
    m_save = new QPushButton(tr("Save"));
    m_save->setObjectName(QStringLiteral("saveValue"));
    setStyleRole(m_save, "primary");
    auto* cancel = new QPushButton(tr("Cancel"));
    buttons->addWidget(m_save);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_saveBar->hide();
    const auto ttlChanged = [this] {
        m_ttlSeconds->setVisible(m_ttl->currentData().toInt() == int(TtlChoice::Kind::New));
        m_save->setEnabled(m_ttl->currentData().toInt() >= 0);
    };
    connect(m_ttl, &QComboBox::currentIndexChanged, this, ttlChanged);
    connect(m_save, &QPushButton::clicked, this, &KeyInspector::save);
    connect(cancel, &QPushButton::clicked, this, &KeyInspector::endEdit);
    return m_saveBar;
}

bool KeyInspector::editing() const { return m_values->currentWidget() == m_editor; }

void KeyInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_feed.setFollowing(true);
    m_countdown->start();
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
        m_onNotice = {};
        m_notices->closeNotice();
    }
    if (editing() && m_edited != m_feed.key())
        endEdit();
    const auto state = m_feed.state();
    if (state == KeyFeed::State::Empty || state == KeyFeed::State::Loading
        || state == KeyFeed::State::Failed) {
        m_empty->clearActions();
        if (state == KeyFeed::State::Empty) {
            m_empty->setContent(QStringLiteral("keys"), tr("No key open"),
                tr("Open one with Ctrl+P, or click a bar, a row or a finding."));
            connect(m_empty->addAction(tr("Open a key …")), &QPushButton::clicked, this,
                &KeyInspector::openRequested);
        } else if (state == KeyFeed::State::Loading) {
            m_empty->setContent(QStringLiteral("keys"), tr("Reading …"), models::shown(m_feed.key()));
        } else {
            m_empty->setContent(
                QStringLiteral("error"), tr("The key could not be read"), m_feed.error().line());
            connect(m_empty->addAction(tr("Read again")), &QPushButton::clicked, &m_feed, &KeyFeed::refresh);
        }
        m_stack->setCurrentIndex(0);
        return;
    }
    m_stack->setCurrentIndex(1);
    m_name->setText(models::shown(m_feed.key()));
    const bool missing = state == KeyFeed::State::Missing;
    const auto kind = client::name(client::keyKind(m_feed.key(), m_feed.entry().value));
    m_kind->setText(missing
            ? tr("missing: the server has no such key")
            : tr("looks like: %1").arg(QString::fromUtf8(kind.data(), qsizetype(kind.size()))));
    m_delete->setEnabled(!missing);
    m_edit->setText(missing ? tr("Create") : tr("Edit"));
    const bool can = missing || editable(m_feed.entry().value);
    m_edit->setEnabled(can && !editing());
    m_edit->setToolTip(can
            ? QString()
            : tr("Binary values, long lines and values over 64 KB are shown, not edited in place"));
    if (m_feed.moved()) {
        m_onNotice = [this] { m_feed.refresh(); };
        if (editing())
            m_notices->showNotice(
                {Tone::Warning, tr("Somebody changed this key while you edit."), tr("Read again"), {}});
        else
            m_feed.refresh();
    }
    refreshFacts();
}

QString KeyInspector::expiryText() const
{
    const auto& entry = m_feed.entry();
    if (const auto left = m_feed.remaining())
        return tr("in %1 · %2").arg(durationText(*left), provenanceText(entry.provenance));
    if (entry.provenance == client::TtlProvenance::Unknown)
        return tr("unknown · %1").arg(provenanceText(entry.provenance));
    return tr("never · %1").arg(provenanceText(entry.provenance));
}

void KeyInspector::refreshFacts()
{
    if (m_stack->currentIndex() == 0)
        return;
    std::vector<KeyValueRow> rows;
    const QString leader = m_feed.leader();
    rows.push_back(
        {tr("shard"), tr("%1 → %2").arg(m_feed.shard()).arg(leader.isEmpty() ? tr("no leader") : leader)});
    if (m_feed.entry().exists()) {
        const auto& entry = m_feed.entry();
        rows.push_back({tr("version"), QString::number(entry.version->index)});
        rows.push_back({tr("size"),
            entry.value.empty() ? tr("empty (0 B)")
                                : tr("%1 B").arg(groupDigits(qint64(entry.value.size())))});
        rows.push_back({tr("expires"), expiryText()});
        for (const auto& [name, value] : entry.meta) {
            if (name != "expires_at_ms")
                rows.push_back({QString::fromStdString(name), QString::fromStdString(value)});
        }
    }
    m_facts->setRows(rows);
}

void KeyInspector::showValue()
{
    m_modes->setCurrentIndex(int(m_feed.mode()));
    // The same key in the same form: a refresh does not move what one reads.
    const bool same = m_shownKey == m_feed.key() && m_shownMode == m_feed.view().mode;
    m_shownKey = m_feed.key();
    m_shownMode = m_feed.view().mode;
    m_view->setLayoutLines(m_feed.view(), same);
    m_remark->setText(m_feed.view().remark);
    m_remark->setVisible(!m_feed.view().remark.isEmpty());
}

void KeyInspector::fillTtlChoices()
{
    m_ttl->clear();
    const auto& entry = m_feed.entry();
    const auto left = m_feed.remaining();
    if (!entry.exists() || (!left && entry.provenance != client::TtlProvenance::Unknown)) {
        m_ttl->addItem(tr("Save without expiry"), int(TtlChoice::Kind::None));
    } else if (left) {
        m_ttl->addItem(tr("Keep the expiry (in %1)").arg(durationText(*left)), int(TtlChoice::Kind::Keep));
        m_ttl->addItem(tr("Save without expiry"), int(TtlChoice::Kind::None));
    } else {
        // Nobody knows whether it expires: a one-click save could make it permanent.
        m_ttl->addItem(tr("Choose what happens to its expiry …"), -1);
        m_ttl->addItem(tr("Save without expiry"), int(TtlChoice::Kind::None));
    }
    m_ttl->addItem(tr("Expire after …"), int(TtlChoice::Kind::New));
    m_ttlSeconds->setVisible(false);
}

void KeyInspector::startEdit()
{
    m_edited = m_feed.key();
    m_editor->setPlainText(QString::fromStdString(m_feed.entry().value));
    fillTtlChoices();
    m_values->setCurrentWidget(m_editor);
    m_modes->setEnabled(false);
    m_saveBar->show();
    m_edit->setEnabled(false);
    m_editor->setFocus();
}

void KeyInspector::endEdit()
{
    m_values->setCurrentWidget(m_view);
    m_modes->setEnabled(true);
    m_saveBar->hide();
    refresh();
}

void KeyInspector::save()
{
    TtlChoice choice;
    choice.kind = static_cast<TtlChoice::Kind>(m_ttl->currentData().toInt());
    choice.ttl = std::chrono::seconds(m_ttlSeconds->value());
    const client::Bytes value = editedText(*m_editor).toStdString();
    m_onNotice = [this, value, choice] { m_feed.save(value, choice, true); };
    m_feed.save(value, choice);
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

void KeyInspector::tell(const KeyFeed::Saved& saved)
{
    const bool here = saved.key == m_feed.key();
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
    } else if (saved.conflict) {
        action = tr("Read again");
        m_onNotice = [this] { m_feed.refresh(); };
    }
    m_notices->showNotice(
        {saved.needsConsent || saved.conflict ? Tone::Warning : Tone::Danger, text, action, {}});
}

} // namespace norikv::widgets
