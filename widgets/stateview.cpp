// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stateview.h"

#include "models/text.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QResizeEvent>
#include <QSplitter>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::JsonTreeModel;
using models::StateChangeModel;

namespace {
constexpr std::size_t OpenNodes = 300; // a state of so many places is opened whole
constexpr int NarrowWidth = 460; // px below which tree and changes stand one above the other
} // namespace

/// Monospace, with a soft ground and bold where something changed.
class StateView::Marks final : public MonoDelegate {
public:
    Marks(const Theme& theme, QObject* parent)
        : MonoDelegate(parent)
        , m_theme(theme)
    {
    }
    std::set<std::uint32_t> nodes;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        MonoDelegate::initStyleOption(option, index);
        if (!nodes.contains(index.data(JsonTreeModel::NodeRole).toUInt()))
            return;
        option->font.setBold(true);
    }
    /// The ground is painted here: the style sheet has the last word on a brush.
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (nodes.contains(index.data(JsonTreeModel::NodeRole).toUInt()))
            painter->fillRect(option.rect, m_theme.tokens().accentSoft);
        MonoDelegate::paint(painter, option, index);
    }

private:
    const Theme& m_theme;
};

StateView::StateView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_problem = new FieldHint(theme);
    m_problem->setObjectName(QStringLiteral("stateProblem"));
    m_failure = new FieldHint(theme);
    m_failure->setObjectName(QStringLiteral("stateFailure"));
    for (auto* hint : {m_problem, m_failure}) {
        hint->hide();
        column->addWidget(hint);
    }

    m_split = new QSplitter(Qt::Horizontal);
    m_split->setChildrenCollapsible(false);
    m_treeView = new QTreeView;
    m_treeView->setObjectName(QStringLiteral("stateTree"));
    m_treeView->setAccessibleName(tr("State"));
    styleTree(*m_treeView);
    setStyleRole(m_treeView, "values");
    m_treeView->setFrameShape(QFrame::NoFrame);
    m_treeView->setModel(&m_state);
    m_marks = new Marks(theme, m_treeView);
    m_treeView->setItemDelegate(m_marks);
    m_treeView->setColumnWidth(JsonTreeModel::Name, 130);
    m_treeView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_split->addWidget(m_treeView);

    auto* side = new QWidget;
    auto* changes = new QVBoxLayout(side);
    changes->setContentsMargins(8, 0, 0, 0);
    changes->setSpacing(4);
    m_title = makeLabel(QString(), "caption");
    m_title->setObjectName(QStringLiteral("changesTitle"));
    m_title->setWordWrap(true);
    changes->addWidget(m_title);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("stateChanges"));
    m_table->setAccessibleName(tr("What differs"));
    styleTable(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setModel(&m_changes);
    m_table->setItemDelegate(new MonoDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    changes->addWidget(m_table, 1);
    m_none = makeLabel(QString(), "muted");
    m_none->setObjectName(QStringLiteral("noChanges"));
    m_none->setWordWrap(true);
    m_none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    changes->addWidget(m_none, 1);
    m_split->addWidget(side);
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    column->addWidget(m_split, 1);
    column->addStretch(0);
    m_split->installEventFilter(this);
    connect(&theme, &Theme::changed, m_treeView->viewport(), qOverload<>(&QWidget::update));
}

bool StateView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_split && event->type() == QEvent::Resize) {
        const int width = static_cast<QResizeEvent*>(event)->size().width();
        m_split->setOrientation(width < NarrowWidth ? Qt::Vertical : Qt::Horizontal);
    }
    return QWidget::eventFilter(watched, event);
}

void StateView::showState(const std::string& json, const QString& problem)
{
    m_problem->setProblem(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (json == m_json && m_split->isVisibleTo(this))
        return;
    m_json = json;
    m_tree = models::stateTree(json);
    m_failure->setVisible(!m_tree);
    m_split->setVisible(m_tree != nullptr);
    if (!m_tree) {
        m_failure->setProblem(tr("This state has %1 KB: too much to be shown while the slider moves.")
                                  .arg(models::grouped(json.size() / 1024)));
        return;
    }
    m_state.setTree(m_tree);
    if (m_tree->document.nodes.size() <= OpenNodes)
        m_treeView->expandAll();
}

void StateView::showChanges(std::vector<client::StateChange> changes, const QString& title,
    const QString& before, const QString& after, const QString& none)
{
    m_title->setText(title);
    m_none->setText(none);
    m_none->setVisible(changes.empty());
    m_table->setVisible(!changes.empty());
    m_changes.show(std::move(changes), before, after);
    mark();
}

void StateView::mark()
{
    if (!m_tree)
        return;
    m_marks->nodes = models::changedNodes(*m_tree, m_changes.changes());
    m_treeView->viewport()->update();
}

void StateView::showFailure(const QString& text)
{
    m_failure->setProblem(text);
    m_failure->show();
    m_split->hide();
    m_problem->hide();
    m_json.clear();
}

} // namespace norikv::widgets
