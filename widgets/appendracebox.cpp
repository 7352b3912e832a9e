// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/appendracebox.h"

#include "models/text.h"

#include <QPushButton>
#include <QSpinBox>

namespace norikv::widgets {

AppendRaceBox::AppendRaceBox(QWidget* parent)
    : RaceBox(QStringLiteral("appendRace"),
        tr("Appenders write to one new aggregate at once. The document's code writes the event first and "
           "asks afterwards whether it may: the slower one overwrites the faster one's event."),
        parent)
    , m_appenders(addNumber("appenders", tr("Appenders"), 64, 2, tr(" appenders")))
    , m_each(addNumber("appendsEach", tr("Events each"), 1000, 10, tr(" events each")))
{
    connect(&start(), &QPushButton::clicked, this, [this] {
        client::demo::AppendRacePlan plan;
        plan.appenders = m_appenders->value();
        plan.each = m_each->value();
        plan.documentsCode = documentsCode();
        begin();
        Q_EMIT raceRequested(plan);
    });
}

void AppendRaceBox::show(const client::demo::AppendRaceResult& result)
{
    const QString first = result.lost == 0 ? QString()
                                           : tr("%n event(s) that an appender believes stored are gone.",
                                               nullptr, static_cast<int>(result.lost));
    std::vector<KeyValueRow> rows{{tr("Acknowledged"), models::grouped(result.acknowledged)},
        {tr("Stored"), models::grouped(result.stored)}, {tr("Lost"), models::grouped(result.lost)},
        {tr("Written over another's"), models::grouped(result.overwrites)}};
    if (result.refused > 0)
        rows.push_back({tr("Gave up, or was told of the loss"), models::grouped(result.refused)});
    showVerdict(first, result.findings, tr("Every acknowledged event is stored, once, and in order."),
        std::move(rows));
}

} // namespace norikv::widgets
