// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recommendpane.h"

#include "client/bytes.h"
#include "client/patterns/recommendation.h"
#include "models/errortext.h"
#include "widgets/delegates/hitdelegate.h"
#include "widgets/droptarget.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"
#include "widgets/vectorresults.h"
#include "widgets/vectorwords.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

namespace {

constexpr std::size_t MostProducts = 1000; // in the chooser and in the list before anything was asked
constexpr int DiversitySteps = 20;
constexpr int TastesHeight = 128;
enum TasteColumn { Liked, What, StoredWeight, MeanWeight, TasteColumns };

std::string idIn(const QString& text)
{
    const auto id = client::fromPrintable(text.trimmed().toStdString());
    return id ? *id : std::string();
}

} // namespace

RecommendPane::RecommendPane(
    models::VectorFeed& vectors, models::VectorRecommendFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_vectors(vectors)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("recommendPane"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 0, 12, 0);
    top->setSpacing(8);
    top->addWidget(makeUser());
    m_tastesWords = makeLabel(QString(), "muted");
    m_tastesWords->setObjectName(QStringLiteral("tastesWords"));
    m_tastesWords->setWordWrap(true);
    top->addWidget(m_tastesWords);
    column->addLayout(top);
    column->addWidget(makeTastes(theme));
    column->addWidget(makeList());
    m_results = new VectorResults(theme);
    m_results->setObjectName(QStringLiteral("recommendResults"));
    m_results->setTruthShown(false);
    m_results->installEventFilter(this);
    m_state = makeLabel(QString(), "muted");
    m_state->setObjectName(QStringLiteral("recommendState"));
    m_state->setAlignment(Qt::AlignCenter);
    m_state->setWordWrap(true);
    m_state->setContentsMargins(24, 16, 24, 16);
    column->addWidget(m_results, 1);
    column->addWidget(m_state, 1);

    connect(m_results, &VectorResults::currentIdChanged, this, &RecommendPane::setProduct);
    connect(m_results, &VectorResults::similarRequested, this, &RecommendPane::findSimilar);
    connect(&feed, &models::VectorRecommendFeed::usersChanged, this, &RecommendPane::refreshUsers);
    connect(&feed, &models::VectorRecommendFeed::preferenceChanged, this, &RecommendPane::refreshTastes);
    connect(&feed, &models::VectorRecommendFeed::listChanged, this, &RecommendPane::refreshList);
    connect(&vectors, &models::VectorFeed::snapshotChanged, this, &RecommendPane::refreshProducts);
    refreshUsers();
    refreshProducts();
    refreshTastes();
}

QWidget* RecommendPane::makeUser()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_user = new QComboBox;
    m_user->setObjectName(QStringLiteral("recommendUser"));
    m_user->setAccessibleName(tr("User"));
    m_user->setToolTip(tr("Whose taste; type the id of a new one and press Enter"));
    m_user->setEditable(true);
    m_user->setInsertPolicy(QComboBox::NoInsert);
    m_user->lineEdit()->setPlaceholderText(tr("User, e.g. user123"));
    m_user->setMinimumContentsLength(10);
    m_user->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_product = new QComboBox;
    m_product->setObjectName(QStringLiteral("recommendProduct"));
    m_product->setAccessibleName(tr("Product"));
    m_product->setEditable(true);
    m_product->setInsertPolicy(QComboBox::NoInsert);
    m_product->lineEdit()->setPlaceholderText(tr("Product"));
    m_product->setMinimumContentsLength(10);
    m_product->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_product->completer()->setFilterMode(Qt::MatchContains);
    m_product->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_like = new DropTarget(tr("Like"), VectorResults::mimeType());
    m_like->setObjectName(QStringLiteral("likeProduct"));
    m_like->setToolTip(tr("The user's preference becomes the mean of what it was and this product (L). Lines "
                          "can be dragged here"));
    setStyleRole(m_like, "primary");
    m_dislike = new DropTarget(tr("Dislike"), VectorResults::mimeType());
    m_dislike->setObjectName(QStringLiteral("dislikeProduct"));
    m_dislike->setToolTip(
        tr("Counts against the true mean, in this window only: the pattern stores no dislikes "
           "(D). Lines can be dragged here"));
    row->addWidget(m_user, 2);
    row->addWidget(m_product, 3);
    row->addWidget(m_like);
    row->addWidget(m_dislike);
    const auto chosen = [this] {
        const std::string id = idIn(m_user->currentText());
        if (!id.empty())
            m_feed.setUser(id);
    };
    connect(m_user->lineEdit(), &QLineEdit::returnPressed, this, chosen);
    connect(m_user, &QComboBox::activated, this, chosen);
    connect(m_product, &QComboBox::currentTextChanged, this, [this] { refreshTastes(); });
    connect(m_like, &DropTarget::clicked, this, [this] { like(product(), true); });
    connect(m_dislike, &DropTarget::clicked, this, [this] { like(product(), false); });
    connect(
        m_like, &DropTarget::dropped, this, [this](const QByteArray& id) { like(id.toStdString(), true); });
    connect(m_dislike, &DropTarget::dropped, this,
        [this](const QByteArray& id) { like(id.toStdString(), false); });
    return box;
}

QWidget* RecommendPane::makeTastes(const Theme& theme)
{
    m_tastes = new QTableWidget(0, TasteColumns);
    m_tastes->setObjectName(QStringLiteral("tastesTable"));
    m_tastes->setAccessibleName(tr("What was liked and disliked here, oldest first; Delete forgets a line"));
    m_tastes->setHorizontalHeaderLabels(
        {QString(), tr("product"), tr("weighs as stored"), tr("in a true mean")});
    m_tastes->horizontalHeaderItem(StoredWeight)
        ->setToolTip(tr("Each like halves all before it: 1/2, 1/4, 1/8 … The pattern forgets quickly."));
    m_tastes->horizontalHeaderItem(MeanWeight)
        ->setToolTip(tr("What each like would weigh if all weighed the same"));
    styleTable(*m_tastes);
    m_tastes->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tastes->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tastes->setItemDelegateForColumn(StoredWeight, new ShareDelegate(theme, 4, m_tastes));
    m_tastes->setItemDelegateForColumn(MeanWeight, new ShareDelegate(theme, 7, m_tastes));
    auto* head = m_tastes->horizontalHeader();
    head->setStretchLastSection(false);
    head->resizeSection(Liked, 74);
    head->setSectionResizeMode(What, QHeaderView::Stretch);
    head->resizeSection(StoredWeight, 132);
    head->resizeSection(MeanWeight, 132);
    m_tastes->setFixedHeight(TastesHeight);
    m_tastes->installEventFilter(this);
    return m_tastes;
}

QWidget* RecommendPane::makeList()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(12, 0, 12, 0);
    column->setSpacing(6);
    auto* flow = new QWidget;
    auto* row = new FlowLayout(8, 6);
    flow->setLayout(row);
    m_by = new QButtonGroup(this);
    const auto choice = [&](By by, const QString& text, const char* name, const QString& tip) {
        auto* button = new QPushButton(text);
        button->setObjectName(QString::fromLatin1(name));
        button->setToolTip(tip);
        button->setCheckable(true);
        m_by->addButton(button, by);
        row->addWidget(button);
    };
    choice(Stored, tr("For this user"), "recommendStored",
        tr("Nearest to the stored preference, as the pattern recommends"));
    choice(TrueMean, tr("By the true mean"), "recommendMean",
        tr("Nearest to the mean of all likes of this window, less a quarter of the dislikes"));
    choice(Product, tr("Like this product"), "recommendSimilar", tr("Nearest to the product chosen above"));
    m_by->button(Stored)->setChecked(true);
    auto* diverse = new QWidget;
    auto* line = new QHBoxLayout(diverse);
    line->setContentsMargins(4, 0, 0, 0);
    line->setSpacing(6);
    m_diversity = new QSlider(Qt::Horizontal);
    m_diversity->setObjectName(QStringLiteral("diversity"));
    m_diversity->setAccessibleName(tr("Diversity"));
    m_diversity->setRange(0, DiversitySteps);
    m_diversity->setFixedWidth(110);
    const QString tip
        = tr("Left: the nearest. Right: near, but unlike each other (maximal marginal relevance, "
             "worked out here)");
    m_diversity->setToolTip(tip);
    auto* label = makeLabel(tr("Diversity"), "muted");
    label->setToolTip(tip);
    line->addWidget(label);
    line->addWidget(m_diversity);
    row->addWidget(diverse);
    column->addWidget(flow);
    m_listWords = makeLabel(QString(), "caption");
    m_listWords->setObjectName(QStringLiteral("recommendFacts"));
    m_listWords->setWordWrap(true);
    column->addWidget(m_listWords);
    connect(m_by, &QButtonGroup::idClicked, this, [this] { ask(); });
    connect(m_diversity, &QSlider::valueChanged, this,
        [this](int value) { m_feed.setDiversity(double(value) / DiversitySteps); });
    return box;
}

bool RecommendPane::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (watched == m_results && (key == Qt::Key_L || key == Qt::Key_D)) {
        const auto* button = key == Qt::Key_L ? m_like : m_dislike;
        if (const std::string id = m_results->currentId(); !id.empty() && button->isEnabled())
            like(id, key == Qt::Key_L);
        return true;
    }
    if (watched == m_tastes && key == Qt::Key_Delete) {
        const auto row = std::size_t(std::max(0, m_tastes->currentRow()));
        if (row < m_feed.tastes().size())
            m_feed.forget(m_feed.tastes()[row].productId);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RecommendPane::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_results->setReadOnly(readOnly);
    refreshTastes();
}

std::string RecommendPane::product() const
{
    const int at = m_product->findText(m_product->currentText());
    return at >= 0 ? m_product->itemData(at).toByteArray().toStdString() : idIn(m_product->currentText());
}

void RecommendPane::setProduct(const std::string& id)
{
    const int at = m_product->findData(QByteArray::fromStdString(id));
    if (at >= 0)
        m_product->setCurrentIndex(at);
    else
        m_product->setEditText(QString::fromStdString(client::printable(id)));
}

void RecommendPane::findSimilar(const std::string& id)
{
    setProduct(id);
    m_by->button(Product)->setChecked(true);
    ask();
}

void RecommendPane::like(const std::string& id, bool yes)
{
    const std::string user = idIn(m_user->currentText());
    if (id.empty() || user.empty())
        return;
    if (user != m_feed.user())
        m_feed.setUser(user);
    if (yes)
        m_feed.like(id);
    else
        m_feed.dislike(id);
}

void RecommendPane::ask()
{
    switch (m_by->checkedId()) {
    case Product:
        if (const std::string id = product(); !id.empty()) {
            m_browsing = false;
            m_feed.similar(id);
        }
        break;
    case TrueMean:
        m_browsing = false;
        m_feed.recommend(models::VectorRecommendFeed::By::TrueMean);
        break;
    default:
        m_browsing = false;
        m_feed.recommend(models::VectorRecommendFeed::By::Stored);
    }
    refreshList();
}

void RecommendPane::refreshUsers()
{
    const QSignalBlocker quiet(m_user);
    const QString typed = m_user->currentText();
    m_user->clear();
    for (const std::string& user : m_feed.users())
        m_user->addItem(idText(user));
    m_user->setCurrentIndex(m_user->findText(typed));
    m_user->setEditText(typed);
    if (typed.isEmpty() && m_user->count() > 0) {
        m_user->setCurrentIndex(0);
        m_feed.setUser(m_feed.users().front());
    }
}

void RecommendPane::refreshProducts()
{
    const auto& snapshot = m_vectors.snapshot();
    if (m_vectors.chosen() != client::ProductIndex || !snapshot)
        return;
    const QSignalBlocker quiet(m_product);
    const std::string kept = product();
    const QString typed = m_product->currentText();
    m_product->clear();
    const std::size_t count = std::min(MostProducts, snapshot->matrix.rows());
    for (std::size_t row = 0; row < count; ++row) {
        const std::string& id = snapshot->matrix.ids[row];
        m_product->addItem(titleOf(id, snapshot->metas[row]), QByteArray::fromStdString(id));
    }
    m_product->setCurrentIndex(m_product->findData(QByteArray::fromStdString(kept)));
    if (m_product->currentIndex() < 0)
        m_product->setEditText(typed);
    refreshTastes();
    if (m_browsing)
        refreshList();
}

void RecommendPane::refreshTastes()
{
    if (!m_results)
        return; // still being made
    const auto& tastes = m_feed.tastes();
    m_tastes->setRowCount(int(tastes.size()));
    bool mean = false;
    for (int row = 0; row < int(tastes.size()); ++row) {
        const auto& taste = tastes[std::size_t(row)];
        const auto set = [&](int column, const QVariant& value) {
            auto* item = new QTableWidgetItem;
            item->setData(Qt::DisplayRole, value);
            m_tastes->setItem(row, column, item);
        };
        set(Liked, taste.like ? tr("liked") : tr("disliked"));
        set(What, titleOf(taste.productId, taste.meta));
        set(StoredWeight, taste.like ? taste.storedWeight : -1.0);
        set(MeanWeight, taste.like ? taste.meanWeight : -1.0);
        mean = mean || taste.like;
    }
    m_tastes->setVisible(!tastes.empty());
    const bool someone = !m_feed.user().empty() || !m_user->currentText().trimmed().isEmpty();
    if (!someone)
        m_tastesWords->setText(tr("Choose a user or type a new one, then like products."));
    else if (tastes.empty())
        m_tastesWords->setText(m_feed.preference()
                ? tr("This user has a stored preference. What it came from is not stored: likes from here on "
                     "are "
                     "listed.")
                : tr("Nothing is stored for this user yet: the first like makes a preference."));
    else
        m_tastesWords->setText(
            tr("Every like halves what came before it. The map shows the way the preference went."));
    const bool can = someone && !product().empty();
    m_like->setEnabled(can && !m_readOnly);
    m_dislike->setEnabled(can);
    m_by->button(Stored)->setEnabled(m_feed.preference().has_value());
    m_by->button(TrueMean)->setEnabled(mean);
    m_by->button(Product)->setEnabled(!product().empty());
}

void RecommendPane::refreshList()
{
    std::vector<VectorResultLine> lines;
    const auto& error = m_feed.error();
    if (m_browsing) {
        const auto& snapshot = m_vectors.snapshot();
        const bool products = m_vectors.chosen() == client::ProductIndex && snapshot;
        const std::size_t count = products ? std::min(MostProducts, snapshot->matrix.rows()) : 0;
        for (std::size_t row = 0; row < count; ++row) {
            VectorResultLine line;
            line.id = snapshot->matrix.ids[row];
            line.rank = QString::number(row + 1);
            line.what = titleOf(line.id, snapshot->metas[row]);
            line.idText = clippedLine(QString::fromStdString(snapshot->metas[row].theme.substr(0, 64)));
            line.tip = QString::fromStdString(snapshot->metas[row].text.substr(0, 400));
            lines.push_back(std::move(line));
        }
        m_listWords->setText(
            count > 0 ? tr("All products. Like some, or ask for what is like one of them.") : QString());
    } else {
        for (const auto& item : m_feed.list()) {
            VectorResultLine line;
            line.id = item.id;
            line.rank = QString::number(item.rank);
            line.what = titleOf(item.id, item.meta);
            line.idText = item.liked           ? tr("liked")
                : line.what == idText(item.id) ? QString()
                                               : idText(item.id);
            line.score = QString::number(item.similarity, 'f', 3);
            line.tip = tr("place %1 before diversity moved it").arg(item.serverRank) + QLatin1Char('\n')
                + QString::fromStdString(item.meta.text.substr(0, 400));
            lines.push_back(std::move(line));
        }
        const QString by = m_feed.listedBy() == models::VectorRecommendFeed::By::Stored
            ? tr("Nearest to the stored preference of %1.").arg(idText(m_feed.user()))
            : m_feed.listedBy() == models::VectorRecommendFeed::By::TrueMean
            ? tr("Nearest to the true mean of the likes here.")
            : tr("Nearest to the product itself.");
        QStringList facts{by};
        if (m_feed.withoutMeta() > 0)
            facts << tr("%n hit(s) have no metadata.", nullptr, int(m_feed.withoutMeta()));
        m_listWords->setText(
            error ? models::errorText(*error, tr("recommend")).line() : facts.join(QLatin1Char(' ')));
    }
    const bool none = lines.empty();
    m_results->setLines(std::move(lines), tr("similarity"), scoreTip(client::Distance::Cosine));
    m_results->setColumnHidden(VectorResults::Score, m_browsing);
    m_results->setVisible(!none);
    m_state->setVisible(none);
    m_state->setText(m_feed.running() ? tr("Looking for recommendations …")
            : m_browsing ? tr("No product is loaded: choose the index “products” at the top.")
                         : tr("Nothing to recommend."));
}

} // namespace norikv::widgets
