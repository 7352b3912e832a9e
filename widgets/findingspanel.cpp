// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/findingspanel.h"

#include "models/text.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/icons.h"
#include "widgets/inlineconfirm.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::FindingsModel;
using models::FindingsView;

namespace {

constexpr std::uint32_t ShardsAskedFor = 64; // more than these are named before they are touched

QString ruleName(const client::Finding& finding)
{
    const auto title = client::ruleTitle(finding.rule);
    return QStringLiteral("%1 %2").arg(
        QString::fromStdString(finding.rule), QString::fromUtf8(title.data(), qsizetype(title.size())));
}

QString coverageText(const client::AuditReport& report)
{
    const auto name = client::name(report.coverage);
    QStringList counts;
    for (const auto& [what, count] : report.examined) {
        if (count > 0)
            counts << FindingsPanel::tr("%1 %2").arg(models::grouped(count), QString::fromStdString(what));
    }
    return FindingsPanel::tr("%1: %2").arg(QString::fromUtf8(name.data(), qsizetype(name.size())),
        counts.isEmpty() ? FindingsPanel::tr("nothing to examine") : counts.join(QStringLiteral(", ")));
}

} // namespace

FindingsPanel::FindingsPanel(
    FindingsModel& model, models::AuditFeed* audit, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_audit(audit)
    , m_view(model)
{
    setObjectName(QStringLiteral("findingsPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_confirm = new InlineConfirm(Qt::Horizontal);
    m_confirm->setObjectName(QStringLiteral("auditConfirm"));
    m_confirm->hide();
    column->addWidget(m_confirm);
    m_auditStrip = makeAuditStrip();
    m_auditStrip->hide();
    column->addWidget(m_auditStrip);
    auto* lists = new QWidget;
    m_stack = new QStackedLayout(lists);
    makeTools(theme);
    makeTable(theme);
    m_stack->addWidget(m_table);
    m_none = makeLabel(QString(), "muted");
    m_none->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_none);
    column->addWidget(lists, 1);

    connect(&model, &FindingsModel::countChanged, this, &FindingsPanel::refresh);
    connect(&m_view, &QAbstractItemModel::rowsInserted, this, &FindingsPanel::refresh);
    connect(&m_view, &QAbstractItemModel::rowsRemoved, this, &FindingsPanel::refresh);
    connect(&m_view, &QAbstractItemModel::layoutChanged, this, &FindingsPanel::refresh);
    if (m_audit) {
        connect(m_audit, &models::AuditFeed::changed, this, &FindingsPanel::refreshAudit);
        connect(m_audit, &models::AuditFeed::planned, this, &FindingsPanel::askAudit);
        connect(m_audit, &models::AuditFeed::failed, this, [this](const QString& text) {
            m_auditText->setText(text);
            m_whyNot->hide();
            m_auditStrip->show();
        });
    }
    refreshAudit();
    refresh();
}

void FindingsPanel::makeTools(const Theme& theme)
{
    m_tools = new QWidget;
    auto* bar = new QHBoxLayout(m_tools);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(6);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("findingsFilter"));
    m_text->setPlaceholderText(tr("Filter"));
    m_text->setAccessibleName(tr("Filter findings"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(90);
    m_text->setMaximumWidth(150);
    m_outside = makeLabel(QString(), "muted");
    m_outside->setObjectName(QStringLiteral("findingsOutside"));
    m_outside->hide();
    m_muted = new QPushButton;
    m_muted->setObjectName(QStringLiteral("mutedFindings"));
    m_muted->setCheckable(true);
    m_fix = new QPushButton;
    m_fix->setObjectName(QStringLiteral("fixFinding"));
    m_fix->hide();
    m_showMe = new QPushButton(tr("Show me"));
    m_showMe->setObjectName(QStringLiteral("showMe"));
    m_showMe->setEnabled(false);
    m_auditAll = new QPushButton(tr("Audit everything"));
    m_auditAll->setObjectName(QStringLiteral("auditAll"));
    m_auditAll->setEnabled(m_audit != nullptr);
    m_more = new QToolButton;
    m_more->setObjectName(QStringLiteral("moreFindings"));
    m_more->setAccessibleName(tr("More: filter, copy, mute"));
    m_more->setToolTip(tr("Filter, copy, mute"));
    m_more->setAutoRaise(true);
    m_more->setPopupMode(QToolButton::InstantPopup);
    bindIcon(m_more, QStringLiteral("more"), theme);
    auto* menu = new QMenu(m_more);
    m_more->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillMenu(*menu);
    });
    for (QWidget* tool :
        std::initializer_list<QWidget*>{m_text, m_outside, m_muted, m_fix, m_showMe, m_auditAll, m_more})
        bar->addWidget(tool);

    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) { m_view.setText(text); });
    connect(m_muted, &QPushButton::toggled, this, [this](bool on) { m_view.setMutedShown(on); });
    connect(m_showMe, &QPushButton::clicked, this, [this] {
        if (const auto* finding = current())
            Q_EMIT showMe(*finding);
    });
    connect(m_fix, &QPushButton::clicked, this, [this] {
        if (const auto* finding = current())
            Q_EMIT fixRequested(*finding);
    });
    connect(m_auditAll, &QPushButton::clicked, this, [this] {
        if (m_audit->running())
            m_audit->cancel();
        else if (m_listed && m_listed())
            m_audit->start(0);
        else
            m_audit->plan();
    });
}

void FindingsPanel::makeTable(const Theme& theme)
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("findingsTable"));
    m_table->setModel(&m_view);
    styleTable(*m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Findings"));
    m_table->setItemDelegateForColumn(
        FindingsModel::Severity, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder); // by certainty, rule and subject, as they come
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    auto* header = m_table->horizontalHeader();
    header->resizeSection(FindingsModel::Severity, 104);
    header->resizeSection(FindingsModel::Rule, 150);
    header->resizeSection(FindingsModel::Subject, 160);
    header->resizeSection(FindingsModel::FirstSeen, 88);
    header->resizeSection(FindingsModel::LastSeen, 132);
    header->setStretchLastSection(false); // the evidence takes what is left
    header->setSectionResizeMode(FindingsModel::Evidence, QHeaderView::Stretch);
    connect(m_table, &QTableView::activated, this, [this] {
        if (const auto* finding = current())
            Q_EMIT showMe(*finding);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &FindingsPanel::refreshButtons);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu(this);
        fillMenu(menu);
        menu.exec(m_table->viewport()->mapToGlobal(at));
    });
}

QWidget* FindingsPanel::makeAuditStrip()
{
    auto* strip = new QWidget;
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(16, 4, 16, 4);
    m_auditText = makeLabel(QString(), "muted");
    m_auditText->setObjectName(QStringLiteral("auditText"));
    row->addWidget(m_auditText, 1);
    m_whyNot = new QPushButton;
    m_whyNot->setObjectName(QStringLiteral("notJudged"));
    row->addWidget(m_whyNot);
    auto* close = new QPushButton(tr("Hide"));
    row->addWidget(close);
    connect(m_whyNot, &QPushButton::clicked, this, &FindingsPanel::showNotJudged);
    connect(close, &QPushButton::clicked, strip, &QWidget::hide);
    return strip;
}

void FindingsPanel::setScope(std::function<bool(const client::Finding&)> covers, const QString& name)
{
    m_scope = covers ? name : QString();
    m_view.setScope(std::move(covers));
    refresh();
}

const models::FindingRow* FindingsPanel::current() const
{
    const QModelIndex row = m_table->currentIndex();
    return row.isValid() ? &m_view.finding(row) : nullptr;
}

void FindingsPanel::fillMenu(QMenu& menu)
{
    const std::pair<QString, FindingsView::Show> levels[] = {{tr("All findings"), FindingsView::Show::All},
        {tr("Certain and suspect ones"), FindingsView::Show::CertainAndSuspect},
        {tr("Certain ones"), FindingsView::Show::Certain}};
    for (const auto& [text, level] : levels) {
        auto* action = menu.addAction(text, this, [this, level = level] {
            m_show = level;
            m_view.setShow(level);
        });
        action->setCheckable(true);
        action->setChecked(level == m_show);
    }
    menu.addSeparator();
    const auto* finding = current();
    if (finding) {
        // The menu may stay open while rows come and go.
        const client::Finding copy = *finding;
        const bool ruleMuted = m_model.ruleMuted(copy.rule);
        const bool muted = finding->muted;
        menu.addAction(tr("Show me"), this, [this, copy] { Q_EMIT showMe(copy); });
        if (const QString title = m_fixTitle ? m_fixTitle(copy) : QString(); !title.isEmpty())
            menu.addAction(title, this, [this, copy] { Q_EMIT fixRequested(copy); });
        menu.addAction(tr("Copy this finding"), this,
            [copy] { QApplication::clipboard()->setText(FindingsModel::reportText(copy)); });
        menu.addSeparator();
        menu.addAction(
            ruleMuted ? tr("Hear of %1 again").arg(ruleName(copy)) : tr("Mute %1").arg(ruleName(copy)), this,
            [this, copy, ruleMuted] {
                m_model.setRuleMuted(copy.rule, !ruleMuted);
                Q_EMIT mutesChanged();
            });
        if (!ruleMuted)
            menu.addAction(muted ? tr("Hear of %1 under it again").arg(models::shown(copy.subject, 40))
                                 : tr("Mute only %1 under it").arg(models::shown(copy.subject, 40)),
                this, [this, copy, muted] {
                    m_model.setSubjectMuted(copy, !muted);
                    Q_EMIT mutesChanged();
                });
        menu.addSeparator();
    }
    auto* all = menu.addAction(tr("Copy report of what is shown"), this,
        [this] { QApplication::clipboard()->setText(m_view.reportText()); });
    all->setEnabled(m_view.rowCount() > 0);
}

void FindingsPanel::refresh()
{
    const int muted = m_model.mutedCount();
    m_muted->setText(tr("%n muted", nullptr, muted));
    m_muted->setVisible(muted > 0);
    if (muted == 0 && m_muted->isChecked())
        m_muted->setChecked(false);
    const int outside = m_view.outsideScope();
    m_outside->setText(tr("%n outside %1", nullptr, outside).arg(clippedLine(m_scope)));
    m_outside->setVisible(outside > 0);
    if (m_model.rowCount() == 0)
        m_none->setText(tr("Nothing is wrong with what has been looked at."));
    else if (!m_scope.isEmpty() && m_text->text().isEmpty())
        m_none->setText(tr("No finding is about %1.").arg(clippedLine(m_scope)));
    else
        m_none->setText(tr("No finding fits the filter."));
    m_stack->setCurrentIndex(m_view.rowCount() > 0 ? 0 : 1);
    refreshButtons();
}

void FindingsPanel::refreshButtons()
{
    const auto* finding = current();
    m_showMe->setEnabled(finding != nullptr);
    const QString fix = finding && m_fixTitle ? m_fixTitle(*finding) : QString();
    m_fix->setVisible(!fix.isEmpty());
    m_fix->setText(tr("Fix…"));
    m_fix->setToolTip(fix);
    m_fix->setAccessibleDescription(fix);
}

void FindingsPanel::refreshAudit()
{
    if (!m_audit)
        return;
    const bool running = m_audit->running();
    m_auditAll->setText(running ? tr("Stop the audit") : tr("Audit everything"));
    m_auditAll->setToolTip(tr("Every rule over every key that can be found; nothing is written"));
    if (running) {
        m_auditText->setText(tr("Auditing: %1 keys read. What looks wrong is looked at again after 5 s.")
                                 .arg(models::grouped(m_audit->keysRead())));
        m_whyNot->hide();
        m_auditStrip->show();
        return;
    }
    const auto& report = m_audit->report();
    if (!report) {
        m_auditStrip->hide();
        return;
    }
    m_auditText->setText(
        tr("Audited at %1, %2. %n finding(s).", nullptr, int(report->findings.size()))
            .arg(QDateTime::fromMSecsSinceEpoch(m_audit->endedMs()).toString(QStringLiteral("HH:mm:ss")),
                coverageText(*report)));
    m_auditText->setToolTip(plainToolTip(m_auditText->text()));
    m_whyNot->setText(tr("%n rule(s) not judged…", nullptr, int(report->notJudged.size())));
    m_whyNot->setVisible(!report->notJudged.empty());
    m_auditStrip->show();
}

void FindingsPanel::askAudit(int keys, int shards)
{
    if (std::uint32_t(shards) <= ShardsAskedFor) {
        m_audit->start(ShardsAskedFor);
        return;
    }
    disconnect(m_confirm, nullptr, this, nullptr);
    connect(m_confirm, &InlineConfirm::acted, this, [this, shards] {
        m_confirm->hide();
        m_audit->start(std::uint32_t(shards));
    });
    connect(m_confirm, &InlineConfirm::otherChosen, this, [this] {
        m_confirm->hide();
        m_audit->start(ShardsAskedFor);
    });
    connect(m_confirm, &InlineConfirm::dismissed, m_confirm, &QWidget::hide);
    m_confirm->ask(
        tr("This server cannot list its keys. Reading the %1 known ones touches %n shard(s); those that "
           "are cold are opened.",
            nullptr, shards)
            .arg(models::grouped(qulonglong(keys))),
        tr("Read them all"), tr("Leave it"), tr("Only %1 shards").arg(ShardsAskedFor));
    m_confirm->show();
}

void FindingsPanel::showNotJudged()
{
    if (!m_audit->report())
        return;
    auto* dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("notJudgedDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rules that could not judge"));
    auto* column = new QVBoxLayout(dialog);
    auto* list = new KeyValueList;
    std::vector<KeyValueRow> rows;
    for (const auto& silent : m_audit->report()->notJudged) {
        client::Finding named;
        named.rule = silent.rule;
        rows.push_back({ruleName(named), QString::fromStdString(silent.why)});
    }
    list->setRows(rows);
    auto* scroll = new QScrollArea;
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    column->addWidget(scroll, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    column->addWidget(buttons);
    dialog->resize(560, 420);
    dialog->show();
}

} // namespace norikv::widgets
