// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dispatcher.h"
#include "tests/models/waiting.h"

#include <QThread>

#include <latch>
#include <numeric>

using namespace norikv;
using models::ChunkQueue;
using models::Dispatcher;
using models::Job;
using test::spin;
using test::waitFor;

TEST(Dispatcher, ResultIsDeliveredOnTheGuiThread)
{
    Dispatcher dispatcher(2);
    QObject receiver;
    std::atomic<QThread*> worker = nullptr;
    QThread* delivered = nullptr;
    int result = 0;
    const Job job = dispatcher.run(
        &receiver,
        [&worker](const std::stop_token&) {
            worker = QThread::currentThread();
            return 42;
        },
        [&](int value) {
            delivered = QThread::currentThread();
            result = value;
        });
    EXPECT_TRUE(job.running());
    ASSERT_TRUE(waitFor([&] { return delivered != nullptr; }));
    EXPECT_EQ(result, 42);
    EXPECT_EQ(delivered, QThread::currentThread());
    EXPECT_NE(worker.load(), QThread::currentThread());
    EXPECT_FALSE(job.running());
}

TEST(Dispatcher, DroppedJobIsStoppedAndSilent)
{
    Dispatcher dispatcher(2);
    QObject receiver;
    std::latch begun(1);
    std::atomic<bool> stopped = false;
    std::atomic<bool> ended = false;
    bool delivered = false;
    {
        const Job job = dispatcher.run(
            &receiver,
            [&](const std::stop_token& stop) {
                begun.count_down();
                std::mutex mutex;
                std::condition_variable_any never;
                std::unique_lock lock(mutex);
                never.wait_for(lock, stop, std::chrono::seconds(20), [] { return false; });
                stopped = stop.stop_requested();
                ended = true;
                return 1;
            },
            [&](int) { delivered = true; });
        begun.wait();
    }
    ASSERT_TRUE(waitFor([&] { return ended.load(); }));
    EXPECT_TRUE(stopped);
    spin(30);
    EXPECT_FALSE(delivered);
}

// The result is already on its way when the job is dropped.
TEST(Dispatcher, DroppedAfterTheWorkIsSilentToo)
{
    Dispatcher dispatcher(1);
    QObject receiver;
    std::atomic<bool> ended = false;
    bool delivered = false;
    Job job = dispatcher.run(
        &receiver,
        [&](const std::stop_token&) {
            ended = true;
            return 1;
        },
        [&](int) { delivered = true; });
    while (!ended)
        std::this_thread::yield();
    job.cancel();
    spin(30);
    EXPECT_FALSE(delivered);
}

TEST(Dispatcher, NewestWins)
{
    Dispatcher dispatcher(1);
    QObject receiver;
    std::vector<int> results;
    Job job;
    for (int i = 0; i < 50; ++i)
        job = dispatcher.run(
            &receiver, [i](const std::stop_token&) { return i; },
            [&](int value) { results.push_back(value); });
    ASSERT_TRUE(waitFor([&] { return !results.empty(); }));
    spin(30);
    EXPECT_EQ(results, std::vector<int>{49});
}

TEST(Dispatcher, DeadReceiverHearsNothing)
{
    Dispatcher dispatcher(1);
    auto receiver = std::make_unique<QObject>();
    std::latch go(1);
    std::atomic<bool> ended = false;
    bool delivered = false;
    const Job job = dispatcher.run(
        receiver.get(),
        [&](const std::stop_token&) {
            go.wait();
            ended = true;
            return 1;
        },
        [&](int) { delivered = true; });
    receiver.reset();
    go.count_down();
    ASSERT_TRUE(waitFor([&] { return ended.load(); }));
    spin(30);
    EXPECT_FALSE(delivered);
    EXPECT_TRUE(job.running()) << "it was never delivered";
}

TEST(Dispatcher, EndsWhileWorkIsQueuedAndRunning)
{
    for (int round = 0; round < 50; ++round) {
        QObject receiver;
        std::vector<Job> jobs;
        bool delivered = false;
        {
            Dispatcher dispatcher(2);
            for (int i = 0; i < 20; ++i)
                jobs.push_back(dispatcher.run(
                    &receiver, [](const std::stop_token&) { return std::string(1000, 'x'); },
                    [&](const std::string&) { delivered = true; }));
        }
        QCoreApplication::processEvents();
        EXPECT_FALSE(delivered);
    }
}

TEST(Drain, AllChunksInOrderCoalesced)
{
    constexpr int all = 100'000;
    Dispatcher dispatcher(1);
    QObject receiver;
    auto queue = std::make_shared<ChunkQueue<int>>();
    std::vector<int> got;
    bool elsewhere = false;
    int turns = 0;
    int chunks = 0;
    bool counted = false;
    dispatcher.drain(&receiver, queue, [&](const std::vector<int>& chunk) {
        elsewhere = elsewhere || QThread::currentThread() != qApp->thread();
        ++chunks;
        if (!counted) {
            ++turns;
            counted = true;
            QMetaObject::invokeMethod(
                &receiver, [&] { counted = false; }, Qt::QueuedConnection);
        }
        got.insert(got.end(), chunk.begin(), chunk.end());
    });
    std::jthread producer([&](const std::stop_token& stop) {
        for (int i = 0; i < all; i += 100) {
            std::vector<int> chunk(100);
            std::iota(chunk.begin(), chunk.end(), i);
            if (!queue->push(std::move(chunk), stop))
                return;
        }
    });
    ASSERT_TRUE(waitFor([&] { return got.size() == all; }));
    EXPECT_TRUE(std::ranges::is_sorted(got)) << "order was lost";
    EXPECT_EQ(got.back(), all - 1);
    EXPECT_EQ(chunks, all / 100);
    EXPECT_LT(turns, chunks / 4) << "chunks were not collected";
    EXPECT_FALSE(elsewhere);
}

TEST(Drain, ManyProducersLoseNothing)
{
    constexpr int producers = 4;
    constexpr int each = 25'000;
    Dispatcher dispatcher(1);
    QObject receiver;
    auto queue = std::make_shared<ChunkQueue<int>>();
    std::vector<std::vector<int>> got(producers);
    std::size_t total = 0;
    dispatcher.drain(&receiver, queue, [&](const std::vector<int>& chunk) {
        for (const int v : chunk)
            got[std::size_t(v / each)].push_back(v % each);
        total += chunk.size();
    });
    std::vector<std::jthread> threads;
    for (int p = 0; p < producers; ++p)
        threads.emplace_back([&, p](const std::stop_token& stop) {
            for (int i = 0; i < each; i += 50) {
                std::vector<int> chunk(50);
                std::iota(chunk.begin(), chunk.end(), p * each + i);
                if (!queue->push(std::move(chunk), stop))
                    return;
            }
        });
    ASSERT_TRUE(waitFor([&] { return total == producers * each; }));
    for (const auto& one : got) {
        ASSERT_EQ(one.size(), std::size_t(each));
        EXPECT_TRUE(std::ranges::is_sorted(one));
    }
}

TEST(Drain, BackPressureBlocksAndCloseFrees)
{
    Dispatcher dispatcher(1);
    QObject receiver;
    auto queue = std::make_shared<ChunkQueue<int>>(8);
    bool taken = false;
    dispatcher.drain(&receiver, queue, [&](const std::vector<int>&) { taken = true; });
    std::atomic<int> pushed = 0;
    std::atomic<bool> refused = false;
    std::jthread producer([&] {
        while (queue->push({1}))
            ++pushed;
        refused = true;
    });
    // This thread does not run its event loop: nothing is taken.
    QElapsedTimer since;
    since.start();
    while (pushed < 8 && since.elapsed() < 5000)
        std::this_thread::yield();
    since.restart();
    while (since.elapsed() < 50)
        std::this_thread::yield();
    EXPECT_EQ(pushed, 8) << "the producer ran ahead of its bound";
    EXPECT_FALSE(refused);
    queue->close();
    producer.join();
    EXPECT_TRUE(refused);
    EXPECT_FALSE(taken);
}

TEST(Drain, StopFreesABlockedProducer)
{
    ChunkQueue<int> queue(1);
    ASSERT_TRUE(queue.push({1}));
    std::atomic<bool> refused = false;
    std::jthread producer([&](const std::stop_token& stop) { refused = !queue.push({2}, stop); });
    producer.request_stop();
    producer.join();
    EXPECT_TRUE(refused);
}

TEST(Drain, DeadReceiverTakesNothing)
{
    Dispatcher dispatcher(1);
    auto receiver = std::make_unique<QObject>();
    auto queue = std::make_shared<ChunkQueue<int>>(4);
    bool taken = false;
    dispatcher.drain(receiver.get(), queue, [&](const std::vector<int>&) { taken = true; });
    ASSERT_TRUE(queue->push({1}));
    receiver.reset();
    ASSERT_TRUE(queue->push({2}));
    spin(40);
    EXPECT_FALSE(taken);
}
