// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reducerbox.h"

#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {

const QString Script = QStringLiteral("script");
constexpr int Lines = 6; // in sight
constexpr int MostScriptChars = 64 * 1024; // it is kept with the settings

QString example()
{
    return QStringLiteral("state = state ?? { count: 0 };\n"
                          "state.count += 1;\n"
                          "state.last = event.type;\n"
                          "return state;");
}

} // namespace

ReducerBox::ReducerBox(const Theme& theme, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("reducerBox"));
    m_combo = new QComboBox;
    m_combo->setObjectName(QStringLiteral("reducer"));
    m_combo->setAccessibleName(tr("What turns events into a state"));
    m_combo->setToolTip(tr("What turns events into a state; kept for aggregates with the same beginning"));
    m_combo->addItem(tr("What fits"), QString());
    m_combo->addItem(tr("Bank account"), QStringLiteral("bank"));
    m_combo->addItem(tr("Merged data"), QStringLiteral("merge"));
    m_combo->addItem(tr("Count by type"), QStringLiteral("counter"));
    m_combo->addItem(tr("JavaScript…"), Script);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_editor = new QPlainTextEdit;
    m_editor->setObjectName(QStringLiteral("scriptEditor"));
    m_editor->setFont(Theme::monoFont());
    m_editor->setTabChangesFocus(true);
    m_editor->setAccessibleName(tr("Reducer in JavaScript"));
    m_editor->setFixedHeight(QFontMetrics(m_editor->font()).lineSpacing() * Lines + 16);
    column->addWidget(m_editor);
    auto* row = new QHBoxLayout;
    m_hint = new FieldHint(theme,
        tr("Gets state (null at first) and event {id, aggregateId, type, data, timestamp, version}; returns "
           "the next state. Throw a text where an event breaks a rule."));
    m_hint->setObjectName(QStringLiteral("scriptHint"));
    m_use = new QPushButton(tr("Use"));
    m_use->setObjectName(QStringLiteral("useScript"));
    m_use->setToolTip(tr("Ctrl+Enter"));
    setStyleRole(m_use, "primary");
    row->addWidget(m_hint, 1);
    row->addWidget(m_use, 0, Qt::AlignTop);
    column->addLayout(row);

    connect(m_combo, &QComboBox::currentIndexChanged, this, [this] {
        m_choice.id = m_combo->currentData().toString();
        if (m_choice.id == Script && m_choice.script.isEmpty())
            m_choice.script = example();
        refresh();
        Q_EMIT chosen();
    });
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        m_use->setEnabled(m_editor->toPlainText() != m_choice.script);
        m_hint->setProblem({});
    });
    connect(m_use, &QPushButton::clicked, this, &ReducerBox::use);
    m_use->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    refresh();
}

void ReducerBox::use()
{
    m_choice.script = m_editor->toPlainText();
    if (m_choice.script.size() > MostScriptChars) {
        m_hint->setProblem(tr("A script has 64 KB at most."));
        return;
    }
    m_use->setEnabled(false);
    Q_EMIT chosen();
}

void ReducerBox::setChoice(const Choice& choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    {
        const QSignalBlocker quiet(m_combo);
        m_combo->setCurrentIndex(std::max(0, m_combo->findData(choice.id)));
    }
    refresh();
}

void ReducerBox::setProblem(const QString& problem) { m_hint->setProblem(clippedLine(problem)); }

void ReducerBox::refresh()
{
    setVisible(m_choice.id == Script);
    if (m_editor->toPlainText() != m_choice.script) {
        const QSignalBlocker quiet(m_editor);
        m_editor->setPlainText(m_choice.script);
    }
    m_use->setEnabled(false);
    m_hint->setProblem({});
}

} // namespace norikv::widgets
