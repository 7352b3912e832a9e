// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorspage.h"

#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"
#include "client/patterns/vectormeta.h"
#include "models/errortext.h"
#include "models/text.h"
#include "widgets/card.h"
#include "widgets/duplicatereview.h"
#include "widgets/duplicatespane.h"
#include "widgets/embedderform.h"
#include "widgets/emptystate.h"
#include "widgets/inlineconfirm.h"
#include "widgets/plaintext.h"
#include "widgets/recommendpane.h"
#include "widgets/sectionheader.h"
#include "widgets/theme.h"
#include "widgets/vectorindexbar.h"
#include "widgets/vectormapcard.h"
#include "widgets/vectorresults.h"
#include "widgets/vectorsearchpane.h"
#include "widgets/vectorwords.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

using Service = models::VectorFeed::Service;

namespace {

constexpr std::size_t NearShown = 10; // as many as trust looks at

const std::string& ownIndex(int task)
{
    switch (task) {
    case VectorsPage::Recommend:
        return client::ProductIndex;
    case VectorsPage::Duplicates:
        return client::FingerprintIndex;
    default:
        return client::DocumentIndex;
    }
}

} // namespace

VectorsPage::VectorsPage(models::VectorFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("vectorsPage"), tr("Vectors"), QStringLiteral("vectors"),
            tr("Looking for a vector service …"), tr("The vector service could not be asked"),
            tr("ask for vector indexes")},
        parent)
    , m_feed(feed)
    , m_searching(feed)
    , m_mapping(feed)
    , m_duplicating(feed)
    , m_recommending(feed)
{
    setAcceptDrops(true);
    m_embedder = new QPushButton;
    m_embedder->setObjectName(QStringLiteral("embedder"));
    m_embedder->setToolTip(tr("What makes vectors of texts"));
    header().addTrailing(m_embedder);
    m_embedderForm = new EmbedderForm(theme);
    m_embedderForm->hide();
    top().addWidget(m_embedderForm);
    m_bar = new VectorIndexBar(feed, theme);
    top().addWidget(m_bar);
    m_confirm = new InlineConfirm(Qt::Horizontal);
    m_confirm->setObjectName(QStringLiteral("vectorsConfirm"));
    m_confirm->hide();
    top().addWidget(m_confirm);

    auto* split = new QSplitter(Qt::Horizontal);
    setStyleRole(split, "gap");
    split->setHandleWidth(10);
    split->setChildrenCollapsible(false);
    split->addWidget(makeTasks());
    m_map = new VectorMapCard(feed, m_mapping, theme);
    split->addWidget(m_map);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({560, 440}); // parts, of whatever room there is
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->addWidget(split, 1);
    setContent(content);
    wire();
    nameEmbedder();
    followTask();
    refreshAll();
}

VectorsPage::~VectorsPage() = default;

QWidget* VectorsPage::makeTasks()
{
    auto* card = new Card;
    card->contentLayout()->setContentsMargins(0, 4, 0, 0);
    card->contentLayout()->setSpacing(0);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("vectorTasks"));
    m_tabs->setAccessibleName(tr("Task"));
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Search"));
    m_tabs->addTab(tr("Recommend"));
    m_tabs->addTab(tr("Duplicates"));
    card->contentLayout()->addWidget(m_tabs);
    m_stack = new QStackedWidget;
    m_search = new VectorSearchPane(m_feed, m_searching, m_theme);
    m_recommend = new RecommendPane(m_feed, m_recommending, m_theme);
    m_duplicates = new DuplicatesPane(m_feed, m_duplicating, m_theme);
    for (QWidget* pane : std::initializer_list<QWidget*>{m_search, m_recommend, m_duplicates})
        m_stack->addWidget(pane);
    card->contentLayout()->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int at) {
        m_stack->setCurrentIndex(at);
        followTask();
    });
    return card;
}

void VectorsPage::wire()
{
    connect(m_embedder, &QPushButton::clicked, this,
        [this] { m_embedderForm->setVisible(!m_embedderForm->isVisible()); });
    connect(m_embedderForm, &EmbedderForm::chosen, this, &VectorsPage::embedderChosen);
    connect(&m_feed, &models::VectorFeed::embedderChanged, this, [this] {
        nameEmbedder();
        refreshService();
    });
    connect(m_bar, &VectorIndexBar::indexChosen, &m_feed, &models::VectorFeed::choose);
    connect(m_bar, &VectorIndexBar::importRequested, this, &VectorsPage::importRequested);
    connect(m_bar, &VectorIndexBar::storedRequested, this, &VectorsPage::showKeyOf);
    connect(m_confirm, &InlineConfirm::acted, this, [this] {
        m_confirm->hide();
        if (m_onConfirm)
            std::exchange(m_onConfirm, {})();
    });
    connect(m_confirm, &InlineConfirm::dismissed, m_confirm, &QWidget::hide);
    connect(&m_feed, &models::VectorFeed::serviceChanged, this, [this] {
        if (!m_feed.index(m_feed.chosen()))
            chooseIndex();
        refreshService();
    });
    connect(&m_feed, &models::VectorFeed::chosenChanged, this, [this] {
        if (!m_feed.chosen().empty())
            m_indexOf[std::size_t(task())] = m_feed.chosen();
    });
    connect(&m_feed, &models::VectorFeed::loadChanged, this, [this] {
        if (m_feed.load().state == models::FeedState::Ready && m_feed.snapshot()->matrix.rows() > 0
            && !m_waiting.isEmpty() && m_feed.embedder())
            m_search->searchText(m_waiting);
    });
    connect(m_search, &VectorSearchPane::edited, this, [this] { m_waiting.clear(); });
    connect(&m_searching, &models::VectorSearchFeed::changed, this, &VectorsPage::drawTask);
    connect(&m_recommending, &models::VectorRecommendFeed::preferenceChanged, this, &VectorsPage::drawTask);
    connect(&m_recommending, &models::VectorRecommendFeed::listChanged, this, &VectorsPage::drawTask);
    connect(&m_duplicates->review(), &DuplicateReview::pairShown, this,
        [this](const std::string& a, const std::string& b) {
            if (task() == Duplicates)
                m_map->showPair(a, b);
        });
    connect(&m_searching, &models::VectorSearchFeed::neighboursFound, this,
        [this](std::size_t row, const std::vector<std::size_t>& near) {
            const auto& snapshot = m_feed.snapshot();
            if (!snapshot || row >= snapshot->matrix.rows())
                return;
            std::vector<std::string> ids;
            for (const std::size_t each : near) {
                if (each < snapshot->matrix.rows())
                    ids.push_back(snapshot->matrix.ids[each]);
            }
            m_map->showNeighbours(snapshot->matrix.ids[row], ids);
        });
    connect(m_map, &VectorMapCard::idActivated, this, &VectorsPage::showNear);
    connect(m_map, &VectorMapCard::similarRequested, this, [this](const std::string& id) {
        if (task() == Recommend)
            return m_recommend->findSimilar(id);
        setTask(Search);
        m_search->searchId(id);
    });
    connect(m_map, &VectorMapCard::deleteRequested, this, &VectorsPage::askDelete);
    for (auto* results : {&m_search->results(), &m_recommend->results()}) {
        connect(results, &VectorResults::storedRequested, this, &VectorsPage::showKeyOf);
        connect(results, &VectorResults::deleteRequested, this,
            [this](const std::string& id) { askDelete({id}); });
        connect(results, &VectorResults::currentIdChanged, this,
            [this](const std::string& id) { m_current = id; });
    }
}

// The list is looked at every few seconds: what it offers must not change under the hand for nothing.
void VectorsPage::refreshService()
{
    QString now = QStringLiteral("%1 %2 %3 %4 ")
                      .arg(int(m_feed.service()))
                      .arg(int(m_feed.listed()))
                      .arg(int(m_feed.embedder() != nullptr))
                      .arg(m_feed.indexes().size());
    now += QString::fromStdString(m_feed.serviceError().message);
    if (now != std::exchange(m_said, now))
        refreshAll();
}

void VectorsPage::setEmbedderSettings(const client::EmbedderSettings& settings)
{
    m_embedderForm->setSettings(settings);
}

void VectorsPage::setEmbedderProblem(const QString& problem)
{
    m_embedderForm->setProblem(problem);
    m_embedderForm->setVisible(!problem.isEmpty());
}

void VectorsPage::nameEmbedder()
{
    const auto& embedder = m_feed.embedder();
    m_embedder->setText(
        tr("Texts by: %1")
            .arg(embedder ? clippedLine(QString::fromStdString(embedder->name())).left(48) : tr("nothing")));
}

void VectorsPage::setTask(Task task) { m_tabs->setCurrentIndex(task); }

VectorsPage::Task VectorsPage::task() const { return Task(std::max(0, m_tabs->currentIndex())); }

void VectorsPage::searchWhenReady(const QString& text) { m_waiting = text; }

// Every task has its own index, until another one was looked at under it.
void VectorsPage::followTask()
{
    m_duplicating.setWatched(task() == Duplicates && isVisible());
    if (task() == Recommend)
        m_recommending.refreshUsers();
    chooseIndex();
    drawTask();
}

void VectorsPage::chooseIndex()
{
    if (m_feed.indexes().empty())
        return;
    for (const std::string& name : {m_indexOf[std::size_t(task())], ownIndex(task()), m_feed.chosen()}) {
        if (m_feed.index(name)) {
            if (name != m_feed.chosen())
                m_feed.choose(name);
            return;
        }
    }
    m_feed.choose(m_feed.indexes().front().name);
}

void VectorsPage::drawTask()
{
    switch (task()) {
    case Search:
        return m_map->showResult(m_searching.result());
    case Recommend:
        return m_map->showTastes(m_recommending.path(), m_recommending.trueMean(), m_recommending.list());
    default:
        return m_map->clearMarks();
    }
}

void VectorsPage::showNear(const std::string& id)
{
    m_current = id;
    if (task() == Recommend)
        m_recommend->setProduct(id);
    else if (task() == Search)
        m_search->results().setCurrentId(id);
    const auto& snapshot = m_feed.snapshot();
    if (const auto row = snapshot ? snapshot->find(id) : std::nullopt)
        m_searching.findNeighbours(*row, NearShown);
}

void VectorsPage::showKeyOf(const std::string& id)
{
    Q_EMIT keyActivated(models::toQt(client::vectorMetaKey(client::metaKindOf(m_feed.chosen()), id)));
}

void VectorsPage::askDelete(const std::vector<std::string>& ids)
{
    if (ids.empty() || readOnly())
        return;
    m_onConfirm = [this, ids] { m_feed.deleteVectors(ids, true); };
    m_confirm->ask(ids.size() == 1
            ? tr("Delete %1 and its metadata? It can be put back.").arg(idText(ids.front()))
            : tr("Delete %n vector(s) and their metadata? They can be put back.", nullptr, int(ids.size())),
        tr("Delete"), tr("Leave it"));
    m_confirm->show();
}

void VectorsPage::focusFilter()
{
    if (task() == Duplicates)
        m_duplicates->focusText();
    else
        setTask(Search);
    if (task() == Search)
        m_search->focusQuery();
}

void VectorsPage::toggleTable()
{
    m_map->toggleTable();
    if (task() == Search)
        m_search->toggleTable();
}

void VectorsPage::setReadOnly(bool readOnly)
{
    PatternPage::setReadOnly(readOnly);
    m_bar->setReadOnly(readOnly);
    m_map->setReadOnly(readOnly);
    m_search->results().setReadOnly(readOnly);
    m_recommend->setReadOnly(readOnly);
    m_duplicates->setReadOnly(readOnly);
    if (nothing())
        refreshAll(); // the actions it offers
}

bool VectorsPage::nothing() const { return m_feed.service() != Service::Offered || m_feed.indexes().empty(); }

void VectorsPage::sayNothing(EmptyState& empty)
{
    const QString server = QString::fromStdString(m_feed.connection().profile().name);
    if (m_feed.service() == Service::NotOffered) {
        empty.setContent(QStringLiteral("vectors"), tr("This server has no vector service"),
            tr("%1 does not answer vector calls: NoriKV ships them switched off. The same experiments run on "
               "the "
               "sandbox, with texts of their own.")
                .arg(server));
        auto* run = empty.addAction(tr("Run it on the sandbox"));
        run->setObjectName(QStringLiteral("runOnSandbox"));
        connect(run, &QPushButton::clicked, this,
            [this] { Q_EMIT scenarioRequested(QStringLiteral("vectors")); });
        return;
    }
    if (m_feed.service() == Service::Unknown) {
        const auto& error = m_feed.serviceError();
        const bool asked = error.kind != client::ErrorKind::Cancelled || !error.message.empty();
        if (!asked)
            return empty.setContent(QStringLiteral("vectors"), tr("Looking for a vector service …"),
                tr("Asking %1.").arg(server));
        empty.setContent(QStringLiteral("error"), tr("The vector service could not be asked"),
            models::errorText(error, tr("ask for vector indexes")).line());
        connect(
            empty.addAction(tr("Try again")), &QPushButton::clicked, &m_feed, &models::VectorFeed::refresh);
        return;
    }
    empty.setContent(QStringLiteral("vectors"), tr("No index yet"),
        tr("An index holds vectors of one length. The document's systems use four: documents, products, "
           "user_prefs and doc_fingerprints."));
    auto* systems = empty.addAction(tr("Create the document's indexes"));
    systems->setObjectName(QStringLiteral("createSystems"));
    systems->setEnabled(!readOnly() && m_feed.embedder());
    connect(systems, &QPushButton::clicked, &m_feed, &models::VectorFeed::createSystems);
    auto* create = empty.addAction(tr("New index…"));
    create->setEnabled(!readOnly());
    connect(create, &QPushButton::clicked, m_bar, &VectorIndexBar::newIndex);
}

QString VectorsPage::countText() const
{
    if (m_feed.service() != Service::Offered)
        return {};
    return tr("%n index(es)", nullptr, int(m_feed.indexes().size()))
        + (m_feed.listed() ? QString()
                           : tr(" · this server cannot list its indexes: only known ones are shown"));
}

QString VectorsPage::freshnessText() const { return {}; }

void VectorsPage::refreshContent()
{
    if (m_bar)
        m_bar->setVisible(m_feed.service() == Service::Offered);
}

void VectorsPage::showEvent(QShowEvent* event)
{
    m_feed.setWatched(true);
    PatternPage::showEvent(event);
    m_duplicating.setWatched(task() == Duplicates);
}

void VectorsPage::hideEvent(QHideEvent* event)
{
    PatternPage::hideEvent(event);
    m_feed.setWatched(false);
    m_duplicating.setWatched(false);
}

void VectorsPage::dragEnterEvent(QDragEnterEvent* event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile() && m_feed.index(m_feed.chosen()) && !readOnly())
        event->acceptProposedAction();
}

void VectorsPage::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    Q_EMIT importRequested(event->mimeData()->urls().front().toLocalFile());
}

QVariantMap VectorsPage::place() const
{
    QVariantMap place{{QStringLiteral("task"), int(task())}, {QStringLiteral("search"), m_search->place()},
        {QStringLiteral("map"), m_map->place()}};
    QStringList indexes;
    for (const std::string& name : m_indexOf)
        indexes << QString::fromStdString(client::printable(name));
    place.insert(QStringLiteral("indexes"), indexes);
    return place;
}

void VectorsPage::setPlace(const QVariantMap& place)
{
    const QStringList indexes = place.value(QStringLiteral("indexes")).toStringList();
    for (int i = 0; i < std::min(int(indexes.size()), int(Tasks)); ++i) {
        if (const auto name = client::fromPrintable(indexes[i].toStdString()))
            m_indexOf[std::size_t(i)] = *name;
    }
    m_search->setPlace(place.value(QStringLiteral("search")).toMap());
    m_map->setPlace(place.value(QStringLiteral("map")).toMap());
    m_tabs->setCurrentIndex(std::clamp(place.value(QStringLiteral("task")).toInt(), 0, int(Tasks) - 1));
}

QByteArray VectorsPage::currentKey() const
{
    return m_current.empty()
        ? QByteArray()
        : models::toQt(client::vectorMetaKey(client::metaKindOf(m_feed.chosen()), m_current));
}

QVariantMap VectorsPage::figures() const
{
    QVariantMap figures{{QStringLiteral("indexes"), qulonglong(m_feed.indexes().size())},
        {QStringLiteral("vectors"), qulonglong(m_feed.snapshot() ? m_feed.snapshot()->matrix.rows() : 0)}};
    if (const auto& result = m_searching.result()) {
        figures.insert(QStringLiteral("hits"), qulonglong(result->given));
        if (result->recall)
            figures.insert(QStringLiteral("recall"), *result->recall);
    }
    if (const auto& view = m_duplicating.view())
        figures.insert(QStringLiteral("pairs"), qulonglong(view->pairs.size()));
    return figures;
}

} // namespace norikv::widgets
