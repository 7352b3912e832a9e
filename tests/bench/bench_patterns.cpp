// SPDX-License-Identifier: GPL-3.0-or-later
// A1: an audit of a shop's whole stock. P14-sessions: a million sessions counting down. P-events: a stream of
// 100,000 events opened and travelled through.
#include "figure.h"
#include "filledsandbox.h"
#include "guithread.h"

#include "client/audit/audit.h"
#include "client/connection.h"
#include "client/patterns/eventstream.h"
#include "client/trace.h"
#include "models/eventreplay.h"
#include "models/sessionbook.h"
#include "models/sessionmodel.h"
#include "widgets/tables.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QTableView>

#include <chrono>
#include <random>

namespace norikv::bench {

namespace {

constexpr std::size_t ReservationsPerItem = 3;

/// Items, each with three reservations that its figures count.
FilledSandbox::Row shopRow(std::size_t i)
{
    const EpochMs now = SystemClock().nowMs();
    const std::string sku = "sku-" + std::to_string(100'000 + i / (ReservationsPerItem + 1));
    const std::size_t part = i % (ReservationsPerItem + 1);
    if (part == 0)
        return {"inventory:" + sku,
            R"({"sku":")" + sku + R"(","quantity":100,"reserved":6,"lastUpdated":)" + std::to_string(now)
                + "}",
            0};
    return {"inventory:reservation:" + std::to_string(10'000'000 + i),
        R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(part) + R"(,"createdAt":)"
            + std::to_string(now) + "}",
        600'000};
}

/// Seconds of an audit against those of reading the same keys with their values and throwing them away.
class WholeAudit final : public Bench {
public:
    explicit WholeAudit(const Effort& effort)
        : m_sandbox(effort.count(400'000) / (ReservationsPerItem + 1) * (ReservationsPerItem + 1), shopRow)
    {
        m_profile.seeds = {m_sandbox.address()};
        m_profile.ttls["inventory:reservation:"] = 600'000;
        auto opened = client::Connection::open(m_profile, m_clock, m_trace);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        m_connection = std::move(*opened);
    }
    double ours() override
    {
        const auto start = std::chrono::steady_clock::now();
        const auto report = client::runAudit(m_connection->store(), m_profile, m_clock, {}, {});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (!report)
            throw std::runtime_error(report.error().message);
        if (report->examined.at("keys") != m_sandbox.keys() || !report->findings.empty())
            throw std::runtime_error("the audit saw something else than a healthy shop");
        return took.count();
    }
    double ceiling() override { return m_sandbox.rawScan(false); }

private:
    FilledSandbox m_sandbox;
    SystemClock m_clock;
    client::Profile m_profile;
    client::TraceLog m_trace;
    std::unique_ptr<client::Connection> m_connection;
};

/// Sessions in a table that is shown.
struct SessionList {
    explicit SessionList(std::size_t count)
    {
        auto queue = std::make_shared<models::SessionBook::Queue>();
        models::SessionBook book({}, queue);
        const models::FollowStatus status{client::Coverage::Complete, true, Now, 0};
        for (std::size_t i = 0; i < count; ++i) {
            client::Entry entry;
            entry.key = "session:" + std::to_string(10'000'000 + i);
            entry.value = R"({"userId":"u)" + std::to_string(i % 5000)
                + R"(","email":"a@example.com","roles":["user"],)" + R"("createdAt":)"
                + std::to_string(Now - 60'000) + R"(,"lastAccessedAt":)" + std::to_string(Now) + "}";
            entry.version = client::Version{0, i + 1};
            entry.expiresAtMs = Now + 600'000 + static_cast<EpochMs>(i % 100'000) * 10;
            entry.provenance = client::TtlProvenance::Server;
            book.put(entry, status);
        }
        book.publish(status);
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk)
                model.show(piece->view);
        }
        view.setModel(&model);
        widgets::styleTable(view);
        view.resize(1200, 800);
        view.show();
        spin(0.05);
    }
    double tick()
    {
        std::vector<double> times;
        for (int i = 0; i < 200; ++i) {
            const double start = threadCpuMs();
            model.setNow(Now + i * 1000);
            const int top = view.rowAt(0);
            model.tick(top, std::max(top, view.rowAt(view.viewport()->height() - 1)));
            view.viewport()->repaint();
            times.push_back(threadCpuMs() - start);
        }
        return percentile(std::move(times), 0.5);
    }

    static constexpr EpochMs Now = 1'700'000'000'000;
    models::SessionModel model;
    QTableView view;
};

class Countdown final : public Bench {
public:
    explicit Countdown(const Effort& effort)
        : m_long(std::max<std::size_t>(1000, effort.count(1'000'000)))
        , m_short(1000)
    {
    }
    double ours() override { return m_long.tick(); }
    double ceiling() override { return m_short.tick(); }

private:
    SessionList m_long;
    SessionList m_short;
};

const client::EventStreamId LongStream{client::EventLayout::Document, "account-1"};

/// A bank account with so many events; the first row is its meta.
FilledSandbox::Row eventRow(std::size_t i, std::size_t count)
{
    if (i == 0)
        return {LongStream.metaKey(), *client::eventMetaJson(LongStream, {}, count), 0};
    const bool open = i == 1;
    const client::NewEvent event{"e-" + std::to_string(i), open ? "AccountOpened" : "MoneyDeposited",
        open ? "{}" : R"({"amount":)" + std::to_string(i % 900 + 1) + "}",
        1'700'000'000'000 + static_cast<EpochMs>(i)};
    return {LongStream.eventKey(i), *client::eventJson(LongStream, i, event), 0};
}

/// A connection to a sandbox with that account.
struct LongAccount {
    explicit LongAccount(std::size_t events)
        : count(events)
        , sandbox(events + 1, [events](std::size_t i) { return eventRow(i, events); })
    {
        client::Profile profile;
        profile.seeds = {sandbox.address()};
        auto opened = client::Connection::open(profile, clock, trace);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        connection = std::move(*opened);
    }
    client::EventList read() const
    {
        client::Call call;
        call.timeout = std::chrono::seconds(60);
        const auto events = client::EventStream(connection->store(), clock, LongStream).events(call);
        if (!events || events->size() != count)
            throw std::runtime_error("the stream could not be read");
        return *events;
    }

    const std::size_t count;
    FilledSandbox sandbox;
    SystemClock clock;
    client::TraceLog trace;
    std::unique_ptr<client::Connection> connection;
};

/// Seconds until the state of now is known, against those of reading the same keys one by one in bulk.
class OpenStream final : public Bench {
public:
    explicit OpenStream(const Effort& effort)
        : m_account(effort.count(100'000))
    {
    }
    double ours() override
    {
        const auto start = std::chrono::steady_clock::now();
        client::Timeline timeline(client::makeReducer(client::ReducerKind::Bank), LongStream.aggregate);
        if (!timeline.extend(m_account.read()))
            throw std::runtime_error("the stream could not be folded");
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    double ceiling() override
    {
        std::vector<client::Bytes> keys;
        for (std::size_t n = 1; n <= m_account.count; ++n)
            keys.push_back(LongStream.eventKey(n));
        client::Call call;
        call.timeout = std::chrono::seconds(60);
        std::size_t bytes = 0;
        const auto start = std::chrono::steady_clock::now();
        const auto read = m_account.connection->store().getMany(
            call, keys, 128, [&](std::size_t, const client::Result<client::Entry>& entry) {
                bytes += entry ? entry->value.size() : 0;
            });
        if (!read || bytes == 0)
            throw std::runtime_error("the keys could not be read");
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        m_rawScan = m_account.sandbox.rawScan(false);
        return took.count();
    }
    std::string note() const override
    {
        return "one scan of it, thrown away: " + std::to_string(m_rawScan) + " s";
    }

private:
    LongAccount m_account;
    double m_rawScan = 0;
};

/// From a moved slider to the state that is shown, anywhere in the stream; ms.
class SliderStep final : public Bench {
public:
    explicit SliderStep(const Effort& effort)
        : m_count(effort.count(100'000))
    {
        auto events = std::make_shared<client::EventList>();
        for (std::size_t n = 1; n <= m_count; ++n)
            events->push_back(std::make_shared<const client::EventRecord>(
                client::parseEvent(LongStream, n, eventRow(n, m_count).value)));
        m_replay.setEvents(LongStream, std::move(events));
        await(m_count);
    }
    double ours() override
    {
        std::vector<double> times;
        for (int i = 0; i < 500; ++i) {
            const auto start = std::chrono::steady_clock::now();
            // Half of them a drag to anywhere, half a step to the next event.
            const std::size_t next
                = i % 2 == 0 ? m_random() % m_count : std::min(m_replay.position() + 1, m_count);
            m_replay.setPosition(next);
            await(next);
            times.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        }
        return percentile(std::move(times), 0.99);
    }
    double ceiling() override { return 16; }

private:
    void await(std::size_t position)
    {
        while (m_replay.folding() || m_replay.moment().position != position)
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }

    const std::size_t m_count;
    models::Dispatcher m_dispatcher{2};
    models::EventReplay m_replay{m_dispatcher};
    std::mt19937 m_random{17};
};

template <class B> Figure lower(const char* id, const char* name, double goal, const char* unit)
{
    return {id, name, Better::Lower, goal, unit,
        [](const Effort& effort) { return std::make_unique<B>(effort); }};
}

} // namespace

std::vector<Figure> patternFigures()
{
    return {
        lower<WholeAudit>("A1", "audit of 100k items and 300k reservations vs reading them", 2, "s"),
        lower<OpenStream>(
            "P-events", "100k events opened and folded vs reading their keys in bulk", 1.5, "s"),
        lower<SliderStep>("P-events-step", "slider step over 100k events, p99, vs 16 ms", 1, "ms"),
        lower<Countdown>("P14-sessions", "countdown tick of 1M sessions vs 1k", 1.2, "ms"),
    };
}

} // namespace norikv::bench
