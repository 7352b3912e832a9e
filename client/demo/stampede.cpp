// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/stampede.h"

#include "client/bytes.h"
#include "client/patterns/cache.h"

#include <algorithm>
#include <barrier>
#include <thread>

namespace norikv::client::demo {

namespace {

Result<StampedeRun> run(Store& store, const Clock& clock, const Bytes& key, int readers, bool singleFlight,
    const std::stop_token& stop)
{
    CacheOptions options;
    options.singleFlight = singleFlight;
    WriteThroughCache cache(store, clock, options);
    Call warming;
    warming.stop = stop;
    warming.why = "stampede";
    const auto warm = cache.get(warming, key);
    if (!warm)
        return tl::unexpected(warm.error());
    if (!warm->value)
        return fail(ErrorKind::NotFound, "there is no key " + printable(key), "name one that exists");
    cache.invalidate(key);
    const std::uint64_t before = cache.stats().serverReads;
    std::barrier start(readers);
    std::vector<Result<std::chrono::microseconds>> answers(static_cast<std::size_t>(readers));
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < readers; ++i) {
            threads.emplace_back([&, i] {
                Call call;
                call.stop = stop;
                call.why = "stampede";
                start.arrive_and_wait();
                const auto began = clock.elapsed();
                const auto got = cache.get(call, key);
                auto& answer = answers[static_cast<std::size_t>(i)];
                if (got)
                    answer = std::chrono::duration_cast<std::chrono::microseconds>(clock.elapsed() - began);
                else
                    answer = tl::unexpected(got.error());
            });
        }
    }
    StampedeRun out;
    out.readers = readers;
    out.serverReads = cache.stats().serverReads - before;
    for (const auto& answer : answers) {
        if (!answer)
            return tl::unexpected(answer.error());
        out.longest = std::max(out.longest, *answer);
    }
    return out;
}

} // namespace

Result<StampedeResult> stampede(
    Store& store, const Clock& clock, const Bytes& key, int readers, const std::stop_token& stop)
{
    if (readers < 1 || readers > 64)
        return fail(ErrorKind::InvalidRequest, "1 to 64 readers, not " + std::to_string(readers));
    const auto each = run(store, clock, key, readers, false, stop);
    if (!each)
        return tl::unexpected(each.error());
    const auto together = run(store, clock, key, readers, true, stop);
    if (!together)
        return tl::unexpected(together.error());
    return StampedeResult{*each, *together};
}

} // namespace norikv::client::demo
