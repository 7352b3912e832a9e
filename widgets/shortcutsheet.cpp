// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shortcutsheet.h"

#include "widgets/plaintext.h"
#include "widgets/tables.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

namespace {

QString plainWords(QString text)
{
    return text.remove(QLatin1Char('&')).remove(QStringLiteral(" …")).trimmed();
}

} // namespace

std::vector<ShortcutRow> shortcutsOf(const QWidget& window)
{
    std::vector<ShortcutRow> rows;
    const auto add = [&](const QList<QKeySequence>& keys, const QString& what) {
        QStringList texts;
        for (const QKeySequence& one : keys) {
            if (!one.isEmpty())
                texts << one.toString(QKeySequence::NativeText);
        }
        if (texts.isEmpty() || what.isEmpty())
            return;
        const ShortcutRow row{texts.join(QStringLiteral(", ")), plainWords(what)};
        if (std::ranges::find(rows, row) == rows.end())
            rows.push_back(row);
    };
    for (const auto* action : window.findChildren<QAction*>())
        add(action->shortcuts(), action->text());
    for (const auto* shortcut : window.findChildren<QShortcut*>())
        add({shortcut->key()}, shortcut->whatsThis());
    std::ranges::stable_sort(rows, [](const ShortcutRow& a, const ShortcutRow& b) {
        return QString::localeAwareCompare(a.what, b.what) < 0;
    });
    return rows;
}

ShortcutSheet::ShortcutSheet(std::vector<ShortcutRow> rows, QWidget* parent)
    : QDialog(parent)
    , m_rows(std::move(rows))
    , m_field(new QLineEdit)
    , m_table(new QTableWidget(int(m_rows.size()), 2))
    , m_none(makeLabel(QString(), "muted"))
{
    setObjectName(QStringLiteral("shortcutSheet"));
    setWindowTitle(tr("Shortcuts"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    m_field->setObjectName(QStringLiteral("shortcutFilter"));
    m_field->setPlaceholderText(tr("Type a key or what it does"));
    m_field->setAccessibleName(tr("Find a shortcut"));
    m_field->setClearButtonEnabled(true);
    column->addWidget(m_field);
    m_table->setObjectName(QStringLiteral("shortcutTable"));
    m_table->setAccessibleName(tr("Shortcuts"));
    m_table->setHorizontalHeaderLabels({tr("what it does"), tr("keys")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    styleTable(*m_table);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(1, 150);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& shortcut = m_rows[std::size_t(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(shortcut.what));
        m_table->setItem(row, 1, new QTableWidgetItem(shortcut.keys));
    }
    column->addWidget(m_table, 1);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->hide();
    column->addWidget(m_none, 1);
    connect(m_field, &QLineEdit::textChanged, this, &ShortcutSheet::filter);
    resize(520, 560);
    m_field->setFocus();
}

void ShortcutSheet::filter(const QString& text)
{
    const QString words = text.trimmed();
    // "ctrl p" finds "Ctrl+P".
    const QString keys = QString(words).replace(QLatin1Char(' '), QLatin1Char('+'));
    int shown = 0;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& shortcut = m_rows[std::size_t(row)];
        const bool hit = shortcut.what.contains(words, Qt::CaseInsensitive)
            || shortcut.keys.contains(keys, Qt::CaseInsensitive);
        m_table->setRowHidden(row, !hit);
        shown += hit ? 1 : 0;
    }
    m_table->setVisible(shown > 0);
    m_none->setVisible(shown == 0);
    m_none->setText(tr("No shortcut for \"%1\".").arg(clippedLine(words)));
}

} // namespace norikv::widgets
