// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stockracebox.h"

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

using client::demo::InventoryRacePlan;
using Crash = client::demo::InventoryRacePlan::Crash;

namespace {

QString amount(std::int64_t n) { return models::grouped(qulonglong(std::max<std::int64_t>(0, n))); }

} // namespace

StockRaceBox::StockRaceBox(QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("stockRace"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(8);
    auto* about = makeLabel(
        tr("Buyers fight for one new item, two units each. Whoever's code is wrong, the books show it."),
        "caption");
    about->setWordWrap(true);
    column->addWidget(about);
    auto* fields = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    fields->setLayout(flow);
    m_code = new QComboBox;
    m_code->setObjectName(QStringLiteral("raceCode"));
    m_code->setAccessibleName(tr("Whose code"));
    m_code->addItem(tr("The document's code"), true);
    m_code->addItem(tr("This program's protocol"), false);
    m_crash = new QComboBox;
    m_crash->setObjectName(QStringLiteral("raceCrash"));
    m_crash->setAccessibleName(tr("What goes wrong"));
    m_crash->addItem(tr("Two operators commit each reservation"), int(Crash::CommitTwice));
    m_crash->addItem(tr("Programs die between the two writes"), int(Crash::BetweenWrites));
    m_crash->addItem(tr("Nothing goes wrong"), int(Crash::None));
    const auto spin = [](const char* name, const QString& what, int most, int value, const QString& suffix) {
        auto* made = new QSpinBox;
        made->setObjectName(QString::fromLatin1(name));
        made->setAccessibleName(what);
        made->setRange(1, most);
        made->setValue(value);
        made->setSuffix(suffix);
        return made;
    };
    m_buyers = spin("raceBuyers", tr("Buyers"), 64, 8, tr(" buyers"));
    m_units = spin("raceUnits", tr("Units in stock"), 10'000, 20, tr(" units"));
    m_start = new QPushButton(tr("Start the race"));
    m_start->setObjectName(QStringLiteral("startRace"));
    setStyleRole(m_start, "primary");
    for (QWidget* field : std::initializer_list<QWidget*>{m_code, m_crash, m_buyers, m_units, m_start})
        flow->addWidget(field);
    column->addWidget(fields);
    m_verdict = makeLabel(QString());
    m_verdict->setObjectName(QStringLiteral("raceVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->hide();
    column->addWidget(m_verdict);
    m_sheet = new KeyValueList;
    m_sheet->setMaximumWidth(420);
    m_sheet->hide();
    column->addWidget(m_sheet);
    connect(m_start, &QPushButton::clicked, this, [this] {
        InventoryRacePlan plan;
        plan.buyers = m_buyers->value();
        plan.units = m_units->value();
        plan.crash = Crash(m_crash->currentData().toInt());
        plan.documentsCode = m_code->currentData().toBool();
        begin();
        Q_EMIT raceRequested(plan);
    });
}

void StockRaceBox::begin()
{
    m_start->setEnabled(false);
    m_sheet->hide();
    m_verdict->setText(tr("The race is on …"));
    m_verdict->show();
}

void StockRaceBox::failed()
{
    m_start->setEnabled(true);
    m_verdict->hide();
}

void StockRaceBox::show(const client::demo::InventoryRaceResult& result)
{
    m_start->setEnabled(true);
    const auto& books = result.books;
    QStringList verdict;
    for (const auto& finding : result.findings)
        verdict << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    if (verdict.isEmpty())
        verdict << tr("The books balance: nothing was oversold, sold twice or lost.");
    m_verdict->setText(verdict.join(QLatin1Char('\n')));
    m_verdict->show();
    std::vector<KeyValueRow> rows{{tr("In stock at first"), amount(books.initial)},
        {tr("Sold, as the buyers say"), amount(books.sold)},
        {tr("In stock at the end"), QString::number(books.quantity)},
        {tr("Of those reserved"), QString::number(books.reserved)},
        {tr("Buyers refused"), amount(result.refused)}};
    if (result.crashed > 0)
        rows.push_back({tr("Programs that died"), amount(result.crashed)});
    if (result.doubtful > 0)
        rows.push_back({tr("Outcome unknown"), amount(result.doubtful)});
    if (result.lostCommits > 0)
        rows.push_back({tr("Second commits refused"), amount(result.lostCommits)});
    if (books.unknown > 0)
        rows.push_back({tr("Units of unknown outcome"), amount(books.unknown)});
    m_sheet->setRows(rows);
    m_sheet->show();
}

} // namespace norikv::widgets
