// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/racebox.h"

#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

RaceBox::RaceBox(const QString& objectName, const QString& about, QWidget* parent)
    : QFrame(parent)
{
    setObjectName(objectName);
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(8);
    auto* words = makeLabel(about, "caption");
    words->setWordWrap(true);
    column->addWidget(words);
    auto* row = new QWidget;
    m_fields = new FlowLayout(8, 8);
    row->setLayout(m_fields);
    m_start = new QPushButton(tr("Start the race"));
    m_start->setObjectName(QStringLiteral("startRace"));
    setStyleRole(m_start, "primary");
    m_code = new QComboBox;
    m_code->setObjectName(QStringLiteral("raceCode"));
    m_code->setAccessibleName(tr("Whose code"));
    m_code->addItem(tr("The document's code"), true);
    m_code->addItem(tr("This program's protocol"), false);
    m_fields->addWidget(m_code);
    column->addWidget(row);
    m_verdict = makeLabel(QString());
    m_verdict->setObjectName(QStringLiteral("raceVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->hide();
    column->addWidget(m_verdict);
    m_sheet = new KeyValueList;
    m_sheet->setMaximumWidth(420);
    m_sheet->hide();
    column->addWidget(m_sheet);
}

void RaceBox::addField(QWidget* field)
{
    m_fields->removeWidget(m_start);
    m_fields->addWidget(field);
    m_fields->addWidget(m_start);
}

QSpinBox* RaceBox::addNumber(
    const char* objectName, const QString& what, int most, int value, const QString& suffix)
{
    auto* made = new QSpinBox;
    made->setObjectName(QString::fromLatin1(objectName));
    made->setAccessibleName(what);
    made->setRange(1, most);
    made->setValue(value);
    made->setSuffix(suffix);
    addField(made);
    return made;
}

bool RaceBox::documentsCode() const { return m_code->currentData().toBool(); }

void RaceBox::begin()
{
    m_start->setEnabled(false);
    m_sheet->hide();
    m_verdict->setText(tr("The race is on …"));
    m_verdict->show();
}

void RaceBox::failed()
{
    m_start->setEnabled(true);
    m_verdict->hide();
}

void RaceBox::showVerdict(const QString& first, const std::vector<client::Finding>& findings,
    const QString& fine, std::vector<KeyValueRow> sheet)
{
    m_start->setEnabled(true);
    QStringList verdict;
    if (!first.isEmpty())
        verdict << first;
    for (const auto& finding : findings)
        verdict << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    m_verdict->setText(verdict.isEmpty() ? fine : verdict.join(QLatin1Char('\n')));
    m_verdict->show();
    m_sheet->setRows(std::move(sheet));
    m_sheet->show();
}

} // namespace norikv::widgets
