// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cachepage.h"

#include "client/limits.h"
#include "models/text.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/declaredtimes.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/emptystate.h"
#include "widgets/hitstrip.h"
#include "widgets/plaintext.h"
#include "widgets/plots/chartlegend.h"
#include "widgets/tables.h"
#include "widgets/ttlcurve.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::CacheFeed;
using models::CacheModel;

CachePage::CachePage(CacheFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("cachePage"), tr("Cache"), QStringLiteral("cache"), QString(), QString(), QString()},
        parent)
    , m_feed(feed)
{
    m_sorted.setSourceModel(&feed.model());
    m_sorted.setSortRole(models::SortRole);
    m_sorted.sort(CacheModel::Used);
    top().addWidget(makeBar());
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(10);
    column->addWidget(makeCharts());
    column->addWidget(makeEntries(), 1);
    column->addWidget(makeStampede());
    setContent(content);
    connect(&feed, &CacheFeed::stampeded, this, &CachePage::say);
    connect(&feed, &CacheFeed::acted, this,
        [this] { m_stampede->setEnabled(!m_feed.stampeding() && m_table->currentIndex().isValid()); });
    refreshAll();
}

QWidget* CachePage::makeBar()
{
    auto* box = new QFrame;
    setStyleRole(box, "card");
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(8);
    m_key = new QLineEdit;
    m_key->setObjectName(QStringLiteral("cacheKey"));
    m_key->setPlaceholderText(tr("Key, e.g. user:123"));
    m_key->setAccessibleName(tr("Key"));
    m_value = new QLineEdit;
    m_value->setObjectName(QStringLiteral("cacheValue"));
    m_value->setPlaceholderText(tr("Value to write"));
    m_value->setAccessibleName(tr("Value to write"));
    auto* get = new QPushButton(tr("Get"));
    get->setObjectName(QStringLiteral("cacheGet"));
    setStyleRole(get, "primary");
    m_put = new QPushButton(tr("Put"));
    m_put->setObjectName(QStringLiteral("cachePut"));
    m_put->setToolTip(tr("Writes to the server, then to the cache"));
    m_delete = new QPushButton(tr("Delete"));
    m_delete->setObjectName(QStringLiteral("cacheDelete"));
    setStyleRole(m_delete, "danger");
    row->addWidget(m_key, 2);
    row->addWidget(get);
    row->addWidget(m_value, 2);
    row->addWidget(m_put);
    row->addWidget(m_delete);
    const auto read = [this] {
        if (const auto key = typedKey())
            m_feed.get(*key);
    };
    connect(get, &QPushButton::clicked, this, read);
    connect(m_key, &QLineEdit::returnPressed, this, read);
    connect(m_put, &QPushButton::clicked, this, [this] {
        if (const auto key = typedKey())
            m_feed.put(*key, m_value->text().toStdString());
    });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        if (const auto key = typedKey())
            m_feed.remove(*key);
    });
    return box;
}

QWidget* CachePage::makeCharts()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    using Entry = plots::LegendEntry;
    const auto legend = [this](Card& card, std::vector<Entry> entries) {
        auto* made = new plots::ChartLegend(std::move(entries));
        followTheme(*made, m_theme);
        card.addTrailing(made);
    };
    auto* reads = new Card(tr("Reads"));
    legend(*reads,
        {{Entry::Mark::Bar, 2, tr("hits")}, {Entry::Mark::Bar, -1, tr("stale")},
            {Entry::Mark::Bar, 0, tr("misses")}});
    m_strip = new HitStrip(m_theme);
    reads->contentLayout()->addWidget(m_strip, 1);
    auto* what = new Card(tr("If the TTL were"));
    legend(*what, {{Entry::Mark::Line, 0, tr("server reads/s")}, {Entry::Mark::Line, -1, tr("stale")}});
    m_curve = new TtlCurve(m_theme);
    what->contentLayout()->addWidget(m_curve, 1);
    row->addWidget(reads, 3);
    row->addWidget(what, 2);
    return box;
}

QWidget* CachePage::makeEntries()
{
    auto* card = new Card(tr("Entries"));
    m_ttl = new QComboBox;
    m_ttl->setObjectName(QStringLiteral("cacheTtl"));
    m_ttl->setAccessibleName(tr("Time to live"));
    m_ttl->setToolTip(tr("How long an entry answers without asking the server"));
    for (const std::uint64_t ms : {1000ULL, 5000ULL, 20'000ULL, 60'000ULL, 300'000ULL, 3'600'000ULL})
        m_ttl->addItem(tr("TTL %1").arg(durationWords(ms)), qulonglong(ms));
    m_size = new QSpinBox;
    m_size->setObjectName(QStringLiteral("cacheSize"));
    m_size->setAccessibleName(tr("Most entries"));
    m_size->setRange(1, 100'000);
    m_size->setSuffix(tr(" entries"));
    m_single = new QCheckBox(tr("Single flight"));
    m_single->setObjectName(QStringLiteral("cacheSingle"));
    m_single->setToolTip(tr("Readers who miss one key at the same moment wait for one read of the server"));
    m_invalidate = new QPushButton(tr("Invalidate"));
    m_invalidate->setObjectName(QStringLiteral("invalidate"));
    auto* all = new QPushButton(tr("Invalidate all"));
    all->setObjectName(QStringLiteral("invalidateAll"));
    for (QWidget* tool : std::initializer_list<QWidget*>{m_ttl, m_size, m_single, m_invalidate, all})
        card->addTrailing(tool);
    card->contentLayout()->setContentsMargins(0, 0, 0, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("cacheTable"));
    m_table->setModel(&m_sorted);
    styleTable(*m_table);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(CacheModel::Used, Qt::AscendingOrder);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Cached entries"));
    m_table->setItemDelegateForColumn(CacheModel::Key, new MonoDelegate(m_table));
    auto* numbers = new NumberDelegate(m_table);
    for (const int column :
        {CacheModel::Used, CacheModel::Hits, CacheModel::Age, CacheModel::EndsIn, CacheModel::Size})
        m_table->setItemDelegateForColumn(column, numbers);
    m_table->setItemDelegateForColumn(
        CacheModel::State, new OutcomeDelegate(m_theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(CacheModel::Key, QHeaderView::Stretch);
    header->resizeSection(CacheModel::Used, 56);
    header->resizeSection(CacheModel::Hits, 64);
    header->resizeSection(CacheModel::Age, 92);
    header->resizeSection(CacheModel::EndsIn, 92);
    header->resizeSection(CacheModel::Size, 70);
    header->resizeSection(CacheModel::Versions, 132);
    header->resizeSection(CacheModel::State, 168);
    card->contentLayout()->addWidget(m_table, 1);

    connect(m_ttl, &QComboBox::activated, this, &CachePage::applyOptions);
    connect(m_size, &QSpinBox::valueChanged, this, &CachePage::applyOptions);
    connect(m_single, &QCheckBox::toggled, this, &CachePage::applyOptions);
    connect(m_invalidate, &QPushButton::clicked, this, [this] {
        if (const auto key = current(); !key.empty())
            m_feed.invalidate(key);
    });
    connect(all, &QPushButton::clicked, this, [this] { m_feed.invalidateAll(); });
    connect(m_table, &QTableView::activated, this,
        [this](const QModelIndex& row) { Q_EMIT keyActivated(row.data(models::KeyRole).toByteArray()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            m_invalidate->setEnabled(row.isValid());
            m_stampede->setEnabled(row.isValid() && !m_feed.stampeding());
        });
    return card;
}

QWidget* CachePage::makeStampede()
{
    auto* box = new QFrame;
    setStyleRole(box, "card");
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(8);
    auto* title = makeLabel(tr("Stampede"));
    setStyleRole(title, "cardTitle");
    row->addWidget(title);
    m_readers = new QSpinBox;
    m_readers->setObjectName(QStringLiteral("stampedeReaders"));
    m_readers->setAccessibleName(tr("Readers"));
    m_readers->setRange(1, 64);
    m_readers->setValue(32);
    m_readers->setSuffix(tr(" readers"));
    row->addWidget(m_readers);
    m_stampede = new QPushButton(tr("Expire the chosen key"));
    m_stampede->setObjectName(QStringLiteral("stampede"));
    m_stampede->setToolTip(
        tr("In caches of its own; nothing is written. All readers miss at the same moment"));
    m_stampede->setEnabled(false);
    row->addWidget(m_stampede);
    m_verdict = makeLabel(tr("What reaches the server when a popular entry ends?"), "muted");
    m_verdict->setObjectName(QStringLiteral("stampedeVerdict"));
    m_verdict->setWordWrap(true);
    row->addWidget(m_verdict, 1);
    connect(m_stampede, &QPushButton::clicked, this, [this] {
        if (const auto key = current(); !key.empty()) {
            m_stampede->setEnabled(false);
            m_feed.stampede(key, m_readers->value());
        }
    });
    return box;
}

void CachePage::say(const client::demo::StampedeResult& result)
{
    const auto ms
        = [](std::chrono::microseconds took) { return QString::number(double(took.count()) / 1000, 'f', 1); };
    m_stampede->setEnabled(true);
    m_verdict->setText(
        tr("%1 readers: %2 reads reached the server (longest wait %3 ms); with single flight %4 (%5 ms).")
            .arg(result.each.readers)
            .arg(result.each.serverReads)
            .arg(ms(result.each.longest))
            .arg(result.together.serverReads)
            .arg(ms(result.together.longest)));
}

void CachePage::setReadOnly(bool readOnly)
{
    PatternPage::setReadOnly(readOnly);
    for (auto* button : {m_put, m_delete})
        button->setEnabled(!readOnly);
}

void CachePage::applyOptions()
{
    if (m_syncing)
        return;
    client::CacheOptions options = m_feed.options();
    options.ttlMs = m_ttl->currentData().toULongLong();
    options.maxEntries = std::size_t(m_size->value());
    options.singleFlight = m_single->isChecked();
    m_feed.setOptions(options);
}

std::optional<client::Bytes> CachePage::typedKey() const
{
    auto key = client::fromPrintable(m_key->text().toStdString());
    if (!key || key->empty() || key->size() > client::MaxKeyBytes)
        return std::nullopt;
    return key;
}

client::Bytes CachePage::current() const
{
    const QModelIndex row = m_table->currentIndex();
    return row.isValid() ? models::fromQt(row.data(models::KeyRole).toByteArray()) : client::Bytes();
}

void CachePage::focusFilter() { m_key->setFocus(Qt::ShortcutFocusReason); }

void CachePage::sayNothing(EmptyState& empty)
{
    empty.setContent(QStringLiteral("cache"), tr("Nothing cached yet"),
        tr("This is the document's write-through cache, hosted here. Get a key above, and watch its age and "
           "whether the "
           "server still has the same."));
    auto* first = empty.addAction(tr("Type a key"));
    connect(first, &QPushButton::clicked, this, &CachePage::focusFilter);
}

QString CachePage::countText() const
{
    const auto& stats = m_feed.stats();
    QString text = tr("%n entry(s)", nullptr, int(stats.size));
    if (const auto ratio = stats.hitRatio())
        text += tr(" · %1 % hits").arg(QString::number(*ratio * 100, 'f', 0));
    if (stats.staleHits > 0)
        text += tr(" · %1 stale answers").arg(models::grouped(stats.staleHits));
    if (stats.evictions > 0)
        text += tr(" · %1 evicted").arg(models::grouped(stats.evictions));
    return text;
}

QString CachePage::freshnessText() const { return tr(" · compared with the server every second"); }

void CachePage::refreshContent()
{
    if (!m_table)
        return;
    m_strip->setSeconds(m_feed.seconds());
    const client::CacheOptions options = m_feed.options();
    m_curve->setPoints(m_feed.curve(), options.ttlMs);
    const bool nested = std::exchange(m_syncing, true);
    int place = m_ttl->findData(qulonglong(options.ttlMs));
    if (place < 0) {
        m_ttl->addItem(tr("TTL %1").arg(durationWords(options.ttlMs)), qulonglong(options.ttlMs));
        place = m_ttl->count() - 1;
    }
    m_ttl->setCurrentIndex(place);
    if (!m_size->hasFocus())
        m_size->setValue(int(options.maxEntries));
    m_single->setChecked(options.singleFlight);
    m_syncing = nested;
    if (!m_table->currentIndex().isValid() && m_sorted.rowCount() > 0)
        m_table->setCurrentIndex(m_sorted.index(0, 0));
}

QVariantMap CachePage::figures() const
{
    const auto& stats = m_feed.stats();
    return {{QStringLiteral("entries"), qulonglong(stats.size)},
        {QStringLiteral("hits"), qulonglong(stats.hits)},
        {QStringLiteral("misses"), qulonglong(stats.misses)},
        {QStringLiteral("stale_hits"), qulonglong(stats.staleHits)},
        {QStringLiteral("evictions"), qulonglong(stats.evictions)}};
}

} // namespace norikv::widgets
