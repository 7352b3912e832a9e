// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyhead.h"

#include "models/sizetext.h"
#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/icons.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/savebar.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::CopyAs;
using models::KeyFeed;

namespace {
constexpr auto WorthSaying = std::chrono::seconds(2); // a clock this far off is shown (rulings 16)
}

bool hasPanel(client::KeyKind kind)
{
    return kind != client::KeyKind::Other && kind != client::KeyKind::DocumentMeta;
}

namespace {
QString readOnlyText()
{
    return KeyHead::tr("This connection is read-only: change the mode in the top bar to write");
}
} // namespace

KeyHead::KeyHead(KeyFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_name = new ElidedLabel(QString(), Qt::ElideMiddle);
    m_name->setFont(Theme::monoFont());
    m_name->setObjectName(QStringLiteral("keyName"));
    m_name->setMostLines(3);
    column->addWidget(m_name);
    m_kind = new ElidedLabel;
    setStyleRole(m_kind, "caption");
    column->addWidget(m_kind);
    auto* top = new QHBoxLayout;
    top->setSpacing(2);
    auto* copy = tool("copy", tr("Copy"));
    copy->setObjectName(QStringLiteral("copyMenu"));
    makeCopyMenu(copy);
    top->addWidget(copy);
    m_star = tool("star", tr("Favourite"));
    m_star->setObjectName(QStringLiteral("favourite"));
    m_star->setCheckable(true);
    top->addWidget(m_star);
    m_watch = tool("watch", tr("Watch for changes"));
    m_watch->setObjectName(QStringLiteral("watchKey"));
    m_watch->setCheckable(true);
    m_watch->setChecked(true);
    top->addWidget(m_watch);
    auto* again = tool("refresh", tr("Read again (F5)"));
    again->setAccessibleName(tr("Read again"));
    top->addWidget(again);
    top->addStretch(1);

    m_panel = new QPushButton(tr("Open in panel"));
    m_panel->setObjectName(QStringLiteral("openInPanel"));
    setStyleRole(m_panel, "quiet");
    QSizePolicy kept = m_panel->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // the page does not jump from key to key
    m_panel->setSizePolicy(kept);
    top->addWidget(m_panel);
    column->addLayout(top);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_edit = new QPushButton(tr("Edit"));
    m_edit->setObjectName(QStringLiteral("editValue"));
    auto* compare = new QPushButton(tr("Compare …"));
    compare->setObjectName(QStringLiteral("compareKey"));
    m_delete = new QPushButton(tr("Delete"));
    m_delete->setObjectName(QStringLiteral("deleteKey"));
    setStyleRole(m_delete, "danger");
    buttons->addWidget(m_edit);
    buttons->addWidget(compare);
    buttons->addStretch(1);
    buttons->addWidget(m_delete);
    column->addLayout(buttons);
    column->addSpacing(4);
    m_facts = new KeyValueList;
    column->addWidget(m_facts);

    connect(again, &QToolButton::clicked, &m_feed, &KeyFeed::refresh);
    connect(m_edit, &QPushButton::clicked, this, &KeyHead::editRequested);
    connect(m_delete, &QPushButton::clicked, this, &KeyHead::deleteRequested);
    connect(compare, &QPushButton::clicked, this, &KeyHead::compareRequested);
    connect(m_watch, &QToolButton::toggled, this, &KeyHead::watchToggled);
    connect(m_star, &QToolButton::clicked, this,
        [this](bool on) { Q_EMIT favouriteToggled(models::toQt(m_feed.key()), on); });
    connect(m_panel, &QPushButton::clicked, this,
        [this] { Q_EMIT openInPanelRequested(m_kindNow, models::toQt(m_feed.key())); });
}

QToolButton* KeyHead::tool(const char* icon, const QString& text)
{
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setToolTip(text);
    button->setAccessibleName(text);
    bindIcon(button, QString::fromLatin1(icon), m_theme);
    return button;
}

void KeyHead::makeCopyMenu(QToolButton* button)
{
    button->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(button);
    connect(menu->addAction(tr("Key")), &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(models::shown(m_feed.key(), client::MaxKeyBytes));
        Q_EMIT copied(tr("The key was copied."));
    });
    const std::pair<QString, CopyAs> rows[] = {{tr("Value"), CopyAs::Value},
        {tr("Value as JSON"), CopyAs::Json}, {tr("Stored bytes as hex"), CopyAs::Hex}};
    for (const auto& [text, what] : rows)
        connect(menu->addAction(text), &QAction::triggered, this,
            [this, as = what] { m_feed.presenter().copy(as); });
    button->setMenu(menu);
    connect(&m_feed.presenter(), &models::ValuePresenter::copyReady, this,
        [this](CopyAs what, const QString& text) {
            QApplication::clipboard()->setText(text);
            Q_EMIT copied(what == CopyAs::Json ? tr("The value was copied as JSON.")
                    : what == CopyAs::Hex      ? tr("The stored bytes were copied as hex.")
                                               : tr("The value was copied."));
        });
}

void KeyHead::setFavourite(bool favourite) { m_star->setChecked(favourite); }

void KeyHead::setPanels(std::function<bool(client::KeyKind)> offered) { m_offered = std::move(offered); }

bool KeyHead::watching() const { return m_watch->isChecked(); }

void KeyHead::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refresh(m_editing);
}

void KeyHead::refresh(bool editing)
{
    m_editing = editing;
    const bool missing = m_feed.state() == KeyFeed::State::Missing;
    m_name->setText(models::shown(m_feed.key()));
    m_kindNow = client::keyKind(m_feed.key(), m_feed.entry().value);
    const auto kind = client::name(m_kindNow);
    m_kind->setText(missing ? tr("missing: the server has no such key")
            : m_kindNow == client::KeyKind::Other
            ? tr("no known pattern")
            : tr("looks like: %1").arg(QString::fromUtf8(kind.data(), qsizetype(kind.size()))));
    m_panel->setVisible(!missing && m_offered(m_kindNow));
    m_delete->setEnabled(!missing && !editing && !m_readOnly);
    m_delete->setToolTip(m_readOnly ? readOnlyText() : QString());
    m_edit->setText(missing ? tr("Create") : tr("Edit"));
    const auto& now = m_feed.presenter().now();
    const bool ready = missing || now.decoded;
    QString why;
    if (!missing && ready) {
        switch (now.notEditable) {
        case models::NotEditable::Binary:
            why = tr("Binary values are shown, not edited in place");
            break;
        case models::NotEditable::TooLarge:
            why = tr("Values over 64 KB and long lines are shown, not edited in place");
            break;
        case models::NotEditable::OddLineBreaks:
            why = tr("An editor would change its line breaks: shown, not edited in place");
            break;
        case models::NotEditable::Editable:
            break;
        }
    }
    if (m_readOnly)
        why = readOnlyText();
    m_edit->setEnabled(ready && why.isEmpty() && !editing);
    m_edit->setToolTip(why);
    refreshFacts();
}

QString KeyHead::expiryText() const
{
    const auto& entry = m_feed.entry();
    if (const auto left = m_feed.remaining())
        return tr("in %1 · %2").arg(durationText(*left), provenanceText(entry.provenance));
    if (entry.provenance == client::TtlProvenance::Unknown)
        return tr("unknown · %1").arg(provenanceText(entry.provenance));
    return tr("never · %1").arg(provenanceText(entry.provenance));
}

void KeyHead::refreshFacts()
{
    std::vector<KeyValueRow> rows;
    const QString leader = m_feed.leader();
    rows.push_back(
        {tr("shard"), tr("%1 → %2").arg(m_feed.shard()).arg(leader.isEmpty() ? tr("no leader") : leader)});
    if (m_feed.entry().exists()) {
        const auto& entry = m_feed.entry();
        rows.push_back({tr("version"), QString::number(entry.version->index)});
        rows.push_back({tr("size"),
            entry.value.empty() ? tr("empty (0 B)")
                : entry.value.size() < 1024
                ? models::sizeText(entry.value.size())
                : tr("%1 · %2 bytes")
                      .arg(models::sizeText(entry.value.size()), groupDigits(qint64(entry.value.size())))});
        rows.push_back({tr("expires"), expiryText()});
        if (entry.expiresAtMs)
            m_facts->setToolTip(
                models::plainTip(tr("expires at %1 UTC")
                                     .arg(QDateTime::fromMSecsSinceEpoch(*entry.expiresAtMs, Qt::UTC)
                                              .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))));
        else
            m_facts->setToolTip(QString());
        const auto offset = m_feed.clockOffset();
        if (std::chrono::abs(offset) > WorthSaying)
            rows.push_back({tr("server clock"),
                offset.count() > 0 ? tr("%1 ahead of ours").arg(durationText(offset))
                                   : tr("%1 behind ours").arg(durationText(-offset))});
        for (const auto& [name, value] : entry.meta) {
            if (name != "expires_at_ms")
                rows.push_back({models::shown(name), models::shown(value)});
        }
    }
    rows.push_back({tr("changes"),
        !watching()         ? tr("not watched")
            : m_feed.live() ? tr("told by the server")
                            : tr("asked every 2 s")});
    m_facts->setRows(rows);
}

} // namespace norikv::widgets
