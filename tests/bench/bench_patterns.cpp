// SPDX-License-Identifier: GPL-3.0-or-later
// A1: an audit of a shop's whole stock. P14-sessions: a million sessions counting down.
#include "figure.h"
#include "filledsandbox.h"
#include "guithread.h"

#include "client/audit/audit.h"
#include "client/connection.h"
#include "client/trace.h"
#include "models/sessionbook.h"
#include "models/sessionmodel.h"
#include "widgets/tables.h"

#include <QHeaderView>
#include <QTableView>

#include <chrono>

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
        lower<Countdown>("P14-sessions", "countdown tick of 1M sessions vs 1k", 1.2, "ms"),
    };
}

} // namespace norikv::bench
