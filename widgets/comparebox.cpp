// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/comparebox.h"

#include "models/statetree.h"
#include "models/text.h"
#include "widgets/plaintext.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

using models::EventReplay;
using models::EventSide;

namespace {
constexpr int MostAggregates = 500; // offered; more are found by the filter of the page
}

CompareBox::CompareBox(models::EventFeed& feed, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_replay(feed.opened(EventSide::Main).replay)
    , m_beside(feed.opened(EventSide::Beside).replay)
{
    setObjectName(QStringLiteral("compareBox"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_with = new QComboBox;
    m_with->setObjectName(QStringLiteral("compareWith"));
    m_with->setAccessibleName(tr("Compare the state with"));
    m_with->addItem(tr("Against the step before"), int(With::StepBefore));
    m_with->addItem(tr("What if without event"), int(With::WithoutEvent));
    m_with->addItem(tr("Against another moment"), int(With::OtherMoment));
    m_with->addItem(tr("Against another aggregate"), int(With::OtherAggregate));
    m_aggregate = new QComboBox;
    m_aggregate->setObjectName(QStringLiteral("compareAggregate"));
    m_aggregate->setAccessibleName(tr("The other aggregate"));
    m_aggregate->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_aggregate->setMinimumContentsLength(12);
    m_number = new QSpinBox;
    m_number->setObjectName(QStringLiteral("compareNumber"));
    m_number->setKeyboardTracking(false);
    row->addWidget(m_with);
    row->addWidget(m_aggregate);
    row->addWidget(m_number);

    connect(m_with, &QComboBox::currentIndexChanged, this, &CompareBox::restart);
    connect(m_aggregate, &QComboBox::currentIndexChanged, this, [this] {
        const auto at = static_cast<std::size_t>(std::max(0, m_aggregate->currentIndex()));
        if (!m_syncing && at < m_offered.size())
            m_feed.open(EventSide::Beside, m_offered[at]);
    });
    connect(m_number, &QSpinBox::valueChanged, this, [this](int number) {
        if (m_syncing)
            return;
        const auto n = static_cast<std::size_t>(std::max(0, number));
        if (with() == With::WithoutEvent)
            m_replay.setLeftOut(n > 0 ? n - 1 : 0);
        else if (with() == With::OtherAggregate)
            m_beside.setPosition(n);
        else
            compareMoment();
    });
    connect(&m_beside, &EventReplay::folded, this, [this] {
        if (with() == With::OtherAggregate)
            refresh();
    });
    restart();
}

CompareBox::With CompareBox::with() const { return With(m_with->currentData().toInt()); }

void CompareBox::restart()
{
    const With now = with();
    m_aggregate->setVisible(now == With::OtherAggregate);
    m_number->setVisible(now != With::StepBefore);
    m_replay.setLeftOut(std::nullopt);
    m_lookedAt.clear();
    if (now != With::OtherAggregate)
        m_feed.closeBeside();
    const bool nested = std::exchange(m_syncing, true);
    const int count = static_cast<int>(m_replay.count());
    const int position = static_cast<int>(m_replay.position());
    m_number->setPrefix(now == With::WithoutEvent ? tr("no. ") : tr("after "));
    m_number->setAccessibleName(
        now == With::WithoutEvent ? tr("The event to be left out") : tr("After so many events"));
    m_number->setRange(now == With::WithoutEvent ? 1 : 0, std::max(1, count));
    m_number->setValue(now == With::OtherMoment ? 0 : std::max(1, position));
    m_syncing = nested;
    if (now == With::WithoutEvent && count > 0)
        m_replay.setLeftOut(static_cast<std::size_t>(m_number->value() - 1));
    else if (now == With::OtherMoment)
        compareMoment();
    else if (now == With::OtherAggregate)
        fillAggregates();
    refresh();
}

void CompareBox::fillAggregates()
{
    const bool nested = std::exchange(m_syncing, true);
    m_aggregate->clear();
    m_offered.clear();
    const auto& main = m_feed.opened(EventSide::Main).stream;
    const int most = std::min(m_feed.model().rowCount(), MostAggregates);
    for (int row = 0; row < most; ++row) {
        const auto& stream = m_feed.model().record(row).stream;
        if (main && stream == *main)
            continue;
        m_offered.push_back(stream);
        m_aggregate->addItem(models::shown(stream.aggregate, 60));
    }
    m_syncing = nested;
    if (!m_offered.empty())
        m_feed.open(EventSide::Beside, m_offered.front());
}

void CompareBox::compareMoment()
{
    m_replay.look(static_cast<std::size_t>(m_number->value()),
        [this](const client::Result<client::FoldMoment>& moment) {
            m_lookedAt = moment ? moment->state : std::string();
            if (with() == With::OtherMoment)
                refresh();
        });
}

QString CompareBox::afterText(std::size_t position) const
{
    return position == 0 ? tr("Before the first") : tr("After %1").arg(models::grouped(position));
}

void CompareBox::set(const std::string& before, const std::string& after, Comparison words)
{
    if (before.size() > models::MostTreeBytes || after.size() > models::MostTreeBytes)
        words.none = tr("Too large to be compared while the slider moves.");
    else
        words.changes = client::textChanges(before, after);
    m_now = std::move(words);
}

void CompareBox::refresh()
{
    const auto& moment = m_replay.moment();
    const auto event = m_replay.eventAt(moment.position);
    const int most = static_cast<int>(with() == With::OtherAggregate ? m_beside.count() : m_replay.count());
    const bool nested = std::exchange(m_syncing, true);
    m_number->setMaximum(std::max(1, most));
    if (with() == With::OtherAggregate)
        m_number->setValue(static_cast<int>(m_beside.position()));
    m_syncing = nested;
    switch (with()) {
    case With::StepBefore:
        m_now = {moment.changes,
            event ? tr("What version %1, %2, changed").arg(event->number).arg(models::shown(event->type, 60))
                  : tr("Before the first event"),
            tr("Before"), tr("After"), event ? tr("Nothing.") : tr("Step on to see what an event changes.")};
        break;
    case With::WithoutEvent: {
        const auto left = m_replay.leftOut();
        const auto& otherwise = m_replay.otherwise();
        if (!left || !otherwise) {
            m_now = {{}, tr("Folding without it …"), {}, {}, {}};
            break;
        }
        const auto gone = m_replay.eventAt(*left + 1);
        set(otherwise->state, moment.state,
            {{},
                tr("If version %1, %2, had not happened")
                    .arg(gone ? gone->number : 0)
                    .arg(gone ? models::shown(gone->type, 60) : QString()),
                tr("Without it"), tr("As it is"),
                *left >= moment.position ? tr("It has not happened yet at this place of the slider.")
                                         : tr("The state would be the same.")});
        break;
    }
    case With::OtherMoment:
        set(m_lookedAt, moment.state,
            {{}, tr("Between two moments"), afterText(static_cast<std::size_t>(m_number->value())),
                afterText(moment.position), tr("Both states are the same.")});
        break;
    case With::OtherAggregate: {
        const auto& other = m_feed.opened(EventSide::Beside);
        if (!other.stream || m_beside.moment().state.empty()) {
            m_now = {{}, {}, {}, {},
                !m_offered.empty() ? tr("Reading the other aggregate …")
                                   : tr("There is no other aggregate.")};
            break;
        }
        set(m_beside.moment().state, moment.state,
            {{}, tr("Two aggregates"), models::shown(other.stream->aggregate, 40),
                m_replay.stream().aggregate.empty() ? QString()
                                                    : models::shown(m_replay.stream().aggregate, 40),
                tr("Both states are the same.")});
        break;
    }
    }
    Q_EMIT changed();
}

} // namespace norikv::widgets
