// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/duplicatereview.h"

#include "widgets/delegates/hitdelegate.h"
#include "widgets/diffview.h"
#include "widgets/flowlayout.h"
#include "widgets/inlineconfirm.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"
#include "widgets/vectorwords.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

using models::DuplicatePair;

/// Pairs by similarity. Asks the snapshot for titles when they are painted.
class DuplicatePairModel final : public QAbstractTableModel {
public:
    enum Column { Similarity, First, Second, Said, Columns };
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::shared_ptr<const models::DuplicateView> next)
    {
        beginResetModel();
        m_view = std::move(next);
        endResetModel();
    }
    const DuplicatePair* pair(int row) const
    {
        return m_view && row >= 0 && std::size_t(row) < m_view->pairs.size()
            ? &m_view->pairs[std::size_t(row)]
            : nullptr;
    }
    int rowOf(const std::pair<std::string, std::string>& ids) const
    {
        if (!m_view)
            return -1;
        const auto found = std::ranges::find_if(
            m_view->pairs, [&](const auto& each) { return each.a == ids.first && each.b == ids.second; });
        return found == m_view->pairs.end() ? -1 : int(found - m_view->pairs.begin());
    }
    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() || !m_view ? 0 : int(m_view->pairs.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : Columns; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const DuplicatePair& pair = *this->pair(index.row());
        if (role == HitDelegate::NumberRole)
            return index.column() == Similarity;
        if (role == HitDelegate::MissedRole)
            return pair.label == DuplicatePair::Label::Ignored;
        if (role == Qt::ToolTipRole && (index.column() == First || index.column() == Second))
            return plainToolTip(idText(index.column() == First ? pair.a : pair.b));
        if (role != Qt::DisplayRole)
            return {};
        switch (index.column()) {
        case Similarity:
            return QString::number(pair.similarity, 'f', 3);
        case First:
            return titleOf(pair.a);
        case Second:
            return titleOf(pair.b);
        case Said:
            switch (pair.label) {
            case DuplicatePair::Label::Duplicates:
                return DuplicateReview::tr("duplicates");
            case DuplicatePair::Label::Different:
                return DuplicateReview::tr("both stay");
            case DuplicatePair::Label::Ignored:
                return DuplicateReview::tr("passed over");
            case DuplicatePair::Label::None:
                break;
            }
            return QString();
        default:
            return {};
        }
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return QStringList{DuplicateReview::tr("similarity"), DuplicateReview::tr("first"),
            DuplicateReview::tr("second"), DuplicateReview::tr("you said")}
            .value(section);
    }

private:
    QString titleOf(const std::string& id) const
    {
        const auto row = m_view->snapshot ? m_view->snapshot->find(id) : std::nullopt;
        return row ? widgets::titleOf(id, m_view->snapshot->metas[*row]) : idText(id);
    }

    std::shared_ptr<const models::DuplicateView> m_view;
};

namespace {

constexpr qsizetype MostText = 16'384; // compared side by side

/// One sentence a line: that is what a reader compares.
std::string sentences(const QString& text)
{
    static const QRegularExpression end(QStringLiteral("(?<=[.!?;:])\\s+"));
    return text.left(MostText).split(end, Qt::SkipEmptyParts).join(QLatin1Char('\n')).toStdString();
}

client::Decoded asText(const QString& text)
{
    client::Decoded decoded;
    decoded.bytes = sentences(text);
    decoded.form = client::ValueForm::Text;
    return decoded;
}

} // namespace

DuplicateReview::DuplicateReview(
    models::VectorFeed& vectors, models::VectorDuplicateFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_vectors(vectors)
    , m_feed(feed)
    , m_model(new DuplicatePairModel(this))
    , m_table(new QTableView)
    , m_diff(new DiffView(theme))
    , m_words(makeLabel(QString(), "muted"))
    , m_both(new QPushButton(tr("Both stay")))
    , m_merge(new QPushButton(tr("Merge…")))
    , m_ignore(new QPushButton(tr("Pass over")))
    , m_delete(new QPushButton(tr("Delete second…")))
    , m_undo(new QPushButton(tr("Put back")))
    , m_confirm(new InlineConfirm(Qt::Horizontal))
{
    setObjectName(QStringLiteral("duplicateReview"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_words->setObjectName(QStringLiteral("reviewWords"));
    m_words->setWordWrap(true);
    m_words->setContentsMargins(12, 0, 12, 0);
    column->addWidget(m_words);
    m_table->setObjectName(QStringLiteral("pairsTable"));
    m_table->setAccessibleName(tr("Pairs above the threshold, most similar first"));
    m_table->setModel(m_model);
    styleTable(*m_table);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setItemDelegate(new HitDelegate(theme, m_table));
    auto* head = m_table->horizontalHeader();
    head->setStretchLastSection(false);
    head->resizeSection(DuplicatePairModel::Similarity, 84);
    head->setSectionResizeMode(DuplicatePairModel::First, QHeaderView::Stretch);
    head->setSectionResizeMode(DuplicatePairModel::Second, QHeaderView::Stretch);
    head->resizeSection(DuplicatePairModel::Said, 104);
    m_table->installEventFilter(this);
    auto* split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    m_diff->setObjectName(QStringLiteral("pairDiff"));
    m_diff->setMinimumHeight(72);
    m_diff->hide();
    split->addWidget(m_diff);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    column->addWidget(split, 1);
    auto* flow = new QWidget;
    auto* row = new FlowLayout(8, 6);
    row->setContentsMargins(12, 0, 12, 8);
    flow->setLayout(row);
    const auto add = [row](QPushButton* button, const char* name, const QString& tip) {
        button->setObjectName(QString::fromLatin1(name));
        button->setToolTip(tip);
        row->addWidget(button);
    };
    add(m_both, "pairBoth", tr("They only look alike (B)"));
    add(m_merge, "pairMerge", tr("They say the same: the first stays, the second goes (M)"));
    add(m_ignore, "pairIgnore", tr("Decide later (I)"));
    add(m_delete, "pairDelete", tr("Without saying that they are duplicates (Del)"));
    add(m_undo, "pairUndo", tr("Puts the vectors and texts back that were deleted last"));
    column->addWidget(flow);
    m_confirm->setObjectName(QStringLiteral("pairConfirm"));
    m_confirm->setContentsMargins(12, 0, 12, 8);
    m_confirm->hide();
    column->addWidget(m_confirm);

    connect(m_both, &QPushButton::clicked, this, [this] { mark(Label::Different); });
    connect(m_ignore, &QPushButton::clicked, this, [this] { mark(Label::Ignored); });
    connect(m_merge, &QPushButton::clicked, this, [this] { ask(true); });
    connect(m_delete, &QPushButton::clicked, this, [this] { ask(false); });
    connect(m_undo, &QPushButton::clicked, &vectors, &models::VectorFeed::undoDelete);
    connect(m_confirm, &InlineConfirm::acted, this, [this] {
        m_confirm->hide();
        if (m_onConfirm)
            std::exchange(m_onConfirm, {})();
    });
    connect(m_confirm, &InlineConfirm::dismissed, m_confirm, &QWidget::hide);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DuplicateReview::showPair);
    connect(&feed, &models::VectorDuplicateFeed::changed, this, &DuplicateReview::refresh);
    connect(&vectors, &models::VectorFeed::acted, this, &DuplicateReview::refresh);
    refresh();
}

void DuplicateReview::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refresh();
}

const DuplicatePair* DuplicateReview::current() const { return m_model->pair(m_table->currentIndex().row()); }

QString DuplicateReview::textOf(const std::string& id) const
{
    const auto& view = m_feed.view();
    const auto row = view && view->snapshot ? view->snapshot->find(id) : std::nullopt;
    if (!row)
        return {};
    const auto& meta = view->snapshot->metas[*row];
    return QString::fromStdString(meta.title.empty() ? meta.text : meta.title + ". " + meta.text);
}

bool DuplicateReview::eventFilter(QObject* watched, QEvent* event)
{
    // The table would take J, K and the others for the beginning of a word to look for.
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        event->ignore();
        keyPressEvent(static_cast<QKeyEvent*>(event));
        return event->isAccepted();
    }
    return QWidget::eventFilter(watched, event);
}

void DuplicateReview::keyPressEvent(QKeyEvent* event)
{
    event->accept();
    const auto press = [](QPushButton* button) {
        if (button->isEnabled() && button->isVisible())
            button->click();
    };
    switch (event->key()) {
    case Qt::Key_J:
        return step(1);
    case Qt::Key_K:
        return step(-1);
    case Qt::Key_B:
        return press(m_both);
    case Qt::Key_M:
        return press(m_merge);
    case Qt::Key_I:
        return press(m_ignore);
    case Qt::Key_Delete:
        return press(m_delete);
    default:
        event->ignore();
    }
}

void DuplicateReview::step(int by)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    const int row = std::clamp(m_table->currentIndex().row() + by, 0, count - 1);
    m_table->setCurrentIndex(m_model->index(row, DuplicatePairModel::First));
}

void DuplicateReview::mark(Label label)
{
    const DuplicatePair* pair = current();
    if (!pair)
        return;
    m_feed.label(*pair, label);
    step(1);
}

void DuplicateReview::ask(bool merge)
{
    const DuplicatePair* shown = current();
    if (!shown)
        return;
    const DuplicatePair pair = *shown;
    m_onConfirm = [this, pair, merge] {
        if (merge)
            m_feed.merge(pair, pair.a, true);
        else
            m_vectors.deleteVectors({pair.b}, true);
    };
    m_confirm->ask(merge ? tr("Keep %1 and delete %2 with its text?").arg(idText(pair.a), idText(pair.b))
                         : tr("Delete %1 with its text?").arg(idText(pair.b)),
        merge ? tr("Merge") : tr("Delete"), tr("Leave it"));
    m_confirm->show();
}

void DuplicateReview::refresh()
{
    const auto& view = m_feed.view();
    const auto kept = m_shown;
    m_model->show(view);
    const int row = m_model->rowOf(kept);
    if (m_model->rowCount() > 0)
        m_table->setCurrentIndex(m_model->index(std::max(0, row), DuplicatePairModel::First));
    const bool any = m_model->rowCount() > 0;
    if (!view)
        m_words->setText(QString());
    else if (!any)
        m_words->setText(tr("No pair is as near as the threshold: drag it to the left."));
    else {
        QString text = tr("J and K go from pair to pair.");
        if (view->precision)
            text += tr(" Of %n pair(s) you judged above the threshold ", nullptr,
                        int(view->labelledDuplicates + view->labelledDifferent))
                + tr("%1 % are duplicates.").arg(int(*view->precision * 100 + 0.5));
        m_words->setText(text);
    }
    m_words->setVisible(!m_words->text().isEmpty());
    for (auto* button : {m_both, m_ignore})
        button->setEnabled(any);
    for (auto* button : {m_merge, m_delete})
        button->setEnabled(any && !m_readOnly);
    m_undo->setVisible(m_vectors.canUndoDelete());
    m_undo->setEnabled(!m_readOnly);
    showPair();
}

void DuplicateReview::showPair()
{
    const DuplicatePair* pair = current();
    const std::pair<std::string, std::string> ids
        = pair ? std::pair(pair->a, pair->b) : std::pair<std::string, std::string>();
    if (ids == m_shown)
        return;
    m_shown = ids;
    m_confirm->hide();
    const QString first = textOf(ids.first);
    const QString second = textOf(ids.second);
    m_diff->setDiff(first.isEmpty() && second.isEmpty()
            ? models::DiffLayout()
            : models::diffValues(asText(first), asText(second), true));
    m_diff->setVisible(pair != nullptr); // its room is the table's while nothing is compared
    Q_EMIT pairShown(ids.first, ids.second);
}

} // namespace norikv::widgets
