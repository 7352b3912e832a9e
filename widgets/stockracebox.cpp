// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stockracebox.h"

#include "models/text.h"

#include <QComboBox>
#include <QPushButton>
#include <QSpinBox>

namespace norikv::widgets {

using Crash = client::demo::InventoryRacePlan::Crash;

namespace {

QString amount(std::int64_t n) { return models::grouped(qulonglong(std::max<std::int64_t>(0, n))); }

} // namespace

StockRaceBox::StockRaceBox(QWidget* parent)
    : RaceBox(QStringLiteral("stockRace"),
        tr("Buyers fight for one new item, two units each. Whoever's code is wrong, the books show it."),
        parent)
    , m_crash(new QComboBox)
{
    m_crash->setObjectName(QStringLiteral("raceCrash"));
    m_crash->setAccessibleName(tr("What goes wrong"));
    m_crash->addItem(tr("Two operators commit each reservation"), int(Crash::CommitTwice));
    m_crash->addItem(tr("Programs die between the two writes"), int(Crash::BetweenWrites));
    m_crash->addItem(tr("Nothing goes wrong"), int(Crash::None));
    addField(m_crash);
    m_buyers = addNumber("raceBuyers", tr("Buyers"), 64, 8, tr(" buyers"));
    m_units = addNumber("raceUnits", tr("Units in stock"), 10'000, 20, tr(" units"));
    connect(&start(), &QPushButton::clicked, this, [this] {
        client::demo::InventoryRacePlan plan;
        plan.buyers = m_buyers->value();
        plan.units = m_units->value();
        plan.crash = Crash(m_crash->currentData().toInt());
        plan.documentsCode = documentsCode();
        begin();
        Q_EMIT raceRequested(plan);
    });
}

void StockRaceBox::show(const client::demo::InventoryRaceResult& result)
{
    const auto& books = result.books;
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
    showVerdict({}, result.findings, tr("The books balance: nothing was oversold, sold twice or lost."),
        std::move(rows));
}

} // namespace norikv::widgets
