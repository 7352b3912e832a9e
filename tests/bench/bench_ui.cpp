// SPDX-License-Identifier: GPL-3.0-or-later
// P8, P9: results on their way to the GUI thread; P21: points on their way to the screen. Offscreen.
#include "figure.h"
#include "guithread.h"

#include "models/dispatcher.h"
#include "widgets/plots/mapview.h"
#include "widgets/plots/scatterimage.h"

#include <QAbstractTableModel>
#include <QPainter>
#include <QTableView>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>

namespace norikv::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// As in the other figures: a key of 16 bytes and a value of 100.
struct Entry {
    std::size_t row = 0;
    QByteArray key;
    QByteArray value;
};
using Queue = models::ChunkQueue<Entry>;

constexpr std::size_t rows = 10'000;

QByteArray keyOf(std::size_t i)
{
    return "bench:" + QByteArray::number(qulonglong(1'000'000'000 + i % rows));
}

/// A page's model as far as it matters here: each result replaces its row.
class Rows final : public QAbstractTableModel {
public:
    void update(Entry&& entry)
    {
        m_entries[entry.row] = std::move(entry);
        ++m_updates;
    }
    std::size_t updates() const { return m_updates; }
    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(rows); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 2; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DisplayRole)
            return {};
        const auto& entry = m_entries[static_cast<std::size_t>(index.row())];
        return QString::fromLatin1(index.column() == 0 ? entry.key : entry.value.left(32));
    }

private:
    std::vector<Entry> m_entries = std::vector<Entry>(rows);
    std::size_t m_updates = 0;
};

/// Makes `perSecond` results a second, in one portion every millisecond, on a thread of its own.
class Producer {
public:
    using Hand = std::function<void(std::vector<Entry>)>;
    Producer(std::size_t perSecond, Hand hand)
        : m_thread([perSecond, hand = std::move(hand)](const std::stop_token& stop) {
            std::size_t made = 0;
            auto due = steady_clock::now();
            while (!stop.stop_requested()) {
                std::vector<Entry> portion(perSecond / 1000);
                for (auto& entry : portion) {
                    entry.row = made++ * 7919 % rows;
                    entry.key = keyOf(entry.row);
                    entry.value = QByteArray(100, 'v');
                }
                hand(std::move(portion));
                due += 1ms;
                std::this_thread::sleep_until(due);
            }
        })
    {
    }

private:
    std::jthread m_thread;
};

/// A visible table fed through ChunkQueue and drain at three rates; the control is the same table at rest.
class Stall final : public Bench {
public:
    enum class What { Max, P999 };
    Stall(const Effort& effort, What what)
        : m_what(what)
        , m_seconds(effort.seconds(1.2))
    {
        m_view.setModel(&m_rows);
        m_view.resize(1200, 800);
        m_view.show();
        spin(0.2);
    }
    double ours() override
    {
        double worst = 0;
        for (const std::size_t rate : {10'000U, 100'000U, 300'000U}) {
            const double here = figure(flow(rate));
            worst = std::max(worst, here);
        }
        return worst;
    }
    double ceiling() override
    {
        double worst = 0;
        for (int i = 0; i < 3; ++i)
            worst = std::max(worst, figure(stalls(m_seconds)));
        return worst;
    }
    double ratio(double ours, double ceiling) const override
    {
        return m_what == What::Max ? std::max(0.0, ours - ceiling) / 16 : ours / 8;
    }
    std::string note() const override
    {
        return m_what == What::Max ? "ratio = beyond the idle control / 16 ms" : "ratio = ours / 8 ms";
    }

private:
    double figure(std::vector<double> late) const
    {
        return percentile(std::move(late), m_what == What::Max ? 1 : 0.999);
    }
    std::vector<double> flow(std::size_t rate)
    {
        QObject receiver;
        const auto queue = std::make_shared<Queue>();
        m_dispatcher.drain(&receiver, queue, [this](std::vector<Entry> chunk) {
            for (auto& entry : chunk)
                m_rows.update(std::move(entry));
            m_view.viewport()->update();
        });
        const std::size_t before = m_rows.updates();
        std::vector<double> late;
        {
            const Producer producer(
                rate, [queue](std::vector<Entry> chunk) { queue->push(std::move(chunk)); });
            late = stalls(m_seconds);
            queue->close();
        }
        if (static_cast<double>(m_rows.updates() - before) < 0.5 * m_seconds * static_cast<double>(rate))
            throw std::runtime_error(
                "only " + std::to_string(m_rows.updates() - before) + " results came through");
        return late;
    }

    const What m_what;
    const double m_seconds;
    Rows m_rows;
    QTableView m_view;
    models::Dispatcher m_dispatcher{1};
};

/// Main-thread CPU per delivered result; the peer posts each result by itself.
class DeliveryCost final : public Bench {
public:
    explicit DeliveryCost(const Effort& effort)
        : m_seconds(effort.seconds(2))
    {
    }
    double ours() override
    {
        QObject receiver;
        const auto queue = std::make_shared<Queue>();
        m_dispatcher.drain(&receiver, queue, [this](std::vector<Entry> chunk) {
            for (auto& entry : chunk)
                m_rows.update(std::move(entry));
        });
        return cost([queue](std::vector<Entry> chunk) { queue->push(std::move(chunk)); },
            [queue] { queue->close(); });
    }
    double ceiling() override
    {
        return cost(
            [this](std::vector<Entry> chunk) {
                for (auto& entry : chunk) {
                    QMetaObject::invokeMethod(
                        &m_rows, [this, one = std::move(entry)]() mutable { m_rows.update(std::move(one)); },
                        Qt::QueuedConnection);
                }
            },
            [] {});
    }

private:
    double cost(Producer::Hand hand, const std::function<void()>& close)
    {
        const std::size_t before = m_rows.updates();
        double used = 0;
        {
            const Producer producer(100'000, std::move(hand));
            const double start = threadCpuMs();
            spin(m_seconds);
            used = threadCpuMs() - start;
            close();
        }
        const auto delivered = static_cast<double>(m_rows.updates() - before);
        spin(0.05);
        if (delivered < 0.5 * 100'000 * m_seconds)
            throw std::runtime_error("too few results came through");
        return used / m_seconds / 10 * (100'000 * m_seconds / delivered); // per cent of a core at 100k/s
    }

    const double m_seconds;
    Rows m_rows;
    models::Dispatcher m_dispatcher{1};
};

/// 100,000 points of 16 groups in a map of 900 x 700, made into a picture and shown; the peer paints each of
/// them with a QPainter.
class Scatter final : public Bench {
public:
    explicit Scatter(const Effort& effort)
        : m_count(effort.count(100'000))
        , m_xy(2 * m_count)
        , m_looks(m_count)
        , m_order(m_count)
        , m_screen(900, 700, QImage::Format_RGB32)
    {
        std::mt19937 random(1);
        std::normal_distribution<float> normal(0, 1);
        for (float& value : m_xy)
            value = normal(random);
        for (std::size_t i = 0; i < m_count; ++i)
            m_looks[i] = static_cast<std::uint8_t>(i % 16);
        std::iota(m_order.begin(), m_order.end(), 0U);
        for (int i = 0; i < 16; ++i)
            m_palette.push_back({QColor::fromHsv(i * 22, 200, 200), plots::DotShape(i % 3), 0.85, {}});
        m_view.setBounds(QRectF(-4, -4, 8, 8));
        m_view.setRoom({900, 700});
    }
    double ours() override
    {
        const plots::Scatter points{m_xy, m_looks, m_order, m_palette};
        const auto start = steady_clock::now();
        const QImage image = plots::scatterImage(points, m_view, 1, Qt::white);
        QPainter painter(&m_screen);
        painter.drawImage(QPointF(0, 0), image);
        painter.end();
        return ms(start);
    }
    double ceiling() override
    {
        const auto start = steady_clock::now();
        QPainter painter(&m_screen);
        painter.fillRect(m_screen.rect(), Qt::white);
        for (std::size_t i = 0; i < m_count; ++i) {
            painter.fillRect(QRectF(m_view.toPixels({double(m_xy[2 * i]), double(m_xy[2 * i + 1])}), QSizeF(3, 3)),
                m_palette[m_looks[i]].fill);
        }
        painter.end();
        return ms(start);
    }
    double ratio(double ours, double) const override { return ours / 8; }
    std::string note() const override { return "ratio = ours / 8 ms; the other is a QPainter call per point"; }

private:
    static double ms(steady_clock::time_point start)
    {
        return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
    }

    const std::size_t m_count;
    std::vector<float> m_xy;
    std::vector<std::uint8_t> m_looks;
    std::vector<std::uint32_t> m_order;
    std::vector<plots::DotLook> m_palette;
    plots::MapView m_view;
    QImage m_screen;
};

} // namespace

std::vector<Figure> uiFigures()
{
    return {
        {"P8", "worst GUI stall under 10k/100k/300k results/s, of 16 ms", Better::Lower, 1, "ms",
            [](const Effort& effort) { return std::make_unique<Stall>(effort, Stall::What::Max); }},
        {"P8-p999", "p99.9 GUI stall under the same, of 8 ms", Better::Lower, 1, "ms",
            [](const Effort& effort) { return std::make_unique<Stall>(effort, Stall::What::P999); }},
        {"P9", "main-thread CPU at 100k results/s, drain vs invokeMethod", Better::Lower, 0.40, "% of a core",
            [](const Effort& effort) { return std::make_unique<DeliveryCost>(effort); }},
        {"P21", "a map of 100,000 vectors drawn, of 8 ms", Better::Lower, 1, "ms",
            [](const Effort& effort) { return std::make_unique<Scatter>(effort); }},
    };
}

} // namespace norikv::bench
