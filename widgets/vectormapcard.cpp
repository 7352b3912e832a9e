// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectormapcard.h"

#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/plots/vectormap.h"
#include "widgets/progressstrip.h"
#include "widgets/theme.h"
#include "widgets/vectorwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace norikv::widgets {

namespace {

constexpr std::size_t MostGroups = 21; // that look different

/// Names of groups, the largest first; the point's group by its index.
struct Grouping {
    std::vector<std::uint16_t> groups;
    QStringList names;
};

Grouping byTheme(const models::VectorPicture& picture)
{
    std::map<std::string, std::size_t> sizes;
    for (const std::uint32_t row : picture.rows)
        ++sizes[picture.snapshot->metas[row].theme];
    std::vector<std::pair<std::string, std::size_t>> order(sizes.begin(), sizes.end());
    std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
        return a.first.empty() != b.first.empty() ? b.first.empty() : a.second > b.second;
    });
    Grouping grouping;
    std::map<std::string, std::uint16_t> numbers;
    for (const auto& [theme, size] : order) {
        numbers[theme] = static_cast<std::uint16_t>(std::min(grouping.names.size(), qsizetype(MostGroups)));
        if (std::size_t(grouping.names.size()) <= MostGroups)
            grouping.names << clippedLine(QString::fromStdString(theme.substr(0, 64)));
    }
    for (const std::uint32_t row : picture.rows)
        grouping.groups.push_back(numbers[picture.snapshot->metas[row].theme]);
    return grouping;
}

Grouping byCluster(const models::VectorPicture& picture)
{
    Grouping grouping;
    grouping.groups = picture.clusters;
    for (std::size_t i = 0; i < picture.clusterCount; ++i)
        grouping.names << VectorMapCard::tr("cluster %1").arg(i + 1);
    return grouping;
}

} // namespace

VectorMapCard::VectorMapCard(
    models::VectorFeed& vectors, models::VectorMapFeed& feed, const Theme& theme, QWidget* parent)
    : Card(tr("Map"), parent)
    , m_vectors(vectors)
    , m_feed(feed)
    , m_map(new plots::VectorMap)
    , m_table(new ChartWithTable(m_map, theme))
    , m_progress(new ProgressStrip)
    , m_words(makeLabel(QString(), "caption"))
{
    setObjectName(QStringLiteral("vectorMapCard"));
    auto* fit = new QPushButton(tr("All"));
    fit->setObjectName(QStringLiteral("mapFit"));
    fit->setToolTip(tr("Shows all points (0, or a double click on nothing)"));
    setStyleRole(fit, "quiet");
    addTrailing(fit);
    addTrailing(m_table->button());
    followTheme(*m_map, theme);
    m_map->setWords([this](int point) { return describe(point); },
        {tr("id"), tr("title"), tr("theme"), tr("kept neighbours"), tr("marked")},
        [this](int point) { return row(point); });
    auto* content = contentLayout();
    content->setContentsMargins(12, 4, 12, 10);
    content->setSpacing(6);
    content->addWidget(makeControls());
    content->addWidget(m_table, 1);
    content->addWidget(m_progress);
    m_chosenBox = new QWidget;
    auto* chosen = new QHBoxLayout(m_chosenBox);
    chosen->setContentsMargins(0, 0, 0, 0);
    m_chosenWords = makeLabel(QString());
    m_chosenWords->setObjectName(QStringLiteral("mapChosen"));
    auto* release = new QPushButton(tr("Let go"));
    release->setObjectName(QStringLiteral("mapRelease"));
    m_delete = new QPushButton(tr("Delete them…"));
    m_delete->setObjectName(QStringLiteral("mapDelete"));
    setStyleRole(m_delete, "danger");
    chosen->addWidget(m_chosenWords, 1);
    chosen->addWidget(release);
    chosen->addWidget(m_delete);
    content->addWidget(m_chosenBox);
    m_nearBox = new QWidget;
    auto* near = new QHBoxLayout(m_nearBox);
    near->setContentsMargins(0, 0, 0, 0);
    m_nearWords = new ElidedLabel;
    m_nearWords->setObjectName(QStringLiteral("mapNear"));
    auto* search = new QPushButton(tr("Search with it"));
    search->setObjectName(QStringLiteral("mapSearch"));
    near->addWidget(m_nearWords, 1);
    near->addWidget(search);
    m_nearBox->hide();
    content->addWidget(m_nearBox);
    m_words->setObjectName(QStringLiteral("mapWords"));
    m_words->setWordWrap(true);
    content->addWidget(m_words);

    connect(fit, &QPushButton::clicked, m_map, &plots::VectorMap::fit);
    connect(release, &QPushButton::clicked, this, [this] {
        m_map->setChosen({});
        refreshChosen();
    });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        std::vector<std::string> ids;
        for (const int point : m_map->chosen())
            ids.push_back(idOf(point));
        Q_EMIT deleteRequested(ids);
    });
    connect(search, &QPushButton::clicked, this, [this] {
        if (!m_marks.neighbours.empty())
            Q_EMIT similarRequested(m_marks.neighbours.front());
    });
    connect(m_map, &plots::VectorMap::chosenChanged, this, &VectorMapCard::refreshChosen);
    connect(m_map, &plots::VectorMap::pointActivated, this,
        [this](int point) { Q_EMIT idActivated(idOf(point)); });
    connect(m_progress, &ProgressStrip::cancelled, &feed, &models::VectorMapFeed::cancel);
    connect(&feed, &models::VectorMapFeed::pictureChanged, this, &VectorMapCard::refreshPoints);
    connect(&feed, &models::VectorMapFeed::progressChanged, this, &VectorMapCard::refreshWords);
    connect(&vectors, &models::VectorFeed::loadChanged, this, &VectorMapCard::refreshWords);
    connect(&vectors, &models::VectorFeed::chosenChanged, this, [this] {
        clearMarks();
        refreshPoints();
    });
    connect(&feed, &models::VectorMapFeed::placed, this,
        [this](int tag, const std::vector<models::VectorMapFeed::Place>& places) {
            if (tag == Path)
                m_pathPlaces = places;
            else if (!places.empty())
                (tag == Query ? m_queryPlace : m_aimPlace) = places.front();
            refreshMarks();
        });
    refreshPoints();
}

QWidget* VectorMapCard::makeControls()
{
    auto* box = new QWidget;
    auto* flow = new FlowLayout(8, 6);
    box->setLayout(flow);
    m_layout = new QComboBox;
    m_layout->setObjectName(QStringLiteral("mapLayout"));
    m_layout->setAccessibleName(tr("Layout"));
    m_layout->addItem(tr("Overview (PCA)"), int(models::VectorPicture::Layout::Pca));
    m_layout->addItem(tr("Neighbourhoods"), int(models::VectorPicture::Layout::Neighbours));
    m_layout->setToolTip(
        tr("Overview: the plane in which the vectors spread most; at once, but it squeezes "
           "many dimensions into two. Neighbourhoods: near points stay near; takes longer."));
    m_colour = new QComboBox;
    m_colour->setObjectName(QStringLiteral("mapColour"));
    m_colour->setAccessibleName(tr("Colours"));
    m_colour->addItem(tr("Colour: theme"), int(ColourBy::Theme));
    m_colour->addItem(tr("Colour: cluster"), int(ColourBy::Cluster));
    m_colour->addItem(tr("Colour: trust"), int(ColourBy::Trust));
    m_colour->setToolTip(tr("Theme comes from the metadata, clusters are found here. Trust: how many of a "
                            "point's ten true neighbours are near it in this picture."));
    m_trusted = new QCheckBox(tr("Only trusted"));
    m_trusted->setObjectName(QStringLiteral("mapTrusted"));
    m_trusted->setToolTip(
        tr("Fades points of which this picture keeps less than half of the true neighbours"));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_layout, m_colour, m_trusted})
        flow->addWidget(widget);
    connect(m_layout, &QComboBox::currentIndexChanged, this,
        [this] { m_feed.setLayout(models::VectorPicture::Layout(m_layout->currentData().toInt())); });
    connect(m_colour, &QComboBox::currentIndexChanged, this, &VectorMapCard::refreshPoints);
    connect(m_trusted, &QCheckBox::toggled, this,
        [this](bool only) { m_map->setLeastTrust(only ? plots::VectorMap::Trusted : 0); });
    return box;
}

void VectorMapCard::showResult(std::shared_ptr<const models::VectorResult> result)
{
    Marks marks;
    if (result) {
        marks.query = result->vector;
        for (const auto& hit : result->hits)
            (hit.missed() ? marks.missed : marks.results).push_back(hit.id);
    }
    setMarks(std::move(marks));
}

void VectorMapCard::showTastes(const std::vector<std::vector<float>>& path,
    const std::optional<std::vector<float>>& trueMean, const std::vector<models::Recommended>& list)
{
    Marks marks;
    marks.path = path;
    if (trueMean)
        marks.aim = *trueMean;
    for (const auto& item : list)
        marks.results.push_back(item.id);
    setMarks(std::move(marks));
}

void VectorMapCard::showPair(const std::string& a, const std::string& b)
{
    Marks marks;
    if (!a.empty())
        marks.neighbours = {a, b};
    setMarks(std::move(marks));
}

void VectorMapCard::showNeighbours(const std::string& of, const std::vector<std::string>& near)
{
    Marks marks;
    marks.neighbours = near;
    marks.neighbours.insert(marks.neighbours.begin(), of);
    QStringList names;
    for (const std::string& id : near)
        names << nameOf(id);
    setMarks(std::move(marks));
    m_nearWords->setText(tr("Nearest to %1: %2").arg(nameOf(of), names.join(QStringLiteral(", "))));
    m_nearBox->show();
}

QString VectorMapCard::nameOf(const std::string& id) const
{
    const auto& snapshot = m_vectors.snapshot();
    const auto row = snapshot ? snapshot->find(id) : std::nullopt;
    return row ? titleOf(id, snapshot->metas[*row]) : idText(id);
}

void VectorMapCard::clearMarks() { setMarks({}); }

void VectorMapCard::setMarks(Marks marks)
{
    m_marks = std::move(marks);
    m_nearBox->setVisible(m_nearBox->isVisibleTo(this) && !m_marks.neighbours.empty());
    m_queryPlace.reset();
    m_aimPlace.reset();
    m_pathPlaces.clear();
    if (!m_marks.query.empty())
        m_feed.place(Query, {m_marks.query});
    if (!m_marks.path.empty())
        m_feed.place(Path, m_marks.path);
    if (!m_marks.aim.empty())
        m_feed.place(Aim, {m_marks.aim});
    refreshMarks();
}

void VectorMapCard::toggleTable() { m_table->button()->toggle(); }

void VectorMapCard::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refreshChosen();
}

int VectorMapCard::pointOf(const std::string& id) const
{
    if (!m_picture)
        return -1;
    const auto row = m_picture->snapshot->find(id);
    if (!row)
        return -1;
    const auto at = std::ranges::lower_bound(m_picture->rows, static_cast<std::uint32_t>(*row));
    return at != m_picture->rows.end() && *at == *row ? int(at - m_picture->rows.begin()) : -1;
}

std::string VectorMapCard::idOf(int point) const
{
    return m_picture && std::size_t(point) < m_picture->rows.size()
        ? m_picture->snapshot->matrix.ids[m_picture->rows[std::size_t(point)]]
        : std::string();
}

void VectorMapCard::refreshPoints()
{
    // A picture of the index before must not stand under the name of this one.
    const auto& made = m_feed.picture();
    m_picture = made && made->snapshot && made->snapshot->index.name == m_vectors.chosen() ? made : nullptr;
    const auto by = ColourBy(m_colour->currentData().toInt());
    auto points = std::make_shared<plots::MapPoints>();
    if (m_picture) {
        const std::size_t count = m_picture->rows.size();
        points->xy.reserve(2 * count);
        for (std::size_t i = 0; i < count; ++i) {
            points->xy.push_back(m_picture->x[i]);
            points->xy.push_back(m_picture->y[i]);
        }
        points->trust = m_picture->trust;
        auto grouping = by == ColourBy::Cluster ? byCluster(*m_picture) : byTheme(*m_picture);
        points->groups = std::move(grouping.groups);
        points->groupNames = std::move(grouping.names);
    }
    m_map->setColour(by == ColourBy::Trust ? plots::MapColour::Trust : plots::MapColour::Groups);
    m_map->setPoints(std::move(points));
    // Places belong to the picture they were asked for.
    if (m_picture)
        setMarks(std::move(m_marks));
    refreshWords();
    refreshChosen();
    m_table->refresh();
}

void VectorMapCard::refreshMarks()
{
    plots::MapMarks marks;
    const auto points = [this](const std::vector<std::string>& ids) {
        std::vector<int> found;
        for (const std::string& id : ids)
            found.push_back(pointOf(id));
        return found;
    };
    marks.results = points(m_marks.results);
    marks.missed = points(m_marks.missed);
    marks.neighbours = points(m_marks.neighbours);
    const auto place
        = [](const models::VectorMapFeed::Place& at) { return QPointF(double(at.x), double(at.y)); };
    if (m_queryPlace && m_queryPlace->known)
        marks.query = place(*m_queryPlace);
    if (m_aimPlace && m_aimPlace->known)
        marks.aim = place(*m_aimPlace);
    for (const auto& at : m_pathPlaces) {
        if (at.known)
            marks.path.push_back(place(at));
    }
    m_map->setMarks(std::move(marks));
    m_table->refresh();
}

void VectorMapCard::refreshWords()
{
    const auto& progress = m_feed.progress();
    if (progress.running)
        m_progress->showProgress(progress.what, progress.share);
    else
        m_progress->done();
    const QSignalBlocker quiet(m_layout); // cancelling leads back to the overview
    m_layout->setCurrentIndex(std::max(0, m_layout->findData(int(m_feed.layout()))));
    if (!m_picture) {
        setSubtitle({});
        m_map->setNothing(m_vectors.chosen().empty()                   ? tr("Choose an index")
                : m_vectors.load().state == models::FeedState::Loading ? tr("Reading the vectors …")
                                                                       : tr("No vectors to draw"));
        m_words->clear();
        return;
    }
    const std::size_t rows = m_picture->snapshot->matrix.rows();
    const std::size_t drawn = m_picture->rows.size();
    setSubtitle(drawn < rows ? tr("a sample of %1 of %2").arg(drawn).arg(rows)
                             : tr("%n vector(s)", nullptr, int(drawn)));
    QStringList words;
    if (m_picture->layout == models::VectorPicture::Layout::Pca)
        words << tr("The two axes carry %1 % of the spread.").arg(qRound(m_picture->explained * 100));
    if (m_picture->meanTrust >= 0)
        words << tr(
            "%1 % of the true neighbours are near each other here; points with a rim keep less than half.")
                     .arg(qRound(m_picture->meanTrust * 100));
    words << tr("Distances in lists are those of the vectors themselves.");
    m_words->setText(words.join(QLatin1Char(' ')));
}

void VectorMapCard::refreshChosen()
{
    const int count = int(m_map->chosen().size());
    m_chosenBox->setVisible(count > 0);
    m_chosenWords->setText(tr("%n chosen", nullptr, count));
    m_delete->setEnabled(!m_readOnly);
    m_table->refresh();
}

QString VectorMapCard::describe(int point) const
{
    if (!m_picture || std::size_t(point) >= m_picture->rows.size())
        return {};
    const auto row = m_picture->rows[std::size_t(point)];
    const auto& meta = m_picture->snapshot->metas[row];
    const std::string& id = m_picture->snapshot->matrix.ids[row];
    QString text = titleOf(id, meta);
    if (text != idText(id))
        text += QStringLiteral(" · ") + idText(id);
    if (!meta.theme.empty())
        text += QLatin1Char('\n') + clippedLine(QString::fromStdString(meta.theme.substr(0, 64)));
    if (m_picture->trust.size() > std::size_t(point) && m_picture->trust[std::size_t(point)] >= 0)
        text += QLatin1Char('\n')
            + tr("%1 of its 10 true neighbours are near it here")
                  .arg(qRound(m_picture->trust[std::size_t(point)] * 10));
    return text;
}

QStringList VectorMapCard::row(int point) const
{
    if (!m_picture || std::size_t(point) >= m_picture->rows.size())
        return {};
    const auto row = m_picture->rows[std::size_t(point)];
    const auto& meta = m_picture->snapshot->metas[row];
    const std::string& id = m_picture->snapshot->matrix.ids[row];
    const bool known
        = m_picture->trust.size() > std::size_t(point) && m_picture->trust[std::size_t(point)] >= 0;
    const auto has
        = [&id](const std::vector<std::string>& ids) { return std::ranges::find(ids, id) != ids.end(); };
    const QString marked = has(m_marks.results) ? tr("result")
        : has(m_marks.missed)                   ? tr("missed")
        : has(m_marks.neighbours)               ? tr("neighbour")
                                                : QString();
    return {idText(id), titleOf(id, meta), clippedLine(QString::fromStdString(meta.theme.substr(0, 64))),
        known ? QString::number(qRound(m_picture->trust[std::size_t(point)] * 10)) : QString(), marked};
}

QVariantMap VectorMapCard::place() const
{
    return {{QStringLiteral("layout"), m_layout->currentIndex()},
        {QStringLiteral("colour"), m_colour->currentIndex()}};
}

void VectorMapCard::setPlace(const QVariantMap& place)
{
    m_layout->setCurrentIndex(
        std::clamp(place.value(QStringLiteral("layout")).toInt(), 0, m_layout->count() - 1));
    m_colour->setCurrentIndex(
        std::clamp(place.value(QStringLiteral("colour")).toInt(), 0, m_colour->count() - 1));
}

} // namespace norikv::widgets
