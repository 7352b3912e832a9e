// SPDX-License-Identifier: GPL-3.0-or-later
// P11 to P17: a million keys in our models, without a server. NORIKV_BENCH_KEYS sets another number.
#include "ceilings/proxylist.h"
#include "figure.h"
#include "guithread.h"

#include "models/keylistmodel.h"
#include "models/keysfeed.h"
#include "models/keytreemodel.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QScrollBar>
#include <QTreeView>

#include <chrono>
#include <cstdlib>
#include <random>

namespace norikv::bench {

namespace {

using namespace models;
using std::chrono::steady_clock;

double since(steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

std::size_t wanted(const Effort& effort)
{
    const char* number = std::getenv("NORIKV_BENCH_KEYS");
    return effort.count(number ? std::strtoull(number, nullptr, 10) : 1'000'000);
}

/// 16 bytes: 1,000 groups where `grouped`, else one flat range.
std::string keyOf(std::size_t i, bool grouped = true)
{
    const std::string digits = std::to_string(100'000'000'000 + i);
    return grouped ? "g:" + digits.substr(0, digits.size() - 3) + ':' + digits.substr(digits.size() - 3) + "k"
                   : "one:" + digits;
}

std::vector<std::unique_ptr<KeyChunk>> chunksOf(std::size_t count, bool grouped = true)
{
    std::vector<std::unique_ptr<KeyChunk>> chunks;
    std::mt19937 random(1);
    for (std::size_t i = 0; i < count;) {
        auto chunk = std::make_unique<KeyChunk>();
        for (; i < count && !chunk->full(); ++i) {
            const std::string key = keyOf(i, grouped);
            KeyRow row;
            row.key = key;
            row.version.index = random();
            row.size = static_cast<std::uint32_t>(random() % 1'000'000);
            row.expiresAtMs = i % 2 == 0 ? 0 : 1'700'000'000'000 + EpochMs(random());
            chunk->add(row);
        }
        chunk->seal();
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

/// A list of keys in a visible table.
struct List {
    SystemClock clock;
    std::shared_ptr<KeyStore> store = std::make_shared<KeyStore>();
    KeyView keys{store};
    KeyListModel model{keys};
    QTableView view;

    explicit List(std::size_t count, bool shown = true)
    {
        model.setContext({.clock = &clock});
        for (auto& chunk : chunksOf(count))
            keys.append(std::move(chunk));
        if (!shown)
            return;
        show();
    }
    void show()
    {
        view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        view.verticalHeader()->hide();
        view.setModel(&model);
        view.resize(1200, 800);
        view.show();
        spin(0.1);
    }
};

/// Tells a million keys and then what it is asked to; `vanishing`: asked again, it tells none.
struct MadeUp final : KeySource {
    explicit MadeUp(std::size_t keys, std::size_t perSecond = 0, bool vanishing = false)
        : count(keys)
        , changesPerSecond(perSecond)
        , vanishes(vanishing)
    {
    }
    client::Result<void> start(const KeyNewsSink& sink, const std::stop_token& stop) override
    {
        KeyNews news;
        news.kind = KeyNews::Kind::Begins;
        sink(std::move(news));
        for (auto& chunk : chunksOf(std::exchange(gone, vanishes) ? 0 : count)) {
            KeyNews rows;
            rows.kind = KeyNews::Kind::Rows;
            rows.rows = std::move(chunk);
            sink(std::move(rows));
        }
        KeyNews ends;
        ends.kind = KeyNews::Kind::Ends;
        ends.coverage = client::Coverage::Complete;
        sink(std::move(ends));
        std::mt19937 random(2);
        auto due = steady_clock::now();
        for (std::uint64_t version = 1; !stop.stop_requested(); ++version) {
            due += std::chrono::milliseconds(10);
            std::this_thread::sleep_until(due);
            KeyNews changes;
            for (std::size_t i = 0; i < changesPerSecond / 100; ++i) {
                KeyChange change;
                change.key = keyOf(random() % count);
                if (i % 4 == 1)
                    change.key += 'n'; // one in four comes or goes
                if (i % 8 == 5)
                    change.kind = KeyChange::Kind::Remove;
                change.row.version.index = version;
                changes.changes.push_back(std::move(change));
            }
            if (!sink(std::move(changes)))
                break;
        }
        return {};
    }
    const std::size_t count;
    const std::size_t changesPerSecond;
    const bool vanishes;
    bool gone = false;
};

/// A whole feed behind the visible table.
struct Loaded {
    SystemClock clock;
    Dispatcher dispatcher{2};
    KeysFeed feed;
    KeyListModel model;
    QTableView view;

    static std::vector<std::unique_ptr<KeySource>> source(
        std::size_t count, std::size_t perSecond, bool vanishing)
    {
        std::vector<std::unique_ptr<KeySource>> sources;
        sources.push_back(std::make_unique<MadeUp>(count, perSecond, vanishing));
        return sources;
    }
    explicit Loaded(std::size_t count, std::size_t perSecond = 0, bool vanishing = false)
        : feed(dispatcher, clock, source(count, perSecond, vanishing))
        , model(feed.view())
    {
        model.setContext({.clock = &clock});
        view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        view.verticalHeader()->hide();
        view.setModel(&model);
        view.resize(1200, 800);
        view.show();
        spinUntil([this] { return feed.state() == FeedState::Ready; });
    }
};

const QString needle = QStringLiteral("471");

/// The worker's part of a keystroke.
class FilterPass final : public Bench {
public:
    explicit FilterPass(const Effort& effort)
        : m_list(wanted(effort), false)
    {
        for (const KeyId id : m_list.store->order())
            m_bytes += m_list.store->key(id);
    }
    double ours() override
    {
        KeyFilter filter;
        filter.text = needle;
        const auto matcher = KeyMatcher::make(filter);
        const auto start = steady_clock::now();
        m_hits = matcher->select(*m_list.store, 0, {}).size();
        return since(start);
    }
    double ceiling() override { return memmemPassMs(m_bytes, needle.toStdString()); }
    std::string note() const override { return std::to_string(m_hits) + " keys match"; }

private:
    List m_list;
    std::string m_bytes;
    std::size_t m_hits = 0;
};

/// From a keystroke to the painted rows; `mainOnly`: what of it the GUI thread did itself.
class FilterShown final : public Bench {
public:
    FilterShown(const Effort& effort, bool mainOnly)
        : m_mainOnly(mainOnly)
        , m_loaded(wanted(effort))
    {
        if (m_mainOnly)
            return;
        std::vector<QString> keys;
        for (const KeyId id : m_loaded.feed.store().order())
            keys.push_back(QString::fromStdString(std::string(m_loaded.feed.store().key(id))));
        m_peer = std::make_unique<ProxyList>(std::move(keys));
    }
    double ours() override
    {
        const double there = change(needle);
        const double back = change({});
        return std::max(there, back);
    }
    double ceiling() override
    {
        if (m_mainOnly)
            return 10;
        const double there = m_peer->filterMs(needle);
        return std::max(there, m_peer->filterMs({}));
    }
    double ratio(double ours, double ceiling) const override
    {
        return m_mainOnly ? ours / ceiling : ceiling / ours;
    }

private:
    double change(const QString& text)
    {
        bool done = false;
        QObject context;
        QObject::connect(&m_loaded.feed, &KeysFeed::indexed, &context, [&] { done = true; });
        KeyFilter filter;
        filter.text = text;
        const double cpu = threadCpuMs();
        const auto start = steady_clock::now();
        m_loaded.feed.setFilter(filter);
        spinUntil([&] { return done; });
        m_loaded.view.viewport()->repaint();
        return m_mainOnly ? threadCpuMs() - cpu : since(start);
    }

    const bool m_mainOnly;
    Loaded m_loaded;
    std::unique_ptr<ProxyList> m_peer;
};

class Sort final : public Bench {
public:
    Sort(const Effort& effort, bool byKey)
        : m_byKey(byKey)
        , m_list(wanted(effort), false)
    {
        for (const KeyId id : m_list.store->order()) {
            m_numbers.push_back(m_list.store->valueSize(id));
            if (byKey)
                m_texts.emplace_back(m_list.store->key(id));
        }
        std::shuffle(m_texts.begin(), m_texts.end(), std::mt19937(3));
    }
    double ours() override
    {
        auto rows = m_list.store->order();
        const auto start = steady_clock::now();
        rows = sorted(
            *m_list.store, std::move(rows), {m_byKey ? KeyOrder::By::Key : KeyOrder::By::Size, true}, {});
        return since(start);
    }
    double ceiling() override { return m_byKey ? indexSortMs(m_texts) : indexSortMs(m_numbers); }

private:
    const bool m_byKey;
    List m_list;
    std::vector<std::uint32_t> m_numbers;
    std::vector<std::string> m_texts;
};

/// Paints pages of the long list and of one of 1,000 rows.
class Pages final : public Bench {
public:
    enum class What { Scroll, ScrollP99, Tick };
    Pages(const Effort& effort, What what)
        : m_what(what)
        , m_long(wanted(effort))
        , m_short(1000)
    {
    }
    double ours() override { return pages(m_long); }
    double ceiling() override { return m_what == What::ScrollP99 ? 8 : pages(m_short); }

private:
    double pages(List& list)
    {
        std::vector<double> times;
        std::mt19937 random(4);
        auto* bar = list.view.verticalScrollBar();
        for (int i = 0; i < 200; ++i) {
            const double start = threadCpuMs(); // all of it is this thread's, and other programs are not
            if (m_what == What::Tick) {
                const int top = list.view.rowAt(0);
                list.model.tick(top, std::max(top, list.view.rowAt(list.view.viewport()->height() - 1)));
            } else {
                bar->setValue(static_cast<int>(random() % static_cast<unsigned>(bar->maximum() + 1)));
            }
            list.view.viewport()->repaint();
            times.push_back(threadCpuMs() - start);
        }
        return percentile(std::move(times), m_what == What::ScrollP99 ? 0.99 : 0.5);
    }

    const What m_what;
    List m_long;
    List m_short;
};

/// Heap per key.
class Memory final : public Bench {
public:
    enum class Against { Raw, RawWithView, StandardItems };
    Memory(const Effort& effort, Against against)
        : m_against(against)
        , m_count(wanted(effort))
    {
    }
    double ours() override
    {
        const double before = heapInUse();
        List list(m_count, m_against == Against::RawWithView);
        if (list.store->size() != m_count)
            throw std::runtime_error("keys are missing");
        return (heapInUse() - before) / static_cast<double>(m_count);
    }
    double ceiling() override
    {
        constexpr double raw = 16 + 20;
        return m_against == Against::StandardItems ? standardItemBytes(static_cast<int>(m_count / 10)) : raw;
    }

private:
    const Against m_against;
    const std::size_t m_count;
};

/// A tree over all keys: 1,000 folders, or one with all of them.
class Tree final : public Bench {
public:
    enum class What { Show, Expand, Bytes };
    Tree(const Effort& effort, What what)
        : m_what(what)
        , m_count(wanted(effort))
    {
        for (auto& chunk : chunksOf(m_count, what != What::Expand))
            m_keys.append(std::move(chunk));
    }
    double ours() override
    {
        const double before = heapInUse();
        KeyTreeModel model(m_keys);
        if (m_what == What::Bytes)
            return (heapInUse() - before) / static_cast<double>(m_count);
        model.setContext({.clock = &m_clock});
        QTreeView view;
        view.setUniformRowHeights(true);
        view.resize(1200, 800);
        const double start = threadCpuMs();
        view.setModel(&model);
        view.show();
        QCoreApplication::processEvents();
        view.viewport()->repaint();
        if (m_what == What::Show)
            return threadCpuMs() - start;
        const double expanding = threadCpuMs();
        view.expand(model.index(0, 0));
        view.viewport()->repaint();
        return threadCpuMs() - expanding;
    }
    double ceiling() override { return m_what == What::Show ? 50 : m_what == What::Expand ? 60 : 1; }

private:
    const What m_what;
    const std::size_t m_count;
    SystemClock m_clock;
    std::shared_ptr<KeyStore> m_store = std::make_shared<KeyStore>();
    KeyView m_keys{m_store};
};

/// CPU of the GUI thread while 10,000 keys a second come, change and go in a visible list.
class LiveCost final : public Bench {
public:
    explicit LiveCost(const Effort& effort)
        : m_seconds(effort.seconds(2))
        , m_loaded(wanted(effort), 10'000)
    {
    }
    double ours() override
    {
        const double start = threadCpuMs();
        const auto late = stalls(m_seconds);
        m_worst = std::max(m_worst, percentile(late, 1));
        return (threadCpuMs() - start) / m_seconds / 10;
    }
    double ceiling() override { return 100; }
    std::string note() const override
    {
        return "worst stall " + std::to_string(std::lround(m_worst)) + " ms";
    }

private:
    const double m_seconds;
    Loaded m_loaded;
    double m_worst = 0;
};

/// The worst heartbeat while a fresh list, in which nothing of what is shown is left, takes its place.
class DropStall final : public Bench {
public:
    explicit DropStall(const Effort& effort)
        : m_seconds(effort.seconds(1))
        , m_count(wanted(effort))
    {
    }
    double ours() override
    {
        Loaded list(m_count, 0, true);
        list.feed.refresh();
        const auto ready = [&] { return list.feed.state() == FeedState::Ready; };
        const double compared = percentile(stallsUntil(ready), 1);
        const double removed = percentile(stallsUntil([&] { return list.feed.known() == 0; }), 1);
        m_note = "worst until compared " + std::to_string(std::lround(compared)) + " ms, until removed "
            + std::to_string(std::lround(removed)) + " ms; ratio = beyond the idle control / 40 ms";
        return std::max(compared, removed);
    }
    double ceiling() override { return percentile(stalls(m_seconds), 1); }
    double ratio(double ours, double ceiling) const override { return std::max(0.0, ours - ceiling) / 40; }
    std::string note() const override { return m_note; }

private:
    const double m_seconds;
    const std::size_t m_count;
    std::string m_note;
};

template <class T, class... Args>
Figure lower(const char* id, const char* name, double goal, const char* unit, Args... args)
{
    return {id, name, Better::Lower, goal, unit,
        [=](const Effort& effort) { return std::make_unique<T>(effort, args...); }};
}

} // namespace

std::vector<Figure> keyModelFigures()
{
    return {
        lower<FilterPass>("P11", "filter of 1M keys in the worker vs one memmem pass", 1.5, "ms"),
        {"P11-proxy", "keystroke to painted rows vs QSortFilterProxyModel", Better::Higher, 10, "ms",
            [](const Effort& effort) { return std::make_unique<FilterShown>(effort, false); }},
        lower<FilterShown>("P11-main", "main-thread time of a keystroke, of 10 ms", 1, "ms", true),
        lower<Sort>("P12", "sort 1M keys by number vs std::sort of the index", 1.2, "ms", false),
        lower<Sort>("P12-key", "the same by key, descending", 1.2, "ms", true),
        lower<Pages>("P13", "scroll and paint a page, 1M rows vs 1k", 1.2, "ms", Pages::What::Scroll),
        lower<Pages>("P13-p99", "p99 of the same at 1M rows, of 8 ms", 1, "ms", Pages::What::ScrollP99),
        lower<Pages>("P14", "countdown tick and repaint, 1M rows vs 1k", 1.2, "ms", Pages::What::Tick),
        lower<Memory>("P15", "heap per key with its index vs key + 20 B", 1.5, "B", Memory::Against::Raw),
        lower<Memory>("P15-view", "the same with an attached view", 2.4, "B", Memory::Against::RawWithView),
        lower<Memory>(
            "P16", "heap per key vs QStandardItemModel", 1.0 / 15, "B", Memory::Against::StandardItems),
        lower<Tree>("P17", "show a tree of 1M keys, of 50 ms", 1, "ms", Tree::What::Show),
        lower<Tree>("P17-expand", "expand a folder of 1M keys, of 60 ms", 1, "ms", Tree::What::Expand),
        lower<Tree>("P17-leaf", "heap per key of folders never opened, of 1 B", 0.2, "B", Tree::What::Bytes),
        lower<DropStall>("P10-drop", "worst GUI stall while a fresh list drops 1M keys, of 40 ms", 1, "ms"),
        lower<LiveCost>("P10-live", "main-thread CPU at 10k changes/s on 1M keys", 0.5, "% of a core"),
    };
}

} // namespace norikv::bench
