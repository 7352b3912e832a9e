// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/undodialog.h"

#include "models/text.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

UndoDialog::UndoDialog(models::JournalFeed& feed, const client::JournalEntry& entry, QWidget* parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_id(entry.id)
    , m_summary(makeLabel(tr("Put the value before this write back?"), "headline"))
    , m_steps(makeLabel(QString()))
    , m_bestEffort(
          makeLabel(tr("Best effort: the key is read again, compared with what this write left, and read "
                       "once more afterwards. Somebody can still write in between."),
              "muted"))
    , m_undo(new QPushButton(tr("Undo")))
    , m_force(new QPushButton(tr("Put the old value back anyway")))
{
    setObjectName(QStringLiteral("undoDialog"));
    setWindowTitle(tr("Undo a write"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_summary->setObjectName(QStringLiteral("undoSummary"));
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    auto* facts = new KeyValueList;
    facts->setRows({{tr("Key"), models::shown(entry.key, 60)}, {tr("Write"), models::actionText(entry)},
        {tr("Before"), models::sideText(entry.before, entry.before.exists()).left(60)},
        {tr("After"), models::sideText(entry.after, entry.kind == client::WriteKind::Put).left(60)}});
    column->addWidget(facts);
    m_steps->setObjectName(QStringLiteral("undoSteps"));
    m_steps->setWordWrap(true);
    m_steps->hide();
    column->addWidget(m_steps);
    m_bestEffort->setWordWrap(true);
    column->addWidget(m_bestEffort);
    column->addStretch(1);
    auto* buttons = new QDialogButtonBox;
    buttons->addButton(m_force, QDialogButtonBox::ActionRole);
    buttons->addButton(m_undo, QDialogButtonBox::ActionRole);
    m_close = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    setStyleRole(m_undo, "primary");
    setStyleRole(m_force, "danger");
    m_undo->setObjectName(QStringLiteral("undoNow"));
    m_force->setObjectName(QStringLiteral("undoForce"));
    m_close->setObjectName(QStringLiteral("undoClose"));
    m_force->hide();
    m_close->setDefault(true);
    column->addWidget(buttons);
    connect(m_undo, &QPushButton::clicked, this, [this] { begin(false); });
    connect(m_force, &QPushButton::clicked, this, [this] { begin(true); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&feed, &models::JournalFeed::undone, this, &UndoDialog::tell);
    connect(&feed, &models::JournalFeed::failed, this, [this](const QString& text) {
        m_summary->setText(text);
        m_undo->setEnabled(true);
        m_force->setEnabled(true);
    });
    resize(520, 300);
}

void UndoDialog::begin(bool force)
{
    m_undo->setEnabled(false);
    m_force->setEnabled(false);
    m_summary->setText(tr("Reading the key again …"));
    m_feed.undo(m_id, force);
}

void UndoDialog::tell(const client::UndoReport& report)
{
    const auto text = models::undoText(report);
    m_summary->setText(text.summary);
    m_steps->setText(text.steps.join(QLatin1Char('\n')));
    m_steps->show();
    m_bestEffort->setText(text.bestEffort);
    m_undo->hide();
    m_force->setVisible(text.mayForce);
    m_force->setEnabled(true);
    m_close->setText(tr("Close"));
    m_close->setFocus();
}

} // namespace norikv::widgets
