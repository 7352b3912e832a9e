// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bulkrunview.h"

#include "models/text.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace norikv::widgets {

using client::BulkAction;
using client::BulkState;
using models::BulkFailuresModel;
using models::BulkFeed;

namespace {

QString timeText(std::chrono::seconds left)
{
    const auto seconds = left.count();
    if (seconds < 60)
        return BulkRunView::tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return BulkRunView::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return BulkRunView::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

QString stateText(BulkState state)
{
    switch (state) {
    case BulkState::Paused:
        return BulkRunView::tr("Paused");
    case BulkState::Cancelled:
        return BulkRunView::tr("Cancelled: what was done stays done");
    case BulkState::Finished:
        return BulkRunView::tr("Finished");
    case BulkState::Stopped:
        return BulkRunView::tr("Stopped");
    case BulkState::Idle:
    case BulkState::Running:
        break;
    }
    return BulkRunView::tr("Running");
}

} // namespace

QString bulkTitle(BulkAction action)
{
    switch (action) {
    case BulkAction::Delete:
        return BulkRunView::tr("Delete keys");
    case BulkAction::SetTtl:
        return BulkRunView::tr("Set the time to live");
    case BulkAction::Clone:
        return BulkRunView::tr("Clone keys");
    case BulkAction::Import:
        return BulkRunView::tr("Import");
    case BulkAction::Undo:
        break;
    }
    return BulkRunView::tr("Undo a bulk job");
}

QString bulkSentence(const client::BulkRequest& request, std::uint64_t count)
{
    const int n = int(std::min<std::uint64_t>(count, std::numeric_limits<int>::max()));
    switch (request.action) {
    case BulkAction::Delete:
        return BulkRunView::tr("%n key(s) will be deleted.", nullptr, n);
    case BulkAction::SetTtl:
        return request.ttlMs == 0 ? BulkRunView::tr("%n key(s) will lose their expiry.", nullptr, n)
                                  : BulkRunView::tr("%n key(s) will expire in %1.", nullptr, n)
                                        .arg(timeText(std::chrono::seconds((request.ttlMs + 999) / 1000)));
    case BulkAction::Clone:
        return BulkRunView::tr("%n key(s) will be copied from %1 to %2.", nullptr, n)
            .arg(models::shown(request.fromPrefix, 40), models::shown(request.toPrefix, 40));
    case BulkAction::Import:
        return BulkRunView::tr("%n line(s) can be imported.", nullptr, n);
    case BulkAction::Undo:
        break;
    }
    return BulkRunView::tr("%n key(s) will be put back as they were.", nullptr, n);
}

BulkRunView::BulkRunView(BulkFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_headline(makeLabel(QString(), "headline"))
    , m_bar(new QProgressBar)
    , m_speed(new TabularLabel)
    , m_outcomes(new TabularLabel)
    , m_problem(makeLabel(QString()))
    , m_failures(new QTableView)
    , m_undoFile(makeLabel(QString(), "muted"))
    , m_pause(new QPushButton(tr("Pause")))
    , m_cancel(new QPushButton(tr("Stop here")))
    , m_undoAll(new QPushButton(tr("Undo all")))
    , m_force(new QPushButton(tr("Undo over newer writes too")))
{
    setObjectName(QStringLiteral("bulkRunView"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_headline->setObjectName(QStringLiteral("bulkHeadline"));
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    m_outcomes->setObjectName(QStringLiteral("bulkOutcomes"));
    m_problem->setWordWrap(true);
    m_undoFile->setObjectName(QStringLiteral("bulkUndoFile"));
    m_undoFile->setWordWrap(true);
    m_undoFile->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_failures->setObjectName(QStringLiteral("bulkFailures"));
    m_failures->setModel(&feed.failures());
    styleTable(*m_failures);
    m_failures->setAccessibleName(tr("What did not work"));
    m_failures->setItemDelegateForColumn(BulkFailuresModel::Key, new MonoDelegate(m_failures));
    m_failures->setItemDelegateForColumn(
        BulkFailuresModel::Outcome, new OutcomeDelegate(theme, models::ToneRole, -1, m_failures));
    m_failures->horizontalHeader()->resizeSection(BulkFailuresModel::Key, 220);
    m_failures->horizontalHeader()->resizeSection(BulkFailuresModel::Line, 64);
    m_failures->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_headline);
    column->addWidget(m_bar);
    column->addWidget(m_speed);
    column->addWidget(m_outcomes);
    column->addWidget(m_problem);
    column->addWidget(m_failures, 1);
    column->addWidget(m_undoFile);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_pause->setObjectName(QStringLiteral("bulkPause"));
    m_cancel->setObjectName(QStringLiteral("bulkCancel"));
    m_undoAll->setObjectName(QStringLiteral("bulkUndoAll"));
    m_force->setObjectName(QStringLiteral("bulkUndoForce"));
    setStyleRole(m_force, "danger");
    for (QPushButton* button : {m_pause, m_cancel, m_undoAll, m_force}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    connect(m_pause, &QPushButton::clicked, this,
        [this] { m_feed.progress().state == BulkState::Paused ? m_feed.resume() : m_feed.pause(); });
    connect(m_cancel, &QPushButton::clicked, &feed, &BulkFeed::cancel);
    connect(m_undoAll, &QPushButton::clicked, this, [this] { m_feed.undoAll(false); });
    connect(m_force, &QPushButton::clicked, this, [this] { m_feed.undoAll(true); });
    connect(&feed, &BulkFeed::changed, this, &BulkRunView::refresh);
    refresh();
}

void BulkRunView::refresh()
{
    if (m_feed.state() != BulkFeed::State::Running && m_feed.state() != BulkFeed::State::Ended)
        return;
    const auto& progress = m_feed.progress();
    const bool running = m_feed.state() == BulkFeed::State::Running;
    const bool paused = progress.state == BulkState::Paused;
    m_headline->setText(
        QStringLiteral("%1 · %2").arg(bulkTitle(m_feed.request().action), stateText(progress.state)));
    const std::uint64_t looked = progress.looked();
    m_bar->setRange(0, progress.total == 0 && running ? 0 : 1000);
    m_bar->setValue(progress.total == 0 ? 1000 : int(looked * 1000 / progress.total));
    QString speed = progress.total == 0
        ? groupDigits(std::int64_t(looked))
        : tr("%1 of %2").arg(groupDigits(std::int64_t(looked)), groupDigits(std::int64_t(progress.total)));
    speed += tr(" · %1 keys/s").arg(progress.perSecond, 0, 'f', progress.perSecond < 10 ? 1 : 0);
    if (running && !paused && progress.left)
        speed += tr(" · %1 left").arg(timeText(*progress.left));
    m_speed->setText(speed);
    m_outcomes->setText(
        tr("done %1 · failed %2 · unknown %3 · left alone %4")
            .arg(groupDigits(std::int64_t(progress.done)), groupDigits(std::int64_t(progress.failed)),
                groupDigits(std::int64_t(progress.unknown)), groupDigits(std::int64_t(progress.skipped))));
    const QString problem
        = m_feed.problem().isEmpty() ? QString::fromStdString(progress.problem) : m_feed.problem();
    m_problem->setText(clippedLine(problem));
    m_problem->setVisible(!problem.isEmpty());
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(m_theme.tokens().danger.text.name()));
    m_failures->setVisible(m_feed.failures().rowCount() > 0);
    m_undoFile->setText(progress.undoFile.empty()
            ? QString()
            : tr("Undo file saved as %1").arg(QString::fromStdString(progress.undoFile)));
    m_pause->setVisible(running);
    m_pause->setText(paused ? tr("Go on") : tr("Pause"));
    m_cancel->setVisible(running);
    const bool canUndo = !running && !progress.undoFile.empty();
    m_undoAll->setVisible(canUndo);
    m_force->setVisible(canUndo && m_feed.request().action == BulkAction::Undo && progress.failed > 0);
}

} // namespace norikv::widgets
