// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

namespace norikv::client {

/// Does work(i) for each i below `count`, on the calling thread and up to `threads` - 1 others, until all are
/// done or `stop` is requested. Work must not throw, must not share what it writes between two i, and
/// `told(share)` is called on the calling thread alone, after each of its own.
template <class Work, class Told>
void inParallel(
    std::size_t count, std::size_t threads, const std::stop_token& stop, const Work& work, const Told& told)
{
    std::atomic<std::size_t> next = 0;
    const auto run = [&](bool tells) {
        while (!stop.stop_requested()) {
            const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
            if (i >= count)
                return;
            work(i);
            if (tells)
                told(static_cast<double>(i + 1) / static_cast<double>(count));
        }
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(threads, count); ++i)
        others.emplace_back([&run] { run(false); });
    run(true);
}

template <class Work>
void inParallel(std::size_t count, std::size_t threads, const std::stop_token& stop, const Work& work)
{
    inParallel(count, threads, stop, work, [](double) {});
}

} // namespace norikv::client
