// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bulkdialog.h"

#include "models/sizetext.h"
#include "widgets/bulkrunview.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace norikv::widgets {

using client::BulkAction;
using models::BulkFeed;
using models::BulkKeysModel;

QString planText(const client::BulkPlan& plan)
{
    QStringList parts;
    if (plan.sized > 0)
        parts << BulkDialog::tr("%1 of values").arg(models::sizeText(plan.bytes));
    parts << BulkDialog::tr("%n shard(s)", nullptr, int(plan.shards));
    if (plan.coldShards > 0)
        parts << BulkDialog::tr(
            "%n of them not open yet: the job starts them", nullptr, int(plan.coldShards));
    if (plan.missing > 0)
        parts << BulkDialog::tr("%n key(s) are gone already", nullptr, int(plan.missing));
    return parts.join(QStringLiteral(" · "));
}

BulkDialog::BulkDialog(std::unique_ptr<BulkFeed> feed, const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_feed(std::move(feed))
    , m_theme(theme)
    , m_title(makeLabel(QString(), "heading"))
    , m_stack(new QStackedWidget)
    , m_start(new QPushButton)
    , m_close(new QPushButton(tr("Cancel")))
{
    setObjectName(QStringLiteral("bulkDialog"));
    setModal(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(m_title);
    m_stack->addWidget(makePlanning());
    m_stack->addWidget(makePlan());
    m_run = new BulkRunView(*m_feed, theme);
    m_stack->addWidget(m_run);
    column->addWidget(m_stack, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    m_start->setObjectName(QStringLiteral("bulkStart"));
    m_close->setObjectName(QStringLiteral("bulkClose"));
    m_start->setAutoDefault(false);
    m_close->setDefault(true); // Enter never starts a job by accident
    buttons->addWidget(m_start);
    buttons->addWidget(m_close);
    column->addLayout(buttons);
    connect(m_start, &QPushButton::clicked, this, &BulkDialog::start);
    connect(m_close, &QPushButton::clicked, this, &BulkDialog::reject);
    connect(m_feed.get(), &BulkFeed::changed, this, &BulkDialog::refresh);
    resize(640, 520);
    refresh();
}

BulkDialog::~BulkDialog() = default;

QWidget* BulkDialog::makePlanning()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    m_planningText = makeLabel(QString());
    m_planningText->setObjectName(QStringLiteral("bulkPlanning"));
    m_planningText->setWordWrap(true);
    m_planning = new QProgressBar;
    m_planning->setRange(0, 1000);
    m_planning->setTextVisible(false);
    m_planning->setAccessibleName(tr("Progress of the dry run"));
    column->addWidget(m_planningText);
    column->addWidget(m_planning);
    column->addStretch(1);
    return page;
}

QWidget* BulkDialog::makePlan()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_sentence = makeLabel(QString(), "headline");
    m_sentence->setObjectName(QStringLiteral("bulkSentence"));
    m_sentence->setWordWrap(true);
    m_cost = makeLabel(QString(), "muted");
    m_cost->setObjectName(QStringLiteral("bulkCost"));
    m_cost->setWordWrap(true);
    m_keys = new QTableView;
    m_keys->setObjectName(QStringLiteral("bulkKeys"));
    m_keys->setModel(&m_feed->keys());
    styleTable(*m_keys);
    m_keys->setAccessibleName(tr("Keys of this job"));
    m_keys->setItemDelegateForColumn(BulkKeysModel::Key, new MonoDelegate(m_keys));
    m_keys->horizontalHeader()->setStretchLastSection(false);
    m_keys->horizontalHeader()->setSectionResizeMode(BulkKeysModel::Key, QHeaderView::Stretch);
    m_keys->horizontalHeader()->resizeSection(BulkKeysModel::Size, 110);
    m_keys->horizontalHeader()->resizeSection(BulkKeysModel::Shard, 80);
    column->addWidget(m_sentence);
    column->addWidget(m_cost);
    column->addWidget(m_keys, 1);
    m_overwrite = new QCheckBox(tr("Overwrite keys that exist"));
    m_overwrite->setObjectName(QStringLiteral("bulkOverwrite"));
    column->addWidget(m_overwrite);
    auto* rateRow = new QHBoxLayout;
    rateRow->setSpacing(8);
    m_rate = new QSpinBox;
    m_rate->setObjectName(QStringLiteral("bulkRate"));
    m_rate->setRange(0, 100'000);
    m_rate->setSpecialValueText(tr("no limit"));
    m_rate->setSuffix(tr(" a second"));
    m_rate->setValue(int(m_feed->usualRate()));
    m_rate->setAccessibleName(tr("Most writes a second"));
    rateRow->addWidget(makeLabel(tr("Writes")));
    rateRow->addWidget(m_rate);
    rateRow->addStretch(1);
    column->addLayout(rateRow);
    m_typedText = makeLabel(QString());
    m_typedText->setWordWrap(true);
    m_typed = new QLineEdit;
    m_typed->setObjectName(QStringLiteral("bulkTyped"));
    m_typed->setMaximumWidth(160);
    m_typed->setAccessibleName(tr("Number of keys, to confirm"));
    column->addWidget(m_typedText);
    column->addWidget(m_typed);
    connect(m_typed, &QLineEdit::textChanged, this, &BulkDialog::checkTyped);
    return page;
}

void BulkDialog::refreshPlan()
{
    const auto& plan = m_feed->plan();
    m_sentence->setText(m_feed->affected() == 0 && plan.missing > 0
            ? tr("Nothing to do: these keys are gone already.")
            : bulkSentence(m_feed->request(), m_feed->affected()));
    m_cost->setText(planText(plan));
    m_overwrite->setVisible(m_feed->request().action == BulkAction::Clone);
    const bool typed = needsTyping();
    m_typedText->setVisible(typed);
    m_typed->setVisible(typed);
    m_typedText->setText(!m_phrase.isEmpty()
            ? m_question
            : tr("These are more than %1 keys. Type their number, %2, to confirm:")
                  .arg(BulkFeed::TypedAbove)
                  .arg(m_feed->affected()));
    m_keys->setVisible(m_feed->keys().rowCount() > 0);
    checkTyped();
    (typed ? static_cast<QWidget*>(m_typed) : m_close)->setFocus();
}

void BulkDialog::confirmByTyping(const QString& phrase, const QString& question)
{
    m_phrase = phrase;
    m_question = clippedLine(question);
    m_typed->setMaximumWidth(320);
    m_typed->setPlaceholderText(clippedLine(phrase));
    m_typed->setAccessibleName(m_question);
}

void BulkDialog::checkTyped()
{
    const QString number = m_typed->text().remove(QLatin1Char(',')).remove(QLatin1Char(' '));
    const bool confirmed = !m_phrase.isEmpty()
        ? m_typed->text().trimmed() == m_phrase
        : !m_feed->needsTyping() || number == QString::number(m_feed->affected());
    m_start->setEnabled(m_feed->state() == BulkFeed::State::Planned && m_feed->writesAllowed()
        && m_feed->affected() > 0 && confirmed);
    if (!m_feed->writesAllowed())
        m_start->setToolTip(tr("This connection is read-only"));
}

void BulkDialog::refresh()
{
    using State = BulkFeed::State;
    const State state = m_feed->state();
    m_planning->setValue(int(m_feed->planned() * 1000));
    if (m_shown == state && state != State::Idle)
        return;
    m_shown = state;
    const QString title = bulkTitle(m_feed->request().action);
    setWindowTitle(title);
    m_title->setText(title);
    const bool run = state == State::Running || state == State::Ended;
    m_title->setVisible(!run); // the view below says it with its state
    m_stack->setCurrentIndex(run ? 2 : state == State::Planned ? 1 : 0);
    m_start->setVisible(state == State::Planned || state == State::Planning);
    m_start->setEnabled(false);
    m_start->setText(title);
    setStyleRole(m_start, m_feed->request().action == BulkAction::Delete ? "danger" : "primary");
    m_close->setText(run || state == State::Failed ? tr("Close") : tr("Cancel"));
    m_planning->setVisible(state == State::Planning);
    m_planningText->setText(state == State::Failed ? clippedLine(m_feed->problem())
                                                   : tr("Looking at the keys; nothing is written yet …"));
    if (state == State::Planned)
        refreshPlan();
}

void BulkDialog::start()
{
    if (m_feed->request().action == BulkAction::Clone)
        m_feed->setChoices(
            m_overwrite->isChecked() ? client::OnExisting::Overwrite : client::OnExisting::Skip,
            client::OnExpired::Skip, true);
    m_feed->start(double(m_rate->value()));
}

void BulkDialog::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || !m_typed->hasFocus()) {
        QDialog::keyPressEvent(event);
        return;
    }
    // Here Enter means the number that was typed, never the default button.
    event->accept();
    if (m_start->isEnabled())
        start();
}

void BulkDialog::reject()
{
    m_feed->cancel();
    QDialog::reject();
}

} // namespace norikv::widgets
