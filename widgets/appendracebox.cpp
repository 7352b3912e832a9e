// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/appendracebox.h"

#include "models/text.h"
#include "widgets/flowlayout.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

using client::demo::AppendRacePlan;

AppendRaceBox::AppendRaceBox(QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("appendRace"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(8);
    auto* about = makeLabel(
        tr("Appenders write to one new aggregate at once. The document's code writes the event first and "
           "asks afterwards whether it may: the slower one overwrites the faster one's event."),
        "caption");
    about->setWordWrap(true);
    column->addWidget(about);
    auto* fields = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    fields->setLayout(flow);
    m_code = new QComboBox;
    m_code->setObjectName(QStringLiteral("appendCode"));
    m_code->setAccessibleName(tr("Whose code"));
    m_code->addItem(tr("The document's code"), true);
    m_code->addItem(tr("This program's protocol"), false);
    const auto spin
        = [](const char* name, const QString& what, int least, int most, int value, const QString& suffix) {
              auto* made = new QSpinBox;
              made->setObjectName(QString::fromLatin1(name));
              made->setAccessibleName(what);
              made->setRange(least, most);
              made->setValue(value);
              made->setSuffix(suffix);
              return made;
          };
    m_appenders = spin("appenders", tr("Appenders"), 1, 64, 2, tr(" appenders"));
    m_each = spin("appendsEach", tr("Events each"), 1, 1000, 10, tr(" events each"));
    m_start = new QPushButton(tr("Start the race"));
    m_start->setObjectName(QStringLiteral("startAppendRace"));
    setStyleRole(m_start, "primary");
    for (QWidget* field : std::initializer_list<QWidget*>{m_code, m_appenders, m_each, m_start})
        flow->addWidget(field);
    column->addWidget(fields);
    m_verdict = makeLabel(QString());
    m_verdict->setObjectName(QStringLiteral("appendVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->hide();
    column->addWidget(m_verdict);
    m_sheet = new KeyValueList;
    m_sheet->setMaximumWidth(420);
    m_sheet->hide();
    column->addWidget(m_sheet);
    connect(m_start, &QPushButton::clicked, this, [this] {
        AppendRacePlan plan;
        plan.appenders = m_appenders->value();
        plan.each = m_each->value();
        plan.documentsCode = m_code->currentData().toBool();
        begin();
        Q_EMIT raceRequested(plan);
    });
}

void AppendRaceBox::begin()
{
    m_start->setEnabled(false);
    m_sheet->hide();
    m_verdict->setText(tr("The race is on …"));
    m_verdict->show();
}

void AppendRaceBox::failed()
{
    m_start->setEnabled(true);
    m_verdict->hide();
}

void AppendRaceBox::show(const client::demo::AppendRaceResult& result)
{
    m_start->setEnabled(true);
    QStringList verdict;
    for (const auto& finding : result.findings)
        verdict << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    if (result.lost > 0)
        verdict.prepend(tr("%n event(s) that an appender believes stored are gone.", nullptr,
            static_cast<int>(result.lost)));
    if (verdict.isEmpty())
        verdict << tr("Every acknowledged event is stored, once, and in order.");
    m_verdict->setText(verdict.join(QLatin1Char('\n')));
    m_verdict->show();
    std::vector<KeyValueRow> rows{{tr("Acknowledged"), models::grouped(result.acknowledged)},
        {tr("Stored"), models::grouped(result.stored)}, {tr("Lost"), models::grouped(result.lost)},
        {tr("Written over another's"), models::grouped(result.overwrites)}};
    if (result.refused > 0)
        rows.push_back({tr("Gave up, or was told of the loss"), models::grouped(result.refused)});
    m_sheet->setRows(rows);
    m_sheet->show();
}

} // namespace norikv::widgets
