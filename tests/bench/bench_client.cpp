// SPDX-License-Identifier: GPL-3.0-or-later
// P1, P2: what the client's stack of stores costs above bare gRPC, against the real sandbox.
#include "ceilings/bareclient.h"
#include "figure.h"
#include "serverprocess.h"

#include "client/clock.h"
#include "client/connection.h"
#include "client/trace.h"
#include "client/workerpool.h"
#include "models/dispatcher.h"

#include <QEventLoop>

#include <chrono>
#include <cstdio>
#include <semaphore>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

std::vector<std::string> someKeys(std::size_t count)
{
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back("bench:" + std::to_string(1'000'000'000 + i % 1000)); // 16 bytes
    return keys;
}

double millis(steady_clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// A sandbox with 1000 keys of 100 bytes, reached by the product and bare.
class ClientBench : public Bench {
protected:
    ClientBench()
        : m_server(ServerProcess::sandboxCommand(m_data.path()))
        , m_bare(m_server.address())
    {
        bareCqLoop(m_bare, {.keys = someKeys(1000), .value = std::string(100, 'v'), .calls = 1000});
        client::Profile profile;
        profile.seeds = {m_server.address()};
        auto opened = client::Connection::open(profile, m_clock, m_trace);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        m_connection = std::move(*opened);
        for (const auto& key : someKeys(64)) // both channels connect, the cluster view arrives
            ask(key);
    }

    void ask(const std::string& key)
    {
        client::Call call;
        const auto entry = m_connection->store().get(call, key);
        if (!entry || !entry->exists())
            throw std::runtime_error("the client read nothing: " + (entry ? key : entry.error().message));
    }

    client::Store& store() { return m_connection->store(); }

    TempFolder m_data;
    ServerProcess m_server;
    BareLink m_bare;
    SystemClock m_clock;
    client::TraceLog m_trace;
    std::unique_ptr<client::Connection> m_connection;
};

class BulkReads final : public ClientBench {
public:
    explicit BulkReads(const Effort& effort)
        : m_keys(someKeys(effort.count(20'000)))
    {
        bulk();
        bare();
        callback();
    }
    double ours() override { return bulk(); }
    double ceiling() override
    {
        const double result = bare();
        m_callback.push_back(callback());
        return result;
    }
    std::string note() const override
    {
        return "bare callback loop " + std::to_string(std::lround(median(m_callback))) + " gets/s";
    }

private:
    double bulk()
    {
        client::Call call;
        call.background = true;
        std::size_t good = 0;
        const auto start = steady_clock::now();
        const auto done = store().getMany(call, m_keys, 64,
            [&](std::size_t, client::Result<client::Entry> entry) { good += entry && entry->exists(); });
        const double took = millis(steady_clock::now() - start) / 1000;
        if (!done || good != m_keys.size())
            throw std::runtime_error("a bulk read failed");
        return static_cast<double>(good) / took;
    }
    double bare() { return bareCqLoop(m_bare, load()); }
    double callback() { return bareCallbackLoop(m_bare, load()); }
    Load load() const { return {.keys = m_keys, .value = {}, .inFlight = 64, .calls = m_keys.size()}; }

    const std::vector<std::string> m_keys;
    std::vector<double> m_callback;
};

/// One read at a time, from the call until its result is in the hands of a worker.
class SingleRead final : public ClientBench {
public:
    explicit SingleRead(const Effort& effort)
        : m_calls(effort.count(1500))
    {
    }
    double ours() override
    {
        const std::string key = someKeys(1).front();
        std::vector<double> times;
        std::binary_semaphore done(0);
        for (std::size_t i = 0; i < m_calls; ++i) {
            const auto start = steady_clock::now();
            m_pool.submit([&] {
                client::Call call;
                const auto entry = store().get(call, key);
                times.push_back(millis(steady_clock::now() - start));
                done.release();
            });
            done.acquire();
        }
        return median(std::move(times));
    }
    double ceiling() override { return bareGetP50(m_bare, someKeys(1).front(), m_calls); }

private:
    const std::size_t m_calls;
    client::WorkerPool m_pool{8};
};

/// The same through the Dispatcher, until the result is on the GUI thread.
class ReadToScreen final : public ClientBench {
public:
    explicit ReadToScreen(const Effort& effort)
        : m_calls(effort.count(1500))
    {
    }
    double ours() override
    {
        const std::string key = someKeys(1).front();
        std::vector<double> times;
        QEventLoop loop;
        models::Job job;
        std::function<void()> next = [&] {
            const auto start = steady_clock::now();
            job = m_dispatcher.run(
                &loop,
                [&](const std::stop_token& stop) {
                    client::Call call;
                    call.stop = stop;
                    return store().get(call, key);
                },
                [&, start](const client::Result<client::Entry>&) {
                    times.push_back(millis(steady_clock::now() - start));
                    if (times.size() < m_calls)
                        next();
                    else
                        loop.quit();
                });
        };
        next();
        loop.exec();
        return median(std::move(times));
    }
    double ceiling() override { return bareGetP50(m_bare, someKeys(1).front(), m_calls); }
    double ratio(double ours, double ceiling) const override { return (ours - ceiling) / 17; }
    std::string note() const override { return "ratio = difference / 17 ms"; }

private:
    const std::size_t m_calls;
    models::Dispatcher m_dispatcher{8};
};

} // namespace

std::vector<Figure> clientFigures()
{
    return {
        {"P1", "client bulk reads, 64 in flight, vs bare completion queue", Better::Higher, 0.90, "gets/s",
            [](const Effort& effort) { return std::make_unique<BulkReads>(effort); }},
        {"P2", "single read to a worker, p50, vs bare blocking stub", Better::Lower, 1.3, "ms",
            [](const Effort& effort) { return std::make_unique<SingleRead>(effort); }},
        {"P2-screen", "single read to the GUI thread, p50, of +17 ms", Better::Lower, 1, "ms",
            [](const Effort& effort) { return std::make_unique<ReadToScreen>(effort); }},
    };
}

} // namespace norikv::bench
