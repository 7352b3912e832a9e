// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/probedialog.h"

#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::ProbeFeed;
using State = ProbeFeed::State;

namespace {

QString number(std::size_t n) { return groupDigits(qlonglong(n)); }

} // namespace

ProbeDialog::ProbeDialog(std::unique_ptr<ProbeFeed> feed, QWidget* parent)
    : QDialog(parent)
    , m_feed(std::move(feed))
    , m_headline(makeLabel(QString(), "headline"))
    , m_cost(makeLabel(QString()))
    , m_bar(new QProgressBar)
    , m_figures(new TabularLabel)
    , m_start(new QPushButton)
    , m_close(new QPushButton(tr("Cancel")))
{
    setObjectName(QStringLiteral("probeDialog"));
    setWindowTitle(tr("Look for known keys"));
    setModal(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_headline->setObjectName(QStringLiteral("probeHeadline"));
    m_headline->setWordWrap(true);
    m_cost->setObjectName(QStringLiteral("probeCost"));
    m_cost->setWordWrap(true);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the reading"));
    m_figures->setObjectName(QStringLiteral("probeFigures"));
    setStyleRole(m_figures, "muted");
    for (auto* widget : std::initializer_list<QWidget*>{m_headline, m_cost, m_bar, m_figures})
        column->addWidget(widget);
    column->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    m_start->setObjectName(QStringLiteral("probeStart"));
    m_close->setObjectName(QStringLiteral("probeClose"));
    m_start->setAutoDefault(false);
    m_close->setDefault(true); // Enter never opens shards by accident
    setStyleRole(m_start, "primary");
    buttons->addWidget(m_start);
    buttons->addWidget(m_close);
    column->addLayout(buttons);
    connect(m_start, &QPushButton::clicked, m_feed.get(), &ProbeFeed::start);
    connect(m_close, &QPushButton::clicked, this, [this] {
        // While it runs the button stops it, and what came of it stays to be read.
        if (m_feed->state() == State::Running)
            m_feed->stop();
        else
            reject();
    });
    connect(m_feed.get(), &ProbeFeed::changed, this, &ProbeDialog::refresh);
    resize(480, 240);
    refresh();
}

ProbeDialog::~ProbeDialog() = default;

void ProbeDialog::showCost()
{
    const auto& cost = m_feed->cost();
    if (cost.keys.empty()) {
        m_headline->setText(tr("No key is known here yet."));
        m_cost->setText(tr("Open one by its name, or import a list: what is known can be looked for."));
        return;
    }
    const QString keys = tr("%n known key(s)", nullptr, int(cost.keys.size()))
                             .replace(QString::number(cost.keys.size()), number(cost.keys.size()));
    m_headline->setText(tr("%1 on %n shard(s)", nullptr, int(cost.shards)).arg(keys));
    const QString shards = cost.cold.empty()
        ? tr("All of these shards are open already: nothing is started.")
        : tr("%n of these shards is cold: reading opens it, which costs the server memory from then on.",
            nullptr, int(cost.cold.size()));
    const qlonglong seconds = m_feed->duration().count();
    const QString time = seconds < 120 ? tr("%1 s").arg(seconds) : tr("%1 min").arg((seconds + 59) / 60);
    m_cost->setText(tr("%1 Each key is read once, at most %2 a second: about %3. Nothing is written.")
                        .arg(shards, number(ProbeFeed::OpsPerSecond), time));
    m_start->setText(
        cost.needsConsent ? tr("Open %1 shards and read").arg(number(cost.cold.size())) : tr("Read them"));
}

void ProbeDialog::refresh()
{
    const State state = m_feed->state();
    const auto& so = m_feed->progress();
    const bool run = state == State::Running || state == State::Ended;
    if (state == State::Planned) {
        showCost();
    } else if (state == State::Planning || state == State::Idle) {
        m_headline->setText(tr("Counting what is known …"));
        m_cost->setText(tr("Nothing is asked of the server yet."));
    } else if (state == State::Failed) {
        m_headline->setText(tr("The known keys could not be read"));
        m_cost->setText(clippedLine(m_feed->problem()));
    } else {
        m_headline->setText(state == State::Running ? tr("Reading known keys …")
                : m_feed->stopped()                 ? tr("Stopped: what was read stays known")
                                                    : tr("All known keys were read"));
        m_cost->setVisible(false);
    }
    m_cost->setVisible(!run);
    m_bar->setVisible(state == State::Running);
    m_bar->setValue(so.total > 0 ? int(so.done * 1000 / so.total) : 0);
    m_figures->setVisible(run || (state == State::Failed && so.done > 0));
    m_figures->setText(tr("%1 of %2 read · %3 there · %4 missing")
                           .arg(number(so.done), number(so.total), number(so.found), number(so.missing))
        + (so.failed > 0 ? tr(" · %1 could not be read").arg(number(so.failed)) : QString()));
    m_start->setVisible(state == State::Planned && !m_feed->cost().keys.empty());
    m_close->setText(state == State::Running                        ? tr("Stop here")
            : state == State::Planned && m_start->isVisibleTo(this) ? tr("Cancel")
            : state == State::Planning                              ? tr("Cancel")
                                                                    : tr("Close"));
}

void ProbeDialog::reject()
{
    m_feed->stop();
    QDialog::reject();
}

} // namespace norikv::widgets
