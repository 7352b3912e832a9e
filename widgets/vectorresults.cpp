// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorresults.h"

#include "widgets/delegates/hitdelegate.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"

#include <QAbstractTableModel>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

/// The lines as a table; a new list replaces the old one, as its lines have nothing to do with those before.
class VectorResultModel final : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setLines(std::vector<VectorResultLine> next, const QString& score, const QString& scoreTip)
    {
        beginResetModel();
        lines = std::move(next);
        m_score = score;
        m_scoreTip = scoreTip;
        endResetModel();
    }
    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : int(lines.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : VectorResults::Columns;
    }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const VectorResultLine& line = lines[std::size_t(index.row())];
        switch (role) {
        case Qt::DisplayRole:
            return cell(line, index.column());
        case Qt::ToolTipRole:
            return plainToolTip(line.tip);
        case HitDelegate::IdRole:
            return index.column() == VectorResults::What ? line.idText : QString();
        case HitDelegate::MissedRole:
            return line.missed;
        case HitDelegate::NumberRole:
            return index.column() != VectorResults::What;
        default:
            return {};
        }
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal)
            return {};
        if (role == Qt::DisplayRole) {
            const QStringList names{VectorResults::tr("#"), VectorResults::tr("what"), m_score,
                VectorResults::tr("found at"), VectorResults::tr("true rank")};
            return names.value(section);
        }
        if (role == Qt::ToolTipRole) {
            const QStringList tips{VectorResults::tr("Place in the list shown"), QString(), m_scoreTip,
                VectorResults::tr("Its place in the server's answer; a dash: the server did not give it"),
                VectorResults::tr("Its place when every known vector is compared, without any index")};
            return tips.value(section);
        }
        return {};
    }
    Qt::ItemFlags flags(const QModelIndex& index) const override
    {
        return QAbstractTableModel::flags(index)
            | (index.isValid() ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
    }
    QStringList mimeTypes() const override { return {VectorResults::mimeType()}; }
    QMimeData* mimeData(const QModelIndexList& indexes) const override
    {
        auto* data = new QMimeData;
        if (!indexes.isEmpty())
            data->setData(VectorResults::mimeType(),
                QByteArray::fromStdString(lines[std::size_t(indexes.front().row())].id));
        return data;
    }

    std::vector<VectorResultLine> lines;

private:
    static QString cell(const VectorResultLine& line, int column)
    {
        switch (column) {
        case VectorResults::Rank:
            return line.rank;
        case VectorResults::What:
            return line.what;
        case VectorResults::Score:
            return line.score;
        case VectorResults::Found:
            return line.found;
        case VectorResults::Exact:
            return line.exact;
        default:
            return {};
        }
    }

    QString m_score;
    QString m_scoreTip;
};

VectorResults::VectorResults(const Theme& theme, QWidget* parent)
    : QTableView(parent)
    , m_model(new VectorResultModel(this))
{
    setObjectName(QStringLiteral("vectorResults"));
    setAccessibleName(tr("Results; Enter searches for what is near, Delete deletes"));
    setModel(m_model);
    styleTable(*this);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setDragEnabled(true);
    setDragDropMode(DragOnly);
    setItemDelegate(new HitDelegate(theme, this));
    auto* head = horizontalHeader();
    head->setStretchLastSection(false);
    head->setMinimumSectionSize(28);
    head->setSectionResizeMode(What, QHeaderView::Stretch);
    head->resizeSection(Rank, 42);
    head->resizeSection(Score, 82);
    head->resizeSection(Found, 70);
    head->resizeSection(Exact, 74);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        if (row.isValid() && !m_quiet)
            Q_EMIT currentIdChanged(m_model->lines[std::size_t(row.row())].id);
    });
    connect(this, &QTableView::doubleClicked, this,
        [this](const QModelIndex& at) { Q_EMIT similarRequested(m_model->lines[std::size_t(at.row())].id); });
}

void VectorResults::setLines(
    std::vector<VectorResultLine> lines, const QString& score, const QString& scoreTip)
{
    const std::string kept = currentId();
    m_model->setLines(std::move(lines), score, scoreTip);
    m_quiet = true; // nobody chose it
    setCurrentId(kept);
    m_quiet = false;
}

void VectorResults::setTruthShown(bool shown)
{
    setColumnHidden(Found, !shown);
    setColumnHidden(Exact, !shown);
}

const std::vector<VectorResultLine>& VectorResults::lines() const { return m_model->lines; }

std::string VectorResults::currentId() const
{
    const int row = currentIndex().row();
    return row >= 0 && row < m_model->rowCount() ? m_model->lines[std::size_t(row)].id : std::string();
}

void VectorResults::setCurrentId(const std::string& id)
{
    const auto found = std::ranges::find(m_model->lines, id, &VectorResultLine::id);
    if (found == m_model->lines.end())
        return setCurrentIndex({});
    const auto row = m_model->index(int(found - m_model->lines.begin()), What);
    setCurrentIndex(row);
    scrollTo(row);
}

void VectorResults::keyPressEvent(QKeyEvent* event)
{
    const std::string id = currentId();
    const int key = event->key();
    if (!id.empty() && (key == Qt::Key_Return || key == Qt::Key_Enter))
        Q_EMIT similarRequested(id);
    else if (!id.empty() && key == Qt::Key_Delete && !m_readOnly)
        Q_EMIT deleteRequested(id);
    else
        QTableView::keyPressEvent(event);
}

void VectorResults::contextMenuEvent(QContextMenuEvent* event)
{
    const std::string id = currentId();
    if (id.empty())
        return;
    QMenu menu(this);
    menu.addAction(tr("Search with this"), this, [this, id] { Q_EMIT similarRequested(id); });
    menu.addAction(tr("Show what is stored beside it"), this, [this, id] { Q_EMIT storedRequested(id); });
    menu.addAction(
        tr("Copy its id"), this, [id] { QApplication::clipboard()->setText(QString::fromStdString(id)); });
    menu.addSeparator();
    menu.addAction(tr("Delete…"), this, [this, id] { Q_EMIT deleteRequested(id); })->setEnabled(!m_readOnly);
    menu.exec(event->reason() == QContextMenuEvent::Keyboard
            ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft())
            : event->globalPos());
}

} // namespace norikv::widgets
