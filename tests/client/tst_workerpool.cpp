// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/workerpool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <set>

namespace norikv::client {
namespace {

TEST(WorkerPool, runsAllThatIsSubmittedFromAnyThread)
{
    std::atomic<int> done = 0;
    std::latch all(4000);
    WorkerPool pool(4);
    std::vector<std::jthread> submitters;
    for (int s = 0; s < 4; ++s)
        submitters.emplace_back([&] {
            for (int i = 0; i < 1000; ++i)
                pool.submit([&] {
                    ++done;
                    all.count_down();
                });
        });
    all.wait();
    EXPECT_EQ(done, 4000);
}

TEST(WorkerPool, runsFirstComeFirstServed)
{
    std::vector<int> order;
    std::latch all(100);
    WorkerPool pool(1);
    for (int i = 0; i < 100; ++i)
        pool.submit([&, i] {
            order.push_back(i);
            all.count_down();
        });
    all.wait();
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(order.size(), 100U);
}

TEST(WorkerPool, runsOnAsManyThreadsAsItHas)
{
    std::barrier meeting(4); // passes only when three run at once beside this thread
    WorkerPool pool(3);
    for (int i = 0; i < 3; ++i)
        pool.submit([&] { meeting.arrive_and_wait(); });
    meeting.arrive_and_wait();
    SUCCEED();
}

TEST(WorkerPool, joinsWhatRunsAndFreesWhatWaitsWhenItEnds)
{
    std::atomic<bool> finished = false;
    std::latch started(1);
    std::latch mayEnd(1);
    const auto held = std::make_shared<int>(0);
    {
        std::jthread release;
        WorkerPool pool(1);
        pool.submit([&] {
            started.count_down();
            mayEnd.wait();
            finished = true;
        });
        started.wait();
        for (int i = 0; i < 50; ++i)
            pool.submit([held] { ++*held; });
        release = std::jthread([&] { mayEnd.count_down(); });
    }
    EXPECT_TRUE(finished);
    EXPECT_EQ(held.use_count(), 1) << "work that never ran is gone too";
}

TEST(WorkerPool, thatNeverHadWorkEndsAtOnce)
{
    for (int i = 0; i < 200; ++i)
        WorkerPool pool(2);
    SUCCEED();
}

} // namespace
} // namespace norikv::client
